"""Secrets that the structure of JSON, YAML, KYAML or a Python value tells, with their places."""

from __future__ import annotations

import ast
import base64
import binascii
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml

from kubebook.mask_formats import is_flag, is_plain, is_secret_name, is_variable, kind_of

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST = 1_000_000  # characters of one tree
MOST_OPEN = 5  # brackets that nothing closes: no tree, and a tree that was cut
OPENING = re.compile(r"(?:^|(?<=[\s=:'\"`(]))[{\[](?=\s*[\w\"'{\[-])", re.MULTILINE)
KEYED = re.compile(r"[ \t]*(?:- +)*[\"']?[\w./-]+[\"']?:(?:[ \t]|$)|[ \t]*- |---|[ \t]*#|[ \t]*$")
LIKE_YAML = re.compile(rf"(?:{KEYED.pattern})|[ \t]+\S")
EFFORT = 8  # times that a text may be read in search of YAML
GO_MAP = re.compile(r"\bmap\[([^\[\]]+)\]")
CLOSING = {"{": "}", "[": "]", "(": ")"}
MODEL_DATA = (" data=", "string_data=")
DATA = ("data", "stringData", "string_data")
TEXT = re.compile(r"[\s{\[\"']|.*[\n:=]", re.DOTALL)  # a value that may hold another text


@dataclass(frozen=True)
class Found:
    """Where a secret stands in a text, and what it is."""

    start: int
    end: int
    what: str


@dataclass(frozen=True)
class Scalar:
    """A value and where it stands between its quotes; `kind` is null or str for all others."""

    value: str
    start: int
    end: int
    kind: str = "str"


Inside = Callable[[str], list[Found]]


@dataclass(frozen=True)
class Map:
    """A mapping: its keys, and what stands under each."""

    items: tuple[tuple[Scalar, Any], ...]

    def get(self, *names: str) -> Any:
        """What stands under the first of `names` that is there."""
        return next((v for name in names for k, v in self.items if k.value == name), None)

    def text(self, name: str) -> str:
        """A scalar under a key, "" if there is none."""
        found = self.get(name)
        return found.value if isinstance(found, Scalar) and found.kind == "str" else ""


