"""`settle`: a cell is read again until enough reads in a row are the same."""

from __future__ import annotations

import os
import time
from itertools import pairwise

import pytest
from mini import MiniBook

from kubebook.errors import BookError
from kubebook.recording import CellRecord
from kubebook.runner import run_snippet
from kubebook.sandbox import open_sandbox

ANY = "# expect = { matches = ['(?s).*'] }\n"


def cell(name: str, code: str, settings: str = "") -> str:
    return f"# %% {name}\n# /// kubebook\n{settings}{ANY}# ///\n{code}\n"


def ran(mini: MiniBook, name: str) -> tuple[CellRecord, ...]:
    library = mini.library
    with open_sandbox(library.book) as sandbox:
        return run_snippet(library[f"one/{name}"], sandbox)


def fault_of(mini: MiniBook, name: str) -> BookError:
    with pytest.raises(BookError) as fault:
        ran(mini, name)
    return fault.value


# What reads a file that grows by a word with every read, and settles when it holds five
SHELL = "echo x >> ~/reads; head -n 5 ~/reads | wc -l"
PYTHON = """\
from pathlib import Path
reads = Path.home() / "reads"
reads.write_text((reads.read_text() if reads.exists() else "") + "x\\n")
print(min(len(reads.read_text().split()), 5))
"""


@pytest.mark.fault("kubebook/settle.py", "        if self._settled(number):", "        if True:")
@pytest.mark.parametrize(("name", "code"), [("x.sh", SHELL), ("x.py", PYTHON)])
@pytest.mark.parametrize("settle", [2, 4])
def test_what_changes_a_few_times_counts_when_it_has_settled(
    mini: MiniBook, name: str, code: str, settle: int
) -> None:
    tell = "wc -l < ~/reads" if name == "x.sh" else "print(len(reads.read_text().split()))"
    mini.snippet(name, cell("read", code, f"# settle = {settle}\n") + cell("count", tell))
    read, count = ran(mini, "x")
    assert read.output == "5\n"  # one read, not all of them after one another
    assert count.output == f"{5 + settle - 1}\n"


@pytest.mark.parametrize(("name", "code"), [("x.sh", SHELL), ("x.py", PYTHON)])
def test_a_file_without_cells_settles_too(mini: MiniBook, name: str, code: str) -> None:
    mini.snippet(name, f"#!/usr/bin/env x\n{code}", "settle = 3\nexpect = { contains = ['5'] }\n")
    assert [record.output for record in ran(mini, "x")] == ["5\n"]


