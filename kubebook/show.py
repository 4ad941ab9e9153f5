"""What a macro call on a page becomes: its arguments in, finished HTML and warnings out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kubebook import pages, render
from kubebook.canonical import lookup
from kubebook.errors import BookError
from kubebook.library import Library
from kubebook.pages import Use, find_use
from kubebook.snippet import Cell
from kubebook.status import Status, status_of
from kubebook.text import read_text
from kubebook.words import Words


@dataclass(frozen=True)
class Shown:
    """HTML for one call. An inline one also has plain `text`, for places where no tag can stand."""

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
    known: dict[str, Status] = field(default_factory=dict)

    def show(self, use: Use, words: Words) -> Shown:
        """What stands in the place of a call. Never raises BookError: an error is shown as well."""
        try:
            use = find_use(use)
            return self._show(use, words)
        except BookError as error:
            inline = use.macro == "value"
            html = render.error(self._place(str(error)), words, inline=inline)
            # Whoever loaded a broken book has said so: once, not for every call.
            warnings = () if error is self.library else (self._warning(use, str(error)),)
            return Shown(html, str(error), inline=inline, warnings=warnings)

    def pending(self) -> list[str]:
        """What live mode shows beside what git holds, to tell whether pages have to change."""
        if not self.live or isinstance(self.library, BookError):
            return []
        return [repr(self._status(snippet_id).pending) for snippet_id in self.library.snippets]

    def _show(self, use: Use, words: Words) -> Shown:
        if isinstance(self.library, BookError):
            raise self.library
        if use.macro == "file":
            path = pages.file(self.library, use)
            return Shown(render.file(path.name, read_text(path)))
        snippet, cells = pages.parts(self.library, use)
        if use.macro == "code":
            return Shown("".join(render.code(snippet, cell) for cell in cells))
        status = self._status(snippet.id)
        warnings = tuple(self._warning(use, fault) for fault in faults(status, cells, self.live))
        if use.macro == "value":
            text = self._value(use, status, cells[0])
            return Shown(render.value(text), text, inline=True, warnings=warnings)
        blocks = {"run": render.run, "output": render.outputs}
        return Shown(blocks[use.macro](status, cells, words, live=self.live), warnings=warnings)

    def _value(self, use: Use, status: Status, cell: Cell) -> str:
        recording = render.shown_recording(status, live=self.live)
        record = render.find_record(recording, cell)
        if not record:
            raise use.error("no output is recorded yet", f"kubebook run {status.snippet.id}")
        try:
            return lookup(record.output, use.path)
        except ValueError as error:
            raise use.error(f"no such value in the output of {use.id}: {error}") from None

    def _status(self, snippet_id: str) -> Status:
        assert isinstance(self.library, Library)
        if snippet_id not in self.known:
            self.known[snippet_id] = status_of(self.library, snippet_id)
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
    recording = render.shown_recording(status, live=live)
    missing = [cell.id for cell in cells if not render.find_record(recording, cell)]
    if missing and status.state != "skipped":
        return [f"no output is recorded of {', '.join(missing)}\n  kubebook run {name}"]
    if live and status.pending:
        return [f"a new output of {name} is not accepted\n  kubebook accept {name}"]
    if status.state == "stale":
        changed = ", ".join(status.changed) or "what it depends on"
        return [f"the output of {name} is stale ({changed} changed)\n  kubebook run {name}"]
    return []
