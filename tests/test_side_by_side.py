"""Chains side by side: at once, slow ones first, and no result depends on who ends first."""

from __future__ import annotations

import json
import random
import threading
import time
from itertools import accumulate
from pathlib import Path

import pytest
from mini import MiniBook

from kubebook.runs import check, run
from kubebook.slots import slot, try_lock

MEET = (
    "touch {root}/{me}; for i in $(seq 200); do [ -e {root}/{other} ] && break; sleep 0.05; done\n"
)


@pytest.mark.fault(
    "kubebook/runs.py", "ThreadPoolExecutor(size + (size > 1))", "ThreadPoolExecutor(1)"
)
def test_two_chains_run_at_once(mini: MiniBook) -> None:
    """Each ends well only if the other has begun."""
    for me, other in (("a", "b"), ("b", "a")):
        code = MEET.format(root=mini.root, me=me, other=other) + f"test -e {mini.root}/{other}"
        mini.snippet(f"{me}.sh", code)
    assert [r.outcome for r in run(mini.library, pool=2)] == ["recorded", "recorded"]


@pytest.mark.fault("kubebook/sandbox.py", "with sandbox.room:", "with nullcontext():")
@pytest.mark.fault("kubebook/sandbox.py", "group, engine, room)", "group, engine)")
def test_no_more_run_at_once_than_there_is_room(mini: MiniBook) -> None:
    """The one that is made ready meanwhile has not begun."""
    for name in "abcdef":
        mini.snippet(
            f"{name}.sh", f"echo + >> {mini.root}/log; sleep 0.3; echo - >> {mini.root}/log"
        )
    run(mini.library, pool=2)
    steps = (1 if word == "+" else -1 for word in (mini.root / "log").read_text().split())
    assert max(accumulate(steps)) == 2


@pytest.mark.fault("kubebook/runs.py", "for chain in chains:\n", "for chain in reversed(chains):\n")
def test_what_is_recorded_of_a_shared_beginning_is_the_first_leafs(mini: MiniBook) -> None:
    """Even if the second leaf's chain ends long before."""
    mini.snippet("start.sh", "echo begun")
    mini.snippet(
        "a.sh", MEET.format(root=mini.root, me="x", other="b-done"), 'needs = ["one/start"]\n'
    )
    mini.snippet("b.sh", f"touch {mini.root}/b-done", 'needs = ["one/start"]\n')
    results = run(mini.library, pool=2)
    assert [r.id for r in results] == ["one/start", "one/a", "one/b"]
    runs = {
        name: json.loads((mini.root / f"recordings/one/{name}.json").read_text())["run"]
        for name in ("start", "a", "b")
    }
    assert runs["start"] == runs["a"] != runs["b"]


@pytest.mark.fault("kubebook/runs.py", "not slow(chain)", "slow(chain)")
def test_slow_chains_start_first(mini: MiniBook) -> None:
    log = f">> {mini.root}/log"
    mini.snippet("a.sh", f"echo a {log}")
    mini.snippet("b.sh", f"echo b {log}", 'slow = "waits for a drain"\n')
    run(mini.library, pool=1)
    assert (mini.root / "log").read_text().split() == ["b", "a"]


@pytest.mark.fault("kubebook/runs.py", "-seconds(library, chain)", "seconds(library, chain)")
def test_then_those_that_took_long(mini: MiniBook) -> None:
    log = f">> {mini.root}/log"
    mini.snippet("a.sh", f"echo a {log}")
    mini.snippet("b.sh", f"echo b {log}; sleep 0.5")
    run(mini.library, pool=1)
    check(mini.library, pool=1)
    assert (mini.root / "log").read_text().split() == ["a", "b", "b", "a"]


@pytest.mark.fault("kubebook/runs.py", "if way.shuffle is not None:", "if False:")
def test_another_order_changes_no_result(mini: MiniBook) -> None:
    for name in "abcdef":
        mini.snippet(f"{name}.sh", f"echo {name} >> {mini.root}/log; echo {name}")
    plain = run(mini.library, pool=1)
    (mini.root / "log").unlink()
    shuffled = check(mini.library, pool=1, shuffle=7)
    drawn = random.Random(7).sample("abcdef", 6)
    assert (mini.root / "log").read_text().split() == drawn
    assert [r.id for r in shuffled] == [r.id for r in plain]
    assert {r.outcome for r in shuffled} == {"same"}


@pytest.mark.fault("kubebook/runs.py", "stop.set()", "pass")
def test_a_fault_of_the_engine_ends_what_runs_beside(
    mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is at work when the run ends is ended too, not waited for."""
    mini.snippet("a.sh", f"while [ ! -e {mini.root}/b ]; do sleep 0.05; done")
    mini.snippet("b.sh", f"touch {mini.root}/b; exec sleep 60", "timeout = 30\n")

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("kubebook.runs.judge", broken)
    start = time.monotonic()
    with pytest.raises(OSError, match="disk full"):
        run(mini.library, pool=2)
    assert time.monotonic() - start < 25  # one/b would have taken its 30 s


@pytest.mark.fault("kubebook/slots.py", "for n in range(size)", "for n in range(size + 1)")
def test_no_more_than_there_are_places(tmp_path: Path) -> None:
    stop = threading.Event()
    with slot(tmp_path, 2, stop), slot(tmp_path, 2, stop):
        threading.Timer(0.3, stop.set).start()
        with pytest.raises(KeyboardInterrupt), slot(tmp_path, 2, stop):
            pass
    stop.clear()
    with slot(tmp_path, 2, stop):
        assert try_lock(tmp_path / "slot-0.lock") is None
