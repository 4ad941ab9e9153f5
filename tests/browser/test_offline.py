"""The book as one file: unpacked, it is read from disk, with its search, and asks nobody."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from demo import environment, make_book
from playwright.sync_api import BrowserContext, Page, Request, expect
from test_site import go, search, switch


def pack(book: Path, file: Path, **variables: str) -> Path:
    command, env = [sys.executable, "hooks/offline.py", str(file)], environment(**variables)
    done = subprocess.run(command, cwd=book, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return file


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offline")
    make_book(folder / "book")
    return pack(folder / "book", folder / "kubebook-offline.zip")


@pytest.fixture(scope="module")
def unpacked(packed: Path) -> Path:
    with zipfile.ZipFile(packed) as file:
        file.extractall(packed.parent / "a reader's 폴더")
    return packed.parent / "a reader's 폴더" / "demo"


def left(request: Request) -> bool:
    """Whether the page was left before it had everything, such as its icon."""
    return request.failure == "net::ERR_ABORTED"


@pytest.fixture
def disk(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may fail and which may read nothing but files."""
    page, faults = context.new_page(), list[str]()
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda r: None if left(r) else faults.append(f"fails: {r.url}"))
    own = ("file:", "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else faults.append(r.url))
    yield page
    assert faults == []


@pytest.mark.fault("mkdocs.offline.yml", "[assets/iframe-worker.js]", "[]")
@pytest.mark.fault("mkdocs.offline.yml", "  offline: {}", "  tags: {}")
@pytest.mark.parametrize(("folder", "word"), [("", "거절"), ("en/", "Refusal")], ids=["ko", "en"])
def test_a_search_from_disk(disk: Page, unpacked: Path, folder: str, word: str) -> None:
    go(disk, (unpacked / folder / "index.html").as_uri())
    found = (unpacked / folder / "demo/index.html").as_uri()
    links = search(disk, word)
    assert {re.split("[?#]", link)[0] for link in links} == {found}
    disk.locator(".md-search-result__link[href$='#forbidden']").click()
    disk.wait_for_url(f"{found}*#forbidden")
    expect(disk.locator("#forbidden")).to_be_in_viewport()


@pytest.mark.fault("docs/theme/main.html", " if config.site_url", "")
def test_links_and_languages_from_disk(disk: Page, unpacked: Path) -> None:
    go(disk, (unpacked / "index.html").as_uri())
    disk.get_by_role("article").get_by_role("link", name="둘러보기").click()
    expect(disk).to_have_url((unpacked / "demo/index.html").as_uri())
    go(disk, (unpacked / "demo/index.html").as_uri() + "#services")
    switch(disk, "English")
    expect(disk).to_have_url((unpacked / "en/demo/index.html").as_uri() + "#services")
    expect(disk.get_by_role("heading", level=1)).to_contain_text("Looking around")
    switch(disk, "한국어")
    expect(disk).to_have_url((unpacked / "demo/index.html").as_uri() + "#services")


@pytest.mark.fault(
    "hooks/languages.py", 'config.extra["scope"] = get_relative_url', "get_relative_url"
)
@pytest.mark.fault("hooks/languages.py", """"{folders(config)[language_of(config)]}/""", '"')
@pytest.mark.parametrize("start", ["index.html", "en/demo/more.html"])
def test_a_choice_of_colours_counts_on_all_pages(disk: Page, unpacked: Path, start: str) -> None:
    go(disk, (unpacked / start).as_uri())
    disk.locator("[data-md-component=palette] label:visible").click()
    for path in ("index.html", "en/index.html", "demo/index.html", "en/demo/more.html"):
        go(disk, (unpacked / path).as_uri())
        expect(disk.locator("body")).to_have_attribute("data-md-color-media", re.compile("light"))
    assert disk.evaluate("Object.keys(localStorage)") == [
        unpacked.as_uri().removeprefix("file://") + "/.__palette"
    ]


LINKS = "[...document.querySelectorAll('[href], [src]')].map(it => it.href || it.src)"


@pytest.mark.fault("mkdocs.offline.yml", "  offline: {}", "  tags: {}")
def test_every_link_leads_to_a_file(disk: Page, unpacked: Path) -> None:
    pages = sorted(unpacked.rglob("*.html"))
    assert len(pages) == 6
    for page in pages:
        go(disk, page.as_uri())
        expect(disk.locator(".md-header")).to_have_css("position", "sticky")  # has its looks
        links = [link for link in disk.evaluate(LINKS) if link.startswith("file:")]
        files = [Path(unquote(urlsplit(link).path)) for link in links]
        assert len(files) > 10
        assert [file for file in files if not file.is_file()] == []


@pytest.mark.fault(
    "hooks/offline.py",
    "packed.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)",
    "packed.write(path, info.filename, zipfile.ZIP_DEFLATED)",
)
@pytest.mark.fault("hooks/offline.py", ", env=plain", "")
def test_the_same_commit_gives_the_same_bytes(packed: Path, tmp_path: Path) -> None:
    make_book(tmp_path / "elsewhere")
    repository = {"KUBEBOOK_REPO_URL": "https://github.com/o/book"}
    again = pack(tmp_path / "elsewhere", tmp_path / "again.zip", **repository)
    assert again.read_bytes() == packed.read_bytes()


@pytest.mark.fault("hooks/offline.py", 'UNREAD = ("404.html", ', "UNREAD = (")
def test_what_only_servers_and_debuggers_read_is_left_out(packed: Path) -> None:
    names = zipfile.ZipFile(packed).namelist()
    assert names == sorted(names)
    assert "demo/en/index.html" in names
    assert [name for name in names if name.endswith((".map", "sitemap.xml", "404.html"))] == []


@pytest.mark.fault("hooks/offline.py", "if not config.site_url:", "if config.site_url is None:")
def test_no_script_fetches_the_next_page(unpacked: Path) -> None:
    assert "navigation.instant" not in (unpacked / "index.html").read_text(encoding="utf-8")
