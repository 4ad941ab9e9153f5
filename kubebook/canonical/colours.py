"""Colours of values: what tells a value from others apart from its name (colour refinement)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from kubebook.canonical.nodes import Fields, Group, Leaf, Node, Table, Tokens, Value

Colours = Mapping[Value, int]
ROUNDS = 3  # a name seen beside an address seen beside a node: further relations are not printed


def colour_values(root: Node) -> Colours:
    """A colour for every value with an identity below `root`.

    Values of two runs that can stand for each other have equal colours: a colour is made of the
    places where the value appears and the colours of its neighbours there, never of its text.
    """
    colours: Colours = {}
    for _ in range(ROUNDS):
        places: dict[Value, list[int]] = defaultdict(list)
        for value, place in _places(root, 0, colours):
            places[value].append(place)
        colours = {v: hash((v.kind, tuple(sorted(found)))) for v, found in places.items()}
    return colours


def colour_node(node: Node, colours: Colours) -> int:
    """A colour for a whole node: equal for nodes that may match."""
    match node:
        case Leaf():
            return hash((node.tag, _leaf(node.tokens, colours)))
        case Fields():
            return hash(frozenset((k, colour_node(n, colours)) for k, n in node.fields.items()))
        case Group():
            parts = [colour_node(child, colours) for child in node.children]
            return hash(tuple(parts if node.order == "fixed" else sorted(parts)))
        case Table():
            return hash((node.columns, colour_node(node.rows, colours)))


def _leaf(tokens: Tokens, colours: Colours) -> tuple[object, ...]:
    return tuple(
        (token.kind, colours.get(token, 0)) if isinstance(token, Value) else token
        for token in tokens
    )


def _places(node: Node, place: int, colours: Colours) -> Iterator[tuple[Value, int]]:
    """Every value with a number for the place where it stands; permutable rows share one."""
    if isinstance(node, Leaf):
        yield from _leaf_places(node, place, colours)
        return
    for step, child in _steps(node, colours):
        yield from _places(child, hash((place, step)), colours)


def _leaf_places(leaf: Leaf, place: int, colours: Colours) -> Iterator[tuple[Value, int]]:
    around = hash((place, _leaf(leaf.tokens, colours)))
    for index, token in enumerate(leaf.tokens):
        if isinstance(token, Value) and token.key:
            yield token, hash((around, index))


def _steps(node: Fields | Group | Table, colours: Colours) -> Iterator[tuple[object, Node]]:
    match node:
        case Fields():
            yield from node.fields.items()
        case Table():
            yield node.columns, node.rows
        case Group(order="fixed"):
            yield from enumerate(node.children)
        case Group():
            for child in node.children:
                yield ("any", colour_node(child, colours)), child
