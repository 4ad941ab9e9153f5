"""Live mode runs what is stale, once."""

from __future__ import annotations

import pytest
from mini import MiniBook

from kubebook.refresh import refresh
from kubebook.status import status_of


def runs(mini: MiniBook) -> int:
    """How often the snippet ran: it leaves a line outside its sandbox each time."""
    log = mini.root / "ran"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_what_is_stale_runs_once_and_waits(mini: MiniBook) -> None:
    code = f"echo x >> {mini.root}/ran; echo {{}}"
    mini.snippet("a.sh", code.format("one"))
    refresh(mini.library)
    refresh(mini.library)
    assert (runs(mini), status_of(mini.library, "one/a").state) == (1, "recorded")
    mini.snippet("a.sh", code.format("two"))
    refresh(mini.library)
    refresh(mini.library)
    status = status_of(mini.library, "one/a")
    assert (runs(mini), status.state) == (2, "stale")
    assert status.pending
    assert status.pending.cells[0].output == "two\n"


@pytest.mark.fault("kubebook/refresh.py", "not slow(library.chain(i)) and", "")
def test_slow_snippets_are_left_out(mini: MiniBook) -> None:
    mini.snippet("a.sh", f"echo x >> {mini.root}/ran", 'slow = "waits for a drain"\n')
    refresh(mini.library)
    assert runs(mini) == 0
