"""What is broken about a cluster, with answers of an engine that nobody has to run."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from mini import MiniBook

from kubebook import vitals
from kubebook.cluster import Cluster
from kubebook.errors import BookError
from kubebook.nodeimage import NodeImage
from kubebook.vitals import blamed, trouble

IMAGE = NodeImage("node", "packages", "v1.37.2", "sha256:0")
WELL = "/c-control-plane|running|0|false"
KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: c, context: {cluster: c}}]
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
