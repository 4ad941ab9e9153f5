"""A book on many machines: figures computed from what is recorded, in a page's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from statistics import fmean

from babel.numbers import format_percent

from kubebook.chain import seconds
from kubebook.errors import BookError
from kubebook.library import Library
from kubebook.recording import paths
from kubebook.shard import CLUSTER_START, wall_time
from kubebook.words import Words


@dataclass(frozen=True)
class Scale:
    """A book's pace: seconds of each recorded snippet, snippets in a chain, words to say it in."""

    seconds: tuple[float, ...]
    length: int
    words: Words
    start_seconds: float = CLUSTER_START

    @property
    def snippets(self) -> str:
        """How many snippets are recorded."""
        return self.words.number(len(self.seconds))

    @property
    def snippet(self) -> str:
        """What a snippet takes on average."""
        return self.words.seconds(fmean(self.seconds))

    @property
    def start(self) -> str:
        """What a cluster takes to start."""
        return self.words.seconds(self.start_seconds)

    @property
    def even(self) -> str:
        """The length of a chain that takes at least as long as its cluster takes to start."""
        return self.words.number(ceil(self.start_seconds / fmean(self.seconds)))

    def number(self, count: int) -> str:
        """A count with separators."""
        return self.words.number(count)

    def share(self, length: int) -> str:
        """The part of a chain's time that goes into its cluster."""
        part = self.start_seconds / (self.start_seconds + length * fmean(self.seconds))
        return str(format_percent(part, locale=self.words.language))

    def wall_time(self, snippets: int, runners: int, length: int = 0) -> str:
        """How long so many snippets take, in chains of `length` or as long as the book's are."""
        return self.words.span(
            _wall_time(self.seconds, snippets, runners, length or self.length, self.start_seconds)
        )


def scale(library: Library | BookError, words: Words, start: float = CLUSTER_START) -> Scale:
    """The pace of a book whose clusters take `start` seconds to start.

    Raises:
        BookError: the book is broken, or nothing is recorded.
    """
    if isinstance(library, BookError):
        raise library
    folder, snippets = library.book.recordings, library.snippets.values()
    recorded = tuple(seconds(library, (s,)) for s in snippets if paths(folder, s.id)[0].exists())
    if not recorded:
        raise BookError("nothing is recorded", hint="kubebook run")
    chains = library.chains()
    return Scale(recorded, ceil(fmean(map(len, chains))), words, start)


@lru_cache(1024)  # the same in both languages, and at every build of one `mkdocs serve`
def _wall_time(
    seconds: tuple[float, ...], snippets: int, runners: int, length: int, start: float
) -> float:
    return wall_time(seconds, snippets, runners, length=length, start=start)