@pytest.mark.fault("kubebook/drivers/cells.bash", "do :; done", "do break; done")
def test_an_answer_that_the_engine_has_not_finished_is_waited_for(
    mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next read may be done before the engine has hung up after its answer to the last."""
    close = os.close

    def slow(pipe: int) -> None:
        time.sleep(0.1)
        close(pipe)

    monkeypatch.setattr("kubebook.settle.os.close", slow)
    mini.snippet("x.sh", "echo a", "settle = 3\nexpect = { contains = ['a'] }\n")
    assert ran(mini, "x")[0].output == "a\n"


@pytest.mark.fault("kubebook/settle.py", "if len(last) < cell.settle or", "if len(last) < 2 or")
def test_only_the_cell_that_asks_for_it_is_read_again(mini: MiniBook) -> None:
    log = "echo {} >> ~/log"
    code = cell("before", log.format("before")) + cell("read", log.format("read"), "# settle = 3\n")
    mini.snippet("x.sh", code + cell("after", log.format("after") + "; cat ~/log"))
    assert ran(mini, "x")[2].output == "before\nread\nread\nread\nafter\n"


@pytest.mark.fault("kubebook/settle.py", "any(compare(first, other)", "any(first != other")
def test_reads_are_the_same_in_canonical_form(mini: MiniBook) -> None:
    code = "echo x >> ~/reads; printf 'NAME   AGE\\nweb    %ss\\n' $(wc -l < ~/reads)"
    mini.snippet("x.sh", code, "settle = 2\nexpect = { contains = ['web'] }\n")
    assert ran(mini, "x")[0].output == "NAME   AGE\nweb    2s\n"


LINES = "echo x >> ~/reads; (( $(wc -l < ~/reads) % 2 )) && printf 'a\\nb\\n' || printf 'b\\na\\n'"


@pytest.mark.fault(
    "kubebook/recording.py", "unordered=record.name in unordered,", "unordered=False,"
)
def test_reads_are_compared_as_the_cell_says(mini: MiniBook) -> None:
    settings = "# settle = 2\n# unordered = true\n"
    mini.snippet("x.sh", cell("first", ":") + cell("read", LINES, settings))
    assert ran(mini, "x")[1].output == "b\na\n"


@pytest.mark.fault("kubebook/runner.py", 'end.by == "timeout" and trouble:', "False:")
def test_what_never_settles_is_broken_and_shows_its_last_two_reads(mini: MiniBook) -> None:
    table = "echo x >> ~/reads; printf 'NAME   READY\\nweb    %s/99\\n' $(wc -l < ~/reads)"
    mini.snippet("x.sh", cell("fine", ":") + cell("read", table, "# settle = 3\n"))
    path = mini.root / "snippets/one/x.sh"
    path.write_text(path.read_text().replace('"none"', '"none"\n# timeout = 2'))
    fault = fault_of(mini, "x")
    assert "#read did not settle within 2 s: its last two reads differ" in fault.message
    assert "meaning: table row 1 (web), column READY: " in fault.message
    assert path.read_text().splitlines()[(fault.line or 0) - 2] == "# %% read"


def test_a_read_that_hangs_says_so(mini: MiniBook) -> None:
    settings = "settle = 3\ntimeout = 1\nexpect = { contains = ['5'] }\n"
    mini.snippet("x.sh", "echo begun; tail -f /dev/null", settings)
    assert "still ran after 1 s and was killed\n  | begun" in fault_of(mini, "x").message


@pytest.mark.parametrize("name", ["x.sh", "x.py"])
def test_what_a_read_leaves_in_the_process_stays(mini: MiniBook, name: str) -> None:
    """Variables, folder and functions, as for a reader, who reads once."""
    if name == "x.sh":
        one, two = "A=${A:-0}; A=$((A + 1)); echo same", "echo $A; cd /; f() { echo f; }"
        three = "echo $PWD; f"
    else:
        one, two, three = (
            "A = globals().get('A', 0) + 1\nprint('same')",
            "print(A)",
            "print('/\\nf')",
        )
    mini.snippet(name, cell("one", one, "# settle = 3\n") + cell("two", two, "# settle = 2\n")
                 + cell("three", three))  # fmt: skip
    assert [record.output for record in ran(mini, "x")] == ["same\n", "3\n", "/\nf\n"]


@pytest.mark.fault("kubebook/drivers/cells.bash", "__kubebook_status=$1", "__kubebook_status=0")
@pytest.mark.parametrize("name", ["x.sh", "x.py"])
@pytest.mark.parametrize("last", [True, False])
def test_the_status_of_a_read_is_the_cells(mini: MiniBook, name: str, last: bool) -> None:
    fails = "echo no; false" if name == "x.sh" else "print('no')\nraise SystemExit(1)"
    settings = "# settle = 2\n# exit = 1\n"
    code = cell("first", "true" if name == "x.sh" else "pass") + cell("read", fails, settings)
    if not last and name == "x.sh":
        code += cell("after", "echo $?")
    mini.snippet(name, code)
    records = ran(mini, "x")
    assert (records[1].output, records[1].exit) == ("no\n", 1)
    assert last or name == "x.py" or records[2].output == "1\n"


@pytest.mark.parametrize("name", ["x.sh", "x.py"])
def test_statuses_settle_too(mini: MiniBook, name: str) -> None:
    """It fails twice, then gives the same for good: that counts."""
    shell = "echo x >> ~/reads; (( $(wc -l < ~/reads) > 2 ))"
    python = PYTHON.replace("print(min", "assert 2 < (min")
    mini.snippet(name, cell("read", shell if name == "x.sh" else python, "# settle = 3\n"))
    assert [(record.output, record.exit) for record in ran(mini, "x")] == [("", 0)]


WRONG = {
    "echo why; false": "it ends with status 1, not 0\nwhy",
    "echo 1/3": "its output does not match '3/3'\n1/3",
}


@pytest.mark.fault("kubebook/settle.py", "if read.exit != cell.exit:", "if False:")
@pytest.mark.fault("kubebook/settle.py", "unmet(cell.expect, read.output)[:1]", "()")
@pytest.mark.parametrize("code", WRONG)
def test_what_stays_wrong_has_not_settled(mini: MiniBook, code: str) -> None:
    """Three replicas of which one is there are as equal as any three reads."""
    settings = "settle = 3\ntimeout = 2\nexpect = { matches = ['3/3'] }\n"
    mini.snippet("x.sh", code, settings)
    assert f"did not settle within 2 s: {WRONG[code]}" in fault_of(mini, "x").message


def test_equal_reads_count_once_they_show_what_they_have_to(mini: MiniBook) -> None:
    code = "echo x >> ~/reads; (( $(wc -l < ~/reads) > 4 )) && echo 3/3 || echo 1/3"
    mini.snippet("x.sh", code, "settle = 2\nexpect = { matches = ['3/3'] }\n")
    assert ran(mini, "x")[0].output == "3/3\n"


@pytest.mark.fault("kubebook/runner.py", "    if unsettled:\n", "    if False:\n")
def test_an_exit_inside_a_cell_that_has_to_settle(mini: MiniBook) -> None:
    mini.snippet("x.sh", cell("read", "echo a; exit 0", "# settle = 2\n"))
    assert "#read the file ended before this cell had settled" in fault_of(mini, "x").message


def test_lines_in_errors_are_the_readers(mini: MiniBook) -> None:
    path = mini.snippet(
        "x.sh", cell("a", ":") + cell("b", "\nno-such-command\ntrue", "# settle = 2\n")
    )
    line = path.read_text().splitlines().index("no-such-command") + 1
    assert ran(mini, "x")[1].output == f"x.sh: line {line}: no-such-command: command not found\n"


@pytest.mark.fault("kubebook/settle.py", "PAUSE * GROWTH ** len(self.reads[number])", "0.0")
def test_pauses_between_reads_grow(mini: MiniBook) -> None:
    code = "date +%s%N | cut -c-13 >> ~/at; tail -n 1 ~/at > /dev/null"
    mini.snippet("x.sh", cell("read", code, "# settle = 4\n") + cell("times", "cat ~/at"))
    at = [int(word) for word in ran(mini, "x")[1].output.split()]
    first, second, third = (later - sooner for sooner, later in pairwise(at))
    assert 150 <= first < second < third


def test_hardly_any_time_is_lost_when_nothing_changes(mini: MiniBook) -> None:
    mini.snippet("x.sh", "echo a", "settle = 2\nexpect = { contains = ['a'] }\n")
    start = time.monotonic()
    (record,) = ran(mini, "x")
    assert record.output == "a\n"
    assert 0.2 < record.duration < time.monotonic() - start < 10


def test_settle_counts_as_an_input(mini: MiniBook) -> None:
    path = mini.snippet("x.sh", "echo a", "settle = 2\nexpect = { contains = ['a'] }\n")
    before = mini.library["one/x"].digest
    path.write_text(path.read_text().replace("settle = 2", "settle = 3"))
    assert mini.library["one/x"].digest != before


@pytest.mark.parametrize("settle", ["1", "21", "true", "'3'"])
def test_how_often_is_a_number_that_makes_sense(mini: MiniBook, settle: str) -> None:
    path = mini.snippet("x.sh", "echo a", f"settle = {settle}\nexpect = {{ contains = ['a'] }}\n")
    with pytest.raises(BookError, match=f'{path}:3: "settle" must'):
        assert mini.library
