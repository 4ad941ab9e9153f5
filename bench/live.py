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

from bench.books import REPOSITORY, write
from bench.figures import Figure
from bench.timing import environment
from kubebook.book import load_book
from kubebook.engine import find_engine
from kubebook.errors import BookError
from kubebook.library import load_library

KUBEBOOK = Path(sys.prefix) / "bin" / "kubebook"
STEP = re.compile(
    r"^(?P<mark>[✓✗]) (?P<what>.*?) (?:(?P<min>\d+) min )?(?P<s>[\d.]+) s$", re.MULTILINE
)
SIZES = (2, 1)  # of the pool, each from no cluster at all
CHAINS = 6  # of a book of equal chains: our own may have too few to fill a pool
SETTINGS = """\
name = "bench-chains"
kubernetes = "1.37"
images = "{images}"
pages = ["docs/ko"]
[profiles.single]
"""
IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.66.1"
CHAIN = """\
# /// kubebook
# expect = {{ contains = ["3/3"] }}
# ///
kubectl create deployment web-{number} --image={image} --replicas=3
kubectl wait --for=condition=Available deployment/web-{number}
kubectl rollout restart deployment/web-{number}
kubectl rollout status deployment/web-{number} | tail -n 1
kubectl get deployment web-{number}
"""


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


def measure(folder: Path) -> list[Figure]:
    """Check the book, and one of equal chains, with each size of pool.

    Raises:
        BookError: there is no container engine here.
    """
    if fault := find_engine().fault:
        raise BookError(fault, hint=find_engine().fix)
    ours, chains = REPOSITORY, _equal_chains(folder / "chains")
    try:
        checks = {root: {size: check_anew(root, size) for size in SIZES} for root in (ours, chains)}
    finally:
        _down(chains)
    every = [check for of_root in checks.values() for check in of_root.values()]
    starts = [seconds for check in every for seconds in check.steps("creating a ")]
    back = [seconds for check in every for seconds in check.steps("putting back ")]
    return [
        *_pools("the book checked", checks[ours]),
        *_pools(f"{CHAINS} equal chains checked", checks[chains]),
        Figure("pool of 2 by pool of 1", checks[chains][2].seconds / checks[chains][1].seconds),
        Figure(f"cluster start, median of {len(starts)}", statistics.median(starts), "s"),
        Figure(f"put back, median of {len(back)}", statistics.median(back), "s"),
        Figure("put back by cluster start", statistics.median(back) / statistics.median(starts)),
        Figure("clusters replaced", sum(check.log.count("replaced: ") for check in every)),
        *_snippets(checks[ours][1]),
        _flakes(ours, checks[ours]),
        _flakes(chains, checks[chains]),
    ]


def _equal_chains(root: Path) -> Path:
    """A book of chains that do the same work under other names, recorded."""
    images = REPOSITORY / "cluster"
    write(root / "kubebook.toml", SETTINGS.format(images=images))
    names = [f"chains/c-{number}" for number in range(CHAINS)]
    for number, name in enumerate(names):
        write(root / f"snippets/{name}.sh", CHAIN.format(number=number, image=IMAGE))
    shown = "\n\n".join(f'{{{{ run("{name}") }}}}' for name in names)
    write(root / "docs/ko/index.md", f"# Chains\n\n{shown}\n")
    _kubebook(root, "run", "--pool", "2")
    return root


def check_anew(root: Path, size: int) -> Check:
    """Check a book from no cluster at all; `size` of the pool, 0 for as many as fit here."""
    _down(root)
    start = time.perf_counter()
    done = _kubebook(root, "check", "--json", *(["--pool", str(size)] if size else ()))
    seconds = time.perf_counter() - start
    return Check(seconds, json.loads(done.stdout)["results"], done.stderr)


def _down(root: Path) -> None:
    _kubebook(root, "cluster", "down")


def _kubebook(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Drift (1) is a figure, and no reason to stop."""
    line = [KUBEBOOK, *words]
    done = subprocess.run(line, cwd=root, env=environment(), capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise BookError(f"kubebook {words[0]} failed: {done.stderr[-1000:]}")
    return done


def _pools(what: str, checks: dict[int, Check]) -> list[Figure]:
    return [Figure(f"{what}, pool of {size}", check.seconds, "s") for size, check in checks.items()]


def _snippets(check: Check) -> list[Figure]:
    times = {str(r["id"]): float(str(r["seconds"])) for r in check.results if r["at"]}
    slowest = max(times, key=lambda snippet: times[snippet])
    return [
        Figure(f"time per snippet, median of {len(times)}", statistics.median(times.values()), "s"),
        Figure(f"  slowest: {slowest}", times[slowest], "s"),
    ]


def _flakes(root: Path, checks: dict[int, Check]) -> Figure:
    """A chain runs all its snippets: one that several chains begin with ran that often."""
    library = load_library(load_book(root))
    runs = len(checks) * sum(len(chain) for chain in library.chains())
    failed = [r for c in checks.values() for r in c.results if r["outcome"] in ("drift", "broken")]
    share = 100 * len(failed) / runs
    return Figure(f"runs that disagree, of {runs} of {library.book.name}", share, "%", 0)
