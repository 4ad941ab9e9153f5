"""run, check, accept, key and status on books that need no cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest
from commits import git
from mini import MiniBook

from kubebook.accept import accept
from kubebook.errors import BookError
from kubebook.key import snippet_key
from kubebook.recording import paths, read_recording, read_verified
from kubebook.runs import check, run
from kubebook.sandbox import open_sandbox
from kubebook.status import status_of

TABLE = "printf 'NAME   READY   AGE\\nweb    2/2     5s\\n'"


def outcomes(results: list) -> dict[str, str]:
    return {result.id: result.outcome for result in results}


def test_run_records_what_is_missing_and_then_nothing(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    mini.snippet("b.py", "print('b')", 'needs = ["one/a"]\n')
    assert outcomes(run(mini.library)) == {"one/a": "recorded", "one/b": "recorded"}
    assert run(mini.library) == []
    assert status_of(mini.library, "one/b").state == "recorded"


def test_a_deleted_recording_comes_back(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    run(mini.library)
    for path in paths(mini.book.recordings, "one/a"):
        path.unlink()
    assert outcomes(run(mini.library)) == {"one/a": "recorded"}
    recording = read_recording(mini.book.recordings, "one/a")
    assert recording
    assert recording.cells[0].output == "a\n"


def test_a_comment_runs_again_but_keeps_the_shown_text(mini: MiniBook) -> None:
    mini.snippet("a.sh", "date +%s%N | sed 's/.*/started 2026-11-23T00:00:00Z/'")
    run(mini.library)
    shown = (mini.book.recordings / "one/a.out").read_bytes()
    mini.snippet("a.sh", "# new\ndate +%s%N | sed 's/.*/started 2026-12-24T01:02:03Z/'")
    assert status_of(mini.library, "one/a").changed == ("code",)
    assert outcomes(run(mini.library)) == {"one/a": "same"}
    assert (mini.book.recordings / "one/a.out").read_bytes() == shown
    assert status_of(mini.library, "one/a").state == "recorded"


def test_drift_is_shown_kept_aside_and_accepted(mini: MiniBook) -> None:
    mini.snippet("a.sh", TABLE)
    run(mini.library)
    mini.snippet("a.sh", TABLE.replace("2/2", "3/3"))
    (result,) = run(mini.library)
    assert result.outcome == "drift"
    assert [(d.kind, d.expected, d.actual) for d in result.differences] == [
        ("meaning", "2/2", "3/3")
    ]
    assert "READY" in result.text
    assert status_of(mini.library, "one/a").pending
    before = read_recording(mini.book.recordings, "one/a")
    (taken,) = accept(mini.library)
    after = read_recording(mini.book.recordings, "one/a")
    assert "3/3" in taken.text
    assert before
    assert after
    assert (before.cells[0].output != after.cells[0].output) and "3/3" in after.cells[0].output
    assert not status_of(mini.library, "one/a").pending


def test_accept_refuses_what_changed_since_and_what_never_ran(mini: MiniBook) -> None:
    mini.snippet("a.sh", TABLE)
    run(mini.library)
    with pytest.raises(BookError, match="nothing to accept for one/a"):
        accept(mini.library, ("one/a",))
    mini.snippet("a.sh", TABLE.replace("2/2", "3/3"))
    run(mini.library)
    mini.snippet("a.sh", TABLE.replace("2/2", "4/4"))
    with pytest.raises(BookError, match="changed since it ran"):
        accept(mini.library)


def test_check_writes_nothing_unless_it_records(mini: MiniBook) -> None:
    mini.snippet("a.sh", TABLE)
    run(mini.library)
    files = {p: p.read_bytes() for p in mini.book.recordings.rglob("*") if p.is_file()}
    assert outcomes(check(mini.library)) == {"one/a": "same"}
    assert files == {p: p.read_bytes() for p in mini.book.recordings.rglob("*") if p.is_file()}
    check(mini.library, record=True)
    assert set(read_verified(mini.book)) == {"one/a"}
    mini.snippet("a.sh", TABLE.replace("2/2", "1/2"))
    assert outcomes(check(mini.library)) == {"one/a": "drift"}
    assert not status_of(mini.library, "one/a").pending


def test_check_needs_recordings_and_run_mends_damaged_ones(mini: MiniBook) -> None:
    mini.snippet("a.sh", TABLE)
    assert outcomes(check(mini.library)) == {"one/a": "broken"}
    run(mini.library)
    (mini.book.recordings / "one/a.out").write_text("edited\n")
    with pytest.raises(BookError, match="edited by hand"):
        check(mini.library)
    assert outcomes(run(mini.library, ("one/a",))) == {"one/a": "drift"}
    assert [taken.id for taken in accept(mini.library)] == ["one/a"]
    assert outcomes(check(mini.library)) == {"one/a": "same"}


@pytest.mark.parametrize("suffix", [".out", ".json"])
def test_half_a_recording_counts_as_deleted(mini: MiniBook, suffix: str) -> None:
    mini.snippet("a.sh", TABLE)
    run(mini.library)
    (mini.book.recordings / f"one/a{suffix}").unlink()
    assert outcomes(run(mini.library)) == {"one/a": "recorded"}


def test_a_renamed_cell_is_drift_and_hides_no_other(mini: MiniBook) -> None:
    cells = "# %% {name}\n# /// kubebook\n# expect = {{ contains = ['o'] }}\n# ///\necho {name}\n"
    mini.snippet("a.sh", TABLE)
    mini.snippet("b.sh", cells.format(name="one"), 'needs = ["one/a"]\n')
    run(mini.library)
    mini.snippet("a.sh", TABLE.replace("2/2", "3/3"))
    mini.snippet("b.sh", cells.format(name="uno"), 'needs = ["one/a"]\n')
    assert outcomes(check(mini.library)) == {"one/a": "drift", "one/b": "drift"}


def test_what_a_skipped_snippet_needs_is_run_all_the_same(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    mini.snippet("tool.sh", "echo", 'tools = ["no-such-tool"]\nneeds = ["one/a"]\n')
    mini.snippet("leaf.sh", "echo", 'needs = ["one/tool"]\n')
    expected = {"one/a": "recorded", "one/tool": "skipped", "one/leaf": "skipped"}
    assert outcomes(run(mini.library)) == expected


def test_an_unmet_expectation_is_broken_and_recorded_nowhere(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo b", 'expect = { contains = ["a"] }\n')
    (result,) = run(mini.library)
    assert result.outcome == "broken"
    assert "does not contain 'a'" in result.text
    assert not (mini.book.recordings / "one/a.out").exists()


def test_a_shared_beginning_that_differs_between_two_chains_is_found(mini: MiniBook) -> None:
    mini.snippet("base.sh", "echo x >> /tmp/kubebook-test-$PPID; wc -l < /tmp/kubebook-test-$PPID")
    for name in ("left", "right"):
        mini.snippet(f"{name}.sh", "echo", 'needs = ["one/base"]\n')
    try:
        assert outcomes(run(mini.library, pool=1))["one/base"] == "drift"
    finally:
        Path(f"/tmp/kubebook-test-{os.getpid()}").unlink()


ADDRESS = "echo 10.244.0.$((RANDOM % 250 + 2)) > ~/ip; cat ~/ip"


def test_runs_of_two_chains_are_compared_each_with_its_own_recording(mini: MiniBook) -> None:
    """The shared beginning was recorded in one run, the second leaf in another: no alarm."""
    mini.snippet("base.sh", ADDRESS)
    for name in ("left", "right"):
        mini.snippet(f"{name}.sh", "cat ~/ip", 'needs = ["one/base"]\n')
    run(mini.library)
    assert set(outcomes(check(mini.library)).values()) == {"same"}
    mini.snippet("left.sh", "echo 10.244.0.1", 'needs = ["one/base"]\n')
    assert outcomes(check(mini.library))["one/left"] == "drift"


def test_what_was_recorded_in_one_run_is_accepted_together(mini: MiniBook) -> None:
    mini.snippet("base.sh", ADDRESS)
    mini.snippet("leaf.sh", f"cat ~/ip; {TABLE}", 'needs = ["one/base"]\n')
    run(mini.library)
    mini.snippet("leaf.sh", f"cat ~/ip; {TABLE}".replace("2/2", "3/3"), 'needs = ["one/base"]\n')
    assert outcomes(run(mini.library)) == {"one/base": "same", "one/leaf": "drift"}
    assert [taken.id for taken in accept(mini.library, ("one/leaf",))] == ["one/base", "one/leaf"]
    base, leaf = (read_recording(mini.book.recordings, i) for i in ("one/base", "one/leaf"))
    assert base
    assert leaf
    assert base.cells[0].output == leaf.cells[0].output.splitlines(keepends=True)[0]
    assert outcomes(check(mini.library)) == {"one/base": "same", "one/leaf": "same"}


def test_skipped_snippets_say_why(mini: MiniBook) -> None:
    mini.snippet("cloud.sh", "echo", 'skip = "needs a cloud account"\n')
    mini.snippet("tool.sh", "echo", 'tools = ["no-such-tool"]\n')
    results = check(mini.library)
    assert {r.id: r.reason for r in results} == {
        "one/cloud": "needs a cloud account",
        "one/tool": "needs no-such-tool",
    }


KEY_CHANGES = {
    "code": ("one/b", {"one/b"}),
    "a file": ("one/c", {"one/c"}),
    "a module": ("one/d", {"one/d"}),
    "a need": ("one/a", {"one/a", "one/b"}),
    "expect alone": ("one/b", set()),
    "the lock": ("", {"one/a", "one/b", "one/c", "one/d"}),
    "another package of the lock": ("", set()),
    "the minor version": ("", {"one/a", "one/b", "one/c", "one/d"}),
    "a named variable": ("", {"one/a", "one/b", "one/c", "one/d"}),
}


@pytest.mark.parametrize("change", KEY_CHANGES)
def test_a_key_changes_with_just_what_can_change_the_output(
    mini: MiniBook, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = 'tools = ["kubernetes"]\nenv = ["MINI_VARIABLE"]\n'
    toml = mini.write("kubebook.toml", settings + (mini.root / "kubebook.toml").read_text())
    lock = mini.write("requirements.txt", "kubernetes==37.0.2 \\\nrich==1.0\n")
    mini.snippet("a.sh", "echo a")
    mini.snippet("b.sh", "echo b", 'needs = ["one/a"]\n')
    data = mini.write("snippets/one/c.yaml", "c: 1\n")
    mini.snippet("c.sh", "cat c.yaml", 'files = ["c.yaml"]\n')
    module = mini.write("snippets/one/helper.py", "x = 1\n")
    mini.snippet("d.py", "import helper\n")
    before = {i: snippet_key(mini.library, i).digest for i in mini.library.snippets}
    match change:
        case "code":
            mini.snippet("b.sh", "echo B", 'needs = ["one/a"]\n')
        case "a file":
            data.write_text("c: 2\n")
        case "a module":
            module.write_text("x = 2\n")
        case "a need":
            mini.snippet("a.sh", "echo A")
        case "expect alone":
            mini.snippet("b.sh", "echo b", 'needs = ["one/a"]\nexpect = { contains = ["b"] }\n')
        case "the lock":
            lock.write_text(lock.read_text().replace("37.0.2", "37.0.3"))
        case "another package of the lock":
            lock.write_text(lock.read_text().replace("1.0", "2.0"))
        case "the minor version":
            toml.write_text(toml.read_text().replace("1.37", "1.38"))
        case "a named variable":
            monkeypatch.setenv("MINI_VARIABLE", "set")
    after = {i: snippet_key(mini.library, i).digest for i in mini.library.snippets}
    assert {i for i in before if before[i] != after[i]} == KEY_CHANGES[change][1]


def kubebook(
    mini: MiniBook, *args: str, env: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    command = [str(Path(sys.prefix) / "bin/kubebook"), *args, "--book", str(mini.root)]
    pipe, env = subprocess.PIPE, os.environ | (env or {})
    return subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, start_new_session=True, env=env
    )


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_other_ends_clean_up_too(mini: MiniBook, ending: signal.Signals) -> None:
    mini.snippet("a.sh", "exec sleep 4321")
    process = kubebook(mini, "run")
    wait_for_run(mini)
    os.kill(process.pid, ending)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert not (mini.book.state / "run.json").exists()
    assert not [
        p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "4321"]
    ]


def wait_for_run(mini: MiniBook) -> None:
    wait_for((mini.book.state / "run.json").exists)
    time.sleep(0.5)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_two_runs_at_once_and_ctrl_c(mini: MiniBook) -> None:
    mini.snippet("a.sh", "exec sleep 60")
    first = kubebook(mini, "run")
    wait_for_run(mini)
    _, said = kubebook(mini, "run").communicate(timeout=20)
    assert "another run is at work here" in said
    os.killpg(first.pid, signal.SIGINT)
    _, said = first.communicate(timeout=20)
    assert first.returncode == 130
    assert "Traceback" not in said
    assert not (mini.book.recordings).exists()
    assert not (mini.book.state / "run.json").exists()
    mini.snippet("a.sh", "echo quick")
    second = kubebook(mini, "run")
    second.communicate(timeout=20)
    assert second.returncode == 0


@pytest.mark.fault("kubebook/judge.py", "if old is None:", "if True:")
def test_a_run_on_another_day_changes_nothing_but_the_verification_record(mini: MiniBook) -> None:
    """An age, an address and a generated name are others in every run."""
    mini.snippet(
        "age.sh", "printf 'NAME   READY   AGE\\nweb    2/2     %ss\\n' $((RANDOM % 50 + 5))"
    )
    mini.snippet("base.sh", ADDRESS)
    mini.snippet("leaf.sh", "echo $(cat ~/ip)", 'needs = ["one/base"]\n')
    mini.write(".gitignore", ".kubebook/\n")
    run(mini.library)
    git(mini.root, "init", "-q")
    git(mini.root, "add", "-A")
    git(mini.root, "commit", "-q", "-m", "recorded")
    for _ in range(2):
        assert set(outcomes(check(mini.library)).values()) == {"same"}
        assert set(outcomes(run(mini.library, tuple(mini.library.snippets))).values()) == {"same"}
    assert git(mini.root, "status", "--porcelain", "-uall") == ""
    check(mini.library, record=True)
    assert git(mini.root, "status", "--porcelain", "-uall") == "?? recordings/verified.json"


@pytest.mark.fault(
    "kubebook/accept.py", "    remove_recording(pending_folder(library.book), new.id)\n", ""
)
def test_accept_touches_nothing_but_the_recordings(mini: MiniBook) -> None:
    """What a snippet expects, and what it lets pass, stays as its author wrote it."""
    settings = (
        "expect = { contains = ['READY'],   matches = [ '^web' ] } # by hand\n"
        "unordered = true\nvolatile = [{ where = 'RESTARTS', reason = 'chance' }]\n"
    )
    mini.snippet("a.sh", TABLE, settings)
    run(mini.library)
    mini.snippet("a.sh", TABLE.replace("2/2", "3/3"), settings)
    mini.write(".gitignore", ".kubebook/\n")
    git(mini.root, "init", "-q")
    git(mini.root, "add", "-A")
    git(mini.root, "commit", "-q", "-m", "drifted")
    run(mini.library)
    assert git(mini.root, "status", "--porcelain") == ""
    (taken,) = accept(mini.library)
    assert "meaning: table row 1 (web), column READY: 2/2 → 3/3" in taken.text
    assert git(mini.root, "diff", "--name-only").split() == [
        "recordings/one/a.json",
        "recordings/one/a.out",
    ]
    with pytest.raises(BookError, match="nothing to accept"):
        accept(mini.library, ("one/a",))


@pytest.mark.fault("kubebook/judge.py", "for o, n in moved),", "for o, n in []),")
def test_accept_shows_cells_that_came_and_went(mini: MiniBook) -> None:
    cells = "# %% {name}\n# /// kubebook\n# expect = {{ contains = ['o'] }}\n# ///\necho {name}\n"
    mini.snippet("a.sh", cells.format(name="one"))
    run(mini.library)
    mini.snippet("a.sh", cells.format(name="two"))
    assert outcomes(run(mini.library)) == {"one/a": "drift"}
    (taken,) = accept(mini.library)
    assert taken.text.splitlines() == ["one/a", "  format: cells: one → two"]


@pytest.mark.fault("kubebook/sandbox.py", "    sweep(book)\n", "")
def test_after_a_killed_run_the_next_one_sweeps_up(mini: MiniBook, tmp_path: Path) -> None:
    """What SIGKILL leaves: a snippet that runs on, its folder, a lock, a note of the run."""
    started, places = tmp_path / "started", tmp_path / "tmp"
    places.mkdir()
    code = f"echo $$ > {started}.new; mv {started}.new {started}; exec sleep 4322"
    mini.snippet("a.sh", code)
    process = kubebook(mini, "run", env={"TMPDIR": str(places)})
    wait_for(started.exists)
    process.kill()
    process.communicate(timeout=20)
    orphan = psutil.Process(int(started.read_text()))
    assert list(places.iterdir())
    mini.snippet("a.sh", "echo quick")
    again = kubebook(mini, "run")
    again.communicate(timeout=20)
    assert again.returncode == 0
    wait_for(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE)
    assert not list(places.iterdir())
    assert not list((mini.book.state / "sandboxes").iterdir())


@pytest.mark.fault("kubebook/leftovers.py", "except BlockingIOError:", "except FileExistsError:")
def test_a_sandbox_that_is_in_use_is_not_swept(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    with open_sandbox(mini.book) as first, open_sandbox(mini.book):
        assert first.root.exists()


@pytest.mark.fault(
    "kubebook/sandbox.py", "while not _ended(process.pid) and", "while process.poll() is None and"
)
def test_ctrl_c_meets_no_lock_while_a_snippet_runs(
    mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt inside Popen.poll leaves its lock behind, and then wait() waits for ever."""

    real = subprocess.Popen.poll

    def poll(process: subprocess.Popen[bytes]) -> int | None:
        if process.args == ["bash", "a.sh"] and process.returncode is None:
            assert os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return real(process)

    mini.snippet("a.sh", "sleep 0.3")
    monkeypatch.setattr(subprocess.Popen, "poll", poll)
    assert outcomes(run(mini.library)) == {"one/a": "recorded"}
