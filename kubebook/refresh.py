"""Live mode: runs what is stale while an author looks at the site."""

from __future__ import annotations

from kubebook.broken import broken_of, note_broken
from kubebook.chain import slow
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.progress import say
from kubebook.runs import run, stale
from kubebook.status import pending_of


def refresh(library: Library) -> None:
    """Run stale and missing snippets; the page shows an output that differs as new.

    Left out are slow snippets, those whose new output waits to be accepted already, and those that
    broke, or stand on one that broke, as they are now: `kubebook run ID` tries them again.
    """
    ids = tuple(i for i in stale(library) if not slow(library.chain(i)) and not _done(library, i))
    if ids:
        results = run(library, ids, report=lambda result: say(f"{result.outcome}: {result.id}"))
        for result in results:
            if result.outcome == "broken":
                note_broken(library, result.id, result.text)


def _done(library: Library, snippet_id: str) -> bool:
    pending = pending_of(library.book, snippet_id)
    waits = pending is not None and pending.key == snippet_key(library, snippet_id).digest
    return waits or any(broken_of(library, snippet.id) for snippet in library.chain(snippet_id))
