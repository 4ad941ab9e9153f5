"""What may be removed of what a chain left, in what order; and what means another cluster."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from kubebook import putback
from kubebook.inventory import Objects, at_rest, digests, label

NODE = "/api/v1/nodes/control-plane"
WEB = "/apis/apps/v1/namespaces/default/deployments/web"
SET = "/apis/apps/v1/namespaces/default/replicasets/web-1"
POD = "/api/v1/namespaces/default/pods/web-1-a"
DNS = "/api/v1/namespaces/kube-system/pods/coredns"
counter = itertools.count()


def thing(path: str, owner: str = "", **more: Any) -> dict[str, Any]:
    place = path.rpartition("/namespaces/")[2].split("/")
    meta: dict[str, Any] = {"name": path.rsplit("/", 1)[1], "uid": path}
    if "/namespaces/" in path and len(place) > 1:
        meta["namespace"] = place[0]
    if owner:
        meta["ownerReferences"] = [{"uid": owner}]
    return {"metadata": meta | more.pop("metadata", {}), **more}


def objects(*paths: str) -> dict[str, dict[str, Any]]:
    return {path: thing(path) for path in paths}


class FakeApi:
    """An API that forgets what is deleted, and what it owns a round later."""

    def __init__(self, things: dict[str, dict[str, Any]], deaf: tuple[str, ...] = ()) -> None:
        self.things, self.deaf, self.deleted = things, deaf, []

    def objects(self) -> Objects:
        now = dict(self.things)
        uids = {t["metadata"]["uid"] for t in now.values()}
        for path, t in now.items():
            if any(o["uid"] not in uids for o in t["metadata"].get("ownerReferences", ())):
                del self.things[path]
        return now

    def call(self, method: str, path: str, body: Any) -> dict[str, Any]:
        assert method == "DELETE"
        self.deleted.append(path)
        if path not in self.deaf:
            self.things.pop(path, None)
        return {}


def put_back(
    monkeypatch: pytest.MonkeyPatch, left: dict[str, Any], deaf: tuple[str, ...] = ()
) -> tuple[FakeApi, int, str]:
    before = objects(NODE, DNS)
    api = FakeApi(before | left, deaf)
    monkeypatch.setattr(putback, "POLL", 0)
    monkeypatch.setattr(putback, "PATIENCE", 0.2)
    return api, *putback._remove(api, digests(before))  # type: ignore[arg-type]


@pytest.mark.fault("kubebook/putback.py", "(owned or inside or", "(inside or")
def test_owners_are_removed_and_pods_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {WEB: thing(WEB), SET: thing(SET, owner=WEB), POD: thing(POD, owner=SET)}
    api, removed, reason = put_back(monkeypatch, left)
    assert (removed, reason) == (3, "")
    assert set(api.deleted) == {WEB, POD}


@pytest.mark.fault(
    "kubebook/putback.py",
    "if strange := sorted(differing - own):",
    "if strange := sorted({*before} - {*now}):",
)
@pytest.mark.parametrize(
    "path",
    [
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/odds",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/odd",
        "/api/v1/namespaces/kube-system/configmaps/odd",
        "/api/v1/persistentvolumes/odd",
        "/api/v1/nodes/worker",
    ],
)
def test_what_is_not_the_chains_own_means_another_cluster(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    api, _, reason = put_back(monkeypatch, {path: thing(path)})
    assert reason == f"{label(path)} is new"
    assert api.deleted == []


def test_what_changed_or_went_means_another_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    taint = thing(NODE, spec={"taints": ["odd"]})
    assert put_back(monkeypatch, {NODE: taint})[2] == "nodes control-plane was changed"
    other = thing(DNS, metadata={"uid": "another"})
    assert put_back(monkeypatch, {DNS: other})[2] == "pods kube-system/coredns was changed"


@pytest.mark.fault("kubebook/putback.py", "{*new, *removed})}", "{*new})}")
def test_a_namespace_of_the_chains_goes_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    own = "/api/v1/namespaces/own"
    config, pod = f"{own}/configmaps/c", f"{own}/pods/p"
    left = {own: thing(own), config: thing(config, owner=own), pod: thing(pod)}
    api, removed, reason = put_back(monkeypatch, left)
    assert (removed, reason) == (3, "")
    assert set(api.deleted) == {own, pod}


@pytest.mark.fault("kubebook/putback.py", 'namespace = thing["spec"]', 'thing["spec"]')
def test_an_address_goes_with_its_service(monkeypatch: pytest.MonkeyPatch) -> None:
    service = "/api/v1/namespaces/default/services/web"
    address = "/apis/networking.k8s.io/v1/ipaddresses/10.96.0.7"
    parent = {"parentRef": {"namespace": "default"}}
    left = {service: thing(service), address: thing(address, owner=service, spec=parent)}
    api, removed, reason = put_back(monkeypatch, left)
    assert (removed, reason) == (2, "")
    assert api.deleted == [service]


@pytest.mark.fault("kubebook/putback.py", 'f"{label(min(own))} does not go away"', '""')
def test_what_does_not_go_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, reason = put_back(monkeypatch, {WEB: thing(WEB)}, deaf=(WEB,))
    assert reason == "deployments default/web does not go away"


@pytest.mark.fault("kubebook/inventory.py", '(c["name"], c["restartCount"])', 'c["name"]')
@pytest.mark.fault("kubebook/inventory.py", 'if kind == "leases"', "if False")
def test_what_changes_by_itself_does_not_count() -> None:
    lease = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/scheduler"

    def digest(path: str, **more: Any) -> str:
        version = {"resourceVersion": str(next(counter))}
        return digests({path: thing(path, metadata=version, **more)})[path]

    def pod(restarts: int) -> str:
        return digest(DNS, status={"containerStatuses": [{"name": "c", "restartCount": restarts}]})

    def node(beat: str, ready: str) -> str:
        ready_now = {"type": "Ready", "status": ready, "lastHeartbeatTime": beat}
        return digest(NODE, status={"conditions": [ready_now], "images": [beat]})

    assert digest(lease, spec={"renewTime": "1"}) == digest(lease, spec={"renewTime": "2"})
    assert node("1", "True") == node("2", "True") != node("2", "False")
    assert pod(0) == pod(0) != pod(1)


@pytest.mark.fault("kubebook/inventory.py", "return nodes <= leases and", "return")
@pytest.mark.fault("kubebook/inventory.py", "and all(ready)", "")
def test_a_new_cluster_rests_once_pods_are_ready_and_nodes_have_leases() -> None:
    pod = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    lease = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker2"
    objects = {"/api/v1/nodes/worker2": {}, "/api/v1/namespaces/kube-system/pods/dns": pod}
    assert not at_rest(objects)
    assert at_rest(objects | {lease: {}})
    assert not at_rest(objects | {lease: {}, "/api/v1/namespaces/default/pods/new": {}})
