"""The helper that snippets import: it watches an API server, here one that plays a part."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from kubernetes import client
from mini import MiniBook

from kubebook.runner import run_snippet
from kubebook.sandbox import open_sandbox
from kubebook.waiting import until

Script = list[tuple[str, list[Any]]]


def pod(name: str, phase: str, version: str = "1") -> dict[str, Any]:
    metadata = {"name": name, "namespace": "default", "uid": name, "resourceVersion": version}
    spec = {"containers": [{"name": "c", "image": "i"}]}
    return {"metadata": metadata, "spec": spec, "status": {"phase": phase}}


class Server(ThreadingHTTPServer):
    """Answers each request with the next part of `script`, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.asked = script, list[dict[str, str]]()

    @property
    def api(self) -> client.CoreV1Api:
        address = f"http://127.0.0.1:{self.server_address[1]}"
        return client.CoreV1Api(client.ApiClient(client.Configuration(host=address)))


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.server.asked.append({name: values[0] for name, values in query.items()})
        kind, content = self.server.script.pop(0)
        assert (kind == "watch") == ("watch" in query)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if kind == "list":
            listed = {"kind": "PodList", "apiVersion": "v1", "items": content}
            self.wfile.write(json.dumps(listed | {"metadata": {"resourceVersion": "7"}}).encode())
        for event, thing in content if kind == "watch" else ():
            self.wfile.write(json.dumps({"type": event, "object": thing}).encode() + b"\n")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server([]) as found:
        Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


def running(pods: list[Any]) -> bool:
    return bool(pods) and all(pod.status.phase == "Running" for pod in pods)


def test_what_is_so_already_is_not_watched(server: Server) -> None:
    server.script = [("list", [pod("b", "Running"), pod("a", "Running")])]
    found = until(running, server.api.list_namespaced_pod, "default", label_selector="app=web")
    assert [pod.metadata.name for pod in found] == ["a", "b"]
    assert server.asked == [{"labelSelector": "app=web"}]


@pytest.mark.fault("kubebook/waiting.py", "objects[uid] = event", "objects[''] = event")
@pytest.mark.fault("kubebook/waiting.py", 'event["type"] == "DELETED"', "False")
def test_changes_are_seen_as_they_come(server: Server) -> None:
    events = [
        ("MODIFIED", pod("a", "Running")),
        ("ADDED", pod("b", "Pending")),
        ("DELETED", pod("b", "Pending")),
        ("ADDED", pod("never", "Pending")),
    ]
    server.script = [("list", [pod("a", "Pending"), pod("c", "Running")]), ("watch", events[:1])]
    seen: list[list[str]] = []

    def done(pods: list[Any]) -> bool:
        seen.append([f"{pod.metadata.name} {pod.status.phase}" for pod in pods])
        return len(seen) == 4

    server.script[1] = ("watch", events)
    until(done, server.api.list_namespaced_pod, "default")
    assert seen == [
        ["a Pending", "c Running"],
        ["a Running", "c Running"],
        ["a Running", "b Pending", "c Running"],
        ["a Running", "c Running"],
    ]
    assert server.asked[1]["resourceVersion"] == "7"


@pytest.mark.fault("kubebook/waiting.py", "if error.status != GONE:", "if True:")
def test_a_watch_that_ends_or_is_too_old_begins_anew(server: Server) -> None:
    gone = {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"}
    waiting = ("list", [pod("a", "Pending")])
    server.script = [waiting, ("watch", [("ERROR", gone)]), waiting, ("watch", []),
                     ("list", [pod("a", "Running")])]  # fmt: skip
    assert len(until(running, server.api.list_namespaced_pod, "default")) == 1


def test_a_refusal_is_the_clients_own_error(server: Server) -> None:
    refused = {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "no"}
    server.script = [("list", []), ("watch", [("ERROR", refused)])]
    with pytest.raises(client.ApiException, match="Forbidden"):
        until(running, server.api.list_namespaced_pod, "default")


@pytest.mark.fault("kubebook/waiting.py", "<= 0:", "<= -60:")
def test_what_never_comes_times_out(server: Server) -> None:
    server.script = [("list", []), ("watch", [("ADDED", pod("a", "Pending"))])] * 9
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"not so after 0\.2 s: 0 objects"):
        until(running, server.api.list_namespaced_pod, "default", timeout=0.2)
    assert time.monotonic() - start < 5


def test_a_snippet_imports_it_as_a_reader_does(mini: MiniBook) -> None:
    """Both run `python NAME.py` with the interpreter that kubebook is installed for."""
    mini.snippet("a.py", "from kubebook.waiting import until\nprint(until.__name__)\n")
    library = mini.library
    assert library["one/a"].helpers == ("waiting.py",)
    with open_sandbox(library.book) as sandbox:
        assert run_snippet(library["one/a"], sandbox)[0].output == "until\n"
