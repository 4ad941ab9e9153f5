"""From blocks to the canonical tree: every place named, every value typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kubebook.canonical.cells import cell_tokens, scalar_tokens, text_node
from kubebook.canonical.document import Line, Tree, blocks
from kubebook.canonical.names import has_generated_name
from kubebook.canonical.nodes import (
    Fields,
    Group,
    Leaf,
    Node,
    Order,
    Table,
    Tokens,
    Value,
    leaves,
    shape,
    values,
)
from kubebook.canonical.paths import Step, covers, parse_path, show_path
from kubebook.canonical.tables import Row, Sheet
from kubebook.canonical.trees import Data, Scalar
from kubebook.canonical.words import line_tokens, scan

KEY_COLUMNS = ("NAMESPACE", "NAME")
LABELLED = re.compile(r"(\s*)([\w ./()-]+):(\s+)\S")
# Lists whose order a controller does not promise.
UNSORTED_KEYS = frozenset({"endpoints", "addresses", "notReadyAddresses", "images"})


@dataclass(frozen=True)
class Rules:
    """What an output leaves out of its comparison, and whether its order counts."""

    volatile: frozenset[str] = frozenset()
    unordered: bool = False
    paths: tuple[tuple[Step, ...], ...] = ()

    def covers(self, path: Sequence[Step]) -> bool:
        return any(covers(pattern, path) for pattern in self.paths)


def rules(volatile: Sequence[str], unordered: bool) -> Rules:
    """The rules of an output; a volatile name counts as a column and, if it reads so, a path."""
    paths = []
    for name in volatile:
        try:
            paths.append(parse_path(name))
        except ValueError:  # "PORT(S)" and the like are columns only
            continue
    return Rules(frozenset(volatile), unordered, tuple(paths))


def build(text: str, rule: Rules) -> Group:
    """The canonical tree of one output: a group of lines, tables and trees in reading order."""
    nodes: list[Node] = []
    tables = trees = 0
    for block in blocks(text):
        match block:
            case Line():
                nodes.append(_line(block, rule))
            case Tree():
                trees += 1
                nodes.append(_tree(block, trees, rule))
            case Sheet():
                tables += 1
                nodes.append(_table(block, "table" if tables == 1 else f"table {tables}", rule))
    if rule.unordered:
        return Group("output", 1, text, tuple(nodes), "free")
    return Group("output", 1, text, tuple(_with_listings(nodes)))


def _line(line: Line, rule: Rules) -> Node:
    where = f"line {line.number}"
    match = LABELLED.match(line.text)
    if match and match[2] in rule.volatile:
        return Leaf(where, line.number, line.text, (f"{match[2]}:",))
    return text_node(where, line.number, line.text, line_tokens(line.text))


def _with_listings(nodes: Sequence[Node]) -> list[Node]:
    """Neighbouring lines that name generated objects become a group that sorting may permute."""
    result: list[Node] = []
    run: list[Node] = []
    for node in [*nodes, None]:
        if isinstance(node, Leaf) and has_generated_name(node.tokens):
            run.append(node)
            continue
        result += [_listing(run)] if len(run) > 1 else run
        run = []
        if node is not None:
            result.append(node)
    return result


def _listing(run: Sequence[Node]) -> Group:
    found = [node for node in run if isinstance(node, Leaf)]
    text = "\n".join(leaf.text for leaf in found)
    keys = tuple(leaf.text.strip() for leaf in found)
    shapes = tuple(shape(leaf.tokens) for leaf in found)
    return Group(found[0].where, found[0].line, text, tuple(found), "sorted", keys, shapes)


def _table(sheet: Sheet, where: str, rule: Rules) -> Table:
    names = [_key(sheet, row) for row in sheet.rows]
    rows = [
        _row(sheet, row, f"{where} row {n} ({name})", rule)
        for n, (row, name) in enumerate(zip(sheet.rows, names, strict=True), 1)
    ]
    group = _rows(sheet, rows, where, rule)
    return Table(where, sheet.line, "\n".join(names), sheet.columns, group)


def _row(sheet: Sheet, row: Row, where: str, rule: Rules) -> Fields:
    fields: dict[str, Node] = {}
    for number, (column, text) in enumerate(zip(sheet.columns, row.cells, strict=True), 1):
        if column in rule.volatile:
            continue
        place = f"{where}, column {column}"
        name = column if column not in fields else f"{column} {number}"
        fields[name] = _cell(place, row.line, text, sheet, column)
    return Fields(where, row.line, "   ".join(row.cells), fields)


def _cell(where: str, line: int, text: str, sheet: Sheet, column: str) -> Node:
    """A cell; in a drawn table it may have several lines, which are no list in any order."""
    nodes = [
        text_node(where, line + n, part, cell_tokens(column, part, sheet.columns))
        for n, part in enumerate(text.split("\n"))
    ]
    return nodes[0] if len(nodes) == 1 else Group(where, line, text, tuple(nodes))


def _rows(sheet: Sheet, rows: Sequence[Fields], where: str, rule: Rules) -> Group:
    columns = _key_columns(sheet, rows)
    keys = [_named(row, columns, "/") for row in rows]
    if rule.unordered or not _permutes(rows, columns):
        order: Order = "free" if rule.unordered else "fixed"
        return _group(where, sheet, list(zip(keys, rows, strict=True)), columns, order)
    bundles: dict[str, list[Fields]] = {}
    for key, row in zip(keys, rows, strict=True):
        bundles.setdefault(key, []).append(row)
    return _group(where, sheet, list(bundles.items()), columns, _sorting(sheet))


def _sorting(sheet: Sheet) -> Order:
    """Events are stored by a name that is not shown, so their order seems random."""
    return "free" if {"LAST SEEN", "OBJECT"} <= set(sheet.columns) else "sorted"


def _group(
    where: str,
    sheet: Sheet,
    keyed: Sequence[tuple[str, Fields | list[Fields]]],
    columns: Sequence[str],
    order: Order,
) -> Group:
    """The rows by key; several of one key (a watch, events) keep the order of time."""
    nodes = [_bundle(rows) if isinstance(rows, list) else rows for _, rows in keyed]
    first = [rows[0] if isinstance(rows, list) else rows for _, rows in keyed]
    keys = tuple(key for key, _ in keyed)
    shapes = tuple(_key_shape(row, columns) for row in first)
    return Group(f"{where} rows", sheet.line, "", tuple(nodes), order, keys, shapes)


def _bundle(rows: Sequence[Fields]) -> Group:
    text = "\n".join(row.text for row in rows)
    return Group(rows[0].where, rows[0].line, text, tuple(rows))


def _key(sheet: Sheet, row: Row) -> str:
    cells = {column.upper(): cell for column, cell in zip(sheet.columns, row.cells, strict=True)}
    named = [cells[name] for name in KEY_COLUMNS if cells.get(name)]
    return "/".join(named) or cells.get("OBJECT") or (row.cells[0] if row.cells else "")


def _key_columns(sheet: Sheet, rows: Sequence[Fields]) -> list[str]:
    """What rows are sorted by: namespace and name, an event's object, else a generated column."""
    if "LAST SEEN" in sheet.columns and "OBJECT" in sheet.columns:
        return ["OBJECT"]
    named = [column for column in sheet.columns if column.upper() in KEY_COLUMNS]
    if any(column.upper() == "NAME" for column in named):
        return named
    for column in sheet.columns:
        if any(_generated(row.fields.get(column)) for row in rows):
            return [column]
    return list(sheet.columns[:1])


