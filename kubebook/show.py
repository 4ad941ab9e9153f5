"""What a macro call on a page becomes: its arguments in, finished HTML and warnings out.

What makes HTML (highlighting, dates, lookups) is loaded and asked only for what was never shown
before: the rest was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kubebook import pages
from kubebook.broken import broken_of
from kubebook.errors import BookError
from kubebook.history import Change, History
from kubebook.kept import Kept
from kubebook.library import Library
from kubebook.nav import Way, way
from kubebook.pages import Calls, Use
from kubebook.snippet import Cell, Snippet
from kubebook.status import Status, find_record, shown_recording, status_of
from kubebook.text import read_text
from kubebook.words import Words, words

if TYPE_CHECKING:
    from kubebook.stats import Stats


@dataclass(frozen=True)
class Shown:
    """HTML for one call, and its plain `text` for where no tag can stand, and for the search."""

    html: str
    text: str = ""
    inline: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shower:
    """Shows the snippets of one book; a broken book becomes an error in place of each of them."""

    root: Path
    library: Library | BookError
    live: bool = False
    calls: Calls = field(default_factory=Calls)
    kept: Kept = field(default_factory=Kept)
    history: History | None = None
    known: dict[str, Status] = field(default_factory=dict)

    @property
    def book(self) -> Library:
        """The snippets; BookError if the book is broken."""
        if isinstance(self.library, BookError):
            raise self.library
        return self.library

    @cached_property
    def way(self) -> Way:
        """How the book goes, from its first page to its last."""
        return way(self.book, self.calls, self.kept)

    @cached_property
    def stats(self) -> Stats:
        """The book in figures."""
        from kubebook.stats import stats

        return stats(self.book, self.way, self.calls, self._status)

    def show(self, use: Use, words: Words) -> Shown:
        """What stands in the place of a call. Never raises BookError: an error is shown as well."""
        try:
            use = self.calls.find(use)
            return self._show(use, words)
        except BookError as error:
            from kubebook import render

            inline = use.macro == "value"
            html = render.error(self._place(str(error)), words, inline=inline)
            # Whoever loaded a broken book has said so: once, not for every call.
            warnings = () if error is self.library else (self._warning(use, str(error)),)
            return Shown(html, str(error), inline=inline, warnings=warnings)

    def pending(self) -> list[str]:
        """What live mode shows beside what git holds, to tell whether pages have to change."""
        if not self.live or isinstance(self.library, BookError):
            return []
        return [self._beside(snippet_id) for snippet_id in self.library.snippets]

    def _beside(self, snippet_id: str) -> str:
        try:
            status = self._status(snippet_id)
        except BookError as error:  # a damaged recording: the page will say so
            return str(error)
        return repr((status.pending, status.broken))

    def _show(self, use: Use, words: Words) -> Shown:
        if use.macro == "diagram":
            text = read_text(pages.diagram(self.book, use))
            return Shown(self.kept(_diagram, text, use.rest[0]), use.rest[0])
        if use.macro == "file":
            path = pages.file(self.book, use)
            text = read_text(path)
            return Shown(self.kept(_file, path.name, text), text)
        snippet, cells = pages.parts(self.book, use)
        if use.macro == "code":
            text = "\n".join(cell.code for cell in cells)
            return Shown(self.kept(_code, snippet, cells), text)
        status = self._status(snippet.id)
        warnings = tuple(self._warning(use, fault) for fault in faults(status, cells, self.live))
        if use.macro in pages.CHARTS:
            html = self._made(use, status, cells[0])
            return Shown(html, use.rest[-1], warnings=warnings)
        if use.macro == "value":
            text = self._made(use, status, cells[0])
            return Shown(self.kept(_quoted, text), text, inline=True, warnings=warnings)
        past = self.history.versions(snippet.id) if self.history else ()
        html = self.kept(self._outputs, use.macro, status, cells, words.language, self.live, past)
        return Shown(html, self._text(use, status, cells), warnings=warnings)

    def _outputs(
        self,
        macro: str,
        status: Status,
        cells: tuple[Cell, ...],
        language: str,
        live: bool,
        _past: tuple[str, ...],
    ) -> str:
        """Kept, so it is given the names of the older recordings that it reads for itself."""
        from kubebook import render

        make = {"run": render.run, "output": render.outputs}[macro]
        return make(status, cells, words(language), live=live, changes=self._changes(status))

    def _changes(self, status: Status) -> Mapping[str, Change]:
        waits = self.live and status.pending
        if not self.history or not status.recording or waits:
            return {}
        return self.history.changes(status.snippet, status.recording)

    def _text(self, use: Use, status: Status, cells: tuple[Cell, ...]) -> str:
        recording = shown_recording(status, live=self.live)
        parts = []
        for cell in cells:
            record = find_record(recording, cell)
            parts += [cell.code] if use.macro == "run" else []
            parts += [record.output] if record else []
        return "\n".join(parts)

    def _made(self, use: Use, status: Status, cell: Cell) -> str:
        record = find_record(shown_recording(status, live=self.live), cell)
        if not record:
            raise use.error("no output is recorded yet", f"kubebook run {status.snippet.id}")
        try:
            return self.kept(FROM_OUTPUT[use.macro], record.output, *use.rest)
        except ValueError as error:
            raise use.error(f"no such {use.macro} in the output of {use.id}: {error}") from None

    def _status(self, snippet_id: str) -> Status:
        if snippet_id not in self.known:
            status = status_of(self.book, snippet_id)
            if self.live and (broken := broken_of(self.book, snippet_id)):
                status = replace(status, broken=self._place(broken))
            self.known[snippet_id] = status
        return self.known[snippet_id]

    def _warning(self, use: Use, text: str) -> str:
        place = f"{use.page}:{use.line}: "
        return self._place(text if text.startswith(place) else place + text)

    def _place(self, text: str) -> str:
        """Paths from the book's folder: shorter, and none of this machine on a page."""
        return text.replace(f"{self.root}/", "")


