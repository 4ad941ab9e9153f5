"""The Pods' network of nodes without kindnetd, and the proof that a cluster's DNS answers."""

from __future__ import annotations

import json
import shlex
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kubebook.book import Profile
from kubebook.engine import require_engine
from kubebook.errors import BookError

READY_TIMEOUT = 180  # seconds until CoreDNS has to answer
EXEC_TIMEOUT = 20  # seconds more that starting a script in a node may take
SERVICE_DNS = "10.96.0.10"
ALL_PODS = "10.244.0.0/16"
FIRST_PODS = "10.244.0.0/24"  # what the first node gets, always the control plane
KUBECTL = "kubectl --kubeconfig=/etc/kubernetes/admin.conf"

# A node's own rules. Until kube-proxy knows a Service, a connection to it fails at once instead
# of after 30 s; what Pods send out of the cluster carries the node's address.
RULES = f"""\
iptables -C FORWARD -p tcp -d 10.96.0.0/16 -j REJECT --reject-with tcp-reset 2>/dev/null && exit
iptables -A FORWARD -p tcp -d 10.96.0.0/16 -j REJECT --reject-with tcp-reset
iptables -t nat -A POSTROUTING -s {ALL_PODS} ! -d {ALL_PODS} -o eth0 -j MASQUERADE
"""
CONFIGURE = "mkdir -p /etc/cni/net.d && cat > /etc/cni/net.d/10-kubebook.conflist"
# kubectl takes 0.1 s of a core to start: too much to ask by it over and over
WATCH = f"""\
until curl -sfk https://127.0.0.1:6443/readyz >/dev/null; do sleep 0.2; done
until {KUBECTL} get --raw '/api/v1/nodes?limit=1' >/dev/null 2>&1; do sleep 0.2; done
exec timeout {READY_TIMEOUT} {KUBECTL} get --raw '/api/v1/nodes?watch=1'
"""
NODES_READY = f"""\
until {KUBECTL} wait --for=condition=Ready nodes --all --timeout={READY_TIMEOUT}s >/dev/null 2>&1
do sleep 0.2; done
"""


@contextmanager
def network(profile: Profile, name: str, *, ours: bool) -> Iterator[None]:
    """While kind works in the block, set up the Pods' network; then wait until DNS answers.

    Args:
        name: of the kind cluster that the block creates.
        ours: whether the network is ours to set up; the official image brings kindnetd.

    Raises:
        BookError: DNS did not answer in time.
    """
    stop = threading.Event()
    setup = threading.Thread(target=_set_up, args=(name, profile, stop), daemon=True)
    if ours:
        setup.start()
    try:
        yield
        if ours:
            setup.join(READY_TIMEOUT)
        _wait_until_ready(name)
    finally:
        stop.set()


def _set_up(name: str, profile: Profile, stop: threading.Event) -> None:
    """Configure each node as soon as it has a range of Pod addresses."""
    control_plane = f"{name}-control-plane"
    while not stop.is_set() and not _configure(control_plane, FIRST_PODS):
        time.sleep(0.2)
    ranges: dict[str, str] = {}
    addresses: dict[str, str] = {}
    with _exec_stream(control_plane, WATCH) as events:
        for event in events:
            node = json.loads(event)["object"]
            known = (node["metadata"]["name"], node["spec"].get("podCIDR"), _address(node))
            if known[0] in ranges or not all(known):
                continue
            node_name, ranges[known[0]], addresses[known[0]] = known
            _configure(f"{name}-{node_name}", ranges[node_name])
            _route(name, ranges, addresses)
            if len(ranges) == len(profile.nodes) or stop.is_set():
                return


def _address(node: dict[str, Any]) -> str:
    addresses = node["status"].get("addresses", ())
    return next((a["address"] for a in addresses if a["type"] == "InternalIP"), "")


def _configure(container: str, pods: str) -> bool:
    """Give a node its network; False while its container does not run."""
    script = f"{CONFIGURE}\n{RULES}"
    return _exec(container, script, stdin=json.dumps(_cni(pods))) is not None


def _route(name: str, ranges: dict[str, str], addresses: dict[str, str]) -> None:
    """On every node a route to every other node's Pods."""
    for here in ranges:
        others = [node for node in ranges if node != here]
        routes = [f"ip route replace {ranges[o]} via {addresses[o]}" for o in others]
        if routes:
            _exec(f"{name}-{here}", "; ".join(routes))


def _cni(pods: str) -> dict[str, Any]:
    """A point-to-point link for each Pod, addresses from the node's range, host ports."""
    everywhere = [{"dst": "0.0.0.0/0"}]
    addresses = {"type": "host-local", "ranges": [[{"subnet": pods}]], "routes": everywhere}
    link = {"type": "ptp", "ipMasq": False, "ipam": addresses}
    ports = {"type": "portmap", "capabilities": {"portMappings": True}}
    return {"cniVersion": "0.3.1", "name": "kubebook", "plugins": [link, ports]}


def _wait_until_ready(name: str) -> None:
    """Wait until all nodes are ready and a name resolves through the address of a Service."""
    ask = f"until [[ $({_dns_question()}) =~ {_dns_answer()} ]]; do sleep 0.1; done"
    script = f"{NODES_READY}\n{ask}"
    patient = f"timeout {READY_TIMEOUT} bash -c {shlex.quote(script)}"
    if _exec(f"{name}-control-plane", patient) is None:
        raise BookError(f"{name}: DNS did not answer within {READY_TIMEOUT} s")


def _dns_question() -> str:
    """Shell code that asks CoreDNS for kubernetes.default by TCP and prints the answer's head."""
    labels = (b"kubernetes", b"default", b"svc", b"cluster", b"local", b"")
    asked = b"".join(bytes([len(label)]) + label for label in labels)
    query = bytes.fromhex("000101000001000000000000") + asked + bytes.fromhex("00010001")
    message = "".join(f"\\x{byte:02x}" for byte in len(query).to_bytes(2, "big") + query)
    talk = (
        f'exec 3<>/dev/tcp/{SERVICE_DNS}/53; printf "{message}" >&3; head -c 10 <&3 | od -An -tx1'
    )
    return f"timeout 2 bash -ec {shlex.quote(talk)} 2>/dev/null"


def _dns_answer() -> str:
    """A bash pattern of RFC 1035: length, id, flags with code 0, a question, an answer or more."""
    return r"^(\ ..){5}\ .0(\ ..){2}\ 00\ 0[1-9]$"


def _exec(container: str, script: str, stdin: str = "") -> str | None:
    """Output of a script in a node, None if it failed."""
    command = [require_engine().client, "exec", "-i", container, "bash", "-c", script]
    limit = READY_TIMEOUT + EXEC_TIMEOUT
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:  # a node that is paused, or an engine that hangs
        return None
    return done.stdout if done.returncode == 0 else None


@contextmanager
def _exec_stream(container: str, script: str) -> Iterator[Iterator[str]]:
    """Lines of a script in a node while it runs."""
    command = [require_engine().client, "exec", container, "bash", "-c", script]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout
        yield iter(process.stdout)
    finally:
        process.kill()
        process.wait()