def _named(row: Fields, columns: Sequence[str], glue: str) -> str:
    return glue.join(row.fields[column].text for column in columns if column in row.fields)


def _key_shape(row: Fields, columns: Sequence[str]) -> Tokens:
    found: list[str | Value] = []
    for column in columns:
        for leaf in leaves(row.fields[column]) if column in row.fields else ():
            found += [*shape(leaf.tokens), "/"]
    return tuple(found)


def _generated(node: Node | None) -> bool:
    return node is not None and any(has_generated_name(leaf.tokens) for leaf in leaves(node))


def _permutes(rows: Sequence[Fields], key_columns: Sequence[str]) -> bool:
    """Rows named at random are sorted at random."""
    keys = (row.fields[column] for row in rows for column in key_columns if column in row.fields)
    return _any_identity(tuple(keys)) or any(_generated(row) for row in rows)


def _tree(tree: Tree, number: int, rule: Rules) -> Node:
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

    How often an event was seen; the revision of a list, which may be that of its last item.
    """
    name = kind.text if isinstance(kind, Scalar) else ""
    if name == "Event" and isinstance(count := fields.get("count"), Leaf):
        fields["count"] = replace(count, tokens=(Value("event-count"),))
    metadata = fields.get("metadata")
    if name.endswith("List") and isinstance(metadata, Fields):
        revision = metadata.fields.get("resourceVersion")
        if isinstance(revision, Leaf):
            bare = replace(revision, tokens=shape(revision.tokens))
            fields["metadata"] = replace(
                metadata, fields={**metadata.fields, "resourceVersion": bare}
            )


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
    unsorted = bool(path) and path[-1] in UNSORTED_KEYS
    mappings = all(isinstance(item, Fields) for item in items)
    if (place.rule.unordered and (mappings or not path)) or (unsorted and _any_identity(items)):
        return "free"
    if any(node and any(isinstance(t, Value) and t.key for t in node.tokens) for node in named):
        return "sorted"
    return "fixed"


def _any_identity(items: Sequence[Node]) -> bool:
    return any(True for item in items for _ in values(item))


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
