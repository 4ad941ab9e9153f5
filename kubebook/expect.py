"""What a reader must be able to see in an output, and whether it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kubebook.spans import bounds, seconds


@dataclass(frozen=True)
class Expect:
    """Facts of one output: substrings there and absent, regular expressions, JSON values, bounds.

    `within` maps a regular expression, whose first group is a span of time, to `5s` (at most) or
    `2s..10s`. No comparison with a recording sees such a span: every run measures another.
    """

    contains: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    json: Mapping[str, Any] = field(default_factory=dict)
    within: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.contains or self.absent or self.matches or self.json or self.within)


def unmet(expect: Expect, output: str) -> list[str]:
    """The facts that `output` does not show, one line each; [] when all hold."""
    return [
        *(f"does not contain {text!r}" for text in expect.contains if text not in output),
        *(f"contains {text!r}" for text in expect.absent if text in output),
        *(
            f"does not match {p!r}"
            for p in expect.matches
            if not re.search(p, output, re.MULTILINE)
        ),
        *filter(None, (_json_fault(output, path, want) for path, want in expect.json.items())),
        *(fault for p, bound in expect.within.items() for fault in _span_faults(output, p, bound)),
    ]


def _span_faults(output: str, pattern: str, bound: str) -> Iterator[str]:
    """One line for every span that lies outside the bound, or for there being none."""
    low, high = bounds(bound)
    found = [match[1] for match in re.finditer(pattern, output, re.MULTILINE)]
    if not found:
        yield f"does not match {pattern!r}"
    for text in found:
        try:
            if not low <= seconds(text) <= high:
                yield f"{pattern!r} found {text}, not within {bound}"
        except ValueError as error:
            yield f"{pattern!r}: {error}"


def _json_fault(output: str, path: str, want: Any) -> str:
    from kubebook.canonical import lookup  # pages that are only shown go without

    try:
        value = lookup(output, path)
    except ValueError as error:
        return f"{path}: {error}"
    shown = (
        want
        if isinstance(want, str)
        else str(want).lower()
        if isinstance(want, bool)
        else str(want)
    )
    return "" if value == shown else f"{path} is {value!r}, not {shown!r}"
