"""Which pages show which snippets, and whether every name on a page is one that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kubebook.diagrams import drawing, is_drawn
from kubebook.errors import BookError, did_you_mean
from kubebook.library import Library
from kubebook.snippet import Cell, Snippet
from kubebook.text import read_text

SHOWS = ("run", "output", "code")
CHARTS = ("timeline", "bars")
MACROS = (*SHOWS, *CHARTS, "file", "value", "diagram")
TAKES = (  # the texts that a call consists of
    dict.fromkeys(MACROS, ("one id",))
    | dict.fromkeys(CHARTS, ("an id", "a column", "another one", "a title"))
    | {"value": ("an id", "a path"), "diagram": ("a name", "what it shows")}
)

TEXT = r"""(?:"([^"\n]*)"|'([^'\n]*)')"""
CALL = re.compile(rf"\{{\{{-?\s*({'|'.join(MACROS)})\b\s*\((.*?)\)\s*-?\}}\}}", re.DOTALL)
ARGUMENTS = re.compile(rf"\s*{TEXT}\s*(?:,\s*{TEXT}\s*)*\Z")
FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)  # front matter
QUIET = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}|\{##.*?##\}", re.DOTALL)


@dataclass(frozen=True)
class Use:
    """One macro call on a page: `{{ macro("id", *rest) }}`, such as `{{ value("id", "path") }}`."""

    macro: str
    id: str
    rest: tuple[str, ...]
    page: Path
    line: int = field(compare=False)

    def error(self, message: str, hint: str = "") -> BookError:
        """Something wrong with this call, with its place."""
        return BookError(message, path=self.page, line=self.line, hint=hint)


@dataclass(frozen=True)
class Calls:
    """The macro calls of Markdown pages; each page is read once."""

    _known: dict[Path, list[Use | BookError]] = field(default_factory=dict)
    _texts: dict[Path, str] = field(default_factory=dict)

    def text(self, page: Path) -> str:
        """All of a page, as it is written."""
        if page not in self._texts:
            self._texts[page] = read_text(page)
        return self._texts[page]

    def on(self, page: Path) -> list[Use]:
        """The calls on a page, in order; those in {% raw %} and {## ##} do not count.

        Raises:
            BookError: a call names its snippet by anything but text in quotes.
        """
        return [_sound(call) for call in self._all(page)]

    def find(self, call: Use) -> Use:
        """A call with its line: that of the first like it on its page, 1 if its page has none."""
        return next((use for use in self._all(call.page) if use == call), call)

    def _all(self, page: Path) -> list[Use | BookError]:
        if page not in self._known:
            text = QUIET.sub(_blank, self.text(page))  # its lines keep their numbers
            self._known[page] = [_use(page, text, call) for call in CALL.finditer(text)]
        return self._known[page]


def parts(library: Library, use: Use) -> tuple[Snippet, tuple[Cell, ...]]:
    """The snippet that a call names, and the cells of it: one after `#`, else all.

    Raises:
        BookError: there is none, or a value is asked of several cells.
    """
    snippet_id, _, name = use.id.partition("#")
    if snippet_id not in library.snippets:
        hint = did_you_mean(snippet_id, [*library.snippets])
        raise use.error(f'no snippet "{snippet_id}"', hint)
    snippet = library.snippets[snippet_id]
    names = [cell.name for cell in snippet.cells]
    if "#" not in use.id:
        if use.macro in ("value", *CHARTS) and len(names) > 1:
            raise use.error(f'"{use.id}" has cells', f'name one: "{use.id}#{names[0]}"')
        return snippet, snippet.cells
    if not name or name not in names:
        hint = did_you_mean(name, names) if names != [""] else "the snippet has no cells"
        raise use.error(f'no cell "{name}" in "{snippet_id}"', hint)
    return snippet, (snippet.cell(name),)


def file(library: Library, use: Use) -> Path:
    """The file beside the snippets that `{{ file("CHAPTER/NAME") }}` names.

    Raises:
        BookError: no snippet uses such a file.
    """
    folder = library.book.snippets
    known = {
        f"{snippet.folder.relative_to(folder)}/{name}"
        for snippet in library.snippets.values()
        for name in (*snippet.files, *snippet.modules, snippet.path.name)
    }
    if use.id not in known:
        raise use.error(f'no snippet uses a file "{use.id}"', did_you_mean(use.id, sorted(known)))
    return folder / use.id


def diagram(library: Library, use: Use) -> Path:
    """The drawing of `{{ diagram("CHAPTER/NAME", "what it shows") }}`, in the page's language.

    Raises:
        BookError: there is none, or it is older than its source.
    """
    root = next(root for root in library.book.pages if use.page.is_relative_to(root))
    source = root / f"{use.id}.dot"
    if not source.is_file():
        known = [
            str(path.relative_to(root).with_suffix("")) for path in sorted(root.rglob("*.dot"))
        ]
        raise use.error(f'no diagram "{use.id}"', did_you_mean(use.id, known))
    if not is_drawn(source):
        raise use.error(f"{use.id}.dot was changed after it was drawn", "make diagrams")
    return drawing(source)


@dataclass(frozen=True)
class Pages:
    """The macro calls of all pages, by the folder of their language."""

    library: Library
    calls: Calls = field(default_factory=Calls)

    @cached_property
    def uses(self) -> dict[Path, list[Use]]:
        return {
            root: [use for page in sorted(root.rglob("*.md")) for use in self.calls.on(page)]
            for root in self.library.book.pages
        }

    def unknown(self) -> Iterator[BookError]:
        """Calls that name a snippet, cell or file which does not exist."""
        for use in (use for found in self.uses.values() for use in found):
            try:
                find = {"file": file, "diagram": diagram}.get(use.macro, parts)
                find(self.library, use)
            except BookError as error:
                yield error

    def unshown(self) -> Iterator[BookError]:
        """Snippets that no page of some language shows."""
        for root, found in self.uses.items():
            shown = {use.id.partition("#")[0] for use in found if use.macro in SHOWS}
            for snippet in self.library.snippets.values():
                if snippet.id not in shown:
                    yield BookError(
                        f"no page in {root.relative_to(self.library.book.root)} shows it",
                        path=snippet.path, line=1, hint=f'show it: {{{{ run("{snippet.id}") }}}}',
                    )  # fmt: skip


def check_pages(library: Library) -> None:
    """Compare all pages with the snippets.

    Raises:
        BookError: the first call that names what does not exist, with its page and line, or the
            first snippet that a language shows on no page.
    """
    pages = Pages(library)
    for error in (*pages.unknown(), *pages.unshown()):
        raise error


def _use(page: Path, text: str, call: re.Match[str]) -> Use | BookError:
    line = text.count("\n", 0, call.start()) + 1
    arguments = ARGUMENTS.match(call[2])
    use = Use(call[1], "", (), page, line)
    if not arguments:
        hint = f'write {{{{ {use.macro}("CHAPTER/NAME") }}}}'
        return use.error(f"{use.macro}() takes text in quotes, not: {call[2]}", hint)
    first, *rest = (a or b for a, b in re.findall(TEXT, call[2]))
    return Use(use.macro, first, tuple(rest), page, line)


def _sound(call: Use | BookError) -> Use:
    if isinstance(call, BookError):
        raise call
    return call


def _blank(quiet: re.Match[str]) -> str:
    return "\n" * quiet[0].count("\n")
