"""Blocks of lines that mean something together: HTTP messages and environments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kubebook.canonical.clean import clean

LENGTH = re.compile(r"(?i:<? ?content-length: )(?P<length>\d+)")
# kubelet's makeEnvironmentVariables walks a Go map: the variables of Services come in any order.
VARIABLE = re.compile(r"[A-Za-z_]\w*=.*")
OF_SERVICE = re.compile(r"\w+_SERVICE_HOST=")


def true_lengths(text: str) -> frozenset[int]:
    """The numbers of Content-Length lines that say no more than the body printed below them."""
    if "ontent-" not in text:
        return frozenset()
    lines = clean(text).split("\n")
    return frozenset(n for n, line in enumerate(lines, 1) if _is_true(line, lines[n:]))


def _is_true(line: str, below: Sequence[str]) -> bool:
    match = LENGTH.fullmatch(line.rstrip())
    ends = [n for n, text in enumerate(below) if not text.strip("<> ")] if match else []
    if not match or not ends:
        return False
    body = "\n".join(below[ends[0] + 1 :]).encode()
    return int(match["length"]) - len(body) in (0, 1)  # the last line end is not compared


def is_variable(line: str) -> bool:
    """Whether the line is `NAME=value`."""
    return VARIABLE.fullmatch(line) is not None


def is_of_service(line: str) -> bool:
    """Whether a variable is one that the kubelet made of a Service."""
    return OF_SERVICE.match(line) is not None
