"""Tables as nodes: rows keyed by name, and when chance may have permuted them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from kubebook.canonical.cells import cell_tokens, endpoint_tokens, text_node
from kubebook.canonical.names import has_generated_name
from kubebook.canonical.nodes import (
    Fields,
    Group,
    Node,
    Order,
    Table,
    Tokens,
    Value,
    has_identity,
    leaves,
    shape,
    together,
)
from kubebook.canonical.rules import Rules
from kubebook.canonical.tables import Row, Sheet
from kubebook.canonical.words import scan

KEY_COLUMNS = ("NAMESPACE", "NAME")


def table_node(sheet: Sheet, where: str, rule: Rules) -> Table:
    """A sheet as a table node; its rows may be permuted if their names are random."""
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
    read = endpoint_tokens if column.upper() == "ENDPOINTS" else scan
    nodes = [
        text_node(where, line + n, part, cell_tokens(column, part, sheet.columns), read)
        for n, part in enumerate(text.split("\n"))
    ]
    return nodes[0] if len(nodes) == 1 else Group(where, line, text, tuple(nodes))


def _rows(sheet: Sheet, rows: Sequence[Fields], where: str, rule: Rules) -> Group:
    columns = _key_columns(sheet, rows)
    keys = [_named(row, columns, "/") for row in rows]
    by_time = "LAST SEEN" in sheet.columns and len(set(keys)) < len(list(groupby(keys)))
    if rule.unordered or not (by_time or _permutes(rows, columns)) or _described(sheet):
        order: Order = "free" if rule.unordered or _unsorted(sheet) else "fixed"
        found = rows if order == "free" else _alike(rows)
        keyed = [(_named(_first(node), columns, "/"), node) for node in found]
        return _group(where, sheet, keyed, columns, order)
    bundles: dict[str, list[Fields]] = {}
    for key, row in zip(keys, rows, strict=True):
        bundles.setdefault(key, []).append(row)
    bundled = [(key, _bundle(rows, by_time)) for key, rows in bundles.items()]
    return _group(where, sheet, bundled, columns, _sorting(sheet))


def _described(sheet: Sheet) -> bool:
    """Events below what `kubectl describe` describes: in the order of time."""
    return {"Type", "Reason", "Message"} <= set(sheet.columns)


def _sorting(sheet: Sheet) -> Order:
    """Events are stored by a name that is not shown, so their order seems random."""
    return "free" if {"LAST SEEN", "OBJECT"} <= set(sheet.columns) else "sorted"


def _unsorted(sheet: Sheet) -> bool:
    """Rows in the order of a Go map, or of time where a repeated event moves to its last one.

    kubectl's describe.go: describeLimitRangeSpec, DescribeEvents; componentstatus/rest.go.
    """
    if sheet.columns[:3] in (("Type", "Resource", "Min"), ("NAME", "STATUS", "MESSAGE")):
        return True
    return "Age" in sheet.columns and any(" (x" in cell for row in sheet.rows for cell in row.cells)


def _group(
    where: str,
    sheet: Sheet,
    keyed: Sequence[tuple[str, Fields | Group]],
    columns: Sequence[str],
    order: Order,
) -> Group:
    """The rows by key, several of one key as a bundle."""
    nodes = [node for _, node in keyed]
    keys = tuple(key for key, _ in keyed)
    shapes = tuple(_key_shape(_first(node), columns) for node in nodes)
    return Group(f"{where} rows", sheet.line, "", tuple(nodes), order, keys, shapes)


def _bundle(rows: Sequence[Fields], by_time: bool) -> Group:
    """The rows of one key (a watch, events) in the order of time.

    Where events of several objects stand between each other, they were sorted by a time in
    seconds, and Go's sort does not keep the order of what happened in the same second.
    """
    ages = {row.fields["LAST SEEN"].text for row in rows if "LAST SEEN" in row.fields}
    order: Order = "free" if by_time and len(ages) < len(rows) else "fixed"
    return together(rows if order == "free" else _alike(rows), order)


def _alike(rows: Sequence[Fields]) -> list[Fields | Group]:
    """The rows, with events that follow each other for one reason as a group in any order.

    A controller makes what it makes at one time side by side: Pods of a Job, Jobs of a CronJob.
    """
    found: list[Fields | Group] = []
    for _, run in groupby(enumerate(rows), lambda numbered: _reason(*numbered)):
        events = [row for _, row in run]
        found.append(together(events, "free") if len(events) > 1 else events[0])
    return found


def _reason(number: int, row: Fields) -> tuple[str, ...] | int:
    """What event rows of one kind share; of any other row its number."""
    fields = {column.upper(): node for column, node in row.fields.items()}
    if not {"REASON", "MESSAGE", "TYPE"} <= fields.keys():
        return number
    shared = ("NAMESPACE", "OBJECT", "REASON", "TYPE")
    return tuple(fields[column].text for column in shared if column in fields)


def _first(node: Fields | Group) -> Fields:
    """A row, or the first of a bundle, which may hold groups of its own."""
    while isinstance(node, Group):
        (node, *_) = node.children  # type: ignore[assignment]
    return node


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
    return has_identity(tuple(keys)) or any(_generated(row) for row in rows)
