"""The published site as a whole: its links, its two languages, what search engines read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from published import ADDRESS, LANGUAGES, addresses

HANGUL = re.compile("[가-힣]")
MAIN, SWITCH = "docs/theme/main.html", "docs/theme/partials/alternate.html"
LOST = {"no/such/page/": "404.html", "en/no/such/page/": "en/404.html"}  # where none is found
OTHERS = re.compile("<template .*?</template>", re.DOTALL)  # what the root's 404 page may become


@dataclass
class Document(HTMLParser):
    """What a page's tags say: where it can be entered, where it leads, words in attributes."""

    address: str
    html: str
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    title: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.inside = ""
        self.feed(self.html)
        self.words += re.findall('md-copyright__highlight">(.*?)</div>', self.html, re.DOTALL)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        self.inside = found.get("id", tag)
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        self.links += [found[name] for name in ("href", "src") if name in found]
        said = ("aria-label", "title", "alt", "placeholder")
        self.words += [found[name] for name in said if name in found]

    def handle_data(self, data: str) -> None:
        self.title += data if self.inside == "title" else ""
        if self.inside == "__config":  # what Material's script reads
            settings = json.loads(data)
            self.links.append(settings["search"])
            self.words += settings["translations"].values()

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def attributes(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of all tags of a kind that have these values among their words."""
        return [
            found
            for name, found in self.tags
            if name == tag
            and all(value in found.get(key, "").split() for key, value in wanted.items())
        ]


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, Document]:
    """All pages by their address in the site."""
    files = {path: f"{path}index.html" for path in addresses()} | LOST
    return {
        path: Document(ADDRESS + path, OTHERS.sub("", (built / file).read_text(encoding="utf-8")))
        for path, file in files.items()
    }


def language_of(path: str) -> str:
    return "en" if path.startswith("en/") else "ko"


def test_every_page_of_the_book_is_published_and_no_other(built: Path) -> None:
    found = {f"{file.parent.relative_to(built).as_posix()}/" for file in built.rglob("index.html")}
    assert {path.removeprefix("./") for path in found} == {*addresses()}
    assert {str(file.relative_to(built)) for file in built.rglob("404.html")} == {*LOST.values()}


# Links


def broken(built: Path, pages: dict[str, Document], page: Document) -> Iterator[str]:
    """The links of a page that lead nowhere within the site."""
    for link in page.links:
        whole, anchor = urldefrag(urljoin(page.address, link))
        if not whole.startswith(ADDRESS) or link.startswith("data:"):
            continue
        path = unquote(whole.removeprefix(ADDRESS))
        if path not in pages:
            if not (built / path).is_file() or anchor:
                yield link
        elif anchor and unquote(anchor) not in pages[path].ids:
            yield link


@pytest.mark.fault("mkdocs.yml", "extra_css: [", "extra_css: [assets/gone.css, ")
@pytest.mark.fault("docs/theme/404.html", '{{ one.link }}" target="_self">first', 'first">first')
@pytest.mark.fault(SWITCH, "{{ alternate.link }}", "{{ alternate.link }}#none")
def test_every_link_and_anchor_leads_somewhere(built: Path, pages: dict[str, Document]) -> None:
    assert sum(len(page.links) for page in pages.values()) > 5000
    found = {path: [*broken(built, pages, page)] for path, page in pages.items()}
    assert {path: links for path, links in found.items() if links} == {}


@pytest.mark.fault("docs/theme/404.html", '{{ one.link }}" target="_self">첫', '../">첫')
def test_the_404_page_has_no_link_that_depends_on_where_it_is_met(
    pages: dict[str, Document],
) -> None:
    links = [link for path in LOST for link in pages[path].links]
    assert [link for link in links if not link.startswith(("/", "https://", "#"))] == []


@pytest.mark.fault("mkdocs.yml", "font: false", "font: {text: Roboto}")
def test_nothing_is_asked_of_other_hosts(pages: dict[str, Document]) -> None:
    for page in pages.values():
        loaded = [t.get("src", "") for name, t in page.tags if name != "a"]
        loaded += [link["href"] for link in page.attributes("link", rel="stylesheet")]
        assert [url for url in loaded if "//" in url] == []


# What search engines read


@pytest.mark.fault("hooks/languages.py", "href=base + path", "href=base + url")
@pytest.mark.fault(MAIN, 'rel="alternate "', 'rel="alternative"')
def test_pages_name_themselves_and_their_twins(pages: dict[str, Document]) -> None:
    for path in addresses():
        page = pages[path]
        assert [link["href"] for link in page.attributes("link", rel="canonical")] == [page.address]
        twins = {
            twin["hreflang"]: twin["href"] for twin in page.attributes("link", rel="alternate")
        }
        assert twins[language_of(path)] == page.address
        assert twins.keys() == LANGUAGES.keys()
        for twin in twins.values():
            other = pages[twin.removeprefix(ADDRESS)]
            assert {"href": twins["ko"]}.items() <= other.attributes("link", hreflang="ko")[
                0
            ].items()


@pytest.mark.fault("hooks/languages.py", "    join_sitemaps(", "    str(")
def test_one_sitemap_lists_every_page_once(built: Path) -> None:
    listed = re.findall("<loc>(.*?)</loc>", (built / "sitemap.xml").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(ADDRESS + path for path in addresses())


@pytest.mark.fault(MAIN, "{% if title != config.site_name %}", "{% if false %}")
def test_titles_and_descriptions_tell_pages_apart(pages: dict[str, Document]) -> None:
    for language in LANGUAGES:
        ours = [page for path, page in pages.items() if language_of(path) == language]
        titles = [page.title.strip() for page in ours]
        assert len({*titles}) == len(titles)
        assert all(title.endswith(" - kubebook") for title in titles)
        texts = [page.attributes("meta", name="description")[0]["content"] for page in ours]
        assert all(bool(HANGUL.search(text)) == (language == "ko") for text in texts)
        assert all(len(text) <= 200 for text in texts)


# Words in the page's language


@pytest.mark.fault("hooks/languages.py", 'config.mdx_configs["footnotes"]', "footnotes")
@pytest.mark.fault("hooks/languages.py", 'palette["toggle"]["name"] = say', "str")
@pytest.mark.fault("hooks/languages.py", 'config.theme["language"] = language', "pass")
@pytest.mark.fault(
    "hooks/languages.py", "config.copyright = say(", "config.copyright = str.format("
)
def test_pages_speak_one_language(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        language = language_of(path)
        assert page.attributes("html")[0]["lang"] == language
        names = {"kubebook"}  # the same in both
        other = [word for word in page.words if bool(HANGUL.search(word)) != (language == "ko")]
        assert {*other} <= names, path


@pytest.mark.fault("docs/theme/404.html", '<section lang="en">', "<section>")
@pytest.mark.fault(SWITCH, 'lang="{{ alternate.lang }}" target', "target")
def test_words_of_the_other_language_are_marked(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        other = {"ko": "en", "en": "ko"}[language_of(path)]
        marked = page.attributes("a", lang=other)
        assert [link["hreflang"] for link in marked] == [other]
        assert len(page.attributes("section", lang=other)) == (path in LOST)


@pytest.mark.fault("hooks/quoted.py", '<span lang="ko">{found[0]}</span>', "{found[0]}")
def test_korean_on_english_pages_is_marked(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        if language_of(path) == "en":
            body = page.html.partition("<body")[2]
            for element in (r'(\w+)[^>]* lang="ko"', "(script)", "(svg)", "(samp)"):
                body = re.sub(rf"<{element}.*?</\1>", "", body, flags=re.DOTALL)
            assert HANGUL.findall(re.sub("<[^>]*>", "", body)) == [], path
