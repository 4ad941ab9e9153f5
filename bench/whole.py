"""The whole book on fresh clusters, once: how long it takes, and how often in a row it passed."""

from __future__ import annotations

import json
from pathlib import Path

from bench.books import REPOSITORY
from bench.figures import Figure
from bench.live import check_anew
from kubebook.engine import find_engine
from kubebook.errors import BookError

RESULTS = REPOSITORY / "bench" / "results.json"
IN_A_ROW = "whole checks passed in a row"
ENOUGH = 10
LIMIT = 15 * 60  # seconds


def measure(_: Path) -> list[Figure]:
    """Check the book with as many clusters at once as this machine carries.

    Raises:
        BookError: there is no container engine here.
    """
    if fault := find_engine().fault:
        raise BookError(fault, hint=find_engine().fix)
    try:
        check = check_anew(REPOSITORY, 0)
    except BookError as error:  # a check that does not end is none that passed
        return _figures(str(error).strip().splitlines()[-1], 0)
    failed = [str(r["id"]) for r in check.results if r["outcome"] in ("drift", "broken")]
    took = Figure("the book checked, slow chains too", check.seconds, "s", LIMIT)
    return [took, *_figures(", ".join(failed), 0 if failed else _passed_before() + 1)]


def _figures(disagree: str, passed: int) -> list[Figure]:
    return [
        Figure("snippets that disagree", disagree or "none"),
        Figure(IN_A_ROW, passed),
        Figure(f"  still to pass, of {ENOUGH}", max(0, ENOUGH - passed), target=0),
    ]


def _passed_before() -> int:
    """What the last run of this part counted; 0 if there was none."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    figures = kept.get("book", {}).get("figures", [])
    return next((int(figure["seen"]) for figure in figures if figure["what"] == IN_A_ROW), 0)