def secrets_of_trees(text: str, inside: Inside) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of every secret that a tree in `text` tells.

    Args:
        inside: finds secrets in a value that is a text of its own, say of an annotation.
    """
    for tree in _trees(text):
        for found in _walk(tree, text, inside):
            yield found.start, found.end, found.what


# What a tree tells


def _walk(node: Any, text: str, inside: Inside) -> Iterator[Found]:
    if isinstance(node, Map):
        secret = _is_secret(node)
        for key, value in node.items:
            if secret and key.value in DATA:
                yield from _all(value, "secret-data")
                continue
            if isinstance(value, Scalar) and is_secret_name(key.value):
                yield from _all(value, kind_of(key.value))
            elif key.value == "auths":
                yield from _credentials(value)
            yield from _walk(value, text, inside)
        value = node.get("value")
        if is_variable(node.text("name")) and isinstance(value, Scalar):
            yield from _all(value, kind_of(node.text("name")))
    elif isinstance(node, list):
        for before, item in zip([None, *node], node, strict=False):
            if isinstance(before, Scalar) and is_flag(before.value) and isinstance(item, Scalar):
                yield from _all(item, kind_of(before.value))
            yield from _walk(item, text, inside)
    elif isinstance(node, Scalar) and node.kind == "str" and TEXT.match(node.value):
        yield from _embedded(node, text, inside)


def _is_secret(node: Map) -> bool:
    """A Secret; its kind is left out in lists of the clients and where an output is cut."""
    if kind := node.text("kind"):
        return kind == "Secret"
    if node.get("string_data") or node.text("type"):
        return node.get(*DATA) is not None
    data = node.get("data")
    values = [v for _, v in data.items] if isinstance(data, Map) else []
    return bool(values) and all(isinstance(v, Scalar) and _encodes_text(v.value) for v in values)


def _encodes_text(value: str) -> bool:
    with suppress(binascii.Error, UnicodeDecodeError):
        text = base64.b64decode(value, validate=True).decode()
        return bool(value) and all(c.isprintable() or c.isspace() for c in text)
    return False


def _all(node: Any, what: str) -> Iterator[Found]:
    """All scalars of a node, but for what only stands for a secret."""
    if isinstance(node, Scalar):
        if node.kind != "null" and not is_plain(node.value):
            yield Found(node.start, node.end, what)
    else:
        items = [v for _, v in node.items] if isinstance(node, Map) else node or ()
        for item in items:
            yield from _all(item, what)


def _credentials(auths: Any) -> Iterator[Found]:
    """Of a .dockerconfigjson: user and password in one, as base64."""
    for _, entry in auths.items if isinstance(auths, Map) else ():
        if isinstance(entry, Map) and (auth := entry.get("auth")):
            yield from _all(auth, "registry-credentials")


def _embedded(node: Scalar, text: str, inside: Inside) -> Iterator[Found]:
    """Secrets of a text in a text, found again by their spelling in the outer one."""
    raw = text[node.start : node.end]
    for found in inside(node.value) if raw != node.value else ():
        value = node.value[found.start : found.end]
        places = [m for form in _escaped(value) for m in re.finditer(re.escape(form), raw)]
        for place in places:
            yield Found(node.start + place.start(), node.start + place.end(), found.what)
        if not places:
            yield Found(node.start, node.end, found.what)


def _escaped(value: str) -> list[str]:
    """A text as it is, in a JSON string, and in a JSON string in one."""
    once = json.dumps(value, ensure_ascii=False)[1:-1]
    return list(dict.fromkeys([value, once, json.dumps(once, ensure_ascii=False)[1:-1]]))


# Where trees are


def _trees(text: str) -> Iterator[Any]:
    last = opened = 0
    taken: list[tuple[int, int]] = []
    for match in OPENING.finditer(text):
        if match.start() < last or opened > MOST_OPEN:
            continue
        end, closing = _close(text, match.start())
        opened += bool(closing)
        if end - match.start() > MOST:
            continue
        if (tree := _flow(text, match.start(), end, closing)) is not None:
            last = end
            if not text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip():
                taken.append((match.start(), end))
            # As the client prints a V1Secret; a V1ConfigMap has no string_data
            model = "string_data=" in text and text.endswith(MODEL_DATA, 0, match.start())
            yield Map(((Scalar("string_data", 0, 0), tree),)) if model else tree
    yield from _blocks(text, taken)
    yield from (_go_map(match) for match in GO_MAP.finditer(text))


def _go_map(match: re.Match[str]) -> Map:
    """What a Go template prints of `.data`: map[KEY:VALUE KEY:VALUE]."""
    pairs = re.finditer(r"([\w.-]+):(\S*)", match[1])
    at = match.start(1)
    items = ((Scalar(p[1], 0, 0), Scalar(p[2], at + p.start(2), at + p.end(2))) for p in pairs)
    return Map(((Scalar("data", 0, 0), Map(tuple(items))),))


def _close(text: str, start: int) -> tuple[int, str]:
    """Where what opens at `start` closes; at the end of a cut text, what would close it."""
    stack: list[str] = []
    index = start
    while index < len(text):
        char = text[index]
        if char in "\"'":
            index = _string_end(text, index, char)
            if index > len(text):
                return len(text), char + "".join(reversed(stack))
            continue
        if char == "#" and text[index - 1] in " \t\n":
            index = text.find("\n", index) if "\n" in text[index:] else len(text)
            continue
        if char in CLOSING:
            stack.append(CLOSING[char])
        elif stack and char == stack[-1]:
            stack.pop()
            if not stack:
                return index + 1, ""
        index += 1
    return len(text), "".join(reversed(stack))


def _string_end(text: str, start: int, quote: str) -> int:
    """Index after a string, more than the text's length if it is cut."""
    if quote == "'" and text[start - 1].isalnum() and text[start - 1] not in "bru":
        return start + 1  # an apostrophe
    index = start + 1
    while index < len(text):
        if text[index] == "\\":
            index += 2
        elif text[index] == quote:
            return index + 1
        else:
            index += 1
    return len(text) + 1


