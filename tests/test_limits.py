"""What a stranger's snippet may use: every limit is run into for real, with and without cgroup."""

from __future__ import annotations

import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from mini import MiniBook
from test_runner import fault_of, ran

from kubebook import limits, sandbox
from kubebook.doctor import examine
from kubebook.limits import Group, open_group, rlimits, ulimit

ROOT = Path(__file__).parent.parent
HOG = "data = []\nwhile True:\n    data.append(bytearray(1 << 26))\n"
HOG_BY_TWO = "import os\nos.fork()\n" + HOG
FILES = ("cgroup.procs", "memory.max", "memory.swap.max", "memory.oom.group", "pids.max")


@pytest.fixture
def no_cgroup(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine where this user cannot make a cgroup."""
    monkeypatch.setattr(sandbox, "open_group", lambda run: None)
    monkeypatch.setattr(limits, "_parents", lambda root, own: ())


@pytest.fixture
def unified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cgroup v2 tree of plain files: a session without controllers below a slice."""
    root = tmp_path / "cgroup"
    session = root / "user.slice/session.scope"
    session.mkdir(parents=True)
    (root / "cgroup.controllers").write_text("cpu memory pids\n")
    for folder, enabled in ((root, "memory pids"), (root / "user.slice", "cpu memory pids")):
        (folder / "cgroup.subtree_control").write_text(f"{enabled}\n")
    (session / "cgroup.subtree_control").write_text("\n")
    (tmp_path / "own").write_text("0::/user.slice/session.scope\n")
    mkdir = Path.mkdir

    def with_files(path: Path, *args: object, **options: bool) -> None:
        mkdir(path, *args, **options)  # type: ignore[arg-type]
        for name in FILES if path.is_relative_to(root) else ():
            (path / name).write_text("max\n")

    def without_files(path: Path) -> None:
        for file in path.iterdir():
            file.unlink()
        os.rmdir(path)  # noqa: PTH106

    monkeypatch.setattr(Path, "mkdir", with_files)
    monkeypatch.setattr(Path, "rmdir", without_files)
    return root


@pytest.mark.fault(
    "kubebook/sandbox.py",
    'return watch() or (sandbox.group.exceeded() if sandbox.group else "")',
    "return watch()",
)
@pytest.mark.parametrize("code", [HOG, HOG_BY_TWO], ids=["one process", "two together"])
def test_a_memory_hog_ends_and_the_limit_is_named(mini: MiniBook, code: str) -> None:
    mini.snippet("x.py", code)
    message = fault_of(mini, "x")
    if limits.can_group():
        assert "x.py:1: used more than 2 GiB of memory and was killed" in message
    else:
        assert "each process may use 2 GiB of memory" in message


@pytest.mark.fault(
    "kubebook/drivers/cells.py",
    "    for name, value in limits.items():",
    "    for name, value in ():",
)
@pytest.mark.usefixtures("no_cgroup")
def test_a_memory_hog_ends_without_a_cgroup_too(mini: MiniBook) -> None:
    mini.snippet("x.py", HOG)
    message = fault_of(mini, "x")
    assert "MemoryError" in message
    assert "each process may use 2 GiB of memory" in message


@pytest.mark.fault("kubebook/drivers/cells.bash", "ulimit $KUBEBOOK_LIMITS", "true")
@pytest.mark.usefixtures("no_cgroup")
def test_shell_snippets_are_limited_without_a_cgroup(mini: MiniBook) -> None:
    mini.snippet("x.sh", "ulimit -c; ulimit -n; ulimit -f; ulimit -d")
    most = min(limits.OPEN_FILES, _hard("NOFILE"))
    assert ran(mini, "x")[0].output.split() == ["0", str(most), "1048576", "2097152"]


@pytest.mark.fault("kubebook/sandbox.py", "group.admit(process.pid)", "pass")
@pytest.mark.fault("kubebook/sandbox.py", "        _bury(process.pid)\n", "")
def test_a_fork_bomb_ends(mini: MiniBook) -> None:
    # 2000 and no more: a test without the limit must not take the machine with it
    code = "for i in $(seq 2000); do tail -f /dev/null & done; wait"
    mini.snippet("x.sh", code, "timeout = 20\n")
    start = time.monotonic()
    if limits.can_group():
        assert "started more than 512 processes and was killed" in fault_of(mini, "x")
    elif os.geteuid():
        fault_of(mini, "x")
    assert time.monotonic() - start < 25
    assert len(psutil.Process().children(recursive=True)) < 50  # the dead that nobody buried too


@pytest.mark.fault("kubebook/limits.py", '"FSIZE": FILE_SIZE', '"FSIZE": FILE_SIZE * 4')
def test_a_file_that_grows_ends(mini: MiniBook) -> None:
    mini.snippet("x.sh", "truncate -s 1025M big; echo $?; truncate -s 1024M big; echo $?")
    assert ran(mini, "x")[0].output.split()[-1] == "0"
    assert "File too large" in ran(mini, "x")[0].output or "153" in ran(mini, "x")[0].output


@pytest.mark.fault("kubebook/sandbox.py", "                group.remove()", "                pass")
def test_nothing_is_left_of_a_group(mini: MiniBook) -> None:
    mini.snippet("x.sh", "cat /proc/self/cgroup")
    shown = ran(mini, "x")[0].output
    parents = limits._parents(limits.CGROUPS, limits.OWN)
    assert ("kubebook-" in shown) == bool(parents)
    mine = f"kubebook-{os.getpid()}-*"
    assert [left for parent in parents for left in parent.glob(mine)] == []


@pytest.mark.fault("kubebook/limits.py", "with TRYING:", "if TRYING:")
def test_chains_that_start_together_all_get_a_group(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    limits._parents.cache_clear()
    make = limits._make
    monkeypatch.setattr(limits, "_make", lambda group: (make(group), time.sleep(0.1)))
    with ThreadPoolExecutor(4) as threads:
        found = {*threads.map(lambda _: limits.can_group(), range(4))}
    limits._parents.cache_clear()
    assert found == {limits.can_group()}


@pytest.mark.fault("kubebook/drivers/cells.py", "    wait()\n    limit(", "    limit(")
@pytest.mark.fault("kubebook/drivers/cells.bash", "read -r && exec </dev/null || exit\n", "")
def test_a_snippet_begins_in_its_group_and_has_no_input(
    mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit = Group.admit
    monkeypatch.setattr(Group, "admit", lambda group, pid: (time.sleep(0.5), admit(group, pid)))
    code = "print(open('/proc/self/cgroup').read(), open('/dev/stdin').read() == '')"
    mini.snippet("x.py", code)
    mini.snippet("y.sh", 'cat /proc/self/cgroup; [ -z "$(cat)" ] && echo True')
    for name in ("x", "y"):
        shown = ran(mini, name)[0].output
        assert ("kubebook-" in shown) == limits.can_group()
        assert shown.endswith("True\n")


@pytest.mark.fault("kubebook/limits.py", "        _sweep(parents)\n", "")
def test_groups_of_runs_that_were_killed_are_removed(unified: Path, tmp_path: Path) -> None:
    dead, alive = (unified / f"user.slice/kubebook-{pid}-abc" for pid in (2**22 + 1, os.getpid()))
    dead.mkdir()
    alive.mkdir()
    assert open_group("run", unified, tmp_path / "own")
    assert not dead.exists()
    assert alive.exists()


@pytest.mark.fault("kubebook/limits.py", '"memory.swap.max": 0', '"memory.swap": 0')
@pytest.mark.fault("kubebook/limits.py", "(here, *here.parents)", "(here,)")
def test_on_cgroup_v2_the_nearest_group_that_has_both_controllers(
    unified: Path, tmp_path: Path
) -> None:
    group = open_group("run", unified, tmp_path / "own")
    assert group
    (folder,) = group.folders
    assert folder.parent == unified / "user.slice"
    told = {name: (folder / name).read_text().strip() for name in FILES[1:]}
    assert list(told.values()) == [str(2 << 30), "0", "1", "512"]


@pytest.mark.fault("kubebook/limits.py", '{"memory", "pids"} <= set(', '{"pids"} <= set(')
def test_no_group_where_memory_cannot_be_limited(unified: Path, tmp_path: Path) -> None:
    for folder in (unified, unified / "user.slice"):
        (folder / "cgroup.subtree_control").write_text("cpu pids\n")
    assert open_group("run", unified, tmp_path / "own") is None


@pytest.mark.fault(
    "kubebook/limits.py", '"memory.events", "memory.oom_control"', '"memory.oom_control"'
)
def test_what_was_exceeded_on_v2(tmp_path: Path) -> None:
    group = Group((tmp_path,))
    (tmp_path / "memory.events").write_text("low 0\nmax 12\noom 1\noom_kill 0\n")
    (tmp_path / "pids.events").write_text("max 0\n")
    assert group.exceeded() == ""
    (tmp_path / "pids.events").write_text("max 3\n")
    assert group.exceeded() == limits.OVER_PROCESSES
    (tmp_path / "memory.events").write_text("oom_kill 1\n")
    assert group.exceeded() == limits.OVER_MEMORY


@pytest.mark.fault("kubebook/limits.py", 'self._file("pids.max").write_text("0")', "pass")
def test_nothing_starts_while_a_group_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cgroup.procs").write_text("77\n")
    (tmp_path / "pids.max").write_text("512")
    room: list[str] = []

    def kill(pid: int, signal: int) -> None:
        room.append((tmp_path / "pids.max").read_text())
        (tmp_path / "cgroup.procs").write_text("")

    monkeypatch.setattr(limits.os, "kill", kill)
    Group((tmp_path,)).kill()
    assert room == ["0"]
    assert (tmp_path / "pids.max").read_text() == "512"


@pytest.mark.fault("kubebook/limits.py", "else min(value, most[name])", "else value")
def test_a_limit_is_never_above_what_the_user_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (100, 100))
    assert set(rlimits(grouped=True).values()) == {0, 100}
    assert ulimit({"NOFILE": 100, "FSIZE": 4096}) == "-n 100 -f 4"


@pytest.mark.fault("kubebook/doctor.py", "        *_limits(),\n", "")
@pytest.mark.usefixtures("no_cgroup")
def test_doctor_says_so_where_no_cgroup_can_be_made(mini: MiniBook) -> None:
    mini.write("cluster/versions.toml", (ROOT / "cluster/versions.toml").read_text())
    (found,) = [finding for finding in examine(mini.book) if finding.what == "limits"]
    assert "no cgroup can be made: 2 GiB of memory for each process alone" in found.state
    assert not found.fault


def _hard(name: str) -> int:
    hard = resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1]
    return 2**63 if hard == resource.RLIM_INFINITY else hard
