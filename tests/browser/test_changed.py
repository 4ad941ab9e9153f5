"""What changed, under an output: folded, found without JavaScript, and no word of a search."""

from __future__ import annotations

from pathlib import Path

import pytest
from commits import commit
from demo import OUTPUTS, build, make_book, record
from playwright.sync_api import Browser, expect

from kubebook.recording import CellRecord

BEFORE = OUTPUTS["demo/pods"][0].output.replace("0/1     Pending", "1/1     Beforehand")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo book that recorded its Pods twice, as files."""
    root = tmp_path_factory.mktemp("changed") / "book"
    library = make_book(root)

    record(library, "demo/pods", [CellRecord("", 0, 2.3, BEFORE)])
    commit(root)
    record(library, "demo/pods")
    commit(root)
    build(root, "--no-directory-urls")
    return root / "site"


@pytest.mark.fault(
    "kubebook/render.py", '<details class="kb-changed"', '<details open class="kb-changed"'
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("demo/index.html", "2026년 11월 23일에 달라진 점"),
        ("en/demo/index.html", "What changed on November 23, 2026"),
    ],
)
def test_it_unfolds_without_javascript(
    chromium: Browser, site: Path, scheme: str, path: str, title: str
) -> None:
    size = {"width": 390, "height": 800}
    page = chromium.new_page(java_script_enabled=False, color_scheme=scheme, viewport=size)
    page.goto(f"file://{site}/{path}")
    assert page.locator(".kb-changed").count() == 1
    gone = page.get_by_text("Beforehand")
    expect(gone).to_be_hidden()
    page.get_by_text(title).focus()
    page.get_by_text(title).press("Enter")
    expect(gone).to_be_visible()
    assert gone.inner_text().startswith("-new")
    expect(page.locator(".kb-changed .gi")).to_contain_text("+new")
    was, now = (page.locator(f".kb-changed .{kind}") for kind in ("gd", "gi"))
    colours = {part.evaluate("e => getComputedStyle(e).color") for part in (was, now)}
    assert len(colours) == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


@pytest.mark.fault(
    "docs/theme/assets/print.css", " none !important;  /* no fold", " none;  /* no fold"
)
@pytest.mark.fault("docs/theme/assets/print.css", "    font-size: .55rem;", "")
@pytest.mark.parametrize("unfolded", [True, False])
def test_on_paper_it_is_no_fold_and_no_larger_than_the_output(
    chromium: Browser, site: Path, *, unfolded: bool
) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"file://{site}/demo/index.html")
    output = page.locator(".kb-output:has(.kb-changed)")
    if unfolded:
        output.locator("summary").click()
    page.emulate_media(media="print")
    expect(output.get_by_text("Beforehand")).to_be_visible()
    look = "(e, name) => getComputedStyle(e)[name]"
    assert output.locator("summary").evaluate(look, "listStyleType") == "none"
    sizes = [
        float(output.locator(block).evaluate(look, "fontSize").removesuffix("px"))
        for block in ("> pre", ".kb-changed pre")
    ]
    assert sizes[1] <= sizes[0]
    page.close()


@pytest.mark.fault("kubebook/show.py", "self._text(use, status, cells), warnings", "html, warnings")
def test_a_search_does_not_find_it(site: Path) -> None:
    for index in (site / "search", site / "en/search"):
        text = (index / "search_index.json").read_text(encoding="utf-8")
        assert "CrashLoopBackOff" in text
        assert "Beforehand" not in text
