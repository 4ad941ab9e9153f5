"""When each page was last changed, from git, in the reader's language."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from kubebook.words import words

# One call for all pages: a call for each would take as long as building them.
LOG = (
    *("-c", "core.quotePath=off"),  # names in Hangul as they are
    *("log", "--format=@%at", "--name-only", "--no-renames", "--relative", "--", "."),
)


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """Material shows the `revision_date` of a page under it."""
    changed = last_changes(Path(config.docs_dir)).get(page.file.src_uri)
    if changed:
        page.meta.setdefault("revision_date", words(config.theme["language"]).date(changed))
    return context


@cache  # for the time of one `mkdocs serve`
def last_changes(folder: Path) -> dict[str, datetime]:
    """The files of a folder with the time of the last commit that changed them, by path in it.

    Empty where git cannot tell: no git, no repository, or a clone without its history, in which
    the oldest commit at hand seems to have changed everything.
    """
    if _git(folder, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    found: dict[str, datetime] = {}
    moment = datetime.now(UTC)
    for line in _git(folder, *LOG).splitlines():
        if line.startswith("@"):
            moment = datetime.fromtimestamp(int(line[1:]), UTC)
        elif line:
            found.setdefault(line, moment)
    return found


def _git(folder: Path, *arguments: str) -> str:
    """What git says in a folder; nothing if it fails or is not there."""
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return "" if done.returncode else done.stdout
