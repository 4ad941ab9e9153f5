"""JSON and YAML as trees of scalars, mappings and lists."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

DEPTH = 100  # levels; Kubernetes' own objects have about 20
YAML_LIMIT = 1_000_000  # characters; above it a text is compared line by line
TOP_LINE = re.compile(r"(?:[\"']?[\w./-]+[\"']?:(?: \S|$)|-(?: |$)|---|\.\.\.$|#|\s)")
ANY_LINE = re.compile(r" *(?:- )+\S.*| *-| *(?:- )*[\"']?[\w./-]+[\"']?:(?: \S.*)?|---.*|#.*")
ALIGNED = re.compile(r"[\w./-]+: {2,}\S")
OBJECT_START = re.compile(r"(?:- )?(?:apiVersion|kind|metadata|items|spec|status|rules):(?: |$)")
JSON_START = re.compile(r"[{\[](?:\s*$|\s*[\"{\[\]}\d-]|true|false|null)")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
YAML_TAGS = {"int", "float", "bool", "null", "str"}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf as written, its type ("str", "int", "float", "bool", "null") and its line or 0."""

    text: str
    tag: str
    line: int = 0


Data = Scalar | list["Data"] | dict[str, "Data"]


def decode_json(text: str, start: int = 0) -> tuple[Data, int]:
    """The JSON value at `start` and the index after it; a ValueError if there is none."""
    try:
        raw, end = DECODER.raw_decode(text, start)
        return _wrapped(raw), end
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is repeated")
    return found


DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_int=lambda text: Scalar(text, "int"),
    parse_float=lambda text: Scalar(text, "float"),
    parse_constant=lambda text: Scalar(text, "float"),
)


def _wrapped(raw: Any, depth: int = 0) -> Data:
    if depth > DEPTH:
        raise ValueError("nested too deeply")
    match raw:
        case dict():
            return {key: _wrapped(value, depth + 1) for key, value in raw.items()}
        case list():
            return [_wrapped(value, depth + 1) for value in raw]
        case Scalar():
            return raw
        case bool():
            return Scalar(str(raw).lower(), "bool")
        case None:
            return Scalar("null", "null")
    return Scalar(str(raw), "str")


def load_yaml(text: str) -> list[Data]:
    """The YAML documents of `text`; a ValueError if it is none, has aliases or repeats a key."""
    if len(text) > YAML_LIMIT:
        raise ValueError("too long to be read as YAML")
    try:
        roots = [root for root in yaml.compose_all(text, Loader=LOADER) if root is not None]
        return [_composed(root, set(), 0) for root in roots]
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"no YAML: {error}") from error


def _composed(node: yaml.Node, seen: set[int], depth: int) -> Data:
    if id(node) in seen or depth > DEPTH:
        raise ValueError("YAML with aliases or nested too deeply")
    seen.add(id(node))
    match node:
        case yaml.MappingNode():
            if not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
                raise ValueError("a key is no scalar")
            return _unique([(k.value, _composed(v, seen, depth + 1)) for k, v in node.value])
        case yaml.SequenceNode():
            return [_composed(item, seen, depth + 1) for item in node.value]
    tag = node.tag.rpartition(":")[2]
    line = node.start_mark.line + 1
    return Scalar(str(node.value), tag if tag in YAML_TAGS else "str", line)


def looks_like_yaml(lines: Sequence[str]) -> bool:
    """Whether the lines may be an object printed as YAML.

    Not describe's output (`Name:    web`), and not flat `key: value` lines, whose order counts.
    Only below an apiVersion may a line be the middle of a folded text.
    """
    filled = [line for line in lines if line.strip()]
    if not filled or not all(TOP_LINE.match(line) for line in filled):
        return False
    if any(line.startswith(("apiVersion:", "- apiVersion:")) for line in filled):
        return not any(ALIGNED.match(line) for line in filled)
    nested = any(line.startswith((" ", "- ")) for line in filled) and filled[0][0] != " "
    return nested and all(ANY_LINE.fullmatch(line) for line in filled)
