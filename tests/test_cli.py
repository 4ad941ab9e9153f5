"""The command: exit codes, JSON and words of what needs no cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mini import MiniBook
from terminal import BIN, elsewhere, on_terminal

from kubebook.cli import main

fault = pytest.mark.fault
KUBEBOOK = str(BIN / "kubebook")
TABLE = "printf 'NAME     READY\\n웹서버   2/2\\n'"


def call(*args: str) -> Result:
    return CliRunner().invoke(main, args)


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("NAME READY\nweb  2/2\n", "NAME READY\nweb  2/2\n", 0),
        ("NAME   AGE\nweb    5s\n", "NAME   AGE\nweb    17m\n", 0),
        ("NAME   READY\nweb    2/2\n", "NAME   READY\nweb    1/2\n", 1),
    ],
)
def test_compare_exits_with_0_or_1(tmp_path: Path, one: str, other: str, status: int) -> None:
    (tmp_path / "a").write_text(one)
    (tmp_path / "b").write_text(other)
    done = call("compare", str(tmp_path / "a"), str(tmp_path / "b"))
    assert done.exit_code == status
    assert ("1/2" in done.output) == bool(status)
    found = json.loads(call("compare", "--json", str(tmp_path / "a"), str(tmp_path / "b")).output)
    assert len(found) == status


def test_compare_exits_with_2_where_it_cannot(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff")
    assert call("compare", str(tmp_path / "a"), str(tmp_path / "a")).exit_code == 2
    assert call("compare", str(tmp_path / "a"), str(tmp_path / "none")).exit_code == 2


def test_list_why_run_and_accept(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    book = ("--book", str(mini.root))
    assert "one/a: missing: it has no recording" in call("why", "one/a", *book).output
    assert "1 snippet run, everything is recorded" in call("run", *book).output
    assert json.loads(call("list", "--json", *book).output)[0]["state"] == "recorded"
    mini.snippet("a.sh", "echo b")
    assert "one/a: stale: its code changed" in call("why", "one/a", *book).output
    done = call("run", *book)
    assert (done.exit_code, "kubebook accept" in done.output) == (1, True)
    assert "accepted one/a" in call("accept", *book).output
    assert "nothing to run" in call("run", *book).output


def test_a_fault_is_one_message_without_traceback(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo", "neds = []\n")
    done = call("list", "--book", str(mini.root))
    assert done.exit_code == 2
    assert "a.sh:3: unknown key" in done.output
    assert "Traceback" not in done.output


def test_a_profile_that_is_not_there(mini: MiniBook) -> None:
    done = call("cluster", "up", "singel", "--book", str(mini.root))
    assert done.exit_code == 2
    assert 'did you mean "single"' in done.output


def drifted(mini: MiniBook) -> None:
    mini.snippet("a.sh", TABLE)
    mini.snippet("b.sh", "echo b")
    assert call("run", "--book", str(mini.root)).exit_code == 0
    mini.snippet("a.sh", TABLE.replace("2/2", "1/2"))


@fault(
    "kubebook/cli_common.py", "return paint(text) if stream.isatty()", "return paint(text) if True"
)
@fault("kubebook/cli_common.py", "None if sys.stdout.isatty() else UNLIMITED", "40")
def test_what_a_check_says_without_a_terminal(mini: MiniBook) -> None:
    drifted(mini)
    done = elsewhere(KUBEBOOK, "check", cwd=mini.root)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if not line.startswith("…")]
    assert said[1:-1] == [
        "one/a",
        "  meaning: table row 1 (웹서버), column READY: 2/2 → 1/2",
        "  | NAME     READY",
        "  - 웹서버   2/2",
        "             ^^^",
        "  + 웹서버   1/2",
        "             ^^^",
        "",
    ]
    lines = [line.split(None, 3) for line in done.stdout.splitlines()]
    assert lines[0] == ["snippet", "outcome", "seconds", "note"]
    assert lines[1][:2] == ["one/a", "drift"]
    assert lines[1][3].endswith("meaning: table row 1 (웹서버), column READY: 2/2 → 1/2")
    assert lines[2][:2] == ["one/b", "same"]
    assert done.stdout.splitlines()[-2:] == [
        "1 of 2 snippets failed (1 meaning)",
        "if that is right: kubebook run ID, then kubebook accept ID",
    ]


@fault("kubebook/cli_common.py", 'and not os.environ.get("NO_COLOR")', "")
def test_colours_are_for_terminals_that_want_them(mini: MiniBook) -> None:
    drifted(mini)
    status, said = on_terminal(KUBEBOOK, "check", cwd=mini.root)
    assert status == 1
    assert "\x1b[1;32m1/2\x1b[0m" in said  # the cell, not the row
    assert "^" not in said
    status, said = on_terminal(KUBEBOOK, "check", cwd=mini.root, NO_COLOR="1")
    assert (status, "\x1b" in said, "^^^" in said) == (1, False, True)


@fault("kubebook/cli_report.py", "if not as_json and (done.status or not console.quiet):",
       "if not as_json:")  # fmt: skip
@fault("kubebook/cli_report.py", "_summary(done, console.quiet)", "_summary(done, False)")
def test_quiet_says_what_failed_and_nothing_else(mini: MiniBook) -> None:
    drifted(mini)
    done = elsewhere(KUBEBOOK, "check", "-q", cwd=mini.root)
    assert "  + 웹서버   1/2" in done.stderr
    assert "one/b" not in done.stderr + done.stdout
    assert done.stdout.startswith("1 of 2 snippets failed (1 meaning)\n")
    good = elsewhere(KUBEBOOK, "check", "--quiet", "one/b", cwd=mini.root)
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    error = elsewhere(KUBEBOOK, "check", "-q", "one/c", cwd=mini.root)
    assert (error.returncode, 'no snippet "one/c"' in error.stderr) == (2, True)


@fault("kubebook/cli.py", "            with suppress(BookError):", "            if False:")
def test_verbose_says_why_something_runs(mini: MiniBook) -> None:
    drifted(mini)
    assert "its code changed" not in call("run", "--book", str(mini.root)).stderr
    assert "one/a: stale: its code changed" in call("run", "-v", "--book", str(mini.root)).stderr


def test_a_long_summary_leaves_out_what_is_the_same(mini: MiniBook) -> None:
    for number in range(41):
        mini.snippet(f"s{number}.sh", "echo")
    call("run", "--book", str(mini.root))
    mini.snippet("s7.sh", "echo x")
    done = call("check", "--book", str(mini.root))
    assert [line.split()[0] for line in done.stdout.splitlines()[:2]] == ["snippet", "one/s7"]
    assert "1 of 41 snippets failed" in done.stdout.splitlines()[3]


def test_exit_statuses_are_told(mini: MiniBook) -> None:
    said = call("--help").output
    assert all(f"\n    {status:<5}" in said for status in ("0", "1", "2", "130"))


def complete(mini: MiniBook, words: str, count: int) -> list[str]:
    """What bash is offered for the last word, through the script that it loads."""
    code = (
        f'eval "$(kubebook completion bash)"; COMP_WORDS=({words}); COMP_CWORD={count}; '
        '_kubebook_completion kubebook; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return elsewhere("bash", "-c", code, cwd=mini.root).stdout.split()


@fault(
    "kubebook/cli_complete.py",
    "if i.startswith(start) and i not in given",
    "if i.startswith(start)",
)
@fault("kubebook/cli_common.py", ", shell_complete=complete_profiles", "")
@fault("kubebook/cli.py", '"chapter", shell_complete=complete_chapters', '"chapter"')
def test_bash_completes_commands_ids_and_profiles(mini: MiniBook) -> None:
    mini.snippet("alpha.sh", "echo")
    mini.snippet("beta.sh", "echo", "neds = []\n")  # completion works in a book with a fault
    mini.write("snippets/one/helper.py", "x = 1\n")
    assert complete(mini, "kubebook comp", 1) == ["compare", "completion"]
    assert complete(mini, "kubebook check one/", 2) == ["one/alpha", "one/beta"]
    assert complete(mini, "kubebook check one/alpha one/", 3) == ["one/beta"]
    assert complete(mini, "kubebook why one/a", 2) == ["one/alpha"]
    assert complete(mini, "kubebook script ''", 2) == ["one"]
    assert complete(mini, "kubebook shell s", 2) == ["single"]
    assert complete(mini, "kubebook cluster up ''", 3) == ["single"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_have_scripts_too(shell: str) -> None:
    assert "_KUBEBOOK_COMPLETE" in call("completion", shell).output


def test_completion_without_a_book_offers_nothing(tmp_path: Path, mini: MiniBook) -> None:
    mini.write("kubebook.toml", "broken = [")
    assert complete(mini, "kubebook check one/", 2) == []
