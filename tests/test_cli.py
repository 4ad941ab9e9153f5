"""The command: exit codes, JSON and words of what needs no cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mini import MiniBook

from kubebook.cli import main


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
    assert "1 snippets run, everything is recorded" in call("run", *book).output
    assert json.loads(call("list", "--json", *book).output)[0]["state"] == "recorded"
    mini.snippet("a.sh", "echo b")
    assert "one/a: stale: changed: code" in call("why", "one/a", *book).output
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
