"""A model of a cluster printed twice by chance, in every format: only a changed fact is drift."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kubebook.canonical import Output
from kubebook.drift import compare

# k8s.io/apimachinery/pkg/util/rand: the alphabet of a suffix, and what it makes of decimal digits.
SUFFIX = "bcdfghjklmnpqrstvwxz2456789"
HASH = "456789bcdf"
AGES = ("0s", "41s", "2m3s", "15m", "5h12m", "3d4h", "2y40d")
APPS = ("api", "web", "web-canary")
STATES = ("Running", "Pending", "CrashLoopBackOff")
quick = settings(max_examples=40, deadline=None)


@dataclass(frozen=True)
class Pod:
    """What a page may talk about."""

    app: str
    node: str
    ready: bool
    state: str
    restarts: int
    image: str


@dataclass(frozen=True)
class Facts:
    """A cluster without what chance decides."""

    pods: tuple[Pod, ...]
    port: int
    fixed_node_port: int
    minor: int
    holder: str
    requests: int
    replicas: int
    message: str
    ready_condition: bool


@dataclass(frozen=True)
class Chance:
    """What a run draws: names, addresses, ports, times, measurements."""

    hashes: dict[str, str]
    suffixes: tuple[str, ...]
    hosts: tuple[int, ...]
    ages: tuple[str, ...]
    service: int
    node_port: int
    uids: tuple[str, ...]
    revision: int
    clock: str
    seconds: float
    patch: int
    times_seen: int


facts = st.builds(
    Facts,
    pods=st.lists(
        st.builds(
            Pod,
            app=st.sampled_from(APPS),
            node=st.sampled_from(("book-worker", "book-worker2")),
            ready=st.booleans(),
            state=st.sampled_from(STATES),
            restarts=st.integers(0, 3),
            image=st.sampled_from(("nginx:1.27.3", "nginx:1.28.0", "agnhost:2.66.1")),
        ),
        min_size=1,
        max_size=5,
    ).map(tuple),
    port=st.sampled_from((80, 8080, 50051)),
    fixed_node_port=st.integers(30000, 30085),
    minor=st.integers(35, 37),
    holder=st.sampled_from(("book-control-plane", "book-control-plane2")),
    requests=st.integers(0, 40),
    replicas=st.integers(0, 5),
    message=st.sampled_from(("serving", "draining", "준비됨")),
    ready_condition=st.booleans(),
)


def distinct(strategy: st.SearchStrategy, size: int) -> st.SearchStrategy:
    return st.lists(strategy, min_size=size, max_size=size, unique=True).map(tuple)


chance = st.builds(
    Chance,
    hashes=distinct(st.text(HASH, min_size=8, max_size=10), 3).map(
        lambda drawn: dict(zip(APPS, drawn, strict=True))
    ),
    suffixes=distinct(st.text(SUFFIX, min_size=5, max_size=5), 5),
    hosts=distinct(st.integers(2, 254), 5),
    ages=st.lists(st.sampled_from(AGES), min_size=5, max_size=5).map(tuple),
    service=st.integers(2, 254),
    node_port=st.integers(30086, 32767),
    uids=distinct(st.uuids(version=4).map(str), 6),
    revision=st.integers(100, 99999),
    clock=st.datetimes().map(lambda t: t.strftime(f"{2020 + t.year % 10}-%m-%dT%H:%M:%S")),
    seconds=st.floats(0.001, 90).map(lambda s: round(s, 6)),
    patch=st.integers(0, 20),
    times_seen=st.integers(2, 90),
)


@dataclass(frozen=True)
class Named:
    pod: Pod
    name: str
    ip: str
    age: str
    uid: str


def named(world: Facts, run: Chance) -> list[Named]:
    """The Pods of a run, sorted as the API server does: by name."""
    drawn = zip(world.pods, run.suffixes, run.hosts, run.ages, run.uids, strict=False)
    found = [
        Named(pod, f"{pod.app}-{run.hashes[pod.app]}-{suffix}", f"10.244.1.{host}", age, uid)
        for pod, suffix, host, age, uid in drawn
    ]
    return sorted(found, key=lambda one: one.name)


def aligned(*rows: tuple[str, ...]) -> str:
    """As k8s.io/cli-runtime's tab writer: three spaces between columns."""
    widths = [max(map(len, column)) + 3 for column in zip(*rows, strict=True)]
    lines = ("".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def pods_table(world: Facts, run: Chance) -> str:
    return aligned(
        ("NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"),
        *(
            (
                one.name,
                f"{int(one.pod.ready)}/1",
                one.pod.state,
                f"{one.pod.restarts} ({one.age} ago)" if one.pod.restarts else "0",
                one.age,
                one.ip,
                one.pod.node,
            )
            for one in named(world, run)
        ),
    )


def all_tables(world: Facts, run: Chance) -> str:
    """`kubectl get all`: Pods, Services, ReplicaSets below each other."""
    service = f"10.96.140.{run.service}"
    ports = f"{world.port}:{run.node_port}/TCP,81:{world.fixed_node_port}/TCP"
    sets = sorted({(f"replicaset.apps/{p.app}-{run.hashes[p.app]}", p.app) for p in world.pods})
    return "\n".join(
        (
            pods_table(world, run).replace("\n", "\npod/")[: -len("pod/")],
            aligned(
                ("NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"),
                ("service/web", "NodePort", service, "<none>", ports, run.ages[0]),
            ),
            aligned(
                ("NAME", "DESIRED", "CURRENT", "READY", "AGE"),
                *((name, str(world.replicas), "1", "1", run.ages[1]) for name, _ in sets),
            ),
        )
    )


def endpoints_table(world: Facts, run: Chance) -> str:
    """Endpoints beside the Pods they are: who is ready has an address here."""
    ready = sorted(one.ip for one in named(world, run) if one.pod.ready)
    listed = ",".join(f"{ip}:{world.port}" for ip in ready) or "<none>"
    return pods_table(world, run) + "\n" + aligned(("NAME", "ENDPOINTS"), ("web", listed))


def lease_table(world: Facts, run: Chance) -> str:
    holder = f"{world.holder}_{run.uids[5]}"
    return aligned(("NAME", "HOLDER", "AGE"), ("kube-scheduler", holder, run.ages[0]))


def pod_list(world: Facts, run: Chance) -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "PodList",
        "metadata": {"resourceVersion": str(run.revision)},
        "items": [
            {
                "metadata": {
                    "name": one.name,
                    "uid": one.uid,
                    "creationTimestamp": f"{run.clock}Z",
                    "labels": {"app": one.pod.app, "pod-template-hash": run.hashes[one.pod.app]},
                    "ownerReferences": [{"name": one.name.rpartition("-")[0]}],
                },
                "spec": {
                    "nodeName": one.pod.node,
                    "containers": [
                        {"image": one.pod.image, "ports": [{"containerPort": world.port}]}
                    ],
                },
                "status": {
                    "phase": one.pod.state,
                    "podIP": one.ip,
                    "ready": one.pod.ready,
                    "restartCount": one.pod.restarts,
                },
            }
            for one in named(world, run)
        ],
    }


