"""The book in figures: the real page, on a phone and without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from demo import REPOSITORY, build
from playwright.sync_api import Browser, expect


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book itself, as files."""
    site = tmp_path_factory.mktemp("book") / "site"
    build(REPOSITORY, "--no-directory-urls", "--site-dir", str(site))
    return site


@pytest.mark.fault("docs/theme/assets/kubebook.css", ":is(th, td, code)", ":is(nothing)")
@pytest.mark.parametrize("folder", ["", "en/"])
def test_everything_can_be_read_on_a_phone_without_javascript(
    chromium: Browser, site: Path, folder: str
) -> None:
    size = {"width": 390, "height": 800}
    page = chromium.new_page(java_script_enabled=False, viewport=size)
    page.goto(f"file://{site}/{folder}guide/report.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    chapters = page.locator(".kb-figures").first
    expect(chapters.locator("tbody tr")).to_have_count(5)
    heights = chapters.locator("tbody tr").evaluate_all("rows => rows.map(r => r.offsetHeight)")
    assert max(heights) < 50  # one line each
    assert chapters.locator("table").evaluate("t => t.scrollWidth > t.clientWidth")
    assert page.locator(".kb-chart--bars").count() == 3
    pages = page.locator("details table")
    expect(pages).to_be_hidden()
    page.locator("details summary").click()
    expect(pages).to_be_visible()
    for link in chapters.get_by_role("link").all():
        target = link.evaluate("a => a.href").removeprefix("file://")
        assert Path(target).is_file(), target
    page.close()
