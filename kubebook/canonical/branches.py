"""JSON and YAML as nodes: every value with its path, lists that chance may permute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kubebook.canonical.cells import scalar_tokens
from kubebook.canonical.document import Tree
from kubebook.canonical.nodes import (
    Fields,
    Group,
    Leaf,
    Node,
    Order,
    Value,
    has_identity,
    shape,
)
from kubebook.canonical.paths import Step, show_path
from kubebook.canonical.rules import Rules
from kubebook.canonical.trees import Data, Scalar
from kubebook.canonical.words import scan

# Lists whose order a controller does not promise.
# `{}` is a set of Python.
UNSORTED_KEYS = frozenset({"endpoints", "addresses", "notReadyAddresses", "images", "{}"})


def tree_node(tree: Tree, number: int, rule: Rules) -> Node:
    """A JSON or YAML value as nodes; `number` counts the output's values from 1."""
    where = "" if number == 1 else f"document {number}: "
    return _data(tree.data, (), _Place(where, tree.line, rule))


@dataclass(frozen=True)
class _Place:
    prefix: str
    line: int
    rule: Rules

    def show(self, path: Sequence[Step]) -> str:
        return self.prefix + show_path(path)


def _data(data: Data, path: tuple[Step, ...], place: _Place) -> Node:
    match data:
        case Scalar():
            line = place.line + data.line - 1 if data.line else place.line
            tokens = scalar_tokens(path, data.text, data.tag)
            if place.rule.covers(path):
                return Leaf(place.show(path), line, data.text, (), "left out")
            return Leaf(place.show(path), line, data.text, tokens, data.tag)
        case dict():
            return _mapping(data, path, place)
    return _list(data, path, place)


def _mapping(data: dict[str, Data], path: tuple[Step, ...], place: _Place) -> Node:
    where = place.show(path)
    kept = {key: value for key, value in data.items() if not place.rule.covers((*path, key))}
    fields = {key: _data(value, (*path, key), place) for key, value in kept.items()}
    _forget(fields, data.get("kind"))
    if any(_volatile_key(key) for key in kept):
        return _keyed_at_random(fields, where, place)
    return Fields(where, _first_line(fields.values(), place), where, fields)


def _forget(fields: dict[str, Node], kind: Data | None) -> None:
    """Take the meaning off numbers that chance decides in objects of this kind.

    How often an event was seen; how often an EndpointSlice was written while Pods came up; the
    revision of a list, which may be that of its last item.
    """
    name = kind.text if isinstance(kind, Scalar) else ""
    if name == "Event" and isinstance(count := fields.get("count"), Leaf):
        fields["count"] = replace(count, tokens=(Value("event-count"),))
    metadata = fields.get("metadata")
    if name == "EndpointSlice" and isinstance(metadata, Fields):
        fields["metadata"] = _without(metadata, "generation")
    if name.endswith("List") and isinstance(metadata, Fields):
        fields["metadata"] = _without(metadata, "resourceVersion")


def _without(metadata: Fields, key: str) -> Fields:
    """The metadata with the value of one key, if it is there, standing for nothing."""
    leaf = metadata.fields.get(key)
    if not isinstance(leaf, Leaf) or not leaf.tokens:
        return metadata
    bare = replace(leaf, tokens=(Value(key),))
    return replace(metadata, fields={**metadata.fields, key: bare})


def _volatile_key(key: str) -> bool:
    return any(isinstance(token, Value) for token in scan(key))


def _keyed_at_random(fields: dict[str, Node], where: str, place: _Place) -> Group:
    pairs = tuple(_pair(key, node) for key, node in fields.items())
    return Group(where, _first_line(fields.values(), place), where, pairs, "free")


def _pair(key: str, node: Node) -> Fields:
    name = Leaf(f"{node.where} (key)", node.line, key, scan(key))
    return Fields(node.where, node.line, key, {"key": name, "value": node})


def _first_line(nodes: Iterable[Node], place: _Place) -> int:
    return next((node.line for node in nodes), place.line)


def _list(data: Sequence[Data], path: tuple[Step, ...], place: _Place) -> Group:
    items = tuple(_data(item, (*path, index), place) for index, item in enumerate(data))
    where = place.show(path)
    line = items[0].line if items else place.line
    named = [_identifier(item) for item in items]
    keys = tuple(node.text if node else "" for node in named)
    shapes = tuple(shape(node.tokens) if node else () for node in named)
    return Group(where, line, where, items, _order(items, named, path, place), keys, shapes)


def _order(
    items: Sequence[Node], named: Sequence[Leaf | None], path: Sequence[Step], place: _Place
) -> Order:
    if any(_kind(item) == "ComponentStatus" for item in items):  # asked for side by side
        return "free"
    unsorted = bool(path) and path[-1] in UNSORTED_KEYS
    mappings = all(isinstance(item, Fields) for item in items)
    if (place.rule.unordered and (mappings or not path)) or (unsorted and has_identity(items)):
        return "free"
    if any(node and any(isinstance(t, Value) and t.key for t in node.tokens) for node in named):
        return "sorted"
    return "fixed"


def _kind(item: Node) -> str:
    kind = item.fields.get("kind") if isinstance(item, Fields) else None
    return kind.text if isinstance(kind, Leaf) else ""


def _identifier(item: Node) -> Leaf | None:
    """The leaf that an item of a list is sorted by: itself, or its name."""
    if isinstance(item, Leaf):
        return item
    if not isinstance(item, Fields):
        return None
    metadata = item.fields.get("metadata")
    fields = {**item.fields, **(metadata.fields if isinstance(metadata, Fields) else {})}
    for key in ("name", "pod", "ip", "uid"):
        if isinstance(found := fields.get(key), Leaf):
            return found
    return None