def as_json(world: Facts, run: Chance) -> str:
    return json.dumps(pod_list(world, run), indent=4)


def as_yaml(world: Facts, run: Chance) -> str:
    return yaml.safe_dump(pod_list(world, run))


def as_kyaml(world: Facts, run: Chance) -> str:
    """KEP-5295: keys without quotes, a comma after every value."""
    text = json.dumps(pod_list(world, run), indent=2)
    text = re.sub(r'^( *)"([\w-]+)":', r"\1\2:", text, flags=re.MULTILINE)
    return "---\n" + re.sub(r'(["\]}\w])$', r"\1,", text, flags=re.MULTILINE)[:-1] + "\n"


def as_python(world: Facts, run: Chance) -> str:
    """A list of dicts as pprint shows them, and a model object's repr()."""
    pods = [
        {"name": one.name, "ip": one.ip, "ready": one.pod.ready, "restarts": one.pod.restarts}
        for one in named(world, run)
    ]
    when = re.sub(r"[-T:]0?", ", ", run.clock)
    return f"{pods!r}\nV1Lease(holder={world.holder!r}, renewed=datetime.datetime({when}))\n"


def describe(world: Facts, run: Chance) -> str:
    """Every Pod as `kubectl describe` prints it, two blank lines between them."""
    return "\n\n\n".join(
        f"Name:             {one.name}\n"
        f"Node:             {one.pod.node}/172.18.0.3\n"
        f"Start Time:       Mon, 23 Nov 2026 {run.clock[11:]} +0000\n"
        f"Labels:           app={one.pod.app}\n"
        f"                  pod-template-hash={run.hashes[one.pod.app]}\n"
        f"Status:           {one.pod.state}\n"
        f"IP:               {one.ip}\n"
        f"Controlled By:  ReplicaSet/{one.name.rpartition('-')[0]}\n"
        f"Containers:\n  web:\n    Image:          {one.pod.image}\n"
        f"    Port:           {world.port}/TCP\n"
        f"    Ready:          {one.pod.ready}\n    Restart Count:  {one.pod.restarts}\n"
        "Events:\n"
        "  Type     Reason     Age                From     Message\n"
        "  ----     ------     ----               ----     -------\n"
        f"  Warning  Unhealthy  {one.age} (x{run.times_seen} over 30s)  kubelet  "
        f"Readiness probe failed: {world.message}\n"
        for one in named(world, run)
    )


