"""SECURITY: both languages say the same, and the limits that they name are those in force."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kubebook import limits, runner

ROOT = Path(__file__).parent.parent
LANGUAGES = ("SECURITY.md", "SECURITY.en.md")
document = pytest.mark.parametrize("name", LANGUAGES)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def shape(text: str) -> list[str]:
    """Headings, list items, table rows and code of a document, without its words."""
    lines = [re.match(r"#+|- |\||\*\*", line) for line in text.splitlines()]
    marks = [line[0] for line in lines if line]
    return marks + sorted(re.findall(r"`[^`]+`", text))


@pytest.mark.fault("kubebook/limits.py", "PROCESSES = 512", "PROCESSES = 1024")
@pytest.mark.fault("kubebook/limits.py", "OPEN_FILES = 4096", "OPEN_FILES = 1024")
@pytest.mark.fault("kubebook/runner.py", "MOST_BYTES = 4 * 1024", "MOST_BYTES = 8 * 1024")
@document
def test_the_limits_are_those_in_force(name: str) -> None:
    rows = [row for row in read(name).splitlines() if row.startswith("| ")][2:]
    numbers = [re.findall(r"\d+", row)[-1] for row in rows]
    gib = limits.GIB
    assert list(map(int, numbers)) == [
        120,
        runner.MOST_BYTES >> 20,
        limits.MEMORY // gib,
        limits.PROCESSES,
        limits.FILE_SIZE // gib,
        limits.OPEN_FILES,
    ]


@pytest.mark.fault("SECURITY.en.md", "- use the network without limit", "Network: no limit")
def test_both_languages_say_the_same() -> None:
    one, other = (shape(read(name)) for name in LANGUAGES)
    assert one == other


@document
def test_the_readme_leads_there(name: str) -> None:
    assert f"({name})" in read(name.replace("SECURITY", "README"))
