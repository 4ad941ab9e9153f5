"""What an output leaves out of its comparison, and whether its order counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kubebook.canonical.paths import Step, covers, parse_path


@dataclass(frozen=True)
class Rules:
    """What an output leaves out of its comparison, and whether its order counts."""

    volatile: frozenset[str] = frozenset()
    unordered: bool = False
    paths: tuple[tuple[Step, ...], ...] = ()

    def covers(self, path: Sequence[Step]) -> bool:
        return any(covers(pattern, path) for pattern in self.paths)


def rules(volatile: Sequence[str], unordered: bool) -> Rules:
    """The rules of an output; a volatile name counts as a column and, if it reads so, a path."""
    paths = []
    for name in volatile:
        try:
            paths.append(parse_path(name))
        except ValueError:  # "PORT(S)" and the like are columns only
            continue
    return Rules(frozenset(volatile), unordered, tuple(paths))
