"""Both languages are one book: the same pages, anchors and macros in the same order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from kubebook.pages import Calls

DOCS = Path(__file__).parent.parent / "docs"
LANGUAGES = ("ko", "en")
ANCHOR = re.compile(r"^#+ .*\{ *#([\w-]+)", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def pages(language: str) -> list[str]:
    return sorted(str(p.relative_to(DOCS / language)) for p in (DOCS / language).rglob("*.md"))


def test_both_have_the_same_pages() -> None:
    assert pages("ko") == pages("en")


@pytest.mark.parametrize("page", pages("ko"))
def test_a_page_has_the_same_anchors_and_shows_the_same(page: str) -> None:
    texts = [(DOCS / language / page).read_text(encoding="utf-8") for language in LANGUAGES]
    korean, english = (ANCHOR.findall(FENCE.sub("", text)) for text in texts)
    assert korean == english
    shown = [
        [(use.macro, use.id) for use in Calls().on(DOCS / language / page) if use.macro != "value"]
        for language in LANGUAGES
    ]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", pages("ko"))
def test_every_heading_has_an_anchor_of_its_own(page: str, language: str) -> None:
    text = FENCE.sub("", (DOCS / language / page).read_text(encoding="utf-8"))
    headings = re.findall(r"^#{1,6} .*$", text, re.MULTILINE)
    assert [line for line in headings if not ANCHOR.search(line)] == []


@pytest.mark.fault("docs/en/guide/site.md", "description: Other ways", "description: Other: ways")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", pages("ko"))
def test_every_page_says_in_sound_yaml_what_it_is_about(page: str, language: str) -> None:
    # MkDocs takes anything for a description: other builders end here.
    text = (DOCS / language / page).read_text(encoding="utf-8")
    about = yaml.safe_load(text.split("---\n")[1])["description"]
    assert isinstance(about, str)
    assert about
