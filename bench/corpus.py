"""The comparison's error rates on the corpus of pairs, own and blind."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from bench.books import REPOSITORY
from bench.figures import Figure


def measure(_folder: Path) -> list[Figure]:
    """False alarms of benign pairs and misses of harmful ones, in per cent."""
    sys.path.append(str(REPOSITORY / "tests"))
    score = import_module("corpus.score").score
    figures = []
    for part in ("own", "blind"):
        found = score(part)
        figures += [
            Figure(f"{part}: false alarms of {found.benign}", 100 * found.false_alarm_rate, "%", 0),
            Figure(f"{part}: misses of {found.harmful}", 100 * found.miss_rate, "%", 0),
        ]
    return figures
