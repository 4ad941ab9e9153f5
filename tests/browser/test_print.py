"""A page on paper: black on white, unfolded, whole, without buttons, with addresses of links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from demo import build, follow, make_book, write
from playwright.sync_api import Browser, Page, expect
from published import serve
from test_site import go

WIDE = "wide-" * 60
EXTRA = f"""
Read [the docs](https://kubernetes.io/docs/), <https://kubebook.test/>, [here](index.md).[^1]

??? question "?"
    Folded away.

| a | b |
|---|---|
| `{WIDE}` | {WIDE} |

[^1]: A note.
"""
PAPER = {"width": 640, "height": 900}  # A4 between its margins
SCREEN_ONLY = (
    ".md-header, .md-sidebar, .md-footer, .md-top, .kb-language, .md-clipboard, .md-code__nav, "
    ".md-content__button, .headerlink, .footnote-backref"
)
SHOWN = "[...document.querySelectorAll('body, body *')].filter(it => it.checkVisibility())"
BRIGHTEST = """Math.max(...[...document.querySelectorAll('article *')]
    .filter(it => it.checkVisibility() && [...it.childNodes].some(n => n.data?.trim()))
    .flatMap(it => getComputedStyle(it).color.match(/[0-9.]+/g).slice(0, 3).map(Number)))"""
BACKGROUNDS = f"""[...new Set({SHOWN}.map(it => getComputedStyle(it).backgroundColor)
    .filter(colour => !colour.endsWith(", 0)")))]"""
CUT_OFF = f"""{SHOWN}.filter(it => it.getBoundingClientRect().right > innerWidth + 1
    || it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).overflowX !== "visible")
    .map(it => it.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    book = tmp_path_factory.mktemp("print")
    make_book(book)
    for language in ("ko", "en"):
        page = book / f"docs/{language}/demo/more.md"
        write(page, page.read_text(encoding="utf-8") + EXTRA)
    follow(book)
    with serve(book) as root:
        url = f"{root}site/"
        build(book, KUBEBOOK_SITE_URL=url, KUBEBOOK_REPO_URL="https://github.com/o/book")
        yield url


@pytest.fixture(params=["", "en/"], ids=["ko", "en"])
def paper(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """A page as a reader who likes it dark prints it."""
    page = chromium.new_page(viewport=PAPER, color_scheme="dark")
    go(page, f"{site}{request.param}demo/more/")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.emulate_media(media="print", color_scheme="dark")
    yield page
    page.close()


@pytest.mark.fault("docs/theme/assets/print.css", "    color: #000 !important;", "")
@pytest.mark.fault("docs/theme/assets/print.css", "    --kb-quiet: #333;", "")
@pytest.mark.fault("docs/theme/assets/print.css", "    --kb-output: #fff;", "")
def test_black_on_white(paper: Page) -> None:
    assert paper.evaluate(BACKGROUNDS) in ([], ["rgb(255, 255, 255)"])
    assert paper.evaluate(BRIGHTEST) <= 0x33


@pytest.mark.fault("docs/theme/assets/print.css", "  .footnote-backref {", "  .kb-nothing {")
def test_nothing_that_only_a_screen_can_do(paper: Page) -> None:
    for it in paper.locator(SCREEN_ONLY).all():
        expect(it).to_be_hidden()
    assert paper.locator(SCREEN_ONLY).count() > 8


@pytest.mark.fault("docs/theme/assets/print.css", "    white-space: pre-wrap;", "")
def test_nothing_is_cut_off(paper: Page) -> None:
    for width in (640, 520):  # A4, A5
        paper.set_viewport_size({"width": width, "height": 900})
        assert paper.evaluate(CUT_OFF) == []


@pytest.mark.fault("hooks/paper.py", "(?!>\\1</a>)", "")
@pytest.mark.fault("hooks/paper.py", "@event_priority(50)", "@event_priority(-50)")
@pytest.mark.fault(
    "docs/theme/assets/print.css", '[rel="external"]::after', '[href^="http"]::after'
)
def test_addresses_of_links_that_lead_elsewhere(paper: Page) -> None:
    after = "it => getComputedStyle(it, '::after').content"
    links = paper.locator("article p > a:not(.footnote-backref)")
    said = {link.text_content(): link.evaluate(after) for link in links.all()}
    assert said == {
        "the docs": '" <https://kubernetes.io/docs/>"',
        "https://kubebook.test/": "none",
        "here": "none",
    }


@pytest.mark.fault(
    "docs/theme/assets/print.css",
    "  .footnote-backref {",
    "  .footnote-backref,\n  .kb-provenance {",
)
def test_where_outputs_come_from(paper: Page) -> None:
    assert paper.locator(".kb-provenance").count() > 1
    for provenance in paper.locator(".kb-provenance").all():
        expect(provenance).to_be_visible()


@pytest.mark.fault("docs/theme/assets/print.css", "    content-visibility: visible;", "")
@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_folded_is_unfolded(chromium: Browser, site: str, *, scripts: bool) -> None:
    page = chromium.new_page(viewport=PAPER, java_script_enabled=scripts)
    page.goto(f"{site}demo/more/")
    expect(page.get_by_text("Folded away.")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("Folded away.")).to_be_visible()
    page.close()


@pytest.mark.fault(
    "docs/theme/assets/print.css",
    "    transition: none !important;",
    "    max-height: 100vh; overflow: hidden !important;",
)
def test_a_pdf_has_all_its_sheets(paper: Page, tmp_path: Path) -> None:
    paper.pdf(path=tmp_path / "page.pdf", format="A4")
    sheets = (tmp_path / "page.pdf").read_bytes().count(b"/Type /Page\n")
    height = paper.evaluate("document.documentElement.scrollHeight")
    assert sheets >= height / 1200 > 1
