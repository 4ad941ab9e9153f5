"""`mkdocs serve`: saving a file shows in the browser, and only the changed language is built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Served, Watched, serve
from demo import record
from playwright.sync_api import BrowserContext, Page, expect

from kubebook.book import load_book
from kubebook.library import load_library
from kubebook.recording import CellRecord


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A book of its own: these tests change it."""
    yield from serve(tmp_path_factory.mktemp("edited"))


@pytest.fixture
def korean(context: BrowserContext, edited: Served) -> Iterator[Page]:
    yield from opened(context, edited.url + "demo/")


@pytest.fixture
def english(context: BrowserContext, edited: Served) -> Iterator[Page]:
    yield from opened(context, edited.url + "en/demo/")


def opened(context: BrowserContext, url: str) -> Iterator[Page]:
    page = context.new_page()
    watched = Watched(page)
    page.goto(url)
    yield page
    assert watched.faults == []


def append(root: Path, path: str, text: str) -> None:
    file = root / path
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.fault("hooks/languages.py", "mark_of((docs / language, ", "mark_of((")
def test_a_korean_page(korean: Page, english: Page, edited: Served) -> None:
    append(edited.root, "docs/ko/demo/index.md", "\n새로 적은 문장입니다.\n")
    expect(korean.locator("article")).to_contain_text("새로 적은 문장입니다.")
    expect(english.locator("article")).to_contain_text("Looking around")


@pytest.mark.fault("mkdocs.yml", "watch: [docs/en, ", "watch: [")
@pytest.mark.fault("hooks/languages.py", "shelf.put_back(language)", "pass")
def test_an_english_page(korean: Page, english: Page, edited: Served) -> None:
    append(edited.root, "docs/en/demo/index.md", "\nA new sentence.\n")
    expect(english.locator("article")).to_contain_text("A new sentence.")
    korean.reload()
    expect(korean.locator("article")).to_contain_text("둘러보기")
    expect(korean.locator("nav").first).to_be_attached()


@pytest.mark.fault("hooks/languages.py", "if run.keeps and not config.strict:", "if False:")
def test_a_language_that_did_not_change_is_kept_as_it_is(english: Page, edited: Served) -> None:
    def pages() -> dict[str, bytes]:
        paths = ("demo/", "404.html", "search/search_index.json", "assets/kubebook.css")
        found = {path: english.request.get(edited.url + path) for path in paths}
        assert all(answer.ok for answer in found.values())
        # mkdocs serve adds a script to HTML that is new at every build
        return {
            path: answer.body()
            for path, answer in found.items()
            if path.startswith(("search", "assets"))
        }

    before, builds = pages(), edited.log.read_text().count("Reloading browsers")
    append(edited.root, "docs/en/demo/index.md", "\nAnother sentence.\n")
    expect(english.locator("article")).to_contain_text("Another sentence.")
    assert pages() == before
    text = english.request.get(edited.url + "sitemap.xml").text()
    assert text.count("<loc>") == 6
    log = edited.log.read_text()
    assert log.count("Reloading browsers") == builds + 1
    assert (
        "Nothing changed for ko: its pages are kept"
        in log[log.rindex("Building documentation...") :]
    )


@pytest.mark.fault("mkdocs.yml", "kubebook.toml, recordings, snippets]", "kubebook.toml, snippets]")
def test_a_recording(korean: Page, english: Page, edited: Served) -> None:
    library = load_library(load_book(edited.root))
    record(
        library,
        "demo/service-list",
        [CellRecord("", 0, 1.0, "| NAME | URL |\n| web | http://new:1 |\n")],
    )
    for page in (korean, english):
        expect(page.locator("article")).to_contain_text("http://new:1")


@pytest.mark.fault(
    "mkdocs.yml", "kubebook.toml, recordings, snippets]", "kubebook.toml, recordings]"
)
def test_a_snippet(korean: Page, english: Page, edited: Served) -> None:
    append(edited.root, "snippets/demo/whoami.sh", "kubectl version\n")
    expect(korean.locator(".kb-code", has_text="kubectl version")).to_be_visible()
    expect(english.locator(".kb-code", has_text="kubectl version")).to_be_visible()
    expect(korean.locator(".kb-badge--stale").first).to_be_visible()


@pytest.mark.fault(
    "hooks/book.py",
    "        _warn(error, root)\n        return Shower(root, error)",
    "        raise",
)
def test_serving_outlives_mistakes(korean: Page, english: Page, edited: Served) -> None:
    append(edited.root, "docs/ko/demo/index.md", '\n{{ run("demo/nothing") }}\n')
    expect(korean.locator(".kb-note--error")).to_contain_text('no snippet "demo/nothing"')
    path = edited.root / "snippets/demo/pods.sh"
    sound = path.read_text()
    path.write_text(sound.replace("# files", "# flies"))
    expect(english.locator(".kb-note--error").first).to_contain_text('unknown key "flies"')
    path.write_text(sound)
    expect(english.locator(".kb-note--error")).to_have_count(0)
    append(edited.root, "docs/en/demo/index.md", "\n{{ rnu(1) }}\n")
    expect(english.locator("article")).to_contain_text("'rnu' is undefined")
    assert "Traceback" not in edited.log.read_text()
