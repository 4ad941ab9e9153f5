"""Pages that have moved: their old addresses lead on, and wrong ones are told before they do."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from demo import environment, make_book, mkdocs, write

Build = Callable[[str], subprocess.CompletedProcess[str]]
MOVED = "demo/old.md: demo/index.md"


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds a demo book with a map of moved pages, under a path."""
    make_book(tmp_path)

    def run(moved: str, *options: str) -> subprocess.CompletedProcess[str]:
        settings = (tmp_path / "mkdocs.yml").read_text(encoding="utf-8")
        write(
            tmp_path / "mkdocs.yml", settings.replace("redirects: {}", f"redirects:\n    {moved}")
        )
        return subprocess.run(
            mkdocs("build", "--strict", *options), cwd=tmp_path,
            env=environment(KUBEBOOK_SITE_URL="https://book.test/sub/"),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )  # fmt: skip

    return run


@pytest.mark.fault("hooks/redirects.py", 'f"#{anchor}" if anchor else ""', '""')
@pytest.mark.parametrize(
    ("file", "language", "said", "canonical"),
    [("site/demo/old/index.html", "ko", "이 쪽은 다음 주소로 옮겼습니다.", "demo/"),
     ("site/en/demo/old/index.html", "en", "This page has moved:", "en/demo/")],
)  # fmt: skip
def test_without_scripts_a_refresh_and_a_link(
    build: Build, tmp_path: Path, *, file: str, language: str, said: str, canonical: str
) -> None:
    done = build(f"{MOVED}#services")
    assert done.returncode == 0, done.stdout
    html = (tmp_path / file).read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in html
    assert f'<p>{said} <a href="../#services">' in html
    refresh = '<meta http-equiv="refresh" content="0; url=../#services">'
    assert re.search(f"<noscript>{re.escape(refresh)}</noscript>", html)
    assert f'<link rel="canonical" href="https://book.test/sub/{canonical}">' in html
    assert "old" not in (tmp_path / "site/sitemap.xml").read_text()


def test_from_disk(build: Build, tmp_path: Path) -> None:
    assert build(MOVED, "-f", "mkdocs.offline.yml").returncode == 0
    html = (tmp_path / "site/en/demo/old.html").read_text(encoding="utf-8")
    assert 'href="index.html"' in html
    assert 'rel="canonical" href="index.html"' in html


@pytest.mark.fault("hooks/redirects.py", "elif target not in pages:", "elif not target:")
@pytest.mark.fault("hooks/redirects.py", "if old in pages or", "if")
@pytest.mark.fault("hooks/redirects.py", "and anchor not in", "and anchor in")
@pytest.mark.parametrize(
    ("moved", "message"),
    [
        ("demo/old.md: demo/indx.md", 'moved to no page of ours: demo/indx.md (ko)\n'
                                      '  did you mean "demo/index.md"?'),
        ("demo/old.md: https://else.test/", "moved to no page of ours: https://else.test/ (en)"),
        ("demo/old.md:", "moved to no page of ours: None (ko)"),
        ("demo/more.md: demo/index.md", "demo/more.md is still a page: it cannot lead on (en)"),
        ("demo/old: demo/index.md", "demo/old is no page: it cannot lead on (ko)"),
        ("demo/old.md: demo/index.md#x", "moved to no heading of demo/index.md: #x (en)"),
    ],
)  # fmt: skip
def test_what_cannot_be_right(build: Build, tmp_path: Path, moved: str, message: str) -> None:
    done = build(f"index.old.md: index.md\n    {moved}")
    lines = (tmp_path / "mkdocs.yml").read_text(encoding="utf-8").split("\n")
    line = lines.index(f"    {moved}") + 1
    assert done.returncode == 1
    assert "Traceback" not in done.stdout
    (told, *rest) = (said for said in done.stdout.split("WARNING") if message in said)
    assert (rest, f"mkdocs.yml:{line}: " in told) == ([], True)
