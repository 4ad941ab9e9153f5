"""Bare sleeps: too short on one machine, too long on the next."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from kubebook.text import read_text

LONGEST = 1.0  # seconds
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
TIME = re.compile(r"(\d*\.?\d+)([smhd]?)")
# Where a shell command begins: what stands elsewhere is an argument, of a container's command say
SLEEP = re.compile(
    r"(?:^|[;&|(){`]|\b(?:do|then|else|elif|if|while|until|time)\b|!)\s*(?:\w+=\S*\s+)*"
    r"(?:/\S*/)?(sleep[ \t]+[^;&|)`\n]+)",
    re.MULTILINE,
)


def bare_sleeps(path: Path, text: str | None = None) -> Iterator[tuple[int, str]]:
    """Line and words of every sleep of more than a second, or of a time that only a run knows.

    Args:
        text: what the file holds, if it has been read.
    """
    text = read_text(path) if text is None else text
    if "sleep" in text:
        yield from _python(text) if path.suffix == ".py" else _shell(text)


def _python(text: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(text)
    imported = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    names = {n.asname or n.name for node in imported for n in node.names if n.name == "sleep"}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        name, time = ast.unparse(call.func), call.args[0]
        known = time.value if isinstance(time, ast.Constant) else None
        short = isinstance(known, int | float) and known <= LONGEST
        if (name in names or name.endswith(".sleep")) and not short:
            yield call.lineno, ast.unparse(call)


def _shell(text: str) -> Iterator[tuple[int, str]]:
    from pygments.lexers import BashLexer  # most books sleep nowhere
    from pygments.token import Comment, Literal

    code = list(text)
    for start, kind, value in BashLexer().get_tokens_unprocessed(text):
        if kind in Literal.String.Escape:  # a line that goes on
            code[start : start + len(value)] = " " * len(value)
        elif kind in Comment or (kind in Literal.String and value != "`"):  # here-documents as well
            size = len(value.rstrip("\n"))
            code[start : start + size] = "_" * size
    for found in SLEEP.finditer("".join(code)):
        if sum(map(_seconds, found[1].split()[1:])) > LONGEST:
            yield text.count("\n", 0, found.start(1)) + 1, text[slice(*found.span(1))].strip()


def _seconds(word: str) -> float:
    """What `sleep` makes of a word; without end where it is no number."""
    match = TIME.fullmatch(word)
    return float(match[1]) * UNITS[match[2]] if match else float("inf")
