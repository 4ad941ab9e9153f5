"""What breaks while a snippet runs, on an engine of the test's own: said, survived and healed.

From mild to fatal; each fault ends one cluster, and the next run has to make another by itself.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from mini import MiniBook

from kubebook.book import load_book
from kubebook.nodeimage import node_image
from live.command import Kubebook
from live.engine import OwnEngine, filled, own_engine, small_disk, wait_for

pytestmark = [pytest.mark.live, pytest.mark.root]
ROOT = Path(__file__).parents[2]
LIMIT = 120  # seconds within which a run must have ended after a fault

STEADY = """\
# /// kubebook
# expect = { contains = ["namespace/default"] }
# ///
kubectl get namespace default -o name
"""
LONG = """\
# /// kubebook
# timeout = 30
# ///
# %% before
# /// kubebook
# expect = { contains = ["namespace/default"] }
# ///
kubectl get namespace default -o name

# %% after
# /// kubebook
# expect = { contains = ["namespace/kube-system"] }
# ///
touch FOLDER/reached; until [ -e FOLDER/go ]; do sleep 0.1; done
kubectl get namespace kube-system -o name
"""
POD = """\
# /// kubebook
# timeout = 40
# expect = { contains = ["condition met"] }
# ///
touch FOLDER/reached; until [ -e FOLDER/go ]; do sleep 0.1; done
kubectl run web --image=registry.k8s.io/e2e-test-images/agnhost:2.66.1
kubectl wait --for=condition=Ready pod/web --timeout=20s
"""


@dataclass(frozen=True)
class Author:
    """A book on an engine of its own, with a snippet that waits for us in its middle."""

    engine: OwnEngine
    kubebook: Kubebook
    signals: Path
    runs: list[subprocess.Popen[str]] = field(default_factory=list)

    def interrupted(self, name: str = "long") -> subprocess.Popen[str]:
        """A run of a snippet that has got to where it waits."""
        self.end_runs()
        for told in ("reached", "go"):
            (self.signals / told).unlink(missing_ok=True)
        process = self.kubebook.start("run", f"one/{name}")
        self.runs.append(process)
        wait_for(lambda: (self.signals / "reached").exists() or process.poll() is not None, 300)
        assert process.poll() is None, process.communicate()
        return process

    def end_runs(self) -> None:
        """Kill what a failed test has left."""
        for process in self.runs:
            process.kill()

    def end_of(self, process: subprocess.Popen[str]) -> str:
        """Let the snippet go on, and what the run said; it must have failed."""
        (self.signals / "go").touch()
        _, said = process.communicate(timeout=LIMIT)
        assert process.returncode in (1, 2), said
        assert "Traceback" not in said
        return said

    def recordings(self) -> dict[str, bytes]:
        """All files of recordings, those that nobody should see too."""
        folder = self.kubebook.root / "recordings"
        return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    def node(self) -> str:
        """The node container of the one cluster."""
        (name,) = self.engine.docker("ps", "--format", "{{.Names}}").split()
        return name

    def next_run(self) -> None:
        """It succeeds without hand work, and nothing of a broken run is left."""
        (self.signals / "go").touch()
        before = self.recordings()
        assert "no drift" in self.kubebook("check", "one/steady").stdout
        assert self.recordings() == before
        book = load_book(self.kubebook.root)
        assert not list((book.state / "sandboxes").iterdir())
        assert self.engine.docker("ps", "-a", "--format", "{{.State}}").split() == ["running"]
        networks = self.engine.docker("network", "ls", "--format", "{{.Name}}").split()
        assert [n for n in networks if n.startswith(book.tag)] == [self.node().rsplit("-", 2)[0]]


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    mini = MiniBook(tmp_path_factory.mktemp("faults") / "book")
    signals = tmp_path_factory.mktemp("signals")
    mini.write("snippets/one/steady.sh", STEADY)
    for name, text in (("long", LONG), ("pod", POD)):
        mini.write(f"snippets/one/{name}.sh", text.replace("FOLDER", str(signals)))
    with own_engine() as engine:
        _image(mini, engine)
        trap = mini.write("home/.kube/config", "not yours\n")
        kubebook = Kubebook(mini.root, trap, engine.inside(mini.root), engine.variables)
        author = Author(engine, kubebook, signals)
        (signals / "go").touch()
        assert (
            "recorded one/long" in kubebook("run", "one/long", "one/steady", "--pool", "1").stderr
        )
        yield author
        author.end_runs()


def _image(mini: MiniBook, engine: OwnEngine) -> None:
    """Have the node image in the engine, under a name without the digest that a move loses."""
    image = node_image(load_book(ROOT))
    assert image
    name = image.name.split("@")[0]
    shutil.copytree(ROOT / "cluster", mini.root / "cluster")
    versions = mini.root / "cluster/versions.toml"
    versions.write_text(versions.read_text().replace(image.name, name))
    engine.load(image.digest, name)


@pytest.mark.fault("kubebook/runs.py", "    with alone(library.book):", "    if True:")
def test_a_second_kubebook(author: Author) -> None:
    process = author.interrupted()
    before = author.recordings()
    refused = author.kubebook("run", "one/long", status=2).stderr
    assert "another run is at work here" in refused
    assert f"kill {process.pid}" in refused
    (author.signals / "go").touch()
    _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, said
    assert author.recordings() == before
    author.next_run()


@pytest.mark.fault("kubebook/cli.py", "        signal.signal(ending, _interrupt)", "        pass")
def test_kubebook_is_told_to_end(author: Author) -> None:
    process = author.interrupted()
    before = author.recordings()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 130
    assert "interrupted" in said
    assert author.recordings() == before
    author.next_run()


@pytest.mark.fault("kubebook/sandbox.py", "    sweep(book)\n    ctypes", "    ctypes")
def test_kubebook_is_killed_in_a_snippet(author: Author) -> None:
    process = author.interrupted()
    before = author.recordings()
    orphans = _snippets()
    process.kill()
    process.communicate(timeout=LIMIT)
    assert orphans
    assert author.recordings() == before
    author.next_run()
    assert not any(map(_lives, orphans))


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _snippets() -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if "long.sh" in (p.info["cmdline"] or ())]


@pytest.mark.fault(
    "kubebook/pool.py",
    "if not cluster or not self._serves(cluster):",
    "if cluster and not self._serves(cluster):",
)
def test_kubebook_is_killed_while_it_creates_a_cluster(author: Author) -> None:
    author.kubebook("cluster", "down")
    process = author.kubebook.start("check", "one/steady")
    author.runs.append(process)
    wait_for(lambda: author.engine.docker("ps", "-q"), 120)
    kinds = [p for p in psutil.Process(process.pid).children() if p.name() == "kind"]
    process.kill()
    process.communicate(timeout=LIMIT)
    assert kinds
    wait_for(lambda: not any(map(_lives, kinds)), 1)
    author.next_run()


@pytest.mark.fault(
    "kubebook/vitals.py", 'if status != "running":', 'if status not in ("running", "paused"):'
)
def test_a_node_is_paused(author: Author) -> None:
    process, before = author.interrupted(), author.recordings()
    node = author.node()
    author.engine.docker("pause", node)
    said = author.end_of(process)
    assert f"the node container {node} is paused" in said
    assert "run it again" in said
    assert author.recordings() == before
    author.next_run()


@pytest.mark.fault(
    "kubebook/vitals.py", 'names = docker("ps", "-aq",', 'names = docker("ps", "-q",'
)
def test_a_node_is_killed(author: Author) -> None:
    process, before = author.interrupted(), author.recordings()
    node = author.node()
    author.engine.docker("kill", node)
    assert f"the node container {node} is exited (status 137)" in author.end_of(process)
    assert author.recordings() == before
    author.next_run()


@pytest.mark.fault("kubebook/vitals.py", "        lambda: _api(cluster),\n", "")
def test_the_api_server_is_removed(author: Author) -> None:
    process, before = author.interrupted(), author.recordings()
    manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml"
    author.engine.docker("exec", author.node(), "mv", manifest, "/root/")
    lives = ["docker", "exec", author.node(), "pgrep", "kube-apiserver"]
    env = os.environ | author.engine.variables
    wait_for(lambda: subprocess.run(lives, env=env, capture_output=True).returncode == 1, 60)
    said = author.end_of(process)
    assert "the cluster does not answer" in said
    assert "so the snippet failed" in said
    assert author.recordings() == before
    author.next_run()


@pytest.mark.fault("kubebook/vitals.py", "        lambda: _bridges(cluster),\n", "")
def test_the_bridge_is_down(author: Author) -> None:
    process, before = author.interrupted(), author.recordings()
    network = author.engine.docker("inspect", author.node(), "--format",
        "{{range .NetworkSettings.Networks}}{{.NetworkID}}{{end}}")  # fmt: skip
    bridge = f"br-{network[:12]}"
    author.engine.run("ip", "link", "set", bridge, "down")
    assert f"the bridge {bridge}" in author.end_of(process)
    assert author.recordings() == before
    author.next_run()


@pytest.mark.fault(
    "kubebook/machine.py", "first_fault(engine_faults, disk_faults,", "first_fault(engine_faults,"
)
def test_the_engines_disk_is_full(author: Author) -> None:
    process, before = author.interrupted("pod"), author.recordings()
    with author.engine.full():
        said = author.end_of(process)
        assert "Docker's disk is full" in said
        assert author.recordings() == before
    with author.engine.full():  # what the run removed has made room
        said = author.kubebook("check", "one/steady", status=2).stderr
        assert "Docker's disk is full" in said
    author.next_run()


@pytest.mark.fault("kubebook/chain.py", "blamed(fault, cause)", "fault")
def test_the_daemon_is_killed(author: Author) -> None:
    process, before = author.interrupted(), author.recordings()
    author.engine.kill()
    said = author.end_of(process)
    assert "the Docker engine does not answer" in said
    assert "so the snippet failed" in said
    assert "start the engine at unix://" in said
    assert author.recordings() == before
    refused = author.kubebook("check", "one/steady", status=2).stderr
    assert "the Docker engine does not answer" in refused
    author.engine.start()
    author.next_run()


@pytest.mark.parametrize("what", ["the folder of snippets", "the book"])
@pytest.mark.fault(
    "kubebook/runner.py", "if shutil.disk_usage(sandbox.root).free < ROOM:", "if False:"
)
def test_another_disk_is_full(tmp_path: Path, what: str) -> None:
    disk, signals = tmp_path / "disk", tmp_path / "signals"
    signals.mkdir()
    with small_disk(disk, "48M"):
        mini = MiniBook((disk if what == "the book" else tmp_path) / "book")
        code = f"echo long\ntouch {signals}/reached\nuntil [ -e {signals}/go ]; do sleep 0.1; done"
        mini.snippet("old.sh", "echo old")
        variables = {"TMPDIR": str(tmp_path if what == "the book" else disk)}
        kubebook = Kubebook(mini.root, mini.write("home/.kube/config", "no"), (), variables)
        kubebook("run")
        author = Author(None, kubebook, signals)  # type: ignore[arg-type]
        before = author.recordings()
        mini.snippet("long.sh", code)
        process = author.interrupted()
        with filled(disk):
            said = author.end_of(process)
            assert "its output may be cut" in said or "not written: No space left" in said
            assert f"df -h {disk}" in said
            assert author.recordings() == before
        assert "recorded one/long" in kubebook("run").stderr
        assert [p for p in disk.rglob("kubebook-*") if p.is_dir()] == []
