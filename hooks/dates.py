"""When each page was last changed, from git, in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kubebook.git import last_changes


def on_pre_build(config: Any) -> None:
    """Ask for all pages of the language at once."""
    history = config.extra["shower"].history  # a broken book has none
    asked = (config.docs_dir, history.commit) if history and history.commit else ()
    config.extra["changed"] = history.kept(last_changes, *asked) if asked else {}


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """Material shows the `revision_date` of a page under it."""
    if seconds := config.extra["changed"].get(page.file.src_uri):
        day = config.extra["kubebook"].words.date(datetime.fromtimestamp(seconds, UTC))
        page.meta.setdefault("revision_date", day)
    return context
