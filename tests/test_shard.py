"""check --shard: every chain on one machine, none twice, none forgotten."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mini import MiniBook

from kubebook.cli import main
from kubebook.errors import BookError
from kubebook.recording import read_recording, write_recording
from kubebook.runs import run
from kubebook.shard import CLUSTER_START, Shard, cluster_start, deal, ids_of, wall_time

SHARD = "kubebook/shard.py"


def shards(mini: MiniBook, of: int, ids: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return [ids_of(mini.library, Shard(number, of), ids) for number in range(1, of + 1)]


def check(mini: MiniBook, *args: str) -> Result:
    return CliRunner().invoke(main, ["check", "--book", str(mini.root), *args])


@pytest.fixture
def forks(mini: MiniBook) -> MiniBook:
    """Five chains, of which two share their beginning."""
    mini.snippet("base.sh", "echo base")
    for name, need in {"left": "base", "right": "base", "a": "", "b": "", "c": ""}.items():
        mini.snippet(f"{name}.sh", f"echo {name}", f'needs = ["one/{need}"]\n' if need else "")
    return mini


@pytest.mark.parametrize("of", [1, 2, 3, 7])
@pytest.mark.fault(SHARD, "[shard.number - 1]", "[shard.number // 2]")
def test_shards_are_everything_and_share_no_chain(forks: MiniBook, of: int) -> None:
    parts = shards(forks, of)
    assert {i for part in parts for i in part} == set(forks.library.snippets)
    chains = [chain[-1].id for part in parts if part for chain in forks.library.chains(part)]
    assert sorted(chains) == ["one/a", "one/b", "one/c", "one/left", "one/right"]
    assert parts == shards(forks, of)


@pytest.mark.fault(SHARD, " and (not ids or i in ids)", "")
@pytest.mark.fault(SHARD, "count + 1, hand))", "count, hand))")
def test_shards_of_named_snippets(forks: MiniBook) -> None:
    parts = shards(forks, 2, ("one/left", "one/a"))
    assert sorted(parts) == [("one/a",), ("one/left",)]


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "1/0", "-1/2", "a/b", "1/2/3", "１/2", ""])
@pytest.mark.fault(SHARD, " or int(match[1]) > int(match[2])", "")
def test_what_is_no_shard_is_refused(forks: MiniBook, text: str) -> None:
    with pytest.raises(BookError, match=f'no shard "{text}"'):
        Shard.parse(text)
    done = check(forks, "--shard", text)
    assert done.exit_code == 2
    assert "1/4, 2/4" in done.output


@pytest.mark.fault(SHARD, "key=lambda index: -costs[index]", "key=lambda index: costs[index]")
@pytest.mark.fault(SHARD, "(load + costs[index], count + 1, hand)", "(load + 1, count + 1, hand)")
def test_what_is_dealt_is_balanced() -> None:
    costs = [4.0, 3.0, 3.0, 2.0, 6.0]
    assert deal(costs, 2) == [[4, 2], [0, 1, 3]]
    assert deal([1.0], 3) == [[0], [], []]


@pytest.mark.fault(SHARD, "CLUSTER_START * bool(needs(library, chain)) + ", "")
@pytest.mark.fault(SHARD, " + seconds(library, chain) for", " for")
def test_chains_weigh_what_they_took_and_their_cluster(mini: MiniBook) -> None:
    """A long one against three short ones; one on a cluster against all without."""
    for name in "abcz":
        mini.snippet(f"{name}.sh", f"echo {name}")
    run(mini.library)
    for name, took in {"a": 1, "b": 1, "c": 1, "z": 4}.items():
        recording = read_recording(mini.book.recordings, f"one/{name}")
        assert recording
        cells = (replace(recording.cells[0], duration=took),)
        write_recording(mini.book.recordings, replace(recording, cells=cells))
    assert shards(mini, 2) == [("one/z",), ("one/a", "one/b", "one/c")]
    block = "# /// kubebook\n# expect = { contains = ['y'] }\n# ///\necho y"
    mini.write("snippets/one/y.sh", block)
    assert shards(mini, 2)[0] == ("one/y",)


@pytest.mark.fault("kubebook/cli.py", "if part and not mine:", "if not part:")
def test_check_runs_its_shard_alone_and_an_empty_one_is_no_failure(forks: MiniBook) -> None:
    run(forks.library)
    ran: list[str] = []
    for number in range(1, 8):
        done = check(forks, "--shard", f"{number}/7")
        assert done.exit_code == 0, done.output
        ran += re.findall(r" same +(one/\S+)", done.output)
    assert sorted(ran) == [
        "one/a",
        "one/b",
        "one/base",
        "one/base",
        "one/c",
        "one/left",
        "one/right",
    ]


@pytest.mark.fault(SHARD, "[start + sum(every[at", "[sum(every[at")
@pytest.mark.fault(SHARD, "range(0, snippets, length)", "range(0, snippets)")
def test_wall_time() -> None:
    assert wall_time([1, 3], 1000, 1, length=10, start=30) == 1000 * 2 + 100 * 30
    assert wall_time([1, 3], 1000, 4, length=10, start=30) == 25 * (20 + 30)
    assert wall_time([2], 3, 64, length=2, start=CLUSTER_START) == CLUSTER_START + 4


@pytest.mark.fault(SHARD, 'startswith("cluster start")', 'startswith("start")')
def test_cluster_start_is_the_measured_one_if_there_is_one(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    assert cluster_start(results) == CLUSTER_START
    figures = [
        {"what": "put back", "seen": 3.0},
        {"what": "cluster start, median of 3", "seen": 20},
    ]
    results.write_text(json.dumps({"engine": {"figures": []}, "live": {"figures": figures}}))
    assert cluster_start(results) == 20
