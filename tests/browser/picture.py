"""`make picture`: the README's pictures, five pages in both languages, light and dark."""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.append(str(Path(__file__).parents[1]))

from published import LANGUAGES, PREFIX, build, serve

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "pictures"
PAGES = {  # what they show, and where
    "output": "monitoring/service-list/#table",
    "diagram": "architecture/control-plane/",
    "chart": "monitoring/node-silent/",
    "figures": "guide/report/#run",
    "search": "?q=403",
}
MIDDLE = {"diagram": ".kb-chart--diagram", "chart": ".kb-chart--timeline"}
SCHEMES = ("light", "dark")
SIZE = {"width": 1220, "height": 900}
QUALITY = 80  # per cent; a picture of text takes some 50 kB
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass(frozen=True)
class Picture:
    """One page in one language and colour scheme."""

    name: str
    language: str
    scheme: str

    @property
    def file(self) -> Path:
        return PICTURES / self.language / f"{self.name}-{self.scheme}.webp"

    @property
    def address(self) -> str:
        """The page, below the root of the site."""
        return LANGUAGES[self.language] + PAGES[self.name]


def pictures() -> Iterator[Picture]:
    """All that there are."""
    for language in LANGUAGES:
        for name in PAGES:
            yield from (Picture(name, language, scheme) for scheme in SCHEMES)


def main() -> None:
    """Build, serve, photograph."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        www = Path(folder) / "www"
        build(www)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        with serve(www) as root:
            for picture in pictures():
                take(browser, f"{root}{PREFIX}/", picture)
                print(picture.file.relative_to(ROOT))
        browser.close()


def take(browser: Browser, root: str, picture: Picture) -> None:
    """A picture as a laptop shows the page."""
    page = browser.new_page(viewport=SIZE, color_scheme=picture.scheme, reduced_motion="reduce")
    page.goto(root + picture.address, wait_until="networkidle")
    if "?q=" in picture.address:
        page.locator(".md-search-result__item mark").first.wait_for()
    if picture.name in MIDDLE:
        place = page.locator(MIDDLE[picture.name]).first
        place.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
    picture.file.parent.mkdir(parents=True, exist_ok=True)
    picture.file.write_bytes(webp(page))
    page.close()


def webp(page: Page) -> bytes:
    """What the page shows; Playwright itself makes no WebP."""
    shot = {"format": "webp", "quality": QUALITY}
    answer = page.context.new_cdp_session(page).send("Page.captureScreenshot", shot)
    return base64.b64decode(answer["data"])


if __name__ == "__main__":
    main()
