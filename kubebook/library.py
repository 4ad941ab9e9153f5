"""All snippets of a book, checked against each other and against the pages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kubebook.book import Book
from kubebook.errors import BookError, did_you_mean
from kubebook.git import git
from kubebook.kept import Kept
from kubebook.parse import Reader
from kubebook.recording import recorded_code
from kubebook.sleeps import bare_sleeps
from kubebook.snippet import Key, Snippet
from kubebook.text import read_text


@dataclass(frozen=True)
class Library:
    """The snippets of a book by id, in one state; `keys` are those that were asked for."""

    book: Book
    snippets: Mapping[str, Snippet]
    keys: dict[str, Key] = field(default_factory=dict)

    def __getitem__(self, snippet_id: str) -> Snippet:
        if snippet_id in self.snippets:
            return self.snippets[snippet_id]
        raise BookError(
            f'no snippet "{snippet_id}"', hint=did_you_mean(snippet_id, [*self.snippets])
        )

    def chain(self, snippet_id: str) -> tuple[Snippet, ...]:
        """What runs to get the output of a snippet, in order: all it needs, then itself."""
        order: dict[str, Snippet] = {}
        self._visit(snippet_id, order)
        return tuple(order.values())

    def _visit(self, snippet_id: str, order: dict[str, Snippet]) -> None:
        for need in self.snippets[snippet_id].needs:
            if need not in order:
                self._visit(need, order)
        order[snippet_id] = self.snippets[snippet_id]

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Snippets that no other needs: each is the end of one chain. In order of their ids."""
        needed = {need for snippet in self.snippets.values() for need in snippet.needs}
        return tuple(sorted(set(self.snippets) - needed))

    def profile_name(self, chain: tuple[Snippet, ...]) -> str:
        """The profile that a chain runs on; "none" without a cluster."""
        named = {snippet.cluster for snippet in chain if snippet.cluster}
        return named.pop() if named else self.book.default_profile.name

    def chains(self, ids: tuple[str, ...] = ()) -> list[tuple[Snippet, ...]]:
        """The fewest chains that run all of `ids` (all snippets if empty), by their ids."""
        wanted = {
            snippet_id: self.chain(self[snippet_id].id) for snippet_id in ids or self.snippets
        }
        within = {s.id for chain in wanted.values() for s in chain[:-1]}
        return [wanted[snippet_id] for snippet_id in sorted(wanted) if snippet_id not in within]


def load_library(book: Book) -> Library:
    """Read all snippets of a book.

    Raises:
        BookError: a snippet is malformed, needs what is not there, needs itself in a circle, or
            sleeps for more than a second; a file in snippets/ belongs to nobody.
    """
    files = _files(book)
    reader = Reader(Kept(book.kept))
    found = [snippet for path in files if (snippet := _parse(book, reader, path))]
    _check_places(book, found)
    snippets: dict[str, Snippet] = {}
    for snippet in found:
        if snippet.id in snippets:
            raise BookError(f'two snippets have the id "{snippet.id}"', path=snippet.path, line=1)
        snippets[snippet.id] = snippet
    library = Library(book, snippets)
    for snippet in found:
        _check_needs(library, snippet)
        _check_files(book, snippet)
    _check_sleeps(found)
    _check_cycles(library)
    _check_profiles(library)
    _check_strays(library, files)
    _check_orphans(library)
    return library


def line_of(path: Path, words: str) -> int:
    """The first line of a file that holds `words`, 1 if none does."""
    lines = read_text(path).splitlines()
    return next((n for n, line in enumerate(lines, 1) if words in line), 1)


def _files(book: Book) -> list[Path]:
    """What lies in snippets/, but for what git ignores: a reader's runs leave files there."""
    names = os.fsdecode(git(book.snippets, "ls-files", "-z", "-co", "--exclude-standard"))
    if names:
        found = [book.snippets / name for name in names.split("\0") if name]
    else:
        found = [path for path in book.snippets.rglob("*") if "__pycache__" not in path.parts]
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


def _parse(book: Book, reader: Reader, path: Path) -> Snippet | None:
    """A snippet. What has been recorded has run, so bash need not be asked about its syntax."""
    with suppress(BookError):
        snippet = reader.read(path, check=lambda _: "")
        if not snippet or snippet.language == "python":
            return snippet
        if snippet.digest == recorded_code(book.recordings, snippet.id):
            return snippet
    return reader.read(path)


