"""How a book's outputs came to be what they are: the last change in meaning that git knows of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from kubebook.git import git, whole_history
from kubebook.kept import Kept
from kubebook.key import changed_inputs
from kubebook.recording import Recording, outputs, parse_recording
from kubebook.snippet import Snippet

# Each state of the main line against the one before it, so that a merge is one step of it
STEPS = ("--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "--relative", "-z")

STEP = re.compile(r":\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [^D\0]*\0([^\0]+)\0")  # not what was deleted


@dataclass(frozen=True)
class Change:
    """How the output of one cell last changed in meaning, between two recordings.

    `recorded` is when the newer one was made (UTC, ISO 8601), `kubernetes` the versions of both,
    `inputs` what else is another one since then, as a recording names it ("code",
    "file hello.yaml"). `exits` are the statuses of both; `lines` what differs, each line behind
    its sign: "-" was, "+" is, " " around.
    """

    recorded: str
    kubernetes: tuple[str, str]
    inputs: tuple[str, ...]
    exits: tuple[int, int]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """The recordings of a book that git holds, as its main line had them one after the other.

    Without git, or with a part of its history alone (a shallow clone), there are none.
    """

    root: Path
    kept: Kept = field(default_factory=Kept)
    _known: dict[tuple[str, ...], dict[str, Change]] = field(default_factory=dict)

    def versions(self, snippet_id: str) -> tuple[str, ...]:
        """Git's names of all recordings of a snippet, the newest first."""
        return tuple(self._versions.get(snippet_id, ()))

    def changes(self, snippet: Snippet, now: Recording) -> dict[str, Change]:
        """The last change in meaning of each cell, by its name, up to the recording `now`.

        A cell that always said the same, or that was recorded only once, has none.
        """
        key = (snippet.id, now.run, now.key)
        if key not in self._known:
            self._known[key] = dict(_changes(snippet, [now, *self._older(snippet.id)]))
        return self._known[key]

    @cached_property
    def commit(self) -> str:
        """The commit at hand, "" if its history is not."""
        return whole_history(self.root)

    @cached_property
    def _versions(self) -> dict[str, list[str]]:
        return self.kept(_log, str(self.root), self.commit) if self.commit else {}

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Every recording by git's name of it, read at once: a process for each would take long."""
        names = [name for found in self._versions.values() for name in found]
        answer = git(self.root, "cat-file", "--batch", given="\n".join(names) + "\n")
        texts = {}
        while answer:
            head, _, rest = answer.partition(b"\n")
            name, _, size = head.decode().partition(" blob ")
            length = int(size) if size else -1  # "NAME missing" has no content, and no line for it
            if size:
                texts[name] = rest[:length].decode(errors="replace")
            answer = rest[length + 1 :]
        return texts

    def _older(self, snippet_id: str) -> Iterator[Recording]:
        """Up to the first that is no recording as they are today: before that, nothing is known."""
        with suppress(ValueError, KeyError):
            for name in self.versions(snippet_id):
                yield parse_recording(self._texts[name])


def _log(root: str, head: str) -> dict[str, list[str]]:
    """The recordings that the history of a commit holds: git's names of them by snippet."""
    found = defaultdict(list)
    log = git(Path(root), "log", *STEPS, "--format=", head, "--", "recordings")
    for new, name in STEP.findall(log.decode(errors="replace")):
        path = Path(name)
        if path.suffix == ".json" and len(path.parts) == 3:
            found[f"{path.parts[1]}/{path.stem}"].append(new)
    return dict(found)


def _changes(snippet: Snippet, versions: list[Recording]) -> Iterator[tuple[str, Change]]:
    """For each cell: from the newest version that says something else than the first one does."""
    left = {cell.name: cell for cell in versions[0].cells}
    for newer, older in pairwise(versions):
        was = {cell.name: cell for cell in older.cells}
        both = (older.provenance.kubernetes, newer.provenance.kubernetes)
        inputs = _inputs(older, newer)
        if not left or _said(older) == _said(newer):  # most commits change inputs alone
            continue
        for name, lines in _differing(snippet, older, versions[0]).items():
            if cell := left.pop(name, None):
                exits = (was[name].exit, cell.exit)
                when = newer.provenance.recorded.isoformat()
                yield name, Change(when, both, inputs, exits, lines)


def _inputs(older: Recording, newer: Recording) -> tuple[str, ...]:
    """What changed but for Kubernetes. What it needs is another one with every version."""
    parts = changed_inputs(dict(older.inputs), dict(newer.inputs))
    moved = any(part.split(" ")[0] in ("kubernetes", "tool") for part in parts)
    hidden = ("kubernetes", "needs ") if moved else ("kubernetes",)
    return tuple(part for part in parts if not part.startswith(hidden))


def _said(recording: Recording) -> list[tuple[str, int, str]]:
    return [(cell.name, cell.exit, cell.output) for cell in recording.cells]


def _differing(snippet: Snippet, older: Recording, newer: Recording) -> dict[str, tuple[str, ...]]:
    """The cells of both recordings that differ in meaning, with the lines that do."""
    from kubebook.diff import changed_lines  # only what never was compared is
    from kubebook.drift import compare

    shared = {cell.name for cell in older.cells} & {cell.name for cell in newer.cells}
    before, after = (
        outputs(snippet, tuple(cell for cell in recording.cells if cell.name in shared))
        for recording in (older, newer)
    )
    found = compare(before, after)
    was = {output.id: output for output in before}
    return {
        output.id.partition("#")[2]: tuple(changed_lines(mine, was[output.id], output))
        for output in after
        if (mine := [difference for difference in found if difference.output == output.id])
    }