def _flow(text: str, start: int, end: int, closing: str) -> Any:
    source = text[start:end] + closing
    with suppress(yaml.YAMLError, RecursionError):
        return _from_yaml(yaml.compose(source, Loader=LOADER), text, start)
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return _from_python(source, start)
    return None


def _blocks(text: str, taken: list[tuple[int, int]]) -> Iterator[Any]:
    """YAML in block style: runs of lines that look like it, but for what is `taken` already."""
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    lines = [text[a:b] for a, b in pairwise(starts)]
    busy = {n for a, b in taken for n in range(bisect_right(starts, a) - 1, bisect_left(starts, b))}
    index, effort = 0, EFFORT * len(text) + MOST
    while index < len(lines):
        if index in busy or not lines[index].strip() or not KEYED.match(lines[index]):
            index += 1
            continue
        end = index
        while end < len(lines) and end not in busy and LIKE_YAML.match(lines[end]):
            end += 1
        while index < end and effort > 0:
            stop, roots = _documents(text, starts, index, end)
            effort -= starts[end] - starts[index]
            yield from (_from_yaml(root, text, starts[index]) for root in roots)
            index = stop
        index = max(index, end)


def _documents(text: str, starts: list[int], index: int, end: int) -> tuple[int, list[Any]]:
    """The documents from line `index` on, and the line after them: before `end` if it was cut."""
    stop = end
    for _ in range(2):
        try:
            source = text[starts[index] : starts[stop]]
            return stop, list(yaml.compose_all(source, Loader=LOADER))
        except yaml.MarkedYAMLError as error:
            bad = error.problem_mark.line if error.problem_mark else 0
            stop = min(index + bad, stop - 1)
        except (yaml.YAMLError, RecursionError):
            break
        if stop <= index:
            break
    return index + 1, []


def _from_yaml(node: Any, text: str, offset: int, seen: frozenset[int] = frozenset()) -> Any:
    if node is None or id(node) in seen:
        return None
    seen |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        pairs = [(_from_yaml(k, text, offset, seen), v) for k, v in node.value]
        return Map(
            tuple(
                (key, _from_yaml(v, text, offset, seen))
                for key, v in pairs
                if isinstance(key, Scalar)
            )
        )
    if isinstance(node, yaml.SequenceNode):
        return [_from_yaml(item, text, offset, seen) for item in node.value]
    start, end = node.start_mark.index + offset, node.end_mark.index + offset
    if node.style in ("'", '"'):
        start, end = start + 1, end - 1
    elif node.style in ("|", ">"):
        start = min(text.find("\n", start) + 1 or end, end)
    raw = text[start:end]
    start, end = start + len(raw) - len(raw.lstrip()), end - len(raw) + len(raw.rstrip())
    null = node.tag.endswith(":null") or (not node.style and node.value == "None")
    return Scalar(str(node.value), start, max(start, end), "null" if null else "str")


def _from_python(source: str, offset: int) -> Any:
    lines = [0]
    for line in source.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    whole = source.encode()

    def place(line: int, column: int) -> int:
        return offset + len(whole[: lines[line - 1] + column].decode())

    def convert(node: Any) -> Any:
        match node:
            case ast.Dict():
                pairs = (
                    (convert(k), convert(v)) for k, v in zip(node.keys, node.values, strict=True)
                )
                return Map(tuple((k, v) for k, v in pairs if isinstance(k, Scalar)))
            case ast.Call():
                named = ((Scalar(k.arg or "", 0, 0), convert(k.value)) for k in node.keywords)
                return Map(tuple(named))
            case ast.List() | ast.Tuple() | ast.Set():
                return [convert(item) for item in node.elts]
            case ast.Constant():
                return constant(node)
        return None

    def constant(node: ast.Constant) -> Scalar:
        start = place(node.lineno, node.col_offset)
        end = place(node.end_lineno or 1, node.end_col_offset or 0)
        raw = source[start - offset : end - offset]
        quoted = re.match(r"\w*(\"{3}|'{3}|\"|')", raw)
        if quoted:
            start, end = start + len(quoted[0]), end - len(quoted[1])
        value = node.value.decode(errors="replace") if isinstance(node.value, bytes) else node.value
        return Scalar(str(value), start, end, "null" if node.value is None else "str")

    return convert(ast.parse(source, mode="eval").body)
