"""A demo book under `mkdocs serve`, and Debian's Chromium that watches what pages do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

sys.path.append(str(Path(__file__).parent.parent))

from demo import build, environment, make_book, mkdocs
from published import PREFIX
from published import serve as serve_files

HERE = Path(__file__).parent
WITHOUT = "KUBEBOOK_WITHOUT_BROWSER"
expect.set_options(timeout=15_000)  # milliseconds: other tests run beside these
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--no-first-run",
)  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    if os.environ.get(WITHOUT) == "1" and ours:
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)
        config.stash[LEFT_OUT] = len(ours)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{count} browser tests left out: {WITHOUT}=1 is set")


LEFT_OUT = pytest.StashKey[int]()


@dataclass(frozen=True)
class Served:
    """A book under `mkdocs serve`."""

    root: Path
    url: str
    log: Path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if not path:
        pytest.fail(f"no Chromium: apt-get install chromium (or set {WITHOUT}=1 to go without)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One book for all tests that only read."""
    yield from serve(tmp_path_factory.mktemp("served"))


@dataclass(frozen=True)
class Site:
    """The real book as files, and their address on a server that is like GitHub Pages."""

    folder: Path
    url: str


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[Site]:
    """The whole book as its readers get it."""
    with serve_files(built.parent) as root:
        yield Site(built, f"{root}{PREFIX}/")


@pytest.fixture(scope="session")
def audited(site: Site) -> str:
    """The address of the whole book's site."""
    return site.url


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo book under a path, as on GitHub Pages."""
    folder = tmp_path_factory.mktemp("published")
    make_book(folder / "book")
    settings = (folder / "book/mkdocs.yml").read_text(encoding="utf-8")
    moved = "redirects: {past/old.md: demo/index.md#forbidden}"
    (folder / "book/mkdocs.yml").write_text(settings.replace("redirects: {}", moved))
    with serve_files(folder / "www") as root:
        url = f"{root}{PREFIX}/"
        build(folder / "book", "--site-dir", str(folder / "www" / PREFIX), KUBEBOOK_SITE_URL=url)
        yield url


def serve(folder: Path) -> Iterator[Served]:
    """Make a demo book in `folder` and serve it until the test ends."""
    root, port, log = folder / "book", free_port(), folder / "log"
    make_book(root)
    with log.open("w") as out:
        server = subprocess.Popen(
            mkdocs("serve", "--dev-addr", f"127.0.0.1:{port}"),
            cwd=root, env=environment(), stdout=out, stderr=out,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}/"
            wait_for(url, server, log)
            yield Served(root, url, log)
        finally:
            server.terminate()
            server.wait(10)


def go(page: Page, url: str) -> None:
    """Open a page and wait until Material's scripts have run."""
    page.goto(url)
    until(page, "window.document$ !== undefined && document.readyState === 'complete'")


def until(page: Page, expression: str, arg: object = None) -> None:
    """Wait until an expression of JavaScript holds.

    Playwright's own wait asks in the page, where the policy forbids to evaluate a text.
    """
    for _ in range(300):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never holds: {expression}")


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the first build is served."""
    for _ in range(300):
        if server.poll() is not None:
            pytest.fail(f"mkdocs serve ended:\n{log.read_text()}")
        try:
            urlopen(url, timeout=2).close()
        except (URLError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"mkdocs serve does not answer:\n{log.read_text()}")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Watched:
    """Everything a page complains about or asks of others."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        page.on("console", lambda m: self.note(m.type in ("error", "warning"), m.text))
        page.on("pageerror", lambda error: self.note(True, str(error)))
        page.on("request", self.asked)
        page.on("response", lambda r: self.note(r.status >= 400, f"{r.status} {r.url}"))

    def note(self, bad: bool, text: str) -> None:
        if bad:
            self.faults.append(text)

    def asked(self, request: Request) -> None:
        own = request.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
        self.note(not own, f"asks {request.url}")


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may fail and which may ask nothing of other hosts."""
    page = context.new_page()
    watched = Watched(page)
    yield page
    assert watched.faults == []


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[tuple[Page, Watched]]:
    """A page for many visits: a context of its own for each would cost more than the visit."""
    context = chromium.new_context(locale="ko-KR")
    context.set_default_timeout(30_000)
    page = context.new_page()
    yield page, Watched(page)
    context.close()


@pytest.fixture
def visitor(tab: tuple[Page, Watched]) -> Iterator[Page]:
    """Like `page`, on a desktop and light, but with what earlier visits left in the cache."""
    page, watched = tab
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    yield page
    faults, watched.faults = watched.faults, []
    assert faults == []
