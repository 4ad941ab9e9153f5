"""When a page was last changed: what git knows of it, in each language, and never a guess."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from commits import commit, git
from demo import environment, make_book, mkdocs, say_of, write

from kubebook.git import last_changes, whole_history

FIRST, SECOND = "2026-03-04T12:00:00+00:00", "2026-10-05T23:30:00-05:00"  # 6 October in UTC


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book with two commits: the second one changed an English page alone."""
    make_book(tmp_path / "book")
    commit(tmp_path / "book", FIRST)
    page = tmp_path / "book/docs/en/demo/index.md"
    write(page, page.read_text(encoding="utf-8") + "\nChanged.\n")
    commit(tmp_path / "book", SECOND)
    return tmp_path / "book"


def changes(folder: Path) -> dict[str, int]:
    return last_changes(str(folder), whole_history(folder))


def build(book: Path, **variables: str) -> dict[str, list[str]]:
    """The dates on the pages of a strict build."""
    done = subprocess.run(
        mkdocs("build", "--strict"), cwd=book, env=environment(**variables),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, "WARNING" in done.stdout) == (0, False), done.stdout
    fact = re.compile(r'md-source-file__fact">.*?</span>\s*(.*?)\s*</span>', re.DOTALL)
    return {
        name: fact.findall((book / "site" / name).read_text(encoding="utf-8"))
        for name in ("demo/index.html", "en/demo/index.html", "en/index.html")
    }


@pytest.mark.fault("hooks/dates.py", 'config.extra["kubebook"].words.date', 'words("ko").date')
@pytest.mark.fault("kubebook/git.py", "found.setdefault(line, moment)", "found[line] = moment")
def test_each_language_shows_its_own_date(book: Path) -> None:
    assert build(book) == {
        "demo/index.html": ["2026년 3월 4일"],
        "en/demo/index.html": ["October 6, 2026"],
        "en/index.html": ["March 4, 2026"],
    }


def test_an_author_may_name_a_date(book: Path) -> None:
    page = book / "docs/en/index.md"
    say_of(page, "revision_date: last spring")
    assert build(book)["en/index.html"] == ["last spring"]


@pytest.mark.fault("kubebook/git.py", 'if shallow == "false"', "if shallow")
def test_a_clone_without_history_shows_no_date(book: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--depth", "1", book.as_uri(), "clone")
    assert changes(book / "docs/en")
    assert set(map(tuple, build(tmp_path / "clone").values())) == {()}


@pytest.mark.fault("kubebook/git.py", "except OSError:", "except KeyError:")
def test_without_git_there_is_no_date(book: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/bash").symlink_to(str(shutil.which("bash")))
    assert set(map(tuple, build(book, PATH=f"{tmp_path}/bin").values())) == {()}


def test_sources_from_an_archive_show_no_date(tmp_path: Path) -> None:
    make_book(tmp_path / "book")
    assert set(map(tuple, build(tmp_path / "book").values())) == {()}


@pytest.mark.fault("kubebook/git.py", '*("-c", "core.quotePath=off"),', "")
def test_names_in_hangul_and_pages_that_are_not_committed(book: Path) -> None:
    write(book / "docs/ko/쪽.md", "# 쪽\n")
    commit(book, SECOND)
    write(book / "docs/ko/new.md", "# 새 쪽\n")
    dates = changes(book / "docs/ko")
    assert dates["쪽.md"] == datetime.fromisoformat(SECOND).timestamp()
    assert "new.md" not in dates


@pytest.mark.fault("hooks/dates.py", "history.kept(last_changes, *asked)", "last_changes(*asked)")
def test_all_pages_of_a_language_take_one_call(book: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    stand_in = f'#!/bin/sh\necho "$*" >> {calls}\nPATH="${{PATH#*:}}" exec git "$@"\n'
    write(tmp_path / "bin/git", stand_in)
    (tmp_path / "bin/git").chmod(0o755)
    for _ in range(2):  # the second build has it from the first
        assert all(build(book, PATH=f"{tmp_path}/bin:{os.environ['PATH']}").values())
    logs = [call for call in calls.read_text().splitlines() if "--name-only" in call]
    assert len(logs) == len(("ko", "en"))