def _check_places(book: Book, found: list[Snippet]) -> None:
    for snippet in found:
        if snippet.path.parent.parent != book.snippets:
            raise BookError(
                "lies in no chapter",
                path=snippet.path,
                line=1,
                hint="put it at snippets/CHAPTER/NAME.py or .sh",
            )


def _check_orphans(library: Library) -> None:
    folder = library.book.recordings
    for path in sorted(folder.glob("*/*.json")):
        if f"{path.parent.name}/{path.stem}" not in library.snippets:
            raise BookError(
                "a recording of no snippet",
                path=path,
                hint=f"remove it: git rm {path.with_suffix('.*').relative_to(library.book.root)}",
            )


def _check_needs(library: Library, snippet: Snippet) -> None:
    for need in snippet.needs:
        if need not in library.snippets:
            known = [key for key in library.snippets if key != snippet.id]
            raise BookError(
                f'needs "{need}", which does not exist',
                path=snippet.path,
                line=line_of(snippet.path, need),
                hint=did_you_mean(need, known),
            )


def _check_files(book: Book, snippet: Snippet) -> None:
    if snippet.cluster not in ("", "none", *book.profiles):
        raise BookError(
            f'no profile "{snippet.cluster}" in kubebook.toml',
            path=snippet.path,
            line=line_of(snippet.path, "cluster"),
            hint=did_you_mean(snippet.cluster, [*book.profiles]),
        )
    for name in snippet.files:
        path = snippet.folder / name
        inside = path.resolve().is_relative_to(book.snippets.resolve())
        if not path.is_file() or not inside:
            raise BookError(
                f'no file "{name}" beside it',
                path=snippet.path,
                line=line_of(snippet.path, name),
                hint="files are named from the snippet's folder and lie in snippets/",
            )


def _check_sleeps(found: list[Snippet]) -> None:
    modules = {snippet.folder / name for snippet in found for name in snippet.modules}
    texts = {snippet.path: snippet.text for snippet in found}
    for path, text in (texts | {path: read_text(path) for path in sorted(modules)}).items():
        for line, words in bare_sleeps(path, text):
            raise BookError(
                f"sleeps: {words}",
                path=path,
                line=line,
                hint="wait for what has to happen: kubectl wait, kubectl rollout status, "
                "kubebook.waiting.until, or read until it rests: settle = 3",
            )


def _check_profiles(library: Library) -> None:
    for leaf in library.leaves:
        chain = library.chain(leaf)
        named = {snippet.cluster: snippet for snippet in chain if snippet.cluster}
        if len(named) > 1:
            raise BookError(
                "its chain names several clusters: " + ", ".join(sorted(named)),
                path=library[leaf].path,
                line=line_of(library[leaf].path, "cluster"),
                hint="a chain runs on one cluster: " + " → ".join(snippet.id for snippet in chain),
            )


def _check_cycles(library: Library) -> None:
    done: set[str] = set()

    def visit(snippet_id: str, above: tuple[str, ...]) -> None:
        if snippet_id in above:
            circle = [*above[above.index(snippet_id) :], snippet_id]
            path = library.snippets[above[-1]].path
            raise BookError(
                "needs itself: " + " → ".join(circle),
                path=path,
                line=line_of(path, snippet_id),
                hint="take one of these needs out",
            )
        if snippet_id in done:
            return
        for need in library.snippets[snippet_id].needs:
            visit(need, (*above, snippet_id))
        done.add(snippet_id)

    for snippet_id in library.snippets:
        visit(snippet_id, ())


def _check_strays(library: Library, files: list[Path]) -> None:
    used = {name for snippet in library.snippets.values() for name in _uses(snippet)}
    left = [path for path in files if str(path) not in used]
    reached = {os.path.realpath(name) for name in used} if left else set()  # links lead elsewhere
    for path in left:
        if os.path.realpath(path) not in reached:
            raise BookError(
                "belongs to no snippet",
                path=path,
                hint="give it a settings block, name it in a snippet's files, or remove it",
            )


def _uses(snippet: Snippet) -> Iterator[str]:
    yield str(snippet.path)
    for name in (*snippet.files, *snippet.modules):
        yield os.path.normpath(snippet.folder / name)
