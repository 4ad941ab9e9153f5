"""Live mode: runs what is stale while an author looks at the site."""

from __future__ import annotations

from kubebook.library import Library
from kubebook.progress import say
from kubebook.runs import run


def refresh(library: Library) -> None:
    """Run stale and missing snippets; the page shows a drifted output as new."""
    run(library, report=lambda result: say(f"{result.outcome}: {result.id}"))
