"""What the engine itself costs: its part of a no-op build, its memory, comparing everything."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from bench.books import REPOSITORY, make_ours
from bench.figures import Figure
from bench.timing import environment
from kubebook.book import load_book
from kubebook.drift import compare
from kubebook.library import load_library
from kubebook.recording import outputs, read_recording

ROUNDS = 7
AGE = re.compile(r"\b(\d+)s\b")
SIZES = {30: 0.05, 300: 0.5}  # pages: seconds that the engine may take


def measure(folder: Path) -> list[Figure]:
    """Build books in `folder` and measure on them."""
    figures = []
    for pages, target in SIZES.items():
        make_ours(folder / f"own{pages}", pages)
        runs = [_own(folder / f"own{pages}") for _ in range(ROUNDS + 1)]
        own = statistics.median(run["seconds"] for run in runs[1:])
        calls = runs[0]["calls"]
        loaded = statistics.median(run["loaded"] for run in runs[1:])
        figures += [
            Figure(f"own part of a build, {calls:.0f} snippets", own, "s CPU", target),
            Figure("  by what it takes to load MkDocs and its plugins", own / loaded),
        ]
    figures.append(Figure("peak memory, 900 snippets, first build", runs[0]["peak"], "MB", 200))
    figures.append(Figure("  of that before the engine is loaded", runs[0]["bare"], "MB"))
    figures.append(Figure("every output of the book compared", _compare_all(), "s CPU", 1))
    return figures


def _own(book: Path) -> dict[str, float]:
    line = [sys.executable, "-P", REPOSITORY / "bench" / "own_part.py"]
    done = subprocess.run(
        line, cwd=book, env=environment(), capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _compare_all() -> float:
    """Compare every output of this book with what a run one second older would have printed."""
    library = load_library(load_book(REPOSITORY))
    folder = library.book.recordings
    found = [r for i in library.snippets if (r := read_recording(folder, i))]
    now = [output for r in found for output in outputs(library[r.id], r.cells)]
    older = [replace(output, text=AGE.sub(_older, output.text)) for output in now]
    start = time.process_time()
    compare(now, older)
    return time.process_time() - start


def _older(age: re.Match[str]) -> str:
    return f"{int(age[1]) + 1}s"
