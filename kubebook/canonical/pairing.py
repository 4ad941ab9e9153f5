"""Pairs the children of two groups whose lengths differ, so that a diff names what is new."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from kubebook.canonical.colours import colour_node
from kubebook.canonical.nodes import Group, Node

ALIGNED = 2_000  # children that are aligned; more are compared by position
Pairs = list[tuple[Node | None, Node | None]]


def in_order(left: Sequence[Node], right: Sequence[Node]) -> Pairs:
    """Nodes paired by position; what is left over in one run is paired with nothing."""
    shared = min(len(left), len(right))
    pairs: Pairs = list(zip(left[:shared], right[:shared], strict=True))
    return [*pairs, *((n, None) for n in left[shared:]), *((None, n) for n in right[shared:])]


def aligned(expected: Group, actual: Group) -> Pairs:
    """Children paired by what they are called or say, with gaps where one run has more."""
    left, right = expected.children, actual.children
    ours, theirs = _names(expected), _names(actual)
    head = common(ours, theirs)
    tail = min(common(ours[::-1], theirs[::-1]), len(ours) - head, len(theirs) - head)
    pairs: Pairs = list(zip(left[:head], right[:head], strict=True))
    pairs += _matched(
        (left[head : len(left) - tail], ours[head : len(ours) - tail]),
        (right[head : len(right) - tail], theirs[head : len(theirs) - tail]),
    )
    return pairs + list(zip(left[len(left) - tail :], right[len(right) - tail :], strict=True))


def _matched(
    left: tuple[Sequence[Node], Sequence[int]], right: tuple[Sequence[Node], Sequence[int]]
) -> Pairs:
    if max(len(left[0]), len(right[0])) > ALIGNED:
        return in_order(left[0], right[0])
    pairs: Pairs = []
    blocks = SequenceMatcher(None, left[1], right[1], autojunk=False).get_opcodes()
    for _, i1, i2, j1, j2 in blocks:
        pairs += in_order(left[0][i1:i2], right[0][j1:j2])
    return pairs


def _names(group: Group) -> list[int]:
    if group.shapes and any(group.keys):
        return [hash(name) for name in group.shapes]
    return [colour_node(child, {}) for child in group.children]


def common(left: Sequence[object], right: Sequence[object]) -> int:
    """How many elements agree from the start."""
    for index, (ours, theirs) in enumerate(zip(left, right, strict=False)):
        if ours != theirs:
            return index
    return min(len(left), len(right))