def faults(status: Status, cells: tuple[Cell, ...], live: bool) -> list[str]:
    """Why what is shown is not what a reader should see; one sentence each, [] if all is well."""
    name = status.snippet.id
    if status.broken:
        return [f"the last run of {name} failed: {status.broken}\n  kubebook run {name}"]
    recording = shown_recording(status, live=live)
    missing = [cell.id for cell in cells if not find_record(recording, cell)]
    if missing and status.state != "skipped":
        return [f"no output is recorded of {', '.join(missing)}\n  kubebook run {name}"]
    if live and status.pending:
        return [f"a new output of {name} is not accepted\n  kubebook accept {name}"]
    if status.state == "stale":
        changed = ", ".join(status.changed) or "what it depends on"
        return [f"the output of {name} is stale ({changed} changed)\n  kubebook run {name}"]
    return []


# What is kept: each is given all that its result depends on.


def _file(name: str, text: str) -> str:
    from kubebook import render

    return render.file(name, text)


def _code(snippet: Snippet, cells: tuple[Cell, ...]) -> str:
    from kubebook import render

    return "".join(render.code(snippet, cell) for cell in cells)


def _quoted(text: str) -> str:
    from kubebook import render

    return render.value(text)


def _lookup(output: str, path: str) -> str:
    from kubebook.canonical import lookup

    return lookup(output, path)


def _timeline(output: str, times: str, events: str, title: str) -> str:
    from kubebook.canonical import column_texts
    from kubebook.charts import timeline

    return timeline(column_texts(output, times, events), title)


def _bars(output: str, names: str, numbers: str, title: str) -> str:
    from kubebook.canonical import column_texts
    from kubebook.charts import bars

    return bars(column_texts(output, names, numbers), title)


FROM_OUTPUT: dict[str, Callable[..., str]] = {
    "value": _lookup,
    "timeline": _timeline,
    "bars": _bars,
}


def _diagram(svg: str, title: str) -> str:
    from kubebook import diagrams

    return diagrams.figure(svg, title)
