"""Live mode runs what is stale, once."""

from __future__ import annotations

import pytest
from mini import MiniBook

from kubebook.broken import broken_of
from kubebook.refresh import refresh
from kubebook.runs import run
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
    assert broken_of(mini.library, "one/a") == ""


@pytest.mark.fault("kubebook/refresh.py", "not slow(library.chain(i)) and", "")
def test_slow_snippets_are_left_out(mini: MiniBook) -> None:
    mini.snippet("a.sh", f"echo x >> {mini.root}/ran", 'slow = "waits for a drain"\n')
    refresh(mini.library)
    assert runs(mini) == 0


@pytest.mark.fault("kubebook/broken.py", 'if note["key"] == key and', "if")
@pytest.mark.fault("kubebook/refresh.py", "return waits or any(", "return waits and any(")
def test_what_failed_runs_again_only_when_it_changed(mini: MiniBook) -> None:
    mini.snippet("a.sh", f"echo x >> {mini.root}/ran; exit 3")
    mini.snippet("b.sh", f"echo x >> {mini.root}/ran", 'needs = ["one/a"]\n')
    refresh(mini.library)
    refresh(mini.library)
    assert runs(mini) == 1
    assert "ended with status 3" in broken_of(mini.library, "one/a")
    mini.snippet("a.sh", f"echo x >> {mini.root}/ran")
    assert broken_of(mini.library, "one/a") == ""
    refresh(mini.library)
    assert runs(mini) == 3
    assert [status_of(mini.library, i).state for i in ("one/a", "one/b")] == ["recorded"] * 2


@pytest.mark.fault(
    "kubebook/broken.py", "and not any(recording and", "and not any(not recording and"
)
def test_a_run_on_request_ends_the_matter(mini: MiniBook) -> None:
    mini.snippet("a.sh", f"test -e {mini.root}/there && echo x >> {mini.root}/ran")
    refresh(mini.library)
    assert "ended with status 1" in broken_of(mini.library, "one/a")
    mini.write("there", "")
    assert run(mini.library, ("one/a",))[0].outcome == "recorded"
    refresh(mini.library)
    assert (runs(mini), broken_of(mini.library, "one/a")) == (1, "")
