"""The canonical form of what a cell printed: parsed, typed, and with identity over a chain."""

from __future__ import annotations

from dataclasses import dataclass

from kubebook.canonical.build import build
from kubebook.canonical.lookup import column_texts, lookup
from kubebook.canonical.nodes import Group
from kubebook.canonical.rules import rules

__all__ = ["Output", "canonical", "column_texts", "lookup"]


@dataclass(frozen=True)
class Output:
    """What one cell printed.

    `id` is the cell's, "monitoring/service-list" or "monitoring/whoami#anonymous"; `text` is raw
    but masked; `exit` is the status. `volatile` names table columns ("RESTARTS") or JSON and YAML
    paths ("items[*].status.podIP") left out of the comparison; with `unordered` the order of
    lines, rows and list items does not count.
    """

    id: str
    text: str
    exit: int = 0
    volatile: tuple[str, ...] = ()
    unordered: bool = False


def canonical(output: Output) -> Group:
    """The canonical tree of an output: lines, tables and JSON or YAML values in reading order.

    Never fails: text that is neither table nor tree is lines of words.
    """
    return build(output.text, rules(output.volatile, output.unordered))
