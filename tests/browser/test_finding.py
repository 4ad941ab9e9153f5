"""Search on the real book: the page that a reader means comes first, in both languages."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Site, go, until
from playwright.sync_api import Page, expect

with (Path(__file__).parent / "queries.toml").open("rb") as file:
    QUERIES = tomllib.load(file)["query"]

WORKER = "docs/theme/assets/search.js"
ROOTS = {"ko": "", "en": "en/"}
ASK = """async ([queries, given]) => {
  const config = JSON.parse(document.getElementById("__config").textContent)
  const index = given ?? await (await fetch("search/search_index.json")).json()
  const worker = new Worker(new URL(config.search, location))
  const answer = (type, data) => new Promise(resolve => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.postMessage({ type, data })
  })
  await answer(0, { ...index, options: { suggest: true } })
  const found = []
  for (const query of queries) found.push((await answer(2, query)).data)
  return found
}"""


@dataclass(frozen=True)
class Asker:
    """Asks a language's search worker, in the browser."""

    page: Page
    site: Site

    def ask(self, language: str, *queries: str) -> list[dict[str, Any]]:
        """The worker's answer to each query: {items, suggest}."""
        go(self.page, self.site.url + ROOTS[language])
        return list(self.page.evaluate(ASK, [queries, None]))

    def ask_of(self, index: dict[str, object], query: str) -> dict[str, Any]:
        """The worker's answer for an index of the test's own."""
        go(self.page, self.site.url)
        return dict(self.page.evaluate(ASK, [[query], index])[0])

    def first(self, language: str, *queries: str) -> list[str]:
        """The page that each query finds first, "" for none."""
        return [_first(answer) for answer in self.ask(language, *queries)]


@pytest.fixture
def asker(page: Page, site: Site) -> Iterator[Asker]:
    return Asker(page, site)


def _first(answer: dict) -> str:
    return answer["items"][0][0]["location"].partition("#")[0] if answer["items"] else ""


def address(page: str) -> str:
    """The address of docs/LANGUAGE/PAGE.md, below its language's first page."""
    return f"{page}/".removesuffix("index/").lstrip("/")


def test_the_list_is_long_and_in_both_languages() -> None:
    count = Counter(query["language"] for query in QUERIES)
    assert len(QUERIES) >= 60
    assert min(count["ko"], count["en"]) >= 30


@pytest.mark.fault(WORKER, "const TITLE = 4", "const TITLE = 0")
@pytest.mark.fault(WORKER, "FINALS[code % 28]", '""')
@pytest.mark.fault(WORKER, "if (this.names.has(form))", "if (false)")
@pytest.mark.fault(WORKER, "if (!parts || parts.length < 2) return [word]", "return [word]")
@pytest.mark.fault(WORKER, "on.score *= 1 + this.phrases(on, query)", "on.score *= 1")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_query_of_the_list_finds_its_page_first(asker: Asker, language: str) -> None:
    wanted = {q["text"]: address(q["page"]) for q in QUERIES if q["language"] == language}
    found = dict(zip(wanted, asker.first(language, *wanted), strict=True))
    assert found == wanted


@pytest.mark.fault(WORKER, "if (!short || weight > 0.5)", "if (weight > 0.5)")
@pytest.mark.fault(WORKER, "/^[ㄱ-ㅎ]{2,}$/", "/^$/")
@pytest.mark.fault(WORKER, ", ...this.texts.alike(word)]", "]")
@pytest.mark.fault(WORKER, "...this.texts.heard(word), ", "")
@pytest.mark.fault(WORKER, "whole.length ? whole : begun", "whole")
@pytest.mark.fault(WORKER, "|g(?=e)/g", "/g")
@pytest.mark.fault(WORKER, "piecesOf(word, 2 * limit + 1)", "piecesOf(word, limit + 1)")
@pytest.mark.fault(WORKER, "if (this.says(verb)) return verb", "")
@pytest.mark.fault(
    WORKER, "!isShort(word.slice(0, -ending.length))", "word.length > ending.length + 3"
)
@pytest.mark.fault(WORKER, "!(end === word.length && this.text", "!(false && this.text")
@pytest.mark.fault(WORKER, "if (other && this.says", "if (false && this.says")
@pytest.mark.fault(WORKER, "if (start) return", "if (false) return")
@pytest.mark.fault(WORKER, "const rooted = roots(word)", "const rooted = []")
@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("쿠버네티스클러스터에서 합니다", "클러스터"),
        ("(디플로이먼트)", "디플로이먼트"),
        ("디플로이먼트가 만듭니다", "(디플로이먼트)"),
        ("파드는 돕니다", "파드를"),
        ("리더 선출을 봅니다", "리더선출"),
        ("쿠버네티스의", "쿠버네ㅌ"),
        ("쿠버네티스의", "쿠버넽"),
        ("상황을 봅니다", "상호"),
        ("중첩 가상화를", "중첩가상ㅎ"),
        ("노드를 비운 뒤", "비우려면"),
        ("PDB가 지킵니다", "pdb를"),
        ("`CrashLoopBackOff`를 봅니다", "크래시루프백오프"),
        ("`CrashLoopBackOff`를 봅니다", "크래시루프"),
        ("ImagePullBackOff", "이미지풀백오프"),
        ("kubernetes", "kuberentes"),
        ("the operator", "opeartor"),
        ("reconciliation", "reconcilaition"),
        ("쿠버네티스의", "ㅋㅂㄴㅌㅅ"),
        ("쿠버네티스의", "쿠버네티즈"),
        ("쿠버네티스의", "znqjspxltm"),
        ("the pods", "ㅔㅐㅇㄴ"),
        ("v1.37.2", "1.37"),
        ('User "system:anonymous" cannot', "system:anonymous"),
        ("system:serviceaccount:default:app", "system:serviceaccount:ci:deployer"),
        ("an elected leader", "electing"),
        ("the policy", "policies"),
        ("“quoted” words", '"quoted"'),
    ],
)
def test_a_word_is_found_however_it_is_written(asker: Asker, text: str, query: str) -> None:
    docs = [
        {"location": f"{place}/", "title": "x", "text": f"<p>{words}</p>"}
        for place, words in (("other", "가나다 something else"), ("here", text))
    ]
    found = asker.ask_of({"config": {}, "docs": docs}, query)
    assert [group[0]["location"] for group in found["items"]] == ["here/"]


