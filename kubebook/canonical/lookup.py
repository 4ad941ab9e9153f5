"""Quotes one value of an output: a table cell by row and column, or a JSON or YAML scalar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kubebook.canonical.clean import clean
from kubebook.canonical.document import Block, Tree, blocks
from kubebook.canonical.paths import Step, parse_path
from kubebook.canonical.tables import Row, Sheet
from kubebook.canonical.trees import Data, Scalar, load_yaml

TABLE_PATH = re.compile(r"table\[(?P<conditions>.*)\]\.(?P<column>.+)", re.DOTALL)
CONDITION = re.compile(
    r"\s*(?P<column>[^=,]+?)\s*=\s*(?:\"(?P<quoted>[^\"]*)\"|(?P<plain>[^,\"]*?))\s*(?:,|$)"
)
SHOWN = 8  # choices listed in an error


def lookup(text: str, path: str) -> str:
    """The value that `path` names in the output `text`.

    `path` is `table[NAME=web].URL` (rows of a kubectl or box table by one or more COLUMN=value
    pairs, a value with a comma in double quotes, then a column) or a JSON or YAML path such as
    `items[0].metadata.name`. A scalar is given as written, true, false and null in JSON's words.
    A ValueError says why there is no value or more than one, and what there is instead.
    """
    found = blocks(text)
    if path.startswith("table["):
        return _from_tables([block for block in found if isinstance(block, Sheet)], path)
    return _from_trees(_trees(text, found), path)


def column_texts(text: str, *columns: str) -> list[tuple[str, ...]]:
    """The cells of some columns of the one table in an output that has them, row by row.

    A ValueError says what there is instead.
    """
    sheets = [block for block in blocks(text) if isinstance(block, Sheet)]
    fitting = [sheet for sheet in sheets if {*columns} <= {*sheet.columns}]
    if len(fitting) != 1:
        raise ValueError(
            f"{len(fitting) or 'no'} table{'s' * (len(fitting) > 1)} with {', '.join(columns)}; "
            + (_columns(sheets) if sheets else "the output has no table")
        )
    places = [fitting[0].columns.index(column) for column in columns]
    return [tuple(row.cells[place] for place in places) for row in fitting[0].rows]


def _from_tables(sheets: Sequence[Sheet], path: str) -> str:
    conditions, column = _table_path(path)
    if not sheets:
        raise ValueError(f"{path}: the output has no table")
    wanted = {*conditions, column}
    fitting = [sheet for sheet in sheets if wanted <= set(sheet.columns)]
    if not fitting:
        raise ValueError(f"{path}: no table with these columns; {_columns(sheets)}")
    cells = [
        row.cells[sheet.columns.index(column)]
        for sheet in fitting
        for row in sheet.rows
        if _meets(sheet, row, conditions)
    ]
    return _only(cells, path, "row", _rows(fitting, conditions))


def _table_path(path: str) -> tuple[dict[str, str], str]:
    match = TABLE_PATH.fullmatch(path)
    if match is None:
        raise ValueError(f"{path}: write it as table[NAME=web].URL")
    conditions: dict[str, str] = {}
    end = 0
    while end < len(match["conditions"]):
        pair = CONDITION.match(match["conditions"], end)
        if pair is None:
            raise ValueError(f"{path}: cannot read {match['conditions'][end:]!r} as COLUMN=value")
        conditions[pair["column"]] = pair["plain"] if pair["quoted"] is None else pair["quoted"]
        end = pair.end()
    if not conditions:
        raise ValueError(f"{path}: name a row, as in table[NAME=web].URL")
    return conditions, match["column"].strip()


def _meets(sheet: Sheet, row: Row, conditions: dict[str, str]) -> bool:
    return all(row.cells[sheet.columns.index(c)] == value for c, value in conditions.items())


def _columns(sheets: Sequence[Sheet]) -> str:
    return "there is " + " and ".join(", ".join(sheet.columns) for sheet in sheets[:SHOWN])


def _rows(sheets: Sequence[Sheet], conditions: dict[str, str]) -> str:
    first = next(iter(conditions))
    cells = [row.cells[s.columns.index(first)] for s in sheets for row in s.rows]
    return f"{first} is " + _choices(cells)


def _choices(texts: Iterable[str]) -> str:
    every = list(dict.fromkeys(texts))
    return ", ".join(every[:SHOWN]) + (", …" if len(every) > SHOWN else "") or "nothing"


def _only(values: Sequence[str], path: str, noun: str, instead: str) -> str:
    if not values:
        raise ValueError(f"{path}: no {noun} matches; {instead}")
    if len(values) > 1:
        raise ValueError(f"{path}: {len(values)} {noun}s match; name one")
    return values[0]


def _trees(text: str, found: Sequence[Block]) -> list[Data]:
    """The trees of the output; flat `key: value` lines count as one here."""
    trees = [block.data for block in found if isinstance(block, Tree)]
    if trees:
        return trees
    try:
        return [data for data in load_yaml(clean(text)) if isinstance(data, dict | list)]
    except ValueError:
        return []


def _from_trees(trees: Sequence[Data], path: str) -> str:
    steps = parse_path(path)
    if not trees:
        raise ValueError(f"{path}: the output holds neither JSON nor YAML")
    if len(trees) == 1:
        values = _found(trees[0], steps, path)
    else:
        values = [value for tree in trees for value in _quietly(tree, steps, path)]
    scalars = [value.text for value in values if isinstance(value, Scalar)]
    if len(scalars) < len(values):
        raise ValueError(f"{path}: names a list or mapping; name one value in it")
    return _only(scalars, path, "value", "look at the output")


def _quietly(tree: Data, steps: Sequence[Step], path: str) -> list[Data]:
    try:
        return _found(tree, steps, path)
    except ValueError:
        return []


def _found(data: Data, steps: Sequence[Step], path: str) -> list[Data]:
    if not steps:
        return [data]
    step, rest = steps[0], steps[1:]
    if step == "*":
        inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
        return [value for item in inner for value in _quietly(item, rest, path)]
    if isinstance(data, dict) and isinstance(step, str) and step in data:
        return _found(data[step], rest, path)
    if isinstance(data, list) and isinstance(step, int) and -len(data) <= step < len(data):
        return _found(data[step], rest, path)
    raise ValueError(f"{path}: no {step!r}; {_inside(data)}")


def _inside(data: Data) -> str:
    match data:
        case dict():
            return f"there is {_choices(data)}"
        case list():
            return f"the list has {len(data)} items"
    return f"{data.text!r} is a single value"
