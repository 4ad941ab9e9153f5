"""What a Markdown page consists of apart from its words: what its translation has to have as well.

Pages are read as CommonMark with what Python-Markdown and its extensions, which make the site, add
to it: tables, footnotes, definition lists, admonitions, details and content tabs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from kubebook.pages import CHARTS, FRONT, MACROS, TEXT

INDENT = 4  # columns that Python-Markdown asks for before what stands inside a box
RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
REMARK = re.compile(r"\{##.*?##\}", re.DOTALL)
JINJA = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}|\{%-?\s*(.*?)\s*-?%\}", re.DOTALL)
CALL = re.compile(rf"({'|'.join(MACROS)})\s*\((.*)\)", re.DOTALL)
SAID, QUOTED = re.compile(r'"[^"]*[^!-~][^"]*"'), '"…"'  # words in an expression: for readers
WORDY = ("diagram", *CHARTS)  # macros whose last text is for readers
ANCHOR = re.compile(r"\{:?[^{}]*#([\w-]+)[^{}]*\}\s*\Z")
BOX = re.compile(
    r'(?P<mark>!!!|\?\?\?\+?) ?(?P<kind>[\w-]+(?: +[\w-]+)*)?(?: *"(?P<title>.*)")? *\Z'
    r'|(?P<tab>={3}[!+]*) +"(?P<label>.*)" *\Z'
)
TAG = re.compile(r"<([a-z][\w-]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Something that a page has in every language.

    `what` says it in one line, `within` what is around it, from outside in; `line` counts from 1.
    The `text` of code begins on that line.
    """

    kind: str
    what: str
    within: tuple[str, ...]
    line: int = field(compare=False)
    text: str = field(compare=False)

    def __str__(self) -> str:
        return f"{self.what} in {self.within[-1]}" if self.within else self.what


@dataclass(frozen=True)
class Section:
    """A heading or a footnote with all that stands under it.

    `ordered` are the parts in their order; that of the `loose` ones, such as links, is up to the
    sentences in which they stand.
    """

    name: str
    line: int = field(compare=False)
    ordered: list[Part] = field(default_factory=list, compare=False)
    loose: list[Part] = field(default_factory=list, compare=False)

    def __str__(self) -> str:
        return self.name or "the beginning"


@dataclass(frozen=True)
class Outline:
    """A page: its sections, of which the first stands above all headings, and its footnotes."""

    sections: list[Section]
    footnotes: list[Section]


def outline(text: str) -> Outline:
    """The outline of a Markdown page."""
    text = FRONT.sub(_blank, text)
    text = RAW.sub(lambda raw: raw[1].replace("{{", "{ {"), text)
    walk = Walk(Section("", 1))
    walk.into(SyntaxTreeNode(_markdown().parse(REMARK.sub(_blank, text))), ())
    return walk.outline


class Walk:
    """A way through the tree of a page, in the order of its lines."""

    def __init__(self, first: Section) -> None:
        self.outline = Outline([first], [])
        self.section = first
        self.line = 1

    def into(self, node: SyntaxTreeNode, within: tuple[str, ...]) -> None:
        """Note down a node and everything inside it."""
        if not node.is_root and node.map:
            self.line = node.map[0] + 1
        if node.type == "footnote_reference":
            return self._footnote(node, within)
        if node.type == "heading":
            self.section = Section(_heading(node), self.line)
            self.outline.sections.append(self.section)
        elif node.type in ("softbreak", "hardbreak"):
            self.line += 1
        elif node.type in ("html_block", "html_inline"):
            for tag in TAG.findall(node.content):
                self._loose(node, f"<{tag.lower()}>", within)
        elif node.type in LOOSE:
            self._loose(node, LOOSE[node.type](node), within)
        elif node.type in ORDERED:
            text = f"{node.info}\n{node.content}" if node.type == "fence" else ""
            what = ORDERED[node.type](node)
            self.section.ordered.append(Part(node.type, what, within, self.line, text))
        inside = (*within, AROUND[node.type]) if node.type in AROUND else within
        for child in node.children:
            self.into(child, inside)
        return None

    def _loose(self, node: SyntaxTreeNode, what: str, within: tuple[str, ...]) -> None:
        self.section.loose.append(Part(node.type, what, within, self.line, ""))

    def _footnote(self, node: SyntaxTreeNode, within: tuple[str, ...]) -> None:
        before, self.section = self.section, Section(f"[^{node.meta['label']}]:", self.line)
        self.outline.footnotes.append(self.section)
        for child in node.children:
            self.into(child, within)
        self.section = before


