"""What a cluster holds: every object of every type, by discovery through the client."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubebook.environment import direct_client
from kubebook.errors import BookError

if TYPE_CHECKING:  # 0.2 s to import, which chains without a cluster need not wait for
    from kubernetes.client.api_client import ApiClient

DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
TIMEOUT = 20  # seconds for one answer of the API
# Events expire, Endpoints mirror EndpointSlices, component statuses are asked for, not kept.
PASSING = ("events", "endpoints", "componentstatuses")
# What tells whether a cluster is at rest
BEATING = ("/api/v1/nodes", "/api/v1/pods", "/apis/coordination.k8s.io/v1/leases")

Objects = Mapping[str, dict[str, Any]]  # path of an object in the API → the object


@dataclass(frozen=True)
class Api:
    """A cluster's API, asked with its own credentials and through no proxy."""

    client: ApiClient

    def call(self, method: str, path: str, body: Any = None, accept: str = "") -> dict[str, Any]:
        """The answer to a request, {} if there is no such thing (any more).

        Raises:
            BookError: the API does not answer, or refuses.
        """
        url = self.client.configuration.host + path
        headers = {"Accept": accept or "application/json", "Content-Type": "application/json"}
        try:
            answer = self.client.rest_client.request(  # type: ignore[no-untyped-call]
                method, url, headers=headers, body=body, _request_timeout=TIMEOUT
            )
            text = answer.read()
        except Exception as error:  # the client lets through what urllib3 and ssl raise
            raise BookError(f"the cluster does not answer: {error}") from error
        if answer.status == 404:
            return {}
        if answer.status >= 400:
            raise BookError(f"{method} {path}: {answer.status} {answer.reason}")
        return dict(json.loads(text))

    def objects(self, lists: Iterable[str] = ()) -> Objects:
        """All objects that can be listed, or those in `lists` alone, by their paths."""
        every = lists or self._lists()
        return {path: thing for listed in every for path, thing in self._list(listed)}

    def _lists(self) -> Iterator[str]:
        """Paths of the lists of all types, each in the version that the API prefers."""
        for root in ("/api", "/apis"):
            for group in self.call("GET", root, accept=DISCOVERY).get("items", ()):
                kinds: dict[str, str] = {}
                for version in group["versions"]:
                    for resource in version.get("resources", ()):
                        if "list" in resource["verbs"] and resource["resource"] not in PASSING:
                            kinds.setdefault(resource["resource"], version["version"])
                for kind, version in kinds.items():
                    yield "/".join(
                        filter(None, (root, group["metadata"].get("name"), version, kind))
                    )

    def _list(self, listed: str) -> Iterator[tuple[str, dict[str, Any]]]:
        base, _, kind = listed.rpartition("/")
        for thing in self.call("GET", listed).get("items") or ():
            meta = thing["metadata"]
            place = f"/namespaces/{meta['namespace']}" if "namespace" in meta else ""
            yield f"{base}{place}/{kind}/{meta['name']}", thing


@contextmanager
def connect(kubeconfig: str) -> Iterator[Api]:
    """The API that a kubeconfig leads to."""
    client = direct_client(kubeconfig)
    try:
        yield Api(client)
    finally:
        client.close()


def digests(objects: Objects) -> dict[str, str]:
    """A hash of each object without what changes by itself."""
    return {path: _digest(path, thing) for path, thing in objects.items()}


def at_rest(objects: Objects) -> bool:
    """Whether every Pod is ready and every node has its lease, which may come after both."""
    nodes = {path.rpartition("/")[2] for path in objects if path.startswith("/api/v1/nodes/")}
    leases = {path.rpartition("/")[2] for path in objects if "/kube-node-lease/leases/" in path}
    pods = [thing for path, thing in objects.items() if "/pods/" in path]
    ready = (("Ready", "True") in _conditions(pod.get("status", {})) for pod in pods)
    return nodes <= leases and all(ready)


def label(path: str) -> str:
    """The path of an object for people: "deployments kube-system/coredns"."""
    place, kind, name = path.rsplit("/", 2)
    namespace = place.rpartition("/namespaces/")[2] if "/namespaces/" in place else ""
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"


def _digest(path: str, thing: dict[str, Any]) -> str:
    kind = path.split("/")[-2]
    content = {k: v for k, v in thing.items() if k not in ("metadata", "status")}
    content["metadata"] = {
        k: v for k, v in thing["metadata"].items() if k not in ("resourceVersion", "managedFields")
    }
    if kind == "leases":  # beats
        del content["spec"]
    if kind in ("pods", "nodes"):  # what others report of their state follows from these two
        content["status"] = _state(thing.get("status", {}))
    whole = json.dumps(content, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _state(status: dict[str, Any]) -> dict[str, Any]:
    """What a Pod or a node is like, but for times and the kubelet's late discoveries."""
    containers = status.get("containerStatuses", ())
    return {
        "phase": status.get("phase"),
        "restarts": sorted((c["name"], c["restartCount"]) for c in containers),
        "conditions": _conditions(status),
        "capacity": status.get("capacity"),
    }


def _conditions(status: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((c["type"], c["status"]) for c in status.get("conditions", ()))
