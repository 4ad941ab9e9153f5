"""What lies in the site beside the pages, once for all languages: chapters to run, figures."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from demo import environment, follow, make_book, mkdocs, write

from hooks.book import open_book
from hooks.downloads import write as write_downloads
from kubebook.cli import main
from kubebook.library import Library
from kubebook.nav import way
from kubebook.script import script

LINK = re.compile(r'<a href="([^"]*)" download><code>([^<]*)</code></a>')
LINKS = """
{{ download("demo.sh") }} {{ download("report.json") }} run: {{ report().stats.snippets.run }}
"""


def build(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        mkdocs("build", "--strict", *options), cwd=root, env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
    )  # fmt: skip


def link_from(library: Library, *pages: str) -> None:
    for page in pages:
        path = library.book.root / "docs" / page
        write(path, path.read_text(encoding="utf-8") + LINKS)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A demo book whose pages link to its chapter, and its site beside it."""
    library = make_book(tmp_path_factory.mktemp("downloads") / "book")
    link_from(
        library,
        *(f"{lang}/{page}" for lang in ("ko", "en") for page in ("index.md", "demo/more.md")),
    )
    follow(library.book.root)
    done = build(library.book.root)
    assert done.returncode == 0, done.stdout
    return library


@pytest.mark.fault(
    "hooks/downloads.py",
    "if language_of(config) == root_of(config) and",
    "if language_of(config) != root_of(config) and",
)
def test_a_chapter_is_one_file_for_all_languages(built: Library) -> None:
    site = built.book.root / "site"
    assert [path.relative_to(site) for path in site.glob("downloads/*.sh")] == [
        Path("downloads/demo.sh")
    ]
    text = (site / "downloads/demo.sh").read_text(encoding="utf-8")
    assert text == script(built, "demo", way(built))
    assert "# demo/service-list  demo/#services\n" in text


@pytest.mark.fault("hooks/downloads.py", "{SITE}{known[name]}", "{known[name]}")
@pytest.mark.parametrize("page", ["", "demo/more/", "en/", "en/demo/more/"])
def test_every_page_can_link_to_them_and_quote_figures(built: Library, page: str) -> None:
    site = built.book.root / "site"
    text = (site / page / "index.html").read_text(encoding="utf-8")
    found = {name: (site / page / link).resolve() for link, name in LINK.findall(text)}
    assert found == {"demo.sh": site / "downloads/demo.sh", "report.json": site / "report.json"}
    assert "run: 4" in text


@pytest.mark.fault(
    "hooks/downloads.py", "yield FIGURES, to_json(shower.stats).encode()", 'yield FIGURES, b"{}"'
)
def test_the_figures_are_those_of_the_command(built: Library) -> None:
    done = CliRunner().invoke(main, ["stats", "--book", str(built.book.root)])
    assert done.exit_code == 0, done.output
    assert (built.book.root / "site/report.json").read_text(encoding="utf-8") == done.output
    assert json.loads(done.output)["verified"]["newest"] == "2026-11-24"


def test_the_same_files_give_the_same_figures_at_any_time(built: Library, tmp_path: Path) -> None:
    shutil.copytree(built.book.root, tmp_path / "copy", ignore=shutil.ignore_patterns(".kubebook"))
    write_downloads(open_book(tmp_path / "copy"), tmp_path)
    for name in ("report.json", "downloads/demo.sh"):
        assert (tmp_path / name).read_bytes() == (built.book.root / "site" / name).read_bytes()


def test_a_link_to_an_unknown_chapter_is_named(tmp_path: Path) -> None:
    library = make_book(tmp_path / "book")
    path = library.book.root / "docs/en/index.md"
    lines = path.read_text(encoding="utf-8").count("\n")
    write(path, path.read_text(encoding="utf-8") + '{{ download("dem.sh") }}\n')
    done = build(library.book.root)
    assert done.returncode
    assert f"index.md:{lines + 1}" in done.stdout
    assert 'no file "dem.sh" to download' in unescape(done.stdout)


@pytest.mark.fault(
    "hooks/downloads.py",
    "    except BookError:\n        return\n",
    "    except OSError:\n        return\n",
)
@pytest.mark.parametrize(
    ("path", "text"), [("snippets/demo/pods.sh", "neds"), ("docs/ko/index.md", "{{ run(x) }}")]
)
def test_a_broken_book_has_none(tmp_path: Path, path: str, text: str) -> None:
    make_book(tmp_path)
    file = tmp_path / path
    write(file, file.read_text(encoding="utf-8").replace("# files", text) + f"\n{text}\n")
    write_downloads(open_book(tmp_path), tmp_path / "out")
    assert not (tmp_path / "out").exists()
