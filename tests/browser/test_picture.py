"""The pictures of pages for the READMEs: all there, small, and the same when taken again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from picture import PAGES, PICTURES, SCHEMES, take
from playwright.sync_api import Browser
from published import LANGUAGES

ROOT = Path(__file__).parents[2]
MOST = 150_000  # bytes of a picture


@pytest.mark.fault("tests/browser/picture.py", '"guide": (', '"how": (')
def test_every_page_has_its_pictures_and_they_are_small() -> None:
    found = {path.relative_to(PICTURES).as_posix(): path for path in PICTURES.rglob("*.png")}
    assert found.keys() == {
        f"{language}/{name}-{scheme}.png"
        for language in LANGUAGES for name in PAGES for scheme in SCHEMES
    }  # fmt: skip
    assert {
        name: path.stat().st_size for name, path in found.items() if path.stat().st_size > MOST
    } == {}


@pytest.mark.fault("README.md", "ko/output-dark.png", "ko/outputs-dark.png")
@pytest.mark.parametrize(("readme", "language"), [("README.md", "ko"), ("README.en.md", "en")])
def test_a_readme_shows_pages_in_its_language_and_both_colours(readme: str, language: str) -> None:
    shown = re.findall(r'src(?:set)?="(.*?)"', (ROOT / readme).read_text(encoding="utf-8"))
    assert len(shown) >= 4 and len(shown) % 2 == 0
    for dark, light in zip(shown[::2], shown[1::2], strict=True):
        assert dark.replace("dark", "light") == light
        assert f"/{language}/" in light
        assert (ROOT / dark).is_file() and (ROOT / light).is_file()


@pytest.mark.fault(
    "tests/browser/picture.py",
    'animations="disabled"',
    'clip={"x": 0, "y": 0, "width": 9, "height": 9}',
)
def test_a_picture_taken_again_is_the_same(chromium: Browser, audited: str, tmp_path: Path) -> None:
    for again in ("one", "two"):
        take(chromium, audited, "output", tmp_path / again)
    one, two = (sorted((tmp_path / again).rglob("*.png")) for again in ("one", "two"))
    assert len(one) == len(LANGUAGES) * len(SCHEMES)
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert all(path.stat().st_size > MOST / 10 for path in one)
