"""Live mode: runs what is stale while an author looks at the site."""

from __future__ import annotations

from kubebook.chain import slow
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.progress import say
from kubebook.runs import run, stale
from kubebook.status import pending_of


def refresh(library: Library) -> None:
    """Run stale and missing snippets; the page shows an output that differs as new.

    Left out are slow snippets, and those whose new output waits to be accepted already.
    """
    ids = tuple(i for i in stale(library) if not slow(library.chain(i)) and not _waits(library, i))
    if ids:
        run(library, ids, report=lambda result: say(f"{result.outcome}: {result.id}"))


def _waits(library: Library, snippet_id: str) -> bool:
    pending = pending_of(library.book, snippet_id)
    return pending is not None and pending.key == snippet_key(library, snippet_id).digest
