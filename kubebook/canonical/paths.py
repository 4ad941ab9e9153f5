"""Paths into trees: `items[*].status.podIP`, `metadata.labels["app.kubernetes.io/name"]`."""

from __future__ import annotations

import re
from collections.abc import Sequence

Step = str | int
ANY = "*"
STEP = re.compile(
    r"\.?(?:\[(?P<index>-?\d+|\*)\]|\[(?P<quote>[\"'])(?P<quoted>.*?)(?P=quote)\]"
    r"|(?P<key>(?:\\.|[^.\[\]\\])+))"
)


def parse_path(path: str) -> tuple[Step, ...]:
    r"""The steps of a path: keys, indices and "*" for any of either.

    A dot in a key is written `\.` or the key is quoted in brackets. A ValueError names a path
    that is empty or malformed.
    """
    steps: list[Step] = []
    end = 0
    while end < len(path):
        match = STEP.match(path, end)
        if match is None:
            raise ValueError(f"cannot read the path {path!r} from {path[end:]!r} on")
        steps.append(_step(match))
        end = match.end()
    if not steps:
        raise ValueError("the path is empty")
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    if (index := match["index"]) is not None:
        return ANY if index == ANY else int(index)
    if match["quoted"] is not None:
        return match["quoted"]
    return re.sub(r"\\(.)", r"\1", match["key"])


def covers(pattern: Sequence[Step], path: Sequence[Step]) -> bool:
    """Whether the pattern names exactly this path ("*" stands for one key or index)."""
    return len(pattern) == len(path) and all(
        wanted in (ANY, step) for wanted, step in zip(pattern, path, strict=True)
    )


def show_path(path: Sequence[Step]) -> str:
    """The path as a reader writes it: `items[0].metadata.name`; "." for the root."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[^.\[\]\"]+", step):
            text += f".{step}"
        else:
            text += f'["{step}"]'
    return text.removeprefix(".") or "."
