"""The trial of Zensical: what it counts, and that whatever goes wrong is only told."""

from __future__ import annotations

from pathlib import Path

import pytest
from demo import environment, make_book, write
from successor import broken, count, main

# Stands in for Zensical: copies what MkDocs would have to make, and says what goes wrong.
STAND_IN = r"""
import sys
from pathlib import Path

if "--version" in sys.argv:
    sys.exit(print("9.9"))
if HOOKS:
    from hooks.called import on_config

    on_config(None)
Path("site/demo").mkdir(parents=True)
Path("site/index.html").write_text('<h1 id="macro-rendering-error">')
html = '<div class="kb-output"> <a href="../"> <a href="x/">'
Path("site/demo/index.html").write_text(html)
print("\x1b[33mWarning:\x1b[0m anchor does not exist\nMacro rendering failed in x.md: y")
sys.exit(3)
"""


@pytest.mark.fault("tests/successor.py", 'COLOURS.sub("", done.stdout)', "done.stdout")
@pytest.mark.fault(
    "tests/successor.py", '"hooks/called.py").write_text', '"hooks/call.py").write_text'
)
@pytest.mark.parametrize("hooks", [False, True])
def test_what_is_lacking_is_told_and_fails_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    hooks: bool,
) -> None:
    make_book(tmp_path / "book")
    write(tmp_path / "lib/zensical/__main__.py", STAND_IN.replace("HOOKS", str(hooks)))
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    main(tmp_path / "book", tmp_path / "lib")
    said = capsys.readouterr().out
    assert "built by Zensical 9.9\n\nIt ended with status 3." in said
    assert ("Hooks were called." if hooks else "Hooks were not called.") in said
    for row in (
        "pages in Korean | 4 | 2", "pages in English | 4 | 0", "outputs | 12 | 1",
        "pages whose macros failed | 0 | 1", "pages in the sitemap | 6 | 0",
        "links that lead nowhere | 0 | 1", "Warning: anchor does not exist | 1",
        "Macro rendering failed | 1",
    ):  # fmt: skip
        assert f"| {row} |" in said
    assert (tmp_path / "summary.md").read_text() == said


@pytest.mark.fault("tests/successor.py", "or (target.fragment and", "or (False and")
@pytest.mark.parametrize(
    ("link", "sound"),
    [("b/", True), ("b/#x", True), ("#top", True), ("https://else.test/z", True), ("a.txt", True),
     ("b/#y", False), ("#x", False), ("c/", False), ("../b/", True)],
)  # fmt: skip
def test_links_that_lead_nowhere(tmp_path: Path, link: str, *, sound: bool) -> None:
    page, other = tmp_path / "index.html", tmp_path / "b/index.html"
    write(tmp_path / "a.txt", "")
    pages = {page: f'<p id="top"><a class="q" href="{link}">', other: '<p id="x">'}
    for path, html in pages.items():
        write(path, html)
    assert [*broken(tmp_path, pages)] == ([] if sound else [(page, link)])


def test_an_empty_site_counts_nothing(tmp_path: Path) -> None:
    assert set(count(tmp_path).values()) == {0}
