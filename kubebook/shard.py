"""A book's chains dealt out to several machines, and how long these take."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapreplace
from itertools import cycle, islice
from pathlib import Path

from kubebook.chain import needs, seconds
from kubebook.errors import BookError
from kubebook.library import Library

# Seconds until a new cluster of one node answers: kind takes 12 and CoreDNS 13 more, on 2 cores
# with the node image present.
CLUSTER_START = 25.0


@dataclass(frozen=True)
class Shard:
    """Part `number` of `of`, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read "2/4"; BookError for anything that is not one of the parts."""
        match = re.fullmatch(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", text)
        if not match or int(match[1]) > int(match[2]):
            raise BookError(f'no shard "{text}"', hint="write I/N: 1/4, 2/4, 3/4 and 4/4")
        return cls(int(match[1]), int(match[2]))


def ids_of(library: Library, shard: Shard, ids: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Those of `ids` (all if empty) that a shard runs, () if there are fewer chains than shards.

    Whole chains, so that nothing is run twice that one machine would run once; every machine
    that has the same recordings gets the same answer.
    """
    chains = library.chains(ids)
    costs = [
        CLUSTER_START * bool(needs(library, chain)) + seconds(library, chain) for chain in chains
    ]
    mine = (chains[index] for index in deal(costs, shard.of)[shard.number - 1])
    found = {snippet.id for chain in mine for snippet in chain}
    return tuple(i for i in library.snippets if i in found and (not ids or i in ids))


def deal(costs: Sequence[float], hands: int) -> list[list[int]]:
    """Indices of `costs` for each of `hands`: the dearest first, to who has least so far.

    This is longest processing time first (Graham 1969): at worst a third slower than the best.
    """
    loads = [(0.0, 0, hand) for hand in range(hands)]  # seconds, then how many: many may cost 0
    dealt: list[list[int]] = [[] for _ in range(hands)]
    for index in sorted(range(len(costs)), key=lambda index: -costs[index]):
        load, count, hand = loads[0]
        heapreplace(loads, (load + costs[index], count + 1, hand))
        dealt[hand].append(index)
    return dealt


def wall_time(
    seconds: Sequence[float], snippets: int, runners: int, *, length: int, start: float
) -> float:
    """Seconds until the last of `runners` is done with a book of so many `snippets`.

    They take as long as those in `seconds`, over and over, and stand in chains of `length`, each
    of which waits `start` for a cluster; a runner takes one chain after the other.
    """
    every = [*islice(cycle(seconds), snippets)]
    chains = [start + sum(every[at : at + length]) for at in range(0, snippets, length)]
    return max(sum(chains[index] for index in hand) for hand in deal(chains, runners))


def cluster_start(results: Path) -> float:
    """Seconds until a new cluster answers, as `results` of `make bench` say, or CLUSTER_START."""
    sections = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    figures = (figure for section in sections.values() for figure in section["figures"])
    return next(
        (f["seen"] for f in figures if f["what"].startswith("cluster start")), CLUSTER_START
    )
