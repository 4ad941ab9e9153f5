"""A book's snippets as test items: judged by their recordings or, live, by running their chains."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from kubebook.book import load_book
from kubebook.chain import Chain, check_expectations, run_chain, slow, why_skipped
from kubebook.errors import BookError
from kubebook.judge import Result, judge
from kubebook.library import Library, load_library
from kubebook.mode import the_mode
from kubebook.parse import is_snippet
from kubebook.pool import Pool, open_pool
from kubebook.show import faults
from kubebook.status import status_of


class Trial:
    """The snippets of one book, tried one by one in one process; `close` it in the end."""

    def __init__(self, root: Path, *, live: bool) -> None:
        self.live = live
        self.library: Library | BookError
        try:
            the_mode()  # a word that means no mode is told
            self.library = load_library(load_book(root))
        except BookError as error:
            self.library = error
        self.ends: dict[str, str] = {}
        self._told = False
        self._open = ExitStack()
        self._ran: dict[str, dict[str, str]] = {}

    def book_fault(self, path: Path) -> str:
        """What is wrong with the whole book, told once: at the snippet at fault, or at the first.

        The other snippets are items all the same, which fail.
        """
        if isinstance(self.library, Library) or self._told:
            return ""
        place = Path(self.library.path or "")
        self._told = place == path.resolve() or not (place.is_file() and is_snippet(place))
        return str(self.library) if self._told else ""

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Each snippet's place if all are run; {} for a broken book."""
        if isinstance(self.library, BookError):
            return {}
        return {snippet_id: rank for rank, snippet_id in enumerate(ends(self.library))}

    def select(self, ids: Iterable[str]) -> None:
        """Say which snippets are tried: `ends` tells for each the end of the chain that runs it."""
        if isinstance(self.library, Library):
            wanted = tuple(i for i in ids if not self.skip_reason(i))
            self.ends = ends(self.library, wanted) if wanted else {}

    def skip_reason(self, snippet_id: str) -> str:
        """Why a snippet is not tried, "" if it is: replay needs no tools."""
        if isinstance(self.library, BookError):
            return ""
        chain = self.library.chain(snippet_id)
        return why_skipped(chain) if self.live else next((s.skip for s in chain if s.skip), "")

    def fault(self, snippet_id: str) -> str:
        """What is wrong with a selected snippet, "" if nothing is. Live, a chain runs once."""
        if isinstance(self.library, BookError):
            return str(self.library)
        if not self.live:
            return replay(self.library, snippet_id)
        end = self.ends[snippet_id]
        if end not in self._ran:
            ids = {i for i in self.ends if self.ends[i] == end}
            self._ran[end] = _run(self.library, self.library.chain(end), self._pool, ids)
        return self._ran[end][snippet_id]

    def close(self) -> None:
        """Give back what was taken of the machine."""
        self._open.close()

    @cached_property
    def _pool(self) -> Pool:
        assert isinstance(self.library, Library)
        return self._open.enter_context(open_pool(self.library.book))


def replay(library: Library, snippet_id: str) -> str:
    """What is wrong with a snippet's recording: damaged, missing, stale, not as expected; or ""."""
    try:
        status = status_of(library, snippet_id)
        if found := faults(status, status.snippet.cells, live=False):
            return "\n".join(found)
        assert status.recording
        check_expectations(status.snippet, status.recording.cells)
    except BookError as error:
        return str(error)
    return ""


def ends(library: Library, ids: tuple[str, ...] = ()) -> dict[str, str]:
    """For each of `ids` (all if empty) the end of the chain that speaks for it, as they are run.

    Slow chains come first. A beginning that chains share belongs to the first of them.
    """
    wanted = ids or library.snippets
    found: dict[str, str] = {}
    for chain in sorted(library.chains(ids), key=lambda chain: not slow(chain)):
        for snippet in chain:
            if snippet.id in wanted:
                found.setdefault(snippet.id, chain[-1].id)
    return found


def faults_of(chain: Chain, results: Iterable[Result], ids: Collection[str]) -> dict[str, str]:
    """What is wrong with each of `ids` after their chain ran, "" where nothing is.

    The failure of a snippet that is not among them is told by the next one that is.
    """
    found = {result.id: result for result in results}
    texts: dict[str, str] = {}
    waiting: list[str] = []
    last = ""
    for snippet in chain:
        if result := found.get(snippet.id):
            last = snippet.id
            waiting += [result.text] if result.failed else []
        elif not waiting:
            waiting.append(f"not run: {last} failed before it")
        if snippet.id in ids:
            texts[snippet.id], waiting = "\n".join(waiting), []
    return texts


def _run(library: Library, chain: Chain, pool: Pool, ids: Collection[str]) -> dict[str, str]:
    try:
        ran = run_chain(library, chain, pool)
    except BookError as error:  # there is no cluster
        return dict.fromkeys(ids, str(error))
    return faults_of(chain, judge(library, ran, keep=False), ids)
