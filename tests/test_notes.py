"""The table of the 2018 notes: no row without a page that shows its experiment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kubebook.pages import SHOWS, Calls

DOCS = Path(__file__).parent.parent / "docs"
ROW = re.compile(
    r"^\| (?P<number>\d+) \| (?P<line>.+?) \| (?P<verdict>[^|]+) \| .+ \| "
    r"\[[^\]]+\]\((?P<page>[\w/.-]+)\): `(?P<snippet>[\w/.-]+)` \|$",
    re.MULTILINE,
)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_line_has_its_verdict_its_page_and_its_experiment(language: str) -> None:
    text = (DOCS / language / "notes.md").read_text(encoding="utf-8")
    rows = list(ROW.finditer(text))
    assert [int(row["number"]) for row in rows] == list(range(1, 34))
    verdicts = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", text.split("## ")[0], re.MULTILINE)[1:]
    for row in rows:
        uses = Calls().on(DOCS / language / row["page"])
        assert row["snippet"] in {u.id.split("#")[0] for u in uses if u.macro in SHOWS}, row[0]
        assert row["verdict"] in verdicts


def test_both_languages_give_the_same_experiments() -> None:
    tables = [
        [(row["page"], row["snippet"]) for row in ROW.finditer((DOCS / path).read_text("utf-8"))]
        for path in ("ko/notes.md", "en/notes.md")
    ]
    assert tables[0] == tables[1]
