"""`make bench`: every figure as a table, and in bench/results.json with the day and the machine.

A part that cannot run here says why, and keeps what it said last.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from bench import corpus, engine, live, peers, search, site, whole
from bench.books import REPOSITORY
from bench.figures import Figure, table
from kubebook.errors import BookError

RESULTS = REPOSITORY / "bench" / "results.json"
PARTS: dict[str, Callable[[Path], list[Figure]]] = {
    "engine": engine.measure,
    "site": site.measure,
    "search": search.measure,
    "peers": peers.measure,
    "corpus": corpus.measure,
    "live": live.measure,
    "book": whole.measure,
}


def main() -> int:
    """Run the parts asked for, or all; 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}")
    asked = parser.parse_args().parts or [*PARTS]
    if unknown := set(asked) - set(PARTS):
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    missed = False
    for part in asked:
        with tempfile.TemporaryDirectory(prefix="kubebook-bench-") as folder:
            try:
                figures = PARTS[part](Path(folder))
            except BookError as error:
                print(f"{part}: not run: {error}\n", flush=True)
                continue
        print(table(part, figures) + "\n", flush=True)
        missed |= any(figure.mark == "✗" for figure in figures)
        results[part] = {**machine(), "figures": [entry(figure) for figure in figures]}
        text = json.dumps(results, indent=1, ensure_ascii=False)
        RESULTS.write_text(text + "\n", encoding="utf-8")
    return missed


def machine() -> dict[str, Any]:
    """The day, and what the figures were seen on."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "load": round(os.getloadavg()[1], 1),
    }


def entry(figure: Figure) -> dict[str, Any]:
    """A figure as it is kept."""
    seen = figure.seen if isinstance(figure.seen, str) else round(figure.seen, 4)
    target = {} if figure.target is None else {"target": figure.target}
    return {"what": figure.what.strip(), "seen": seen, "unit": figure.unit, **target}


if __name__ == "__main__":
    sys.exit(main())
