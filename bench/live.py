"""The book's own live run: a pool of two against one, what clusters cost, runs that disagree."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.books import REPOSITORY
from bench.figures import Figure
from bench.timing import environment
from kubebook.book import load_book
from kubebook.engine import find_engine
from kubebook.errors import BookError
from kubebook.library import Library, load_library

KUBEBOOK = Path(sys.prefix) / "bin" / "kubebook"
STEP = re.compile(
    r"^(?P<mark>[✓✗]) (?P<what>.*?) (?:(?P<min>\d+) min )?(?P<s>[\d.]+) s$", re.MULTILINE
)
RUNS = (2, 1)  # sizes of the pool, each from no cluster at all


@dataclass(frozen=True)
class Check:
    """One `kubebook check` of the whole book."""

    seconds: float
    results: list[dict[str, object]]
    log: str

    def steps(self, begins: str) -> list[float]:
        """What the steps took whose words begin so, in seconds."""
        found = (step for step in STEP.finditer(self.log) if step["what"].startswith(begins))
        return [60 * int(step["min"] or 0) + float(step["s"]) for step in found]


def measure(_folder: Path) -> list[Figure]:
    """Check the book once with each size of pool.

    Raises:
        BookError: there is no container engine here.
    """
    if fault := find_engine().fault:
        raise BookError(fault, hint=find_engine().fix)
    checks = {size: _check(size) for size in RUNS}
    library = load_library(load_book(REPOSITORY))
    return [
        *(Figure(f"the book checked, pool of {s}", c.seconds, "s") for s, c in checks.items()),
        Figure("pool of 2 by pool of 1", checks[2].seconds / checks[1].seconds),
        *_steps("cluster start", [t for c in checks.values() for t in c.steps("creating a ")]),
        *_steps("put back", [t for c in checks.values() for t in c.steps("putting back ")]),
        Figure("clusters replaced", sum(c.log.count("replaced: ") for c in checks.values())),
        *_snippets(checks[1]),
        _flakes(library, list(checks.values())),
    ]


def _check(size: int) -> Check:
    subprocess.run([KUBEBOOK, "cluster", "down"], cwd=REPOSITORY, capture_output=True)
    line = [KUBEBOOK, "check", "--json", "--pool", str(size)]
    start = time.perf_counter()
    done = subprocess.run(line, cwd=REPOSITORY, env=environment(), capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise BookError(f"kubebook check failed: {done.stderr[-1000:]}")
    return Check(seconds, json.loads(done.stdout), done.stderr)


def _steps(what: str, times: list[float]) -> list[Figure]:
    if not times:
        return []
    return [Figure(f"{what}, median of {len(times)}", statistics.median(times), "s")]


def _snippets(check: Check) -> list[Figure]:
    times = {str(r["id"]): float(str(r["seconds"])) for r in check.results if r["seconds"]}
    slowest = max(times, key=lambda snippet: times[snippet])
    return [
        Figure(f"time per snippet, median of {len(times)}", statistics.median(times.values()), "s"),
        Figure(f"  slowest: {slowest}", times[slowest], "s"),
    ]


def _flakes(library: Library, checks: list[Check]) -> Figure:
    """A chain runs all its snippets: one that several chains begin with ran that often."""
    runs = len(checks) * sum(len(chain) for chain in library.chains())
    disagree = sum(r["outcome"] in ("drift", "broken") for c in checks for r in c.results)
    return Figure(f"runs that disagree, of {runs}", 100 * disagree / runs, "%", 0)
