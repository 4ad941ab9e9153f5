"""What the engine itself costs a build of the book in the working folder; prints JSON.

MkDocs, Material and the macros plugin are loaded before the clock starts: it counts what the engine
loads, reads and shows. Seconds of this process's CPU, and its peak memory in MB.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import material.plugins.search.plugin  # noqa: F401
import mkdocs.commands.build  # noqa: F401
import mkdocs_macros.plugin  # noqa: F401
import pymdownx.superfences  # noqa: F401

LOADED = time.process_time()
BARE = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Show every macro call of every page, as one build does."""
    start = time.process_time()
    sys.path.insert(0, str(Path.cwd()))
    from hooks.book import open_book
    from kubebook.words import words

    shower = open_book(Path.cwd())
    calls = 0
    for page in sorted((Path.cwd() / "docs" / "ko").rglob("*.md")):
        for call in shower.calls.on(page):
            shower.show(replace(call, line=1), words("ko"))
            calls += 1
    took = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"seconds": took, "calls": calls, "peak": peak, "bare": BARE, "loaded": LOADED}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