@pytest.mark.parametrize(
    ("language", "kind"), sorted({(query["language"], query["kind"]) for query in QUERIES})
)
def test_what_is_typed_is_found(page: Page, site: Site, language: str, kind: str) -> None:
    """One query of each kind as a reader types it, in Material's own box and list."""
    query = next(q for q in QUERIES if (q["language"], q["kind"]) == (language, kind))
    type_in(page, site.url + ROOTS[language], query["text"])
    until(
        page,
        "want => document.querySelector('.md-search-result__item a')"
        "?.href.replace(/[?#].*/, '') === want",
        arg=site.url + ROOTS[language] + address(query["page"]),
    )


def type_in(page: Page, url: str, text: str) -> None:
    """Type into the search box of a page."""
    go(page, url)
    box = page.locator("[data-md-component=search-query]").first
    box.focus()
    box.fill(text)
    box.press("End")  # the search listens to keys


@pytest.mark.fault(WORKER, "terms[doc[field].slice(start, end).toLowerCase()] = true", "")
def test_what_was_found_is_marked_here_and_there(page: Page, site: Site) -> None:
    type_in(page, site.url, "노드포트")
    first = page.locator(".md-search-result__item").first
    expect(first.locator("mark").first).to_have_text("노드포트")
    first.locator("a").first.click()
    until(page, "/[?&]h=/.test(location.search)")
    expect(page.locator("article mark", has_text="NodePort").first).to_be_attached()


@pytest.mark.fault(WORKER, "name.toLowerCase().startsWith(tail.toLowerCase())", "false")
@pytest.mark.parametrize(
    ("language", "typed", "whole"),
    [
        ("ko", "노드포", "노드포트"),
        ("ko", "리더 선", "리더 선출"),
        ("en", "nodep", "nodeport"),
        ("en", "kube-pro", "kube-proxy"),
    ],
)
def test_the_glossary_completes_words(
    page: Page, site: Site, language: str, typed: str, whole: str
) -> None:
    type_in(page, site.url + ROOTS[language], typed)
    expect(page.locator("[data-md-component=search-suggest]")).to_have_text(whole)
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-md-component=search-query]").first).to_have_value(whole)


@pytest.mark.fault(WORKER, "this.texts.stems.has(fold(last)) ? [two] : ", "")
@pytest.mark.fault(WORKER, "const last = query.split(/\\s+/).pop()", "const last = part")
def test_words_that_are_whole_are_not_completed(asker: Asker) -> None:
    queries = ("static pod", "drain node", "kubectl top", "runtime-confi")
    assert [answer["suggest"] for answer in asker.ask("en", *queries)] == [[], [], [], []]


def test_what_was_typed_and_found_is_inert(page: Page, site: Site) -> None:
    hostile = '<img src=x onerror="window.hacked = 1"> 파드'
    type_in(page, site.url, hostile)
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    assert page.locator(".md-search-result img").count() == 0
    assert page.evaluate("window.hacked") is None


@pytest.mark.fault(WORKER, 'replace(/[&<>"]/g', "replace(/[]/g")
def test_what_was_printed_is_inert_among_the_results(asker: Asker) -> None:
    printed = "<p>&lt;img src=x onerror=&quot;hack()&quot;&gt; &amp;lt; 파드</p>"
    doc = {"location": "here/", "title": "&lt;b&gt;파드", "text": printed}
    (((item,),),) = (asker.ask_of({"config": {}, "docs": [doc]}, "파드")["items"],)
    assert item["title"] == "&lt;b&gt;<mark>파드</mark>"
    assert item["text"] == "&lt;img src=x onerror=&quot;hack()&quot;&gt; &amp;lt; <mark>파드</mark>"


@pytest.mark.fault(WORKER, "terms[idea.typed] = false", "")
def test_words_that_a_page_lacks_are_named(asker: Asker) -> None:
    answer = asker.ask("ko", "노드포트 바나나우유")[0]
    assert answer["items"][0][0]["terms"]["바나나우유"] is False


@pytest.mark.parametrize("query", ["", "  ", "?!", "()", "\\", "[", "a" * 5000, "ㅋ" * 300])
def test_no_query_is_too_odd(asker: Asker, query: str) -> None:
    assert isinstance(asker.ask("ko", query, "노드포트")[1]["items"], list)


@pytest.mark.fault(WORKER, "typed.length > 3", "typed.length > 2")
@pytest.mark.fault(WORKER, "syllables(stem) <= syllables(word)", "true")
@pytest.mark.parametrize(
    ("text", "query"),
    [("other", "zxqwvut"), ("the detail", "데드라인"), ("unordered", "안될때")],
)
def test_nothing_is_found_for_what_is_nowhere(asker: Asker, text: str, query: str) -> None:
    doc = {"location": "here/", "title": "x", "text": f"<p>{text}</p>"}
    assert asker.ask_of({"config": {}, "docs": [doc]}, query)["items"] == []
