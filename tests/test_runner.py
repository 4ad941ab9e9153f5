"""Running snippets for real, without a cluster: cells, environment, and all that goes wrong."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace

import psutil
import pytest
from mini import MiniBook

from kubebook.errors import BookError
from kubebook.recording import CellRecord
from kubebook.runner import run_snippet
from kubebook.sandbox import MARK, open_sandbox

CELL = "# %% {name}\n# /// kubebook\n# exit = {exit}\n# expect = {{ matches = ['.*'] }}\n# ///\n"


def cell(name: str, code: str, status: int = 0) -> str:
    return CELL.format(name=name, exit=status) + code + "\n"


def ran(mini: MiniBook, name: str) -> tuple[CellRecord, ...]:
    library = mini.library
    with open_sandbox(library.book) as sandbox:
        return run_snippet(library[f"one/{name}"], sandbox)


def fault_of(mini: MiniBook, name: str) -> str:
    with pytest.raises(BookError) as fault:
        ran(mini, name)
    assert fault.value.path
    assert fault.value.line
    return str(fault.value)


def test_shell_cells_share_state_and_have_outputs_of_their_own(mini: MiniBook) -> None:
    code = cell("one", "A=1; cd /; echo out; echo err >&2") + cell("two", "echo $A $PWD; false", 1)
    mini.snippet("x.sh", code + cell("three", "echo $?"))
    one, two, three = ran(mini, "x")
    assert (one.output, two.output, two.exit, three.output) == ("out\nerr\n", "1 /\n", 1, "1\n")
    assert all(record.duration >= 0 for record in (one, two, three))


def test_late_output_of_a_background_job_stays_in_its_cell(mini: MiniBook) -> None:
    code = cell("start", "(sleep 0.3; echo late) &") + cell("next", "echo now; wait")
    mini.snippet("x.sh", code)
    assert [record.output for record in ran(mini, "x")] == ["late\n", "now\n"]


def test_python_cells_share_state(mini: MiniBook) -> None:
    code = cell("one", "import sys\nx = 1\nprint(__name__, sys.argv)") + cell("two", "print(x)")
    mini.snippet("x.py", code + cell("three", "sys.exit(4)", 4))
    records = ran(mini, "x")
    assert [r.output for r in records] == ["__main__ ['x.py']\n", "1\n", ""]
    assert [r.exit for r in records] == [0, 0, 4]


def test_a_traceback_reads_as_pythons_own(mini: MiniBook) -> None:
    path = mini.snippet("x.py", "def f():\n    return 1 / 0\n\nf()\n", "exit = 1\n")
    line = path.read_text().splitlines().index("f()") + 1
    (record,) = ran(mini, "x")
    assert record.output.startswith(
        f'Traceback (most recent call last):\n  File "x.py", line {line}'
    )
    assert record.output.endswith("ZeroDivisionError: division by zero\n")
    assert "cells.py" not in record.output


def test_a_shell_error_reads_as_the_readers_own(mini: MiniBook) -> None:
    path = mini.snippet("x.sh", "echo a\nno-such-command\n", "exit = 127\n")
    line = path.read_text().splitlines().index("no-such-command") + 1
    assert ran(mini, "x")[0].output == f"a\nx.sh: line {line}: no-such-command: command not found\n"


def test_nothing_of_the_callers_environment(
    mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", "hidden")
    mini.snippet(
        "x.sh", "env | cut -d= -f1 | sort; echo $HOME; ls -A ~ | wc -l; test -t 0; echo $?"
    )
    names, home = ran(mini, "x")[0].output.split("~")
    assert "SECRET_OF_MINE" not in names
    assert "KUBEBOOK_LIMITS" not in names
    assert "BASH_ENV" not in names
    assert home == "\n0\n1\n"


def test_named_variables_are_passed_and_their_secrets_masked(
    mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    mini.write("kubebook.toml", 'env = ["MY_TOKEN"]\n' + (mini.root / "kubebook.toml").read_text())
    monkeypatch.setenv("MY_TOKEN", "s3cr3t-value")
    mini.snippet("x.sh", "echo $MY_TOKEN")
    assert ran(mini, "x")[0].output == "<masked-secret>\n"


def test_only_named_files_are_there(mini: MiniBook) -> None:
    mini.write("snippets/one/a.yaml", "a: 1\n")
    mini.snippet("x.sh", "ls", 'files = ["a.yaml"]\n')
    mini.snippet("y.sh", "ls")
    assert ran(mini, "x")[0].output == "a.yaml\nx.sh\n"
    assert ran(mini, "y")[0].output == "y.sh\n"


def test_ansi_codes_and_progress_bars_become_plain_text(mini: MiniBook) -> None:
    mini.snippet("x.sh", r"printf '\033[31mred\033[0m\r\n10%%\r100%%\n\a\n'")
    assert ran(mini, "x")[0].output == "red\n100%\n�\n"


def test_a_snippet_that_hangs_is_killed_with_all_its_processes(mini: MiniBook) -> None:
    mini.snippet("x.sh", "echo before; setsid sleep 1000 & tail -f /dev/null", "timeout = 1\n")
    start = time.monotonic()
    message = fault_of(mini, "x")
    assert "still ran after 1 s and was killed" in message
    assert "| before" in message
    assert time.monotonic() - start < 10
    assert not [p for p in psutil.Process().children(recursive=True) if _marked(p)]


def test_a_hundred_megabytes(mini: MiniBook) -> None:
    mini.snippet("x.sh", "yes 0123456789 | head -c 100000000")
    assert "printed more than 4 MiB" in fault_of(mini, "x")


def test_bytes_that_are_not_utf8(mini: MiniBook) -> None:
    mini.snippet("x.sh", r"echo fine; printf '\xff\n'")
    assert "not UTF-8 in line 2" in fault_of(mini, "x")


def test_a_process_left_behind(mini: MiniBook) -> None:
    mini.snippet("x.sh", "setsid sleep 1000 >/dev/null 2>&1 & echo done")
    assert "left a process behind: sleep 1000" in fault_of(mini, "x")
    assert not [p for p in psutil.Process().children(recursive=True) if _marked(p)]


@pytest.mark.parametrize(
    "code",
    [
        "env -i sleep 1001 & echo done",
        "setsid env -i sleep 1001 & echo done",
    ],
)
def test_a_process_that_hides_is_found(mini: MiniBook, code: str) -> None:
    mini.snippet("x.sh", code)
    assert "left a process behind: sleep 1001" in fault_of(mini, "x")
    assert not [
        p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "1001"]
    ]


def test_an_exit_or_error_before_the_last_python_cell(mini: MiniBook) -> None:
    mini.snippet("x.py", cell("a", "raise SystemExit(0)") + cell("b", "print()"))
    assert "#b the file ended before this cell" in fault_of(mini, "x")
    mini.snippet("y.py", cell("a", "1 / 0", 1) + cell("b", "print()"))
    assert "#b the file ended before this cell" in fault_of(mini, "y")


def test_future_imports_hold_in_later_cells(mini: MiniBook) -> None:
    code = cell("a", "from __future__ import annotations") + cell(
        "b", "def f(x: Later): ...\nprint(1)"
    )
    mini.snippet("x.py", code)
    assert ran(mini, "x")[1].output == "1\n"


def test_an_unknown_signal(mini: MiniBook) -> None:
    mini.snippet("x.sh", "kill -40 $$")
    assert "was killed by signal 40" in fault_of(mini, "x")


def test_lines_are_what_bash_calls_lines(mini: MiniBook) -> None:
    mini.snippet("x.sh", "echo 'a\u2028b'; tput sgr0 2>/dev/null; printf '\\033(B'")
    assert ran(mini, "x")[0].output == "a\u2028b\n"


def test_a_snippet_that_is_killed(mini: MiniBook) -> None:
    mini.snippet("x.sh", "echo alive; kill -9 $$")
    message = fault_of(mini, "x")
    assert "was killed by SIGKILL" in message
    assert "| alive" in message


def test_an_unexpected_status_shows_the_cell_and_its_output(mini: MiniBook) -> None:
    mini.snippet(
        "x.sh", cell("good", "echo fine") + cell("bad", "echo why; false") + cell("c", ":")
    )
    message = fault_of(mini, "x")
    assert "#bad ended with status 1, not 0" in message
    assert "| why" in message


def test_an_exit_before_the_last_cell(mini: MiniBook) -> None:
    mini.snippet("x.sh", cell("a", "exit 0") + cell("b", "echo never"))
    assert "#b the file ended before this cell" in fault_of(mini, "x")


def test_heredocs_and_traps_of_a_snippet_work(mini: MiniBook) -> None:
    code = cell("a", "trap 'echo bye' EXIT\ncat <<E\ntext $((1+1))\nE") + cell("b", "echo b")
    mini.snippet("x.sh", code)
    assert [record.output for record in ran(mini, "x")] == ["text 2\n", "b\nbye\n"]


@pytest.mark.fault("kubebook/runner.py", ".free < ROOM:", ".free < 0:")
def test_an_output_that_a_full_disk_may_have_cut_counts_for_nothing(
    mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    mini.snippet("x.sh", "echo whole")
    nearly_full = SimpleNamespace(total=2**40, used=2**40 - 4096, free=4096)
    monkeypatch.setattr("kubebook.runner.shutil.disk_usage", lambda _: nearly_full)
    message = fault_of(mini, "x")
    assert "its output may be cut" in message
    assert "make room there (df -h" in message


def _marked(process: psutil.Process) -> bool:
    try:
        return MARK in process.environ() and process.environ()[MARK] != os.environ.get(MARK)
    except psutil.Error:
        return False
