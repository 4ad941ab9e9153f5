"""A chapter as one bash file: all its snippets in reading order, run as the book runs them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from kubebook.errors import BookError, did_you_mean
from kubebook.library import Library
from kubebook.nav import Way
from kubebook.snippet import Cell, Snippet

DRIVERS = Path(__file__).parent / "drivers"
RULE = "# " + "=" * 98
HEAD = """\
#!/usr/bin/env bash
# The chapter "{chapter}" of {book} as one file: its snippets in the order of the pages, each after
# what it needs. Written by `kubebook script {chapter}`.
#
#   bash {chapter}.sh [CLONE]
#
# CLONE is a clone of the book's repository in which kubebook is set up; without it, the folder that
# you are in. Each chain of snippets starts on a cluster of yours that is made anew: what is on it
# is lost (`kubebook cluster reset`). A step that does not end as in the book ends the file. Beside
# the steps stand the addresses of their pages, below that of the book.

book_chapter={chapter}
book_tools={tools}
book_nowhere={nowhere}
"""

Chain = tuple[Snippet, ...]


def chapters(library: Library) -> list[str]:
    """The chapters of a book that have snippets, by their names."""
    return sorted({snippet.folder.name for snippet in library.snippets.values()})


def script(library: Library, chapter: str, way: Way) -> str:
    """The bash file of a chapter. It says itself how it is used.

    Each chain starts on a cluster made anew and without the files of the one before, as the engine
    runs it. The cells of a shell snippet stand there as they are and share a shell; each has to end
    with the status that the book expects. What is not run for the book stands there as a comment.

    Raises:
        BookError: there is no such chapter.
    """
    known = chapters(library)
    if chapter not in known:
        raise BookError(f'no chapter "{chapter}"', hint=did_you_mean(chapter, known))
    place = {name: number for number, name in enumerate(way.snippets)}
    wanted = tuple(name for name in way.snippets if library[name].folder.name == chapter)

    def reading_order(chain: Chain) -> tuple[int, int]:
        return min(place[s.id] for s in chain if s.id in wanted), place[chain[-1].id]

    chains = sorted(library.chains(wanted), key=reading_order)
    parts = [_head(library, chapter, [chain for chain in chains if not _skip(chain)])]
    for chain in chains:
        parts.append(f"\n{RULE}\n{_comment(' → '.join(snippet.id for snippet in chain))}")
        parts += _not_run(chain, way) if _skip(chain) else _run(library, chain, way)
    return "\n".join(parts) + "\n"


def _head(library: Library, chapter: str, ran: list[Chain]) -> str:
    tools = {tool for chain in ran for snippet in chain for tool in snippet.tools}
    tools |= {snippet.language for chain in ran for snippet in chain} - {"bash"}
    if any(library.profile_name(chain) != "none" for chain in ran):
        tools.add("kubebook")
    head = HEAD.format(
        chapter=chapter,
        book=library.book.name,
        tools=shlex.quote(" ".join(sorted(tools))),
        nowhere=shlex.quote((DRIVERS / "no-cluster.yaml").read_text(encoding="utf-8")),
    )
    return head + "\n" + (DRIVERS / "chapter.bash").read_text(encoding="utf-8").rstrip("\n")


def _run(library: Library, chain: Chain, way: Way) -> Iterator[str]:
    yield f"\nbook_fresh {library.profile_name(chain)}"
    for snippet in chain:
        last, names = snippet.cells[-1], (snippet.path.name, *snippet.files, *snippet.modules)
        yield f"\nset +e\n(\nbook_start {snippet.folder.name} {shlex.join(names)}; set --"
        for cell in snippet.cells:
            yield from _title(snippet, cell, way)
            if snippet.language == "bash":
                yield f"book_cell {cell.id}\n{cell.code}".rstrip("\n")
                if cell is not last:
                    yield f"book_ended $? {cell.exit} {cell.id}"
        if snippet.language == "python":
            yield f"book_cell {snippet.id}\n{snippet.command}"
        yield f")\nbook_ended $? {last.exit} {last.id}\nset -e"


def _not_run(chain: Chain, way: Way) -> Iterator[str]:
    yield "\n" + _comment(f"Not run for the book: {_skip(chain)}")
    for snippet in chain:
        for cell in snippet.cells:
            yield from _title(snippet, cell, way)
            code = cell.code if snippet.language == "bash" else snippet.command
            yield from (f"# {line}".rstrip() for line in code.rstrip("\n").split("\n"))


def _title(snippet: Snippet, cell: Cell, way: Way) -> Iterator[str]:
    place = way.addresses.get(cell.id) or way.addresses.get(snippet.id, "")
    yield f"\n# {cell.id}  {place}".rstrip()
    if snippet.slow and cell is snippet.cells[0]:
        yield _comment(f"This takes its time: {snippet.slow}")
    if cell.settle:
        yield f"# The book reads this again until {cell.settle} reads in a row say the same."


def _skip(chain: Chain) -> str:
    return next((snippet.skip for snippet in chain if snippet.skip), "")


def _comment(text: str) -> str:
    words = " ".join(text.split())
    return fill(
        words, 100, initial_indent="# ", subsequent_indent="# ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
