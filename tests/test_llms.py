"""llms.txt and llms-full.txt: all pages of both languages, and the outputs in their text."""

from __future__ import annotations

import re
from pathlib import Path

import demo
import pytest
from demo import HOSTILE, follow, make_book, say_of, write

from hooks.llms import join_listings
from hooks.placeholders import Placeholders
from kubebook.show import Shown

BASE = "https://book.test/sub/"


def build(book: Path, *options: str) -> Path:
    demo.build(book, *options, KUBEBOOK_SITE_URL=BASE)
    return book / "site"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = tmp_path_factory.mktemp("llms")
    make_book(book)
    page = book / "docs/en/index.md"
    say_of(page, "description: What it is about.")
    for language in ("ko", "en"):
        more = book / f"docs/{language}/demo/more.md"
        write(more, text(more) + '\n{{ download("demo.sh") }}\n')
    follow(book)
    return build(book)


@pytest.mark.fault("hooks/llms.py", ".replace(SITE, base_of(config))", "")
@pytest.mark.fault(
    "hooks/languages.py",
    'removesuffix(f"{folder}/" if folder else "")',
    'removesuffix(f"{folder}/")',
)
@pytest.mark.parametrize("folder", ["", "en/"])
def test_links_to_files_are_whole(site: Path, folder: str) -> None:
    assert f'<a href="{BASE}downloads/demo.sh"' in text(site / folder / "llms-full.txt")


@pytest.mark.fault("hooks/llms.py", "event_priority(-200)", "event_priority(200)")
def test_the_root_lists_the_pages_of_both_languages(site: Path) -> None:
    assert (
        text(site / "llms.txt")
        == f"""\
# kubebook

> 쿠버네티스 책. 모든 출력은 실제 클러스터에서 나온 것입니다.
>
> A book on Kubernetes whose outputs come from real clusters.

## 한국어

- [시험 책]({BASE})
- [둘러보기]({BASE}demo/)
- [나머지]({BASE}demo/more/)
- [llms-full.txt]({BASE}llms-full.txt): 출력까지 담은 글 전체

## English

- [Test book]({BASE}en/): What it is about.
- [Looking around]({BASE}en/demo/)
- [The rest]({BASE}en/demo/more/)
- [llms-full.txt]({BASE}en/llms-full.txt): the whole text with its outputs
"""
    )


def test_english_has_a_list_of_its_own(site: Path) -> None:
    own = text(site / "en/llms.txt")
    assert own.startswith("# kubebook\n\n> A book on Kubernetes whose")
    assert re.findall("^## .*", own, re.MULTILINE) == ["## English"]


@pytest.mark.fault("hooks/llms.py", 'split("\\n\\n## ")[0]', 'split("\\n\\n### ")[0]')
def test_joining_lists_twice_changes_nothing(site: Path) -> None:
    once = text(site / "llms.txt")
    join_listings(site, {"ko": "", "en": "en"})
    assert text(site / "llms.txt") == once


@pytest.mark.fault("hooks/book.py", "].markdown(text)", "].plain(text)")
@pytest.mark.fault("hooks/llms.py", "@event_priority(-100)", "@event_priority(100)")
@pytest.mark.parametrize("folder", ["", "en"])
def test_the_whole_text_holds_the_outputs(site: Path, folder: str) -> None:
    whole = text(site / folder / "llms-full.txt")
    assert [*re.findall(r"^<(.*)>\n\n# ", whole, re.MULTILINE)] == [
        f"{BASE}{folder and 'en/'}{page}" for page in ("", "demo/", "demo/more/")
    ]
    assert "\n```\nkubectl apply -f hello.yaml\n" in whole
    assert "web-7c5ddbdf54-2xkqp     0/1     CrashLoopBackOff" in whole
    assert "`http://172.18.0.2:31509`" in whole
    assert "\n    ```\n    ATTRIBUTE   VALUE\n" in whole  # in a list
    assert HOSTILE in whole
    assert not re.search(r"^#.*\{ *#|\{\{ (?!7)|kubebook[0-9a-f]{24}", whole, re.MULTILINE)


@pytest.mark.fault("hooks/placeholders.py", "max([3, *(", "min([3, *(")
def test_a_fence_is_longer_than_what_it_holds() -> None:
    places = Placeholders()
    name = places.put(Shown("<pre>x</pre>", text="````\nx\n"))
    assert places.markdown(f"- a\n\n  {name}\n") == "- a\n\n  `````\n  ````\n  x\n  `````\n"


@pytest.mark.fault("hooks/llms.py", "    if not config.site_url:\n        return\n", "")
def test_from_disk_nothing_has_an_address_to_list(tmp_path: Path) -> None:
    make_book(tmp_path)
    assert [*build(tmp_path, "-f", "mkdocs.offline.yml").rglob("llms*.txt")] == []