def events(world: Facts, run: Chance) -> str:
    return aligned(
        ("LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"),
        *(
            (one.age, "Normal", "Scheduled", f"pod/{one.name}", f"assigned to {one.pod.node}")
            for one in named(world, run)
        ),
        (run.ages[0], "Warning", "Probe", "deployment/web", f"failed {world.requests} times"),
    )


def prometheus(world: Facts, run: Chance) -> str:
    pods = [
        f'kube_pod_container_status_restarts_total{{pod="{one.name}"}} {one.pod.restarts}\n'
        for one in named(world, run)
    ]
    return (
        "# TYPE http_requests_total counter\n"
        f'http_requests_total{{code="200",message="{world.message}"}} {world.requests}\n'
        f"process_cpu_seconds_total {run.seconds}\n"
        f"process_resident_memory_bytes {run.revision}e+06\n"
        f'request_duration_seconds_bucket{{le="0.5"}} {run.times_seen}\n'
        f'request_duration_seconds_bucket{{le="+Inf"}} {world.requests}\n'
        f"request_duration_seconds_sum {run.seconds}\n"
        f"request_duration_seconds_count {world.requests}\n" + "".join(pods)
    )


def messages(world: Facts, run: Chance) -> str:
    waiting = f'Waiting for deployment "web" rollout to finish: {{}} of {world.replicas} updated '
    shown = range(run.times_seen % 3)
    return (
        "deployment.apps/web configured\n"
        + "".join(f"{waiting.format(n)}replicas are available...\n" for n in shown)
        + 'deployment "web" successfully rolled out\n'
        f"Server Version: v1.{world.minor}.{run.patch}\n"
        f"{world.requests} requests took {run.seconds}s\n"
        f"http://172.18.0.3:{run.node_port} and http://172.18.0.3:{world.fixed_node_port}\n"
        f"Error from server ({world.message}): pods is forbidden\n"
        f"Kubernetes control plane is running at https://127.0.0.1:{run.node_port + 9000}\n"
        f"replicas: {world.replicas}, ready: {world.ready_condition}\n"
    )