def _heading(node: SyntaxTreeNode) -> str:
    anchor = ANCHOR.search(node.children[0].content)
    return "#" * int(node.tag[1:]) + (f" {{ #{anchor[1]} }}" if anchor else "")


def _table(node: SyntaxTreeNode) -> str:
    rows = [row for part in node.children for row in part.children]
    return f"table of {len(rows)} × {len(rows[0].children)}"


Say = Callable[[SyntaxTreeNode], str]
ORDERED: dict[str, Say] = {
    "box": lambda node: node.info,
    "bullet_list": lambda node: f"list of {len(node.children)}",
    "ordered_list": lambda node: f"numbered list of {len(node.children)}",
    "dl": lambda node: f"definition list of {len(node.children)}",
    "blockquote": lambda _: "quote",
    "table": _table,
    "fence": lambda node: f"code block {node.info.partition(' ')[0]}".strip(),
    "code_block": lambda _: "code block",
    "hr": lambda _: "rule",
    "image": lambda node: f"image {node.attrs['src']}",
    "macro": lambda node: node.content,
}
LOOSE: dict[str, Say] = {
    "link": lambda node: f"link to {node.attrs['href']}",
    "footnote_ref": lambda node: f"[^{node.meta['label']}]",
    "value": lambda node: node.content,
}
AROUND = {
    "box": "a box",
    "bullet_list": "a list",
    "ordered_list": "a list",
    "dl": "a list",
    "blockquote": "a quote",
    "table": "a table",
}


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.use(deflist_plugin)
    markdown.use(footnote_plugin, inline=False, move_to_end=False)
    markdown.inline.ruler.before("escape", "jinja", _jinja_rule)
    markdown.block.ruler.before(
        "fence", "box", _box_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    return markdown


def _jinja_rule(state: StateInline, silent: bool) -> bool:
    """A macro that shows something, a value in a sentence, or a tag such as {% for … %}."""
    jinja = JINJA.match(state.src, state.pos)
    if not jinja:
        return False
    if not silent:
        value, tag = jinja.groups()
        call = CALL.fullmatch(value or "")
        shows = value is None or (call and call[1] != "value")
        shown = _call(call) if call else SAID.sub(QUOTED, value or "")
        said = f"{{% {tag} %}}" if value is None else f"{{{{ {shown} }}}}"
        state.push("macro" if shows else "value", "", 0).content = said
    state.pos = jinja.end()
    return True


def _call(call: re.Match[str]) -> str:
    """A macro call without what it tells readers in their language."""
    texts = [double or single for double, single in re.findall(TEXT, call[2])]
    shared = texts[:-1] if call[1] in WORDY else texts
    return f"{call[1]}({', '.join(json.dumps(text, ensure_ascii=False) for text in shared)})"


def _box_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`!!! kind`, `??? kind` or `=== "label"`, and the lines under it that are set in."""
    box = BOX.match(state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]])
    if not box or state.is_code_block(start):
        return False
    if silent:
        return True
    inside, last = state.sCount[start] + INDENT, start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= inside):
        last += 1
    opening = state.push("box_open", "", 1)
    opening.map = [start, last]
    opening.info = box["tab"] or f"{box['mark']} {box['kind'] or ''}".strip()
    title = state.push("inline", "", 0)
    title.map, title.children = [start, start + 1], []
    title.content = box["label"] or box["title"] or ""
    before = state.blkIndent, state.lineMax, state.parentType
    state.blkIndent, state.lineMax, state.parentType = inside, last, "box"
    state.md.block.tokenize(state, start + 1, last)
    state.blkIndent, state.lineMax, state.parentType = before
    state.push("box_close", "", -1)
    state.line = last
    return True


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
