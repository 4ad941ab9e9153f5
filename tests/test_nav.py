"""Reading order: that of the `nav` in mkdocs.yml, and where a reader finds what."""

from __future__ import annotations

from pathlib import Path

import pytest
from mini import MiniBook

from kubebook.book import load_book
from kubebook.errors import BookError
from kubebook.library import load_library
from kubebook.nav import Way, address, way

ROOT = Path(__file__).parent.parent
NAV = "kubebook/nav.py"


@pytest.fixture
def paged(mini: MiniBook) -> MiniBook:
    """A book with pages of two languages and snippets a, b and c."""
    toml = mini.root / "kubebook.toml"
    toml.write_text(toml.read_text().replace("pages = []", 'pages = ["docs/ko", "docs/en"]'))
    for name in "abc":
        mini.snippet(f"{name}.sh", "echo")
    for page in ("index.md", "two/index.md", "two/one.md", "two/b.md"):
        mini.write(f"docs/ko/{page}", "# Title\n")
    mini.write("docs/en/index.md", '# Title\n{{ run("one/c") }}\n')
    return mini


@pytest.mark.fault(
    NAV, "yield from _flat(part)", "yield from [part] if isinstance(part, str) else []"
)
@pytest.mark.fault(
    NAV, "(place.get(page, len(nav)), address(page))", "(place.get(page, -1), address(page))"
)
def test_pages_stand_as_the_nav_says(paged: MiniBook) -> None:
    paged.write(
        "mkdocs.yml",
        "site_url: !ENV [X, y]\nslugify: !!python/object/apply:a.b {kwds: {case: lower}}\n"
        "nav:\n  - two:\n    - Title: two/one.md\n    - two/index.md\n  - https://elsewhere.md/x\n",
    )
    assert way(paged.library).pages == ("two/one.md", "two/index.md", "index.md", "two/b.md")


@pytest.mark.parametrize("settings", [None, "", "nav:\n", "- a list\n", "nav: {a: index.md}\n"])
def test_without_a_nav_index_pages_come_first(paged: MiniBook, settings: str | None) -> None:
    if settings is not None:
        paged.write("mkdocs.yml", settings)
    assert way(paged.library).pages == ("index.md", "two/index.md", "two/b.md", "two/one.md")


def test_a_mkdocs_yml_that_is_none_is_named(paged: MiniBook) -> None:
    paged.write("mkdocs.yml", "nav: [\n")
    with pytest.raises(BookError, match=r"mkdocs\.yml: not valid YAML"):
        way(paged.library)


@pytest.mark.fault(NAV, 'bisect(anchors, (line, "~")) - 1', "len(anchors) - 1")
@pytest.mark.fault(NAV, 'addresses.setdefault(use.id.partition("#")[0], place)', "pass")
@pytest.mark.fault(NAV, "if use.macro in SHOWS]", "]")
def test_snippets_and_cells_have_the_address_where_they_are_shown_first(paged: MiniBook) -> None:
    cells = "".join(
        f"# %% {n}\n# /// kubebook\n# expect = {{ contains = ['x'] }}\n# ///\n" for n in "xy"
    )
    paged.snippet("b.sh", cells)
    paged.write("docs/ko/index.md", '# No anchor\n{{ code("one/b#y") }}\n')
    paged.write(
        "docs/ko/two/one.md",
        '# One { #one }\n{{ value("one/c", "x") }}\n## Two {.big #two}\n{{ output("one/b") }}\n'
        '{{ run("one/a") }}\n## Three {#three}\n{{ run("one/b#x") }}\n',
    )
    found = way(paged.library)
    assert found.snippets == ("one/b", "one/a", "one/c")
    assert found.addresses == {
        "one/b#y": "",
        "one/b": "",
        "one/a": "two/one/#two",
        "one/b#x": "two/one/#three",
    }


def test_addresses() -> None:
    pages = ("index.md", "a/index.md", "a/b.md", "c.md", "reindex.md")
    assert [*map(address, pages)] == ["", "a/", "a/b/", "c/", "reindex/"]


def test_a_book_without_pages_goes_by_names(mini: MiniBook) -> None:
    mini.snippet("b.sh", "echo")
    mini.snippet("a.sh", "echo")
    assert way(mini.library) == Way((), ("one/a", "one/b"), {})


def test_the_book_goes_from_its_first_page_to_its_last() -> None:
    found = way(load_library(load_book(ROOT)))
    assert found.pages[:3] == ("index.md", "architecture/index.md", "architecture/api-paths.md")
    assert found.addresses["monitoring/token#account"].startswith("monitoring/token/#")