def logs(world: Facts, run: Chance) -> str:
    clock = run.clock[11:]
    return (
        f'I1123 {clock}.123456       1 main.go:{run.patch}] "Took lease" '
        f'holder="{world.holder}_{run.uids[5]}" duration="{run.seconds}s" n={world.requests}\n'
        f'{{"level":"info","ts":"{run.clock}.1Z","msg":"{world.message}","n":{world.requests}}}\n'
        f"{run.clock.replace('T', ' ')} GET /x status={world.port} from 10.244.1.{run.hosts[0]}\n"
    )


def http(world: Facts, run: Chance) -> str:
    body = json.dumps({"kind": "Status", "code": 400 + world.requests, "uid": run.uids[0]})
    return (
        f"HTTP/1.1 {400 + world.requests} Forbidden\r\nAudit-Id: {run.uids[1]}\r\n"
        f"Date: Mon, 23 Nov 2026 {run.clock[11:]} GMT\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


Print = Callable[[Facts, Chance], str]
OF_PODS: list[Print] = [
    *(pods_table, all_tables, endpoints_table, as_json, as_yaml, as_kyaml, as_python, describe)
]
OF_EVERYTHING: list[Print] = [
    *(*OF_PODS, lease_table, events, prometheus, messages, logs, http),
]
# Which facts a format shows; the other facts are not asked of it.
SHOWN: dict[Print, tuple[str, ...]] = {
    all_tables: ("port", "fixed_node_port", "replicas"),
    as_json: ("port",),
    as_yaml: ("port",),
    as_kyaml: ("port",),
    as_python: ("holder",),
    lease_table: ("holder",),
    events: ("requests",),
    prometheus: ("requests", "message"),
    messages: ("fixed_node_port", "minor", "requests", "message", "replicas", "ready_condition"),
    logs: ("holder", "requests", "message", "port"),
    http: ("requests",),
}
OTHER = {
    "port": lambda old: 443,
    "fixed_node_port": lambda old: 30000 + (old - 29999) % 86,
    "minor": lambda old: old + 1,
    "holder": lambda old: old + "3",
    "requests": lambda old: old + 1,
    "message": lambda old: "failing",
    "replicas": lambda old: old + 1,
    "ready_condition": lambda old: not old,
}
POD_FACTS: dict[str, Callable[[Pod], Pod]] = {
    "ready": lambda pod: replace(pod, ready=not pod.ready),
    "restarts": lambda pod: replace(pod, restarts=pod.restarts + 1),
    "state": lambda pod: replace(pod, state="Evicted"),
    "node": lambda pod: replace(pod, node="book-worker3"),
    "image": lambda pod: replace(pod, image="nginx:1.29.0"),
    "app": lambda pod: replace(pod, app=APPS[(APPS.index(pod.app) + 1) % len(APPS)]),
}
POD_SHOWN: dict[Print, tuple[str, ...]] = {
    pods_table: ("ready", "restarts", "state", "node", "app"),
    all_tables: ("ready", "restarts", "state", "node", "app"),
    endpoints_table: ("ready", "restarts", "state", "node", "app"),
    as_json: tuple(POD_FACTS),
    as_yaml: tuple(POD_FACTS),
    as_kyaml: tuple(POD_FACTS),
    as_python: ("ready", "restarts", "app"),
    describe: tuple(POD_FACTS),
    events: ("node", "app"),
    prometheus: ("restarts", "app"),
}
CASES = [(show, fact) for show, shown in SHOWN.items() for fact in shown]
POD_CASES = [(show, fact) for show, shown in POD_SHOWN.items() for fact in shown]


def drift(show: Print, one: tuple[Facts, Chance], other: tuple[Facts, Chance]) -> bool:
    return bool(compare([Output("a/x", show(*one))], [Output("a/x", show(*other))]))


@pytest.mark.parametrize("show", OF_EVERYTHING, ids=lambda show: show.__name__)
@quick
@given(world=facts, run=chance, other=chance, data=st.data())
def test_another_run_is_no_drift(
    show: Print, world: Facts, run: Chance, other: Chance, data: st.DataObject
) -> None:
    shuffled = replace(world, pods=tuple(data.draw(st.permutations(world.pods))))
    assert not drift(show, (world, run), (shuffled, other)), (show(world, run), show(world, other))


@pytest.mark.parametrize(
    ("show", "fact"), CASES, ids=lambda value: value if isinstance(value, str) else value.__name__
)
@settings(max_examples=12, deadline=None)
@given(world=facts, run=chance, other=chance)
def test_another_fact_is_drift(
    show: Print, fact: str, world: Facts, run: Chance, other: Chance
) -> None:
    changed = replace(world, **{fact: OTHER[fact](getattr(world, fact))})
    assume(show(world, run) != show(changed, run))
    assert drift(show, (world, run), (changed, other)), (show(world, run), show(changed, other))


@pytest.mark.parametrize(
    ("show", "fact"),
    POD_CASES,
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
@settings(max_examples=12, deadline=None)
@given(world=facts, run=chance, other=chance, data=st.data())
def test_another_fact_of_one_pod_is_drift(
    show: Print, fact: str, world: Facts, run: Chance, other: Chance, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(world.pods) - 1))
    pods = list(world.pods)
    pods[index] = POD_FACTS[fact](pods[index])
    changed = replace(world, pods=tuple(pods))
    assert drift(show, (world, run), (changed, other)), (show(world, run), show(changed, other))


@pytest.mark.parametrize("show", OF_PODS, ids=lambda show: show.__name__)
@settings(max_examples=12, deadline=None)
@given(world=facts, run=chance, other=chance)
def test_a_pod_less_is_drift(show: Print, world: Facts, run: Chance, other: Chance) -> None:
    assume(len(world.pods) > 1)
    fewer = replace(world, pods=world.pods[1:])
    assert drift(show, (world, run), (fewer, other))


def once(text: str, old: str, new: str) -> str:
    """`text` with the last `old` replaced: one place only."""
    assume(old in text)
    return new.join(text.rsplit(old, 1))


def another_endpoint(world: Facts, run: Chance) -> str:
    """An endpoint that is no Pod's address."""
    ready = [one for one in named(world, run) if one.pod.ready]
    assume(ready)
    return once(endpoints_table(world, run), f"{ready[0].ip}:", "10.244.1.255:")


def another_replica_set(world: Facts, run: Chance) -> str:
    """A ReplicaSet below, whose hash is not that of its Pods."""
    return once(all_tables(world, run), run.hashes[world.pods[0].app], "bcdf98765")


def another_owner(world: Facts, run: Chance) -> str:
    """A Pod that belongs to a ReplicaSet with another hash than its label says."""
    return once(as_json(world, run), run.hashes[world.pods[0].app], "bcdf98765")


def another_process(world: Facts, run: Chance) -> str:
    """The log is of a process that does not hold the lease."""
    return once(lease_table(world, run) + "\n" + logs(world, run), run.uids[5], run.uids[4])


def lease_and_logs(world: Facts, run: Chance) -> str:
    return lease_table(world, run) + "\n" + logs(world, run)


@pytest.mark.fault(
    "kubebook/canonical/identity.py", "self._forward.get(expected) == actual", "True"
)
@pytest.mark.parametrize(
    ("show", "broken"),
    [
        (endpoints_table, another_endpoint),
        (all_tables, another_replica_set),
        (as_json, another_owner),
        (lease_and_logs, another_process),
    ],
    ids=lambda show: show.__name__,
)
@quick
@given(world=facts, run=chance, other=chance)
def test_a_broken_relation_is_drift(
    show: Print, broken: Print, world: Facts, run: Chance, other: Chance
) -> None:
    assert not drift(show, (world, run), (world, other))
    left, right = Output("a/x", show(world, run)), Output("a/x", broken(world, other))
    assert compare([left], [right]), (left.text, right.text)
