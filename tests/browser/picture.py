"""`make picture`: the pictures of pages for the READMEs, taken from a strict build of the site."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.append(str(Path(__file__).parent.parent))

from published import LANGUAGES, PREFIX, build, serve

PICTURES = Path(__file__).parents[2] / ".github/pictures"  # no part of the site or of the theme
PAGES = {  # each with what stands in the middle
    "output": ("monitoring/service-list/", ".kb-run"),
    "chart": ("reliability/hot-swap/", ".kb-chart"),
    "diagram": ("architecture/request-path/", ".kb-chart"),
    "notes": ("notes/", "#rows"),
    "guide": ("guide/how/", ".kb-chart"),
}
SCHEMES = ("light", "dark")
SIZE = {"width": 1220, "height": 640}  # a laptop's window, with the book's contents at its side
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def main() -> None:
    """Build, serve, photograph."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(Path(folder) / "www")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        with serve(Path(folder) / "www") as url:
            for name in PAGES:
                take(browser, f"{url}{PREFIX}/", name, PICTURES)
        browser.close()


def take(browser: Browser, site: str, name: str, folder: Path) -> None:
    """One page in all languages and colours, as `folder`/LANGUAGE/NAME-SCHEME.png."""
    path, middle = PAGES[name]
    for language, root in LANGUAGES.items():
        for scheme in SCHEMES:
            page = browser.new_page(viewport=SIZE, color_scheme=scheme)
            page.goto(site + root + path, wait_until="networkidle")
            page.locator(middle).first.evaluate("e => e.scrollIntoView({ block: 'center' })")
            picture = folder / language / f"{name}-{scheme}.png"
            page.screenshot(path=picture, animations="disabled")
            page.close()


if __name__ == "__main__":
    main()
