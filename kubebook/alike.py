"""Where two pages in different languages differ in more than words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TypeVar

from kubebook.outline import Part, Section, outline

Difference = tuple[int, int, str, str]
T = TypeVar("T", Part, Section)


def differences(source: str, follower: str) -> list[Difference]:
    """Compare the texts of two pages.

    Returns:
        For each difference the line in the first page, the line in the second, and what stands
        in either: "" is nothing, and then the line is that of what stands before it.
    """
    left, right = outline(source), outline(follower)
    pairs = [
        *_aligned(left.sections, right.sections, (1, 1)),
        *_aligned(sorted(left.footnotes, key=str), sorted(right.footnotes, key=str), (1, 1)),
    ]
    return [found for one, other, lines in pairs for found in _sections(one, other, lines)]


def _sections(
    one: Section | None, other: Section | None, lines: tuple[int, int]
) -> Iterator[Difference]:
    if not one or not other or one != other:
        yield (*lines, _said(one), _said(other))
        return
    for left, right, places in _aligned(one.ordered, other.ordered, lines):
        if left and left == right:
            yield from _code(left, right)
        else:
            yield (*places, _said(left), _said(right))
    more, less = _without(one.loose, other.loose), _without(other.loose, one.loose)
    for kind in dict.fromkeys(part.kind for part in (*more, *less)):
        sides = ([part for part in side if part.kind == kind] for side in (more, less))
        for left, right in zip_longest(*sides):
            places = (left.line if left else one.line, right.line if right else other.line)
            yield (*places, _said(left), _said(right))


def _aligned(
    left: Sequence[T], right: Sequence[T], lines: tuple[int, int]
) -> Iterator[tuple[T | None, T | None, tuple[int, int]]]:
    """Pair what is equal, and what stands between it, with the lines of both."""
    near, far = lines
    for _, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for one, other in zip_longest(left[i:j], right[k:m]):
            near, far = one.line if one else near, other.line if other else far
            yield one, other, (near, far)


def _code(one: Part, other: Part) -> Iterator[Difference]:
    """The first line of code that is not the same; a line with words of a language is prose."""
    lines = zip_longest(one.text.splitlines(), other.text.splitlines(), fillvalue="")
    for count, (left, right) in enumerate(lines):
        if left != right and not _is_prose(left + right):
            yield one.line + count, other.line + count, f"code `{left}`", f"code `{right}`"
            return


def _is_prose(text: str) -> bool:
    return any(char.isalpha() and not char.isascii() for char in text)


def _without(parts: Iterable[Part], others: Iterable[Part]) -> list[Part]:
    """What is left of `parts` when each of the others takes one like it away."""
    rest, left = Counter(others), []
    for part in parts:
        if rest[part]:
            rest[part] -= 1
        else:
            left.append(part)
    return left


def _said(found: Part | Section | None) -> str:
    return str(found) if found else ""
