"""What is kept is used for the same question to the same engine, and for nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kubebook import kept
from kubebook.kept import Kept

MADE: list[tuple[str, ...]] = []


def make(*words: str) -> str:
    MADE.append(words)
    return " ".join(words)


@pytest.fixture
def asked() -> list[tuple[str, ...]]:
    """What was really made in a test."""
    MADE.clear()
    return MADE


def ask(path: Path | None, *words: str) -> str:
    return Kept(path)(make, *words)


@pytest.mark.fault("kubebook/kept.py", "if row:", "if False:")
def test_a_result_outlives_its_process(tmp_path: Path, asked: list[tuple[str, ...]]) -> None:
    assert [ask(tmp_path / "kept", "a", "b") for _ in range(3)] == ["a b"] * 3
    assert asked == [("a", "b")]


@pytest.mark.fault("kubebook/kept.py", "repr(inputs))", "repr(inputs[:1]))")
def test_other_inputs_are_another_question(tmp_path: Path, asked: list[tuple[str, ...]]) -> None:
    assert ask(tmp_path / "kept", "a", "b") == "a b"
    assert ask(tmp_path / "kept", "a", "c") == "a c"


@pytest.mark.fault("kubebook/kept.py", "words = (engine(), ", 'words = ("", ')
def test_another_engine_is_asked_again(
    tmp_path: Path, asked: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(tmp_path / "kept", "a")
    monkeypatch.setattr(kept, "engine", lambda: "a newer one")
    ask(tmp_path / "kept", "a")
    assert len(asked) == 2


@pytest.mark.fault("kubebook/kept.py", "stat.st_mtime_ns, stat.st_size", "stat.st_size")
def test_an_engine_is_told_by_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def now() -> str:
        return kept.engine.__wrapped__()

    monkeypatch.setattr(kept, "__file__", str(tmp_path / "kept.py"))
    part = tmp_path / "drivers" / "cells.py"
    part.parent.mkdir()
    part.write_text("a = 1\n")
    first = now()
    assert now() == first
    part.write_text("a = 2\n")
    os.utime(part, ns=(1, 1))
    assert now() != first


@pytest.mark.fault("kubebook/kept.py", "except sqlite3.DatabaseError:", "except ZeroDivisionError:")
def test_a_damaged_file_is_made_anew(tmp_path: Path, asked: list[tuple[str, ...]]) -> None:
    (tmp_path / "kept").write_text("no table, " * 100)
    assert [ask(tmp_path / "kept", "a") for _ in range(2)] == ["a", "a"]
    assert len(asked) == 1


@pytest.mark.fault("kubebook/kept.py", "except (OSError, ", "except (")
def test_where_nothing_can_be_written_all_works(
    tmp_path: Path, asked: list[tuple[str, ...]]
) -> None:
    (tmp_path / "file").write_text("")
    assert ask(tmp_path / "file" / "kept", "a") == "a"
    assert ask(None, "a") == "a"
