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

READY_TIMEOUT = 180.0  # seconds until CoreDNS has to answer
SERVICE_DNS = "10.96.0.10"
# Until kube-proxy knows a Service, a connection to it fails at once instead of after 30 s
REFUSE = "iptables -A FORWARD -p tcp -d 10.96.0.0/16 -j REJECT --reject-with tcp-reset"
KUBECTL = "kubectl --kubeconfig=/etc/kubernetes/admin.conf"


@contextmanager
def network(profile: Profile, name: str, *, ours: bool) -> Iterator[None]:
    """While kind works in the block, set up the Pods' network; then wait until DNS answers.

    Args:
        name: of the kind cluster that the block creates.
        ours: whether the network is ours to set up; the official image brings kindnetd.
    """
    stop = threading.Event()
    done: set[str] = set()

    def watch() -> None:
        while not stop.wait(0.5):
            _configure_nodes(name, done)

    thread = threading.Thread(target=watch, daemon=True)
    if ours:
        thread.start()
    try:
        yield
        deadline = time.monotonic() + READY_TIMEOUT
        while not _ready(profile, name, ours, done):
            if time.monotonic() > deadline:
                raise BookError(f"{name}: DNS did not answer within {READY_TIMEOUT:.0f} s")
            time.sleep(0.3)
    finally:
        stop.set()
        if thread.is_alive():
            thread.join()


def _ready(profile: Profile, name: str, ours: bool, configured: set[str]) -> bool:
    if ours and len(configured) < len(profile.nodes):
        return False
    return _dns_answers(f"{name}-control-plane") and all(n["ready"] for n in _nodes(name))


def _nodes(name: str) -> list[dict[str, Any]]:
    """Name, Pod range, address and readiness of the nodes that have registered."""
    text = _exec(f"{name}-control-plane", f"{KUBECTL} get --raw /api/v1/nodes")
    if not text:
        return []
    return [
        {
            "name": item["metadata"]["name"],
            "range": item["spec"].get("podCIDR", ""),
            "address": next(
                a["address"] for a in item["status"]["addresses"] if a["type"] == "InternalIP"
            ),
            "ready": any(
                c["type"] == "Ready" and c["status"] == "True" for c in item["status"]["conditions"]
            ),
        }
        for item in json.loads(text)["items"]
        if item["status"].get("addresses")
    ]


def _configure_nodes(name: str, done: set[str]) -> None:
    nodes = [node for node in _nodes(name) if node["range"]]
    fresh = [node for node in nodes if node["name"] not in done]
    for node in fresh:
        config = json.dumps(_cni(node["range"]))
        path = "/etc/cni/net.d/10-kubebook.conflist"
        _exec(
            f"{name}-{node['name']}",
            f"{REFUSE}; mkdir -p /etc/cni/net.d && cat > {path}",
            stdin=config,
        )
    if fresh:
        for node in nodes:
            routes = [
                f"ip route replace {o['range']} via {o['address']}" for o in nodes if o is not node
            ]
            _exec(f"{name}-{node['name']}", "; ".join([*routes, "true"]))
        done.update(node["name"] for node in fresh)


def _cni(pod_range: str) -> dict[str, Any]:
    ipam = {
        "type": "host-local",
        "ranges": [[{"subnet": pod_range}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    link = {"type": "ptp", "ipMasq": False, "ipam": ipam}
    ports = {"type": "portmap", "capabilities": {"portMappings": True}}
    return {"cniVersion": "0.3.1", "name": "kubebook", "plugins": [link, ports]}


def _dns_answers(container: str) -> bool:
    """Whether kubernetes.default resolves, asked over TCP through the Service's address."""
    name = b"".join(
        bytes([len(p)]) + p for p in b"kubernetes.default.svc.cluster.local".split(b".")
    )
    query = b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + name + b"\x00\x00\x01\x00\x01"
    escaped = "".join(f"\\x{byte:02x}" for byte in len(query).to_bytes(2, "big") + query)
    talk = (
        f"exec 3<>/dev/tcp/{SERVICE_DNS}/53; printf '{escaped}' >&3; head -c 10 <&3 | od -An -tx1"
    )
    answer = _exec(container, f"timeout 2 bash -ec {shlex.quote(talk)}")
    words = answer.split()
    return len(words) == 10 and words[5][1] == "0" and words[8:10] != ["00", "00"]


def _exec(container: str, script: str, stdin: str = "") -> str:
    """Output of a script in a node, "" if it failed: callers ask again."""
    client = require_engine().client
    done = subprocess.run(
        [client, "exec", "-i", container, "bash", "-c", script],
        input=stdin,
        capture_output=True,
        text=True,
    )
    return done.stdout if done.returncode == 0 else ""
