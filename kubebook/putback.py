"""Puts a used cluster back into the state in which it was new, or says why it cannot be."""

from __future__ import annotations

import json
import shlex
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubebook.book import Book
from kubebook.cluster import Cluster, node_containers
from kubebook.engine import docker
from kubebook.errors import BookError
from kubebook.inventory import BEATING, Api, at_rest, connect, digests, label

PATIENCE = 45.0  # seconds until what is deleted has to be gone; kubelets give a Pod 30
REST = 120.0  # seconds until a new cluster has to be at rest
POLL = 0.3
MARK = "/run/kubebook.baseline"
# Where a node's own services write all the time
BUSY = ("/var/log", *(f"/var/lib/{name}" for name in ("containerd", "etcd", "cni", "kubelet")))
FIRST_POD = "/run/netns /var/lib/cni"  # folders that a node's first Pod would make
PLACES = "/ /tmp /var /var/lib/kubelet/config.yaml"


@dataclass(frozen=True)
class PutBack:
    """How many objects were removed, and why the cluster cannot be used again, if so."""

    removed: int = 0
    reason: str = ""


def remember(book: Book, cluster: Cluster) -> None:
    """Note what a new cluster holds, once it has come to rest: what put_back goes back to."""
    deadline = time.monotonic() + REST
    with connect(cluster.kubeconfig) as api:
        before, now = dict[str, str](), _at_rest(api)
        while not now or now != before:
            if time.monotonic() > deadline:
                raise BookError(
                    f"{cluster.name} does not come to rest", hint="is the machine busy?"
                )
            time.sleep(POLL)
            before, now = now, _at_rest(api)
    for container in node_containers(cluster.name).values():
        docker("exec", container, "sh", "-c", f"mkdir -p {FIRST_POD} && touch {MARK}")
    _baseline(book, cluster).write_text(json.dumps(now))


def put_back(book: Book, cluster: Cluster) -> PutBack:
    """Remove what a chain left in `default` and in namespaces of its own, and wait for it.

    Anything else that differs from the new cluster, on a node too, is a reason against it.
    """
    try:
        before = json.loads(_baseline(book, cluster).read_text())
        with connect(cluster.kubeconfig) as api:
            removed, reason = _remove(api, before)
        return PutBack(removed, reason or _changed_file(cluster))
    except (BookError, OSError) as error:
        return PutBack(reason=str(error))


def _at_rest(api: Api) -> dict[str, str]:
    """What a cluster holds; nothing while it still starts, as to ask for all takes its time."""
    return digests(api.objects()) if at_rest(api.objects(BEATING)) else {}


def _remove(api: Api, before: dict[str, str]) -> tuple[int, str]:
    removed: dict[str, str] = {}  # paths and UIDs of what was the chain's own
    deadline = time.monotonic() + PATIENCE
    while True:
        objects = api.objects()
        now = digests(objects)
        differing = {p for p in {*before, *now} if before.get(p) != now.get(p)}
        new = {path: objects[path] for path in differing - {*before}}
        own = {path for path in new if _removable(path, new[path], {*new, *removed})}
        if strange := sorted(differing - own):
            return len(removed), _what(strange[0], before, now)
        if not own:
            return len(removed), ""
        if time.monotonic() > deadline:
            return len(removed), f"{label(min(own))} does not go away"
        removed |= {path: new[path]["metadata"]["uid"] for path in own}
        for path in sorted(own):
            if _is_ours_to_delete(path, new[path], removed):
                body = {"gracePeriodSeconds": 1, "propagationPolicy": "Background"}
                api.call("DELETE", path, body)
        time.sleep(POLL)


def _removable(path: str, thing: dict[str, Any], new: set[str]) -> bool:
    """Whether a new object is the chain's own: in `default`, or in or of a new namespace."""
    namespace = thing["metadata"].get("namespace")
    if "/ipaddresses/" in path:
        namespace = thing["spec"]["parentRef"]["namespace"]  # an address goes with its Service
    if namespace is None:
        return path.startswith("/api/v1/namespaces/")
    return namespace == "default" or f"/api/v1/namespaces/{namespace}" in new


def _is_ours_to_delete(path: str, thing: dict[str, Any], own: dict[str, str]) -> bool:
    """Whether it does not go with its owner or its namespace; Pods would, but not at once."""
    meta = thing["metadata"]
    if "/pods/" in path:
        return int(meta.get("deletionGracePeriodSeconds", 31)) > 1
    owned = any(owner["uid"] in own.values() for owner in meta.get("ownerReferences", ()))
    inside = f"/api/v1/namespaces/{meta.get('namespace')}" in own
    return not (owned or inside or "/ipaddresses/" in path or "deletionTimestamp" in meta)


def _what(path: str, before: dict[str, str], now: dict[str, str]) -> str:
    change = "is new" if path not in before else "is gone" if path not in now else "was changed"
    return f"{label(path)} {change}"


def _changed_file(cluster: Cluster) -> str:
    """The first file of a node that was written, moved or removed since the cluster was new."""
    skip = " -o ".join(f"-path {place}" for place in BUSY)
    # runc writes to /tmp and takes it away again: the folder itself changes with every exec
    find = f"find {PLACES} -xdev \\( {skip} \\) -prune -o -cnewer {MARK} ! -path /tmp -print -quit"
    for node, container in node_containers(cluster.name).items():
        if found := docker("exec", container, "sh", "-c", find):
            return f"{shlex.quote(found)} on {node} was changed"
    return ""


def _baseline(book: Book, cluster: Cluster) -> Path:
    return book.state / "clusters" / f"{cluster.name}.baseline"
