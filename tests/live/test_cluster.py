"""The reader's cluster: up, shell, half up, reset, down; one node and three."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubebook.book import load_book
from kubebook.drift import compare
from kubebook.library import load_library
from kubebook.recording import CellRecord, outputs, read_recording
from live.command import PROGRAM, Kubebook, open_kubebook
from live.tmux import Terminal

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]

# What a reader's own home may hold, and what must not lead kubectl elsewhere
BASHRC = """\
export KUBECONFIG=~/.kube/config
PROMPT_COMMAND='KUBECONFIG=~/.kube/config PS1=lost:'
alias kubectl='kubectl --context prod'
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubebook]:
    """The real book in a folder of its own."""
    root = tmp_path_factory.mktemp("reader") / "kubebook"
    root.mkdir()
    for name in ("kubebook.toml", "requirements.txt"):
        shutil.copy(ROOT / name, root)
    for name in ("snippets", "recordings", "cluster", "docs"):
        shutil.copytree(ROOT / name, root / name)
    (root / "home").mkdir()
    (root / "home/.bashrc").write_text(BASHRC)
    with open_kubebook(root, proxies=True) as command:
        yield command


@pytest.mark.fault(
    "kubebook/shell.py",
    "    if found := read_cluster(book, name):\n        check",
    "    if found := None:\n        check",
)
def test_a_readers_cluster(reader: Kubebook) -> None:
    assert "no cluster is up" in reader("cluster", "status").stdout
    assert "kubebook cluster up single" in reader("cluster", "env", status=2).stderr
    start = time.monotonic()
    assert "is up: Kubernetes v1.37" in reader("cluster", "up").stdout
    made = time.monotonic() - start
    before = rows(reader)
    start = time.monotonic()
    reader("cluster", "up")
    assert time.monotonic() - start < made / 2
    assert rows(reader) == before
    assert [(r["profile"], r["state"], r["nodes"]) for r in before] == [("single", "clean", "1")]
    assert "export KUBECONFIG=" in reader("cluster", "env").stdout


@pytest.mark.fault("kubebook/shell.py", '"KUBECONFIG": str(lend_kubeconfig(book, cluster)),', "")
def test_the_shell_prints_what_the_page_shows(reader: Kubebook) -> None:
    """Type the first snippet's commands as a reader would and compare what appears."""
    snippet = load_library(load_book(ROOT))["monitoring/hello"]
    recording = read_recording(ROOT / "recordings", snippet.id)
    assert recording
    screen = Terminal(reader, "kubebook shell", "(kubebook:single)")
    try:
        screen.wait_for_prompt()
        screen.type("cd snippets/monitoring")
        seen = [
            CellRecord(cell.name, 0, 0, screen.type(*cell.code.splitlines()))
            for cell in snippet.cells
        ]
    finally:
        screen.close()
    found = compare(outputs(snippet, recording.cells), outputs(snippet, tuple(seen)))
    assert found == []


@pytest.mark.fault("kubebook/shell.py", "    if half_up(book, name):", "    if False:")
def test_a_used_cluster_is_named_and_reset_makes_it_fresh(reader: Kubebook) -> None:
    reader("shell")  # which ends at once: nobody types
    assert rows(reader)[0]["state"] == "used"
    state = next((reader.root / ".kubebook/clusters").glob("*-single.json"))
    state.unlink()
    assert rows(reader)[0]["state"] == "half up"
    refused = reader("cluster", "up", status=2)
    assert "is only half up" in refused.stderr
    assert "kubebook cluster reset single" in refused.stderr
    reader("cluster", "reset")
    assert rows(reader)[0]["state"] == "clean"
    reader("cluster", "down")
    assert rows(reader) == []


@pytest.mark.fault(
    "kubebook/cluster.py", "for name in profile.nodes]", "for name in profile.nodes[:2]]"
)
def test_three_nodes_with_names_of_the_book(reader: Kubebook) -> None:
    reader("cluster", "up", "three")
    names = kubectl(reader, "three", "get", "nodes", "-o", "name").split()
    assert names == ["node/control-plane", "node/worker", "node/worker2"]
    assert kubectl(reader, "three", "config", "current-context").strip() == "kubebook"
    image = "registry.k8s.io/e2e-test-images/agnhost:2.66.1"
    for node in ("worker", "worker2"):
        pin = json.dumps({"spec": {"nodeName": node}})
        kubectl(
            reader, "three", "run", node, f"--image={image}", f"--overrides={pin}", "--", "netexec"
        )
    kubectl(reader, "three", "wait", "--for=condition=Ready", "pod", "--all", "--timeout=60s")
    ip = kubectl(reader, "three", "get", "pod", "worker2", "-o", "jsonpath={.status.podIP}")
    url = f"http://{ip}:8080/hostname"
    assert kubectl(reader, "three", "exec", "worker", "--", "curl", "-s", url) == "worker2"
    reader("cluster", "down")


def rows(reader: Kubebook) -> list[dict[str, str]]:
    return json.loads(reader("cluster", "status", "--json").stdout or "[]")


def kubectl(reader: Kubebook, profile: str, *args: str) -> str:
    kubeconfig = next((reader.root / ".kubebook/clusters").glob(f"*-{profile}.kubeconfig"))
    command = [PROGRAM.parent / "kubectl", "--kubeconfig", kubeconfig, *args]
    done = subprocess.run(command, capture_output=True, text=True, env=reader.environment())
    assert done.returncode == 0, done.stderr
    return done.stdout
