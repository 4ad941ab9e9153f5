"""Live mode: runs what is stale while an author looks at the site."""

from __future__ import annotations

from kubebook.library import Library
from kubebook.progress import say
from kubebook.runs import run, stale


def refresh(library: Library) -> None:
    """Run stale and missing snippets but slow ones; the page shows a drifted output as new."""
    ids = tuple(i for i in stale(library) if not any(s.slow for s in library.chain(i)))
    if ids:
        run(library, ids, report=lambda result: say(f"{result.outcome}: {result.id}"))
