"""The parity of the languages on the site: a strict build fails, and readers are told."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from browser.conftest import Served, serve
from demo import environment, make_book, mkdocs

from hooks.follow import notice_of
from kubebook.parity import stamp
from kubebook.words import words

NOTICE = re.compile(
    r'<div class="admonition warning kb-lag">\s*'
    r'<p class="admonition-title">This page may lag behind</p>\s*'
    r'<p>(.*?) <a href="(.*?)" hreflang="ko" target="_self">Read the Korean page</a></p>'
)
STALE = "The Korean page has changed since this one was brought up to date."
UNLIKE = "Something on this page does not match the Korean page."


@pytest.fixture
def book(tmp_path: Path) -> Path:
    make_book(tmp_path / "book")
    return tmp_path / "book"


def build(book: Path) -> tuple[int, str]:
    done = subprocess.run(
        mkdocs("build", "--strict"), cwd=book, env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout


def edit(book: Path, path: str, old: str, new: str) -> None:
    file = book / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def page(book: Path, path: str) -> str:
    return (book / "site" / path).read_text(encoding="utf-8")


@pytest.mark.fault(
    "hooks/follow.py", "        log.warning(str(drift)", "        log.info(str(drift)"
)
@pytest.mark.fault("hooks/follow.py", '"stale" in kinds', '"unlike" in kinds')
def test_a_stale_page_fails_a_strict_build_and_says_so_under_its_title(book: Path) -> None:
    edit(book, "docs/ko/demo/index.md", "둘러봅니다", "돌아봅니다")
    status, log = build(book)
    assert status == 1
    place = "docs/ko/demo/index.md:1 and docs/en/demo/index.md:2: "
    assert log.count(f"{place}the first has changed since the second was stamped") == 1
    assert "python -m kubebook.parity stamp docs docs/en/demo/index.md" in log
    html = page(book, "en/demo/index.html")
    assert NOTICE.findall(html) == [(STALE, "../../demo/")]
    assert re.search(r"</h1>\s*<div class=\"admonition warning kb-lag\">", html)
    for other in ("demo/index.html", "demo/more/index.html", "en/demo/more/index.html"):
        assert "admonition warning" not in page(book, other)
    assert "lag behind" not in page(book, "en/search/search_index.json")


@pytest.mark.fault("hooks/follow.py", 'drift.kind != "alone"', 'drift.kind == "stale"')
def test_so_does_one_that_differs_in_more_than_words(book: Path) -> None:
    edit(book, "docs/en/demo/index.md", '{{ run("demo/whoami") }}', '{{ code("demo/whoami") }}')
    status, log = build(book)
    assert status == 1
    assert '{{ run("demo/whoami") }} against {{ code("demo/whoami") }}' in log
    assert NOTICE.findall(page(book, "en/demo/index.html")) == [(UNLIKE, "../../demo/")]
    assert "admonition warning" not in page(book, "demo/index.html")


@pytest.mark.fault("hooks/follow.py", "(?:.*?</h1>)?", ".*?</h1>")
def test_a_page_without_a_title_of_its_own_says_so_first(book: Path) -> None:
    edit(book, "docs/en/demo/more.md", "# The rest\n", "The rest.\n")
    build(book)
    html = page(book, "en/demo/more/index.html")
    assert html.index("This page may lag behind") < html.index("The rest.")


@pytest.mark.fault("hooks/follow.py", 'drift.kind != "alone"', "True")
def test_a_page_that_follows_none_fails_the_build_and_tells_readers_nothing(book: Path) -> None:
    (book / "docs/ko/demo/more.md").unlink()
    status, log = build(book)
    assert status == 1
    assert "docs/en/demo/more.md: there is no docs/ko/demo/more.md" in log
    assert "Traceback" not in log
    assert "admonition warning" not in page(book, "en/demo/more/index.html")


@pytest.mark.fault("hooks/follow.py", "except BookError as error", "except KeyError as error")
def test_a_page_that_is_no_text_is_a_warning_like_others(book: Path) -> None:
    (book / "docs/en/demo/more.md").write_bytes(b"# The rest\n\n\0\n")
    status, log = build(book)
    assert (status, "Traceback" in log) == (1, False)
    assert "docs/en/demo/more.md:3: holds a NUL byte" in log
    assert "The rest" in page(book, "en/demo/more/index.html")


def test_a_book_may_be_written_in_english_first() -> None:
    notice = notice_of({"stale"}, "en", "../en/", words("ko"))
    assert "이 쪽은 최신 내용이 아닐 수 있습니다" in notice
    assert "영어 쪽이 바뀌었지만" in notice
    assert '<a href="../en/" hreflang="en" target="_self">영어 쪽 읽기</a>' in notice


# Under `mkdocs serve`


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    yield from serve(tmp_path)


def save(served: Served, path: str, old: str, new: str) -> str:
    """Save a page, wait for the build; its log."""
    before = served.log.read_text().count("Reloading browsers")
    edit(served.root, path, old, new)
    return built(served, before)


def built(served: Served, before: int) -> str:
    deadline = time.monotonic() + 60
    while (log := served.log.read_text()).count("Reloading browsers") == before:
        assert time.monotonic() < deadline, log[-2000:]
        time.sleep(0.1)
    return log[log.rindex("Building documentation...") :]


def english(served: Served) -> str:
    with urlopen(f"{served.url}en/demo/", timeout=10) as answer:
        return re.sub(r"livereload\([\d, ]+\)", "", answer.read().decode())


KEPT = "Nothing changed for en: its pages are kept"


@pytest.mark.fault(
    "hooks/languages.py", "            renew_notices(config, language, folder)\n", ""
)
@pytest.mark.fault("hooks/languages.py", "this_run().lags = config", "lags = config")
@pytest.mark.fault("hooks/languages.py", "mark_of((docs / language,", "mark_of((docs,")
@pytest.mark.fault("hooks/follow.py", "</h1>)(?:", "</h1>)(?!)(?:")
def test_saving_korean_builds_no_english_but_renews_its_notices(served: Served) -> None:
    untold = english(served)
    assert "admonition warning" not in untold
    assert KEPT in save(served, "docs/ko/demo/index.md", "둘러봅니다", "돌아봅니다")
    assert NOTICE.findall(english(served)) == [(STALE, "../../demo/")]
    assert KEPT in save(served, "docs/ko/demo/index.md", "돌아봅니다", "둘러봅니다")
    assert english(served) == untold
    assert KEPT in save(served, "docs/ko/demo/index.md", "둘러봅니다", "살펴봅니다")
    assert NOTICE.findall(english(served)) == [(STALE, "../../demo/")]
    before = served.log.read_text().count("Reloading browsers")
    stamp(served.root / "docs/ko/demo/index.md", served.root / "docs/en/demo/index.md")
    third = built(served, before)
    assert "Nothing changed for ko: its pages are kept" in third
    assert "admonition warning" not in english(served)
