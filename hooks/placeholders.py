"""Finished HTML steps aside while Jinja and Markdown run, and comes back as it was."""

from __future__ import annotations

import os
import re
from html import escape
from textwrap import indent

from kubebook.show import Shown
from kubebook.text import visible


class Placeholders:
    """One page's HTML by name. No page and no output can guess a name, so none can be forged."""

    def __init__(self) -> None:
        self._token = f"kubebook{os.urandom(12).hex()}n"
        self._shown: dict[str, Shown] = {}
        self._name = re.compile(rf"{self._token}\d+e")

    def put(self, shown: Shown) -> str:
        """A word of letters and digits to stand for `shown`: Markdown leaves it alone."""
        name = f"{self._token}{len(self._shown)}e"
        self._shown[name] = shown
        return name

    def find(self, text: str) -> list[Shown]:
        """What the names in `text` stand for."""
        return [self._shown[name] for name in self._name.findall(text)]

    def fill(self, html: str) -> str:
        """Put everything back: blocks out of their paragraphs, plain text into attributes."""
        html = re.sub(r"<p>((?:(?!</?p\b).)*)</p>", self._paragraph, html, flags=re.DOTALL)
        html = re.sub(rf"<[^<>]*{self._token}[^<>]*>", self._tag, html)
        return self._name.sub(lambda name: self._shown[name[0]].html, html)

    def index(self, html: str) -> str:
        """The words of everything, for a search: blocks keep their lines."""
        return self._name.sub(lambda name: self._words(self._shown[name[0]]), html)

    def markdown(self, text: str) -> str:
        """Markdown with everything in its place: blocks as fences, as far in as they stood."""
        text = re.sub(rf"^( *)({self._name.pattern}) *$", self._fence, text, flags=re.MULTILINE)
        return self._name.sub(lambda name: f"`{self._shown[name[0]].text}`", text)

    def plain(self, text: str) -> str:
        """Text with names replaced by plain words, for titles and attributes."""
        return self._name.sub(lambda name: escape(self._shown[name[0]].text), text)

    def _paragraph(self, paragraph: re.Match[str]) -> str:
        """A block may not stand in <p>: end the paragraph before it and go on after it."""
        parts = self._name.split(paragraph[1])
        names = self._name.findall(paragraph[1])
        out = parts[0]
        for name, text in zip(names, parts[1:], strict=True):
            out += name + text if self._shown[name].inline else f"</p>{name}<p>{text}"
        return re.sub(r"<p>\s*</p>", "", f"<p>{out}</p>")

    def _fence(self, line: re.Match[str]) -> str:
        shown = self._shown[line[2]]
        if shown.inline:
            return line[0]
        fence = "`" * max([3, *(len(ticks) + 1 for ticks in re.findall("`+", shown.text))])
        return indent("\n".join((fence, visible(shown.text).rstrip("\n"), fence)), line[1])

    def _words(self, shown: Shown) -> str:
        words = escape(visible(shown.text))
        return words if shown.inline else f"<pre>{words}</pre>"

    def _tag(self, tag: re.Match[str]) -> str:
        return self.plain(tag[0])
