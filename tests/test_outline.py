"""What a page consists of: each part with its line, and the same as the site makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder

import pytest
from jinja2 import Environment, meta
from markdown import Markdown
from mkdocs.config import load_config

from kubebook.outline import outline
from kubebook.pages import FRONT

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
EVERYTHING = """\
---
description: All that a page can have.
---
# Title { #title }

A [link](a.md#b "title"), an <https://example.org/>, a ![picture](p.png) and a note.[^one]
A second line with `code`, [another][ref] and <kbd>Ctrl</kbd>.
{{ run("demo/pods") }} {{ value("demo/pods", "table[NAME=web].AGE") }}
{% raw %}`{{ run("nothing") }}`{% endraw %}

[ref]: https://example.org/ref

## Lists {: .wide #lists }

- one
- two with [a link](two.md)

    more of two

    1. nested
    2. [deep](deep.md)

        ```text
        not {% raw %}{{ run("nothing") }}{% endraw %}
        ```

- three

Term
:   What it [means](means.md).

## Boxes

!!! note "A [title](title.md)"

    Inside.

    ??? question

        {{ output("demo/pods") }}


        | a | b |
        |---|---|
        | 1 | [x](x.md) |
        | 2 | 3[^one] |

    After two blank lines.

outside
!!! warning
    Without a blank line before it.
???+ tip "Open"
    > quoted [words](q.md)

=== "One"

    ```bash title="in a tab"
    echo one
    ```

=== "Two"

    two

---

    indented code

[^one]: A note with [its source](source.md),

    and more of it: [more](more.md).
"""


@pytest.mark.fault("kubebook/outline.py", "self.line += 1", "pass")
@pytest.mark.fault("kubebook/outline.py", 'return "\\n" * match[0].count("\\n")', 'return ""')
def test_everything_has_its_line() -> None:
    found = outline(EVERYTHING)
    assert [
        (section.line, str(section), [(part.line, str(part)) for part in section.ordered])
        for section in found.sections
    ] == [
        (1, "the beginning", []),
        (4, "# { #title }", [(6, "image p.png"), (8, '{{ run("demo/pods") }}')]),
        (13, "## { #lists }", [
            (15, "list of 3"), (20, "numbered list of 2 in a list"),
            (23, "code block text in a list"), (29, "definition list of 2"),
        ]),
        (32, "##", [
            (34, "!!! note"), (38, "??? question in a box"),
            (40, '{{ output("demo/pods") }} in a box'),
            (43, "table of 3 × 2 in a box"),
            (51, "!!! warning"), (53, "???+ tip"), (54, "quote in a box"), (56, "==="),
            (58, "code block bash in a box"), (62, "==="), (66, "rule"), (68, "code block"),
        ]),
    ]  # fmt: skip
    loose = [(part.line, part.what) for section in found.sections for part in section.loose]
    assert loose == [
        (6, "link to a.md#b"), (6, "link to https://example.org/"), (6, "[^one]"),
        (7, "link to https://example.org/ref"), (7, "<kbd>"),
        (8, '{{ value("demo/pods", "table[NAME=web].AGE") }}'), (16, "link to two.md"),
        (21, "link to deep.md"), (30, "link to means.md"), (34, "link to title.md"),
        (45, "link to x.md"), (46, "[^one]"), (54, "link to q.md"),
    ]  # fmt: skip
    notes = [(note.line, str(note), [part.line for part in note.loose]) for note in found.footnotes]
    assert notes == [(70, "[^one]:", [70, 72])]


# An outline must be what readers see: it reads CommonMark, the site is made by Python-Markdown.


def written() -> list[str]:
    """The pages, but for those whose rows only a build can count: it makes them in loops."""
    pages = [p for p in DOCS.rglob("*.md") if "{% for" not in p.read_text(encoding="utf-8")]
    return [str(page.relative_to(DOCS)) for page in pages]


@pytest.mark.fault("kubebook/outline.py", "INDENT = 4 ", "INDENT = 8 ")
@pytest.mark.fault("kubebook/outline.py", "state.isEmpty(last) or ", "")
@pytest.mark.fault("kubebook/outline.py", '.enable("table")', "")
@pytest.mark.parametrize("page", ["", *written()])
def test_the_site_has_the_same_in_the_same_places(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8") if page else EVERYTHING
    sections = outline(text).sections
    found = [("heading", str(section), ()) for section in sections[1:]]
    for kind in ("ordered", "loose"):
        found += [
            (kind, "code block" if part.kind == "fence" else part.what, part.within)
            for section in sections
            for part in getattr(section, kind)
            if part.kind not in ("macro", "value", "html_inline")
        ]
    made = [*seen(site_of(text), ())]
    assert found == [
        one for kind in ("heading", "ordered", "loose") for one in made if one[0] == kind
    ]


TAG = re.compile(r"\{%-? (?!raw|endraw).*?%\}")
LISTS = {"ul": "list", "ol": "numbered list", "dl": "definition list"}
AROUND = {**dict.fromkeys(LISTS, "a list"), "blockquote": "a quote", "table": "a table"}
OTHERS = {"blockquote": "quote", "hr": "rule", "pre": "code block"}


def seen(node: Element, within: tuple[str, ...]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What the site shows, as an outline says it."""
    tag, classes = node.tag, node.get("class", "").split()
    around = AROUND.get(tag)
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        own = f" {{ #{node.get('id')} }}" if node.get("id") != "boxes" else ""
        yield "heading", "#" * int(tag[1]) + own, within
    elif tag in LISTS:
        yield "ordered", f"{LISTS[tag]} of {len(node)}", within
    elif tag == "table":
        rows = [*node.iter("tr")]
        yield "ordered", f"table of {len(rows)} × {len(rows[0])}", within
    elif tag in OTHERS:
        yield "ordered", OTHERS[tag], within
    elif tag == "img":
        yield "ordered", f"image {node.get('src')}", within
    elif tag == "a" and "footnote-ref" in classes:
        yield "loose", f"[^{node.get('href').removeprefix('#fn:')}]", within
    elif tag == "a" and "headerlink" not in classes and node.get("href") != str(Word()):
        yield "loose", f"link to {node.get('href')}", within
    elif "kb-terms" in classes:
        yield "loose", f"<{tag}>", within
    elif box := box_of(node, classes):
        around = "a box"
        yield "ordered", box, within
    for child in node if "footnote" not in classes else ():
        yield from seen(child, (*within, around) if around else within)


def box_of(node: Element, classes: list[str]) -> str:
    if node.tag == "details":
        return " ".join(["???+" if node.get("open") else "???", *classes])
    if "admonition" in classes:
        return " ".join(["!!!", *(name for name in classes if name != "admonition")])
    return "===" if "tabbed-block" in classes else ""


def site_of(text: str) -> Element:
    """The elements that the site's own Markdown, with its extensions, makes of a page."""
    jinja = Environment(comment_start_string="{##", comment_end_string="##}")
    source = TAG.sub("word", FRONT.sub("", text))
    names = meta.find_undeclared_variables(jinja.parse(source))
    tree = Tree()
    page = jinja.from_string(source).render(dict.fromkeys(names, Word()))
    tree.feed(markdown().reset().convert(page))
    return tree.elements.close()


class Word:
    """What any expression of a page stands for."""

    def __getattr__(self, name: str) -> Word:
        return self

    def __call__(self, *_: object) -> Word:
        return self

    def __str__(self) -> str:
        return "word"


@cache
def markdown() -> Markdown:
    config = load_config(str(ROOT / "mkdocs.yml"))
    return Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)


class Tree(HTMLParser):
    """HTML as elements."""

    def __init__(self) -> None:
        super().__init__()
        self.elements = TreeBuilder()
        self.elements.start("article", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.start(tag, {name: value or "" for name, value in attrs})
        if tag in ("br", "hr", "img", "input"):
            self.elements.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.elements.end(tag)
