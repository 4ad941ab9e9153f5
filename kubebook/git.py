"""What git knows of a folder: nothing where it is not there, or does not answer."""

from __future__ import annotations

import subprocess
from pathlib import Path

QUIET = (
    *("-c", "log.showSignature=false", "-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=off"),  # names in Hangul as they are
)


def git(folder: Path, *words: str, given: str = "") -> bytes:
    """The answer to a command in a folder, b"" if there is none."""
    command = ["git", *QUIET, "-C", str(folder), *words]
    try:
        done = subprocess.run(command, input=given.encode(), capture_output=True)
    except OSError:
        return b""
    return b"" if done.returncode else done.stdout


def whole_history(folder: Path) -> str:
    """The name of the commit at hand, "" without one, or without all that came before it.

    In a shallow clone the oldest commit at hand seems to have changed everything.
    """
    # Both answers in one call: a save under `mkdocs serve` waits for it
    answer = git(folder, "rev-parse", "--is-shallow-repository", "HEAD").decode().strip()
    shallow, _, commit = answer.partition("\n")
    return commit if shallow == "false" else ""


def last_changes(folder: str, commit: str) -> dict[str, int]:
    """The files that the history of a commit holds in a folder, by path in it.

    For each the time of the last commit that changed it, in seconds since 1970. One call for all
    files: a call for each would take as long as building their pages.
    """
    found: dict[str, int] = {}
    moment = 0
    names = ("--name-only", "--no-renames", "--relative", commit, "--", ".")
    for line in git(Path(folder), "log", "--format=@%at", *names).decode().splitlines():
        if line.startswith("@"):
            moment = int(line[1:])
        elif line:
            found.setdefault(line, moment)
    return found
