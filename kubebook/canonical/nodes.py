"""The canonical form: one tree of leaves, fields, groups and tables for every kind of output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Order = Literal["fixed", "sorted", "free"]


@dataclass(frozen=True, slots=True)
class Value:
    """A piece of text that may differ between two honest runs.

    `kind` is its type ("age", "ip", "pod" …); only equal kinds match.
    `key` is what it stands for within one run; "" means that it has no identity (an age).
    """

    kind: str
    key: str = ""


Token = str | Value
Tokens = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One cell, scalar or line: its place, its text and the tokens that are compared."""

    where: str
    line: int
    text: str
    tokens: Tokens
    tag: str = "text"


@dataclass(frozen=True, slots=True)
class Fields:
    """Named children: a table row by column, a mapping by key. Their order does not count."""

    where: str
    line: int
    text: str
    fields: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Group:
    """Children in a row: lines, table rows, list items.

    `order` says whether they may be permuted: never, only as sorting by name explains, or freely.
    `keys` are the children's names as printed; `shapes` the same with the volatile parts typed.
    """

    where: str
    line: int
    text: str
    children: tuple[Node, ...]
    order: Order = "fixed"
    keys: tuple[str, ...] = ()
    shapes: tuple[Tokens, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A kubectl or box table: its column names and the group of its rows."""

    where: str
    line: int
    text: str
    columns: tuple[str, ...]
    rows: Group


Node = Leaf | Fields | Group | Table


def together(nodes: Sequence[Node], order: Order = "fixed") -> Group:
    """Neighbouring nodes as one, which stands where the first does."""
    text = "\n".join(node.text for node in nodes)
    return Group(nodes[0].where, nodes[0].line, text, tuple(nodes), order)


def shape(tokens: Tokens) -> Tokens:
    """The tokens without identity: what may be compared before any value is bound."""
    return tuple(Value(t.kind) if isinstance(t, Value) else t for t in tokens)


def children(node: Node) -> Iterator[Node]:
    """The node's direct children, in order."""
    match node:
        case Fields():
            yield from node.fields.values()
        case Group():
            yield from node.children
        case Table():
            yield node.rows


def leaves(node: Node) -> Iterator[Leaf]:
    """All leaves below and including the node, in reading order."""
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Leaf):
            yield top
        stack.extend(reversed(list(children(top))))


def values(node: Node) -> Iterator[Value]:
    """All volatile values with an identity below the node."""
    for leaf in leaves(node):
        yield from (t for t in leaf.tokens if isinstance(t, Value) and t.key)


def has_identity(nodes: Iterable[Node]) -> bool:
    """Whether any of the nodes holds a volatile value with an identity."""
    return any(True for node in nodes for _ in values(node))
