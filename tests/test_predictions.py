"""Every page that runs something also asks its reader to predict, and has the answer recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kubebook.pages import Calls

DOCS = Path(__file__).parent.parent / "docs"
FOLDED = re.compile(
    r'^\?\?\? question "(?:예측해 보기|Predict): .+"\n((?:\n| {4}.*\n)+)', re.MULTILINE
)


def pages() -> list[str]:
    """The chapters' pages that show outputs, as paths below a language's folder."""
    korean = DOCS / "ko"
    shown = (
        page for page in korean.glob("*/*.md")
        if page.parent.name != "guide" and any(use.macro == "run" for use in Calls().on(page))
    )  # fmt: skip
    return sorted(str(page.relative_to(korean)) for page in shown)


def test_there_are_pages() -> None:
    assert len(pages()) > 25


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", pages())
def test_a_page_asks_and_its_folded_answer_is_an_output(page: str, language: str) -> None:
    answers = FOLDED.findall((DOCS / language / page).read_text(encoding="utf-8"))
    assert answers
    assert any("{{ run(" in answer or "{{ output(" in answer for answer in answers)
