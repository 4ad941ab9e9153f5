"""Reports: their shape in JSON, merged of several machines, taken as the verification record."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mini import MiniBook

from kubebook import judge
from kubebook.cli import main
from kubebook.errors import BookError
from kubebook.recording import read_verified
from kubebook.report import Report, merge, read_report, write_report

fault = pytest.mark.fault

RESULT = {
    "id", "outcome", "kind", "text", "reason", "kubernetes", "flavour", "seconds", "differences",
    "path", "line", "lines", "key", "at",
}  # fmt: skip
CELLS = "# %% one\n{expect}echo one\n# %% two\n{expect}echo {two}\n"
EXPECT = "# /// kubebook\n# expect = { contains = ['o'] }\n# ///\n"


def call(mini: MiniBook, *args: str) -> Result:
    return CliRunner().invoke(main, [*args, "--book", str(mini.root)])


def cells(two: str) -> str:
    return CELLS.format(expect=EXPECT, two=two)


def drifted(mini: MiniBook) -> None:
    """One snippet that is the same, one that drifts in its second cell, one that misses a fact."""
    mini.snippet("a.sh", "echo a")
    mini.snippet("b.sh", cells("two"))
    mini.snippet("c.sh", cells("two"))
    mini.snippet("d.sh", "echo", 'skip = "needs a cloud account"\n')
    assert call(mini, "run").exit_code == 0
    mini.snippet("b.sh", cells("twowow"))
    mini.snippet("c.sh", cells("missing"))


@fault("kubebook/judge.py", "cells.get(d.output, 1)", "cells.get(d.output[:-1], 1)")
@fault("kubebook/report.py", 'entry["kind"] = result.kind', 'entry["kind"] = result.outcome')
@fault("kubebook/judge.py", "line=fault.line or 1,", "line=1,")
def test_json_has_the_shape_that_is_promised(mini: MiniBook) -> None:
    drifted(mini)
    done = call(mini, "check", "--json")
    data = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (data["version"], data["command"], data["faults"]) == (1, "check", [])
    assert all(set(result) == RESULT for result in data["results"])
    found = {result["id"]: result for result in data["results"]}
    kinds = {i: (r["outcome"], r["kind"], r["path"], r["line"]) for i, r in found.items()}
    line = (mini.root / "snippets/one/b.sh").read_text().splitlines().index("# %% two") + 2
    assert kinds == {
        "one/a": ("same", "", "snippets/one/a.sh", 0),
        "one/b": ("drift", "meaning", "snippets/one/b.sh", line),
        "one/c": ("broken", "broken", "snippets/one/c.sh", line),
        "one/d": ("skipped", "", "", 0),
    }
    assert "one/c#two: the output does not contain 'o'" in found["one/c"]["text"]
    assert str(mini.root) not in done.stdout
    assert [d["output"] for d in found["one/b"]["differences"]] == ["one/b#two"]


@fault("kubebook/cli_report.py", "console.quiet):\n", "console.quiet) or True:\n")
@fault("kubebook/progress.py", "new_console(stderr=True)", "new_console(stderr=False)")
def test_json_stands_alone_on_standard_output(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    for args in (("run", "--json"), ("check", "--json"), ("check", "--json", "-v")):
        assert json.loads(call(mini, *args).stdout)["results"]


@fault("kubebook/cli_report.py", "[*seen.values()], error, shard), as_json)",
       "[*seen.values()], shard=shard), as_json)")  # fmt: skip
def test_a_malformed_snippet_is_a_fault_with_its_line(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a", "neds = []\n")
    done = call(mini, "check", "--json")
    assert done.exit_code == 2
    (found,) = json.loads(done.stdout)["faults"]
    assert (found["path"], found["line"]) == ("snippets/one/a.sh", 3)
    assert "::error file=" in (said := call(mini, "report", "--format", "github").stdout)
    assert "snippets/one/a.sh,line=3,title=kubebook::" in said


def test_a_report_reads_as_it_was_written(mini: MiniBook, tmp_path: Path) -> None:
    drifted(mini)
    path = tmp_path / "x.json"
    path.write_text(call(mini, "check", "--json").stdout)
    write_report(tmp_path / "y.json", read_report(path))
    assert (tmp_path / "y.json").read_text() == path.read_text()
    again = json.loads(call(mini, "report", "--format", "json", str(path)).stdout)
    written = json.loads(path.read_text())
    assert again == written | {"results": sorted(written["results"], key=lambda r: r["id"])}


BAD = {
    "another version": lambda data: data | {"version": 2},
    "no version": lambda data: {k: v for k, v in data.items() if k != "version"},
    "an unknown key": lambda data: data | {"more": 1},
    "a key less": lambda data: {k: v for k, v in data.items() if k != "at"},
    "no object": lambda data: [data],
    "a text as results": lambda data: data | {"results": "abc"},
    "a number as id": lambda data: data | {"results": [data["results"][0] | {"id": 1}]},
    "an unknown outcome": lambda data: data | {"results": [data["results"][0] | {"outcome": "?"}]},
    "no shard": lambda data: data | {"shard": "5/4"},
    "a list as lines": lambda data: data | {"results": [data["results"][0] | {"lines": [1]}]},
    "texts as differences": lambda data: (
        data | {"results": [data["results"][0] | {"differences": ["x"]}]}
    ),
}


@fault(
    "kubebook/report.py", 'data.pop("version", None) != VERSION:', 'not data.pop("version", None):'
)
@fault("kubebook/report.py", "TYPES.get(str(kind), object)", "object")
@fault("kubebook/report.py", "if result.outcome not in get_args(Outcome):", "if False:")
@pytest.mark.parametrize("change", BAD)
def test_what_is_no_report_is_refused(mini: MiniBook, tmp_path: Path, change: str) -> None:
    mini.snippet("a.sh", "echo a")
    call(mini, "run")
    data = json.loads(call(mini, "check", "--json").stdout)
    path = tmp_path / "x.json"
    path.write_text(json.dumps(BAD[change](data)))
    with pytest.raises(BookError, match="this is no report"):
        read_report(path)
    done = call(mini, "report", str(path))
    assert (done.exit_code, "Traceback" in done.output) == (2, False)


def test_half_a_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"version": 1, "comm')
    with pytest.raises(BookError, match="this is no report"):
        read_report(tmp_path / "x.json")


@fault("kubebook/report.py", "if PRECEDENCE.index(result.outcome) < PRECEDENCE",
       "if PRECEDENCE.index(result.outcome) > PRECEDENCE")  # fmt: skip
@fault("kubebook/report.py", "at=max(report.at", "at=min(report.at")
def test_of_several_shards_a_snippet_counts_once_and_failures_win() -> None:
    one = judge.Result("one/a", "same")
    shards = [
        Report("check", "2026-11-23T10:00:00+00:00", (judge.Result("one/b", "skipped"), one)),
        Report("check", "2026-11-23T12:00:00+00:00", (replace(one, outcome="drift"),)),
        Report("check", "2026-11-23T11:00:00+00:00", (one, judge.Result("one/b", "same"))),
    ]
    merged = merge(shards)
    found = [(result.id, result.outcome) for result in merged.results]
    assert found == [("one/a", "drift"), ("one/b", "same")]
    assert (merged.status, merged.at) == (1, "2026-11-23T12:00:00+00:00")
    assert merge([shards[0], shards[2]]).status == 0


@fault("kubebook/report.py", "if shard not in shards]", "if not shards]")
@fault("kubebook/cli.py", 'reviewed("check", root, as_json, act, shard or "")',
       'reviewed("check", root, as_json, act)')  # fmt: skip
def test_a_shard_that_left_no_report_is_a_fault(mini: MiniBook, tmp_path: Path) -> None:
    mini.snippet("a.sh", "echo a")
    call(mini, "run")
    for number in (1, 2, 3):
        done = call(mini, "check", "--json", "--shard", f"{number}/3")
        (tmp_path / f"{number}.json").write_text(done.stdout)
    every = [str(tmp_path / f"{number}.json") for number in (1, 2, 3)]
    assert call(mini, "report", *every).exit_code == 0
    done = call(mini, "report", "--format", "json", every[0], every[2])
    (found,) = json.loads(done.stdout)["faults"]
    assert (done.exit_code, found["text"]) == (2, "shard 2/3 left no report")
    assert call(mini, "report").exit_code == 0  # the last check of this machine, by itself


@fault("kubebook/report.py", '"at": result.at,', '"at": "",')
@fault("kubebook/cli_report.py", "        record_verified(load_library(book), merged.results)",
       "        pass")  # fmt: skip
def test_shards_recorded_together_are_as_one_check_that_records(
    mini: MiniBook, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        mini.snippet(f"{name}.sh", f"echo {name}")
    call(mini, "run")
    shards = [tmp_path / "1.json", tmp_path / "2.json"]
    for name, shard in zip(("a", "b"), shards, strict=True):
        shard.write_text(call(mini, "check", "--json", f"one/{name}").stdout)
    assert read_verified(mini.book) == {}
    assert call(mini, "report", "--record", *map(str, shards)).exit_code == 0
    merged = read_verified(mini.book)
    assert call(mini, "check", "--record").exit_code == 0
    whole = read_verified(mini.book)
    assert merged.keys() == whole.keys() == {"one/a", "one/b"}
    assert all(merged[i] | {"at": ""} == whole[i] | {"at": ""} for i in whole)
    assert all(merged[i]["at"] and merged[i]["at"] <= whole[i]["at"] for i in whole)


@fault(
    "kubebook/report.py", "if snippet_key(library, result.id).digest != result.key:", "if False:"
)
def test_a_report_of_other_code_is_not_recorded(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    call(mini, "run")
    call(mini, "check")
    mini.snippet("a.sh", "echo a # now another")
    done = call(mini, "report", "--record")
    assert (done.exit_code, read_verified(mini.book)) == (2, {})
    assert "one/a changed since it ran" in done.stderr


def test_a_drift_is_not_recorded_as_verified(mini: MiniBook) -> None:
    drifted(mini)
    call(mini, "check")
    assert call(mini, "report", "--record").exit_code == 1
    assert set(read_verified(mini.book)) == {"one/a"}


def test_without_a_run_there_is_no_report(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    done = call(mini, "report")
    assert done.exit_code == 2
    assert "nothing has run here" in done.stderr
