"""The search's part of the build: the glossary in the index, the worker in Material's place."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from demo import environment, make_book, mkdocs, say_of, write

from hooks.search import terms_in, with_own_search

GLOSSARY = """\
# 용어집 { #glossary }

| 아무 | 표 | 뜻 |
| a | b | c |

## 쿠버네티스 { #kubernetes }

| 한국어 | English | 뜻 |
|---|---|---|
| 노드포트 | NodePort | `NodePort` 서비스의 포트 |
| 네트워크 플러그인 | network plugin (CNI) | 파드의 네트워크 |

표가 아닌 | 줄
"""


@pytest.mark.fault("hooks/search.py", "below = True", "below = False")
@pytest.mark.fault("hooks/search.py", "*BRACKETS.findall(cell)", "")
def test_terms_are_the_rows_of_tables_below_their_heads() -> None:
    assert list(terms_in(GLOSSARY, "glossary/")) == [
        {
            "names": ["노드포트", "NodePort"],
            "text": "NodePort 서비스의 포트",
            "location": "glossary/#kubernetes",
        },
        {
            "names": ["네트워크 플러그인", "network plugin", "CNI"],
            "text": "파드의 네트워크",
            "location": "glossary/#kubernetes",
        },
    ]


@pytest.mark.fault("hooks/search.py", "if count != 1:", "if False:")
def test_a_theme_that_names_no_worker_is_an_error() -> None:
    settings = '{"base": ".", "search": "../assets/javascripts/workers/search.a7633da7.min.js"}'
    changed = json.loads(with_own_search(settings, "../assets/search.js"))
    assert changed == {"base": ".", "search": "../assets/search.js"}
    with pytest.raises(ValueError, match="no search worker"):
        with_own_search('{"base": "."}', "assets/search.js")


@pytest.mark.fault(
    "hooks/search.py", '["about"][page.url] = page.meta.get("description", "")', '["about"] = {}'
)
@pytest.mark.fault("hooks/search.py", "@event_priority(-50)", "@event_priority(50)")
def test_the_index_holds_terms_and_descriptions(tmp_path: Path) -> None:
    make_book(tmp_path / "book")
    for language in ("ko", "en"):
        write(tmp_path / "book/docs" / language / "glossary.md", GLOSSARY)
    page = tmp_path / "book/docs/en/demo/index.md"
    say_of(page, "description: What is there.")
    subprocess.run(
        mkdocs("build", "--quiet", "--site-dir", str(tmp_path / "site")),
        cwd=tmp_path / "book", env=environment(), check=True,
    )  # fmt: skip
    text = (tmp_path / "site/en/search/search_index.json").read_text(encoding="utf-8")
    index = json.loads(text)
    assert [term["names"][0] for term in index["config"]["terms"]] == [
        "노드포트",
        "네트워크 플러그인",
    ]
    assert index["config"]["about"]["demo/"] == "What is there."
    assert "노드포트" in text  # as it is: six letters for each would double the index
