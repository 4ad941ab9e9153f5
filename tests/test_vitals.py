"""What is broken about a cluster, with answers of an engine that nobody has to run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from types import SimpleNamespace

import pytest
from mini import MiniBook

from kubebook import chain, vitals
from kubebook.chain import run_chain
from kubebook.cluster import Cluster
from kubebook.errors import BookError
from kubebook.nodeimage import NodeImage
from kubebook.vitals import blamed, trouble

IMAGE = NodeImage("node", "packages", "v1.37.2", "sha256:0")
WELL = "/c-control-plane|running|0|false"
KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: c, context: {cluster: c, user: c}}]
users: [{name: c, user: {token: none}}]
current-context: c
"""


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the engine says of its containers."""
    said = [WELL]

    def docker(*args: str) -> str:
        return {"ps": "id", "inspect": "\n".join(said), "network": "abc"}[args[0]]

    monkeypatch.setattr(vitals, "docker", docker)
    monkeypatch.setattr(vitals, "machine_trouble", lambda: None)
    return said


@pytest.fixture
def cluster(mini: MiniBook) -> Cluster:
    kubeconfig = mini.write("kubeconfig", KUBECONFIG)
    return Cluster("c", "single", str(kubeconfig), IMAGE, "uid", "now")


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("/c-control-plane|paused|0|false", "the node container c-control-plane is paused"),
        ("/c-control-plane|exited|137|false", "c-control-plane is exited (status 137)"),
        ("/c-control-plane|exited|137|true", "c-control-plane is exited (out of memory)"),
        ("", "1 of 1 node containers of c are gone"),
    ],
)
@pytest.mark.fault("kubebook/vitals.py", 'if status != "running":', 'if status == "exited":')
def test_a_node_that_does_not_run(
    mini: MiniBook, cluster: Cluster, states: list[str], state: str, message: str
) -> None:
    states[:] = filter(None, [state])
    found = trouble(mini.book, cluster)
    assert found
    assert message in found.message
    assert "run it again" in found.hint


@pytest.mark.fault("kubebook/vitals.py", "if bridge in links and not", "if bridge in links and")
def test_a_bridge_that_is_down(
    mini: MiniBook, cluster: Cluster, states: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    links = {"br-abc": SimpleNamespace(isup=False), "lo": SimpleNamespace(isup=True)}
    monkeypatch.setattr(vitals.psutil, "net_if_stats", lambda: links)
    found = trouble(mini.book, cluster)
    assert found
    assert found.message == "the bridge br-abc of c is down"


@pytest.mark.fault("kubebook/vitals.py", "if not cause:", "if cause:")
def test_an_api_that_does_not_answer_is_blamed_instead_of_the_snippet(
    mini: MiniBook, cluster: Cluster, states: list[str]
) -> None:
    failed = BookError("ended with status 1, not 0", path="x.sh", line=3, hint="set `exit`")
    fault = blamed(failed, trouble(mini.book, cluster))
    assert str(fault).startswith("x.sh:3: c: the cluster does not answer: ")
    assert "was refused" in fault.message
    assert "so the snippet failed: ended with status 1, not 0" in fault.message
    assert "set `exit`" not in fault.hint


def test_a_snippets_own_fault_stays_its_own(mini: MiniBook) -> None:
    failed = BookError("ended with status 1, not 0")
    assert blamed(failed, None) is failed


@dataclass
class OneCluster:
    """A pool that lends one cluster and notes which are to be replaced."""

    lent: Cluster
    condemned: list[str] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    @contextmanager
    def cluster(self, *_: object) -> Iterator[Cluster]:
        yield self.lent

    def condemn(self, cluster: Cluster, reason: str) -> None:
        self.condemned.append(f"{cluster.name}: {reason}")


@pytest.mark.fault("kubebook/chain.py", "pool.condemn(cluster, cause.message)", "pass")
def test_a_chain_says_what_broke_under_it_and_has_that_cluster_replaced(
    mini: MiniBook, cluster: Cluster, states: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    states[:] = ["/c-control-plane|paused|0|false"]
    settings = "# /// kubebook\n# expect = { contains = ['x'] }\n# ///\n"
    mini.write("snippets/one/x.sh", f"{settings}false\n")
    monkeypatch.setattr(chain, "check_identity", lambda _: None)
    pool = OneCluster(cluster)
    library = mini.library
    ran = run_chain(library, library.chain("one/x"), pool)  # type: ignore[arg-type]
    assert ran.fault
    assert ran.fault.message.startswith("the node container c-control-plane is paused\n")
    assert ran.fault.path == mini.root / "snippets/one/x.sh"
    assert pool.condemned == ["c: the node container c-control-plane is paused"]
