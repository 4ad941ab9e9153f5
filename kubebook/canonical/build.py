"""From blocks to the canonical tree: every place named, every value typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from kubebook.canonical.addresses import IP_KINDS
from kubebook.canonical.branches import tree_node
from kubebook.canonical.cells import endpoint_tokens, text_node
from kubebook.canonical.document import Line, Tree, blocks
from kubebook.canonical.messages import is_of_service, is_variable, true_lengths
from kubebook.canonical.metrics import is_sample, sample_tokens
from kubebook.canonical.names import has_generated_name
from kubebook.canonical.nodes import (
    Group,
    Leaf,
    Node,
    Tokens,
    Value,
    shape,
    together,
)
from kubebook.canonical.rows import table_node
from kubebook.canonical.rules import Rules
from kubebook.canonical.tables import Sheet
from kubebook.canonical.words import line_tokens

RECORD = re.compile(r"Name: {2,}\S")  # how kubectl describe begins an object
LOGGED = re.compile(r"\[pod/[\w.-]+/[\w.-]+\] ")  # kubectl logs --prefix
LABELLED = re.compile(r"(\s*)([\w ./()-]+):(\s+)\S")


def build(text: str, rule: Rules) -> Group:
    """The canonical tree of one output: a group of lines, tables and trees in reading order."""
    nodes: list[Node] = []
    tables = trees = 0
    lengths = true_lengths(text)
    for block in blocks(text):
        match block:
            case Line() if block.number in lengths:
                name, _, _ = block.text.partition(":")
                tokens = (f"{name}: ", Value("length"))
                nodes.append(Leaf(f"line {block.number}", block.number, block.text, tokens))
            case Line():
                nodes.append(_line(block, rule))
            case Tree():
                trees += 1
                nodes.append(tree_node(block, trees, rule))
            case Sheet():
                tables += 1
                nodes.append(table_node(block, "table" if tables == 1 else f"table {tables}", rule))
    if rule.unordered:
        return Group("output", 1, text, tuple(nodes), "free")
    nodes = _with_records(_with_environments(_with_logs(nodes)))
    return Group("output", 1, text, tuple(_with_listings(nodes)))


def _line(line: Line, rule: Rules) -> Node:
    where = f"line {line.number}"
    match = LABELLED.match(line.text)
    if match and match[2] in rule.volatile:
        return Leaf(where, line.number, line.text, (f"{match[2]}:",))
    if is_sample(line.text):
        return Leaf(where, line.number, line.text, sample_tokens(line.text))
    if match and match[2] == "Endpoints":
        tokens = endpoint_tokens(line.text)
        return text_node(where, line.number, line.text, tokens, endpoint_tokens)
    return text_node(where, line.number, line.text, line_tokens(line.text))


def _with_logs(nodes: Sequence[Node]) -> list[Node]:
    """Neighbouring lines of several containers' logs become a log of each, in any order.

    kubectl's logs.go reads one after the other out of a Go map, or with --follow all at once.
    """
    result: list[Node] = []
    for logged, run in groupby(nodes, lambda node: bool(LOGGED.match(node.text))):
        found = list(run)
        logs: dict[str, list[Node]] = {}
        for node in found if logged else ():
            logs.setdefault(node.text.partition("]")[0], []).append(node)
        apart = [together(log) for log in logs.values()]
        result += [together(apart, "free")] if len(logs) > 1 else found
    return result


def _with_environments(nodes: Sequence[Node]) -> list[Node]:
    """Neighbouring lines that are a container's environment become a set."""
    result: list[Node] = []
    for variables, run in groupby(nodes, lambda node: is_variable(node.text)):
        found = list(run)
        service = variables and any(is_of_service(node.text) for node in found)
        result += [together(found, "free")] if service else found
    return result


def _with_records(nodes: Sequence[Node]) -> list[Node]:
    """Several objects described below each other become records, sorted by their names."""
    starts = [index for index, node in enumerate(nodes) if RECORD.match(node.text)]
    if len(starts) < 2:
        return list(nodes)
    ends = [*starts[1:], len(nodes)]
    records = [_record(nodes[start:end]) for start, end in zip(starts, ends, strict=True)]
    names = [record.children[0] for record in records]
    keys = tuple(name.text for name in names)
    shapes = tuple(shape(name.tokens) if isinstance(name, Leaf) else () for name in names)
    first = records[0]
    group = Group(first.where, first.line, "\n".join(keys), tuple(records), "sorted", keys, shapes)
    return [*nodes[: starts[0]], group]


def _record(nodes: Sequence[Node]) -> Group:
    return Group(nodes[0].where, nodes[0].line, nodes[0].text, tuple(_with_listings(nodes)))


def _with_listings(nodes: Sequence[Node]) -> list[Node]:
    """Neighbouring lines that name generated objects become a group that sorting may permute."""
    result: list[Node] = []
    run: list[Node] = []
    for node in [*nodes, None]:
        if isinstance(node, Leaf) and _is_sorted_by_chance(node.tokens):
            run.append(node)
            continue
        result += [_listing(run)] if len(run) > 1 else run
        run = []
        if node is not None:
            result.append(node)
    return result


def _is_sorted_by_chance(tokens: Tokens) -> bool:
    """Whether a line is sorted by something random: a name in it, or an address it begins with."""
    leads = tokens and isinstance(tokens[0], Value) and tokens[0].kind in IP_KINDS
    return bool(leads) or has_generated_name(tokens)


def _listing(run: Sequence[Node]) -> Group:
    found = [node for node in run if isinstance(node, Leaf)]
    text = "\n".join(leaf.text for leaf in found)
    keys = tuple(leaf.text.strip() for leaf in found)
    shapes = tuple(shape(leaf.tokens) for leaf in found)
    return Group(found[0].where, found[0].line, text, tuple(found), "sorted", keys, shapes)
