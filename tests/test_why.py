"""`kubebook why`: one line a reason, down to what was changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from mini import MiniBook

from kubebook.cli import main
from kubebook.recording import paths
from kubebook.runs import run


def why(mini: MiniBook, snippet_id: str) -> list[str]:
    done = CliRunner().invoke(main, ["why", snippet_id, "--book", str(mini.root)])
    assert done.exit_code == 0, done.output
    assert all(line.startswith(f"{snippet_id}: ") for line in done.output.splitlines())
    return [line.removeprefix(f"{snippet_id}: ") for line in done.output.splitlines()]


@pytest.fixture
def diamond(mini: MiniBook) -> MiniBook:
    """base ← left, right ← leaf, all recorded."""
    toml = 'tools = ["kubernetes"]\nenv = ["MINI_VARIABLE"]\n'
    mini.write("kubebook.toml", toml + (mini.root / "kubebook.toml").read_text())
    mini.write("requirements.txt", "kubernetes==37.0.2\n")
    mini.write("snippets/one/left.yaml", "a: 1\n")
    mini.snippet("base.sh", "echo base")
    mini.snippet("left.sh", "cat left.yaml", 'needs = ["one/base"]\nfiles = ["left.yaml"]\n')
    mini.snippet("right.sh", "echo right", 'needs = ["one/base"]\n')
    mini.snippet("leaf.sh", "echo leaf", 'needs = ["one/left", "one/right"]\n')
    run(mini.library)
    return mini


def edit(mini: MiniBook, name: str, old: str, new: str) -> None:
    path = mini.root / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.fault("kubebook/why.py", '"recorded": [Reason("nothing changed")],', '"recorded": [],')
def test_nothing_changed(diamond: MiniBook) -> None:
    assert why(diamond, "one/leaf") == ["recorded: nothing changed"]


def test_no_recording(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    assert why(mini, "one/a") == ["missing: it has no recording"]


def test_which_part_changed(diamond: MiniBook, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(diamond, "snippets/one/left.sh", "cat", "# x\ncat")
    edit(diamond, "snippets/one/left.yaml", "1", "2")
    edit(diamond, "kubebook.toml", "1.37", "1.38")
    edit(diamond, "requirements.txt", "37.0.2", "38.0.0")
    monkeypatch.setenv("MINI_VARIABLE", "x")
    assert why(diamond, "one/base") == [
        "stale: Kubernetes 1.37 → 1.38",
        "stale: kubernetes 37.0.2 → 38.0.0",
        "stale: variable MINI_VARIABLE was set",
    ]
    assert why(diamond, "one/left")[:3] == [
        "stale: its code changed",
        "stale: file left.yaml changed",
        "stale: Kubernetes 1.37 → 1.38",
    ]


def test_files_that_came_and_went(diamond: MiniBook) -> None:
    diamond.write("snippets/one/new.yaml", "b: 1\n")
    edit(diamond, "snippets/one/left.sh", '["left.yaml"]', '["new.yaml"]')
    (diamond.root / "snippets/one/left.yaml").unlink()
    assert why(diamond, "one/left") == [
        "stale: file left.yaml is no longer used",
        "stale: file new.yaml is new",
    ]


def test_profiles_in_words(diamond: MiniBook) -> None:
    edit(diamond, "snippets/one/left.sh", '"none"', '"single"')
    for name in ("base", "right", "leaf"):
        edit(diamond, f"snippets/one/{name}.sh", '# cluster = "none"\n', "")
    expected = "its profile changed: none → single (1 node)"
    assert why(diamond, "one/left") == [
        f"stale: one/base changed: {expected}",
        f"stale: {expected}",
    ]


def test_the_order_of_needs(diamond: MiniBook) -> None:
    edit(diamond, "snippets/one/leaf.sh", '"one/left", "one/right"', '"one/right", "one/left"')
    expected = "stale: the order of its needs changed: one/left one/right → one/right one/left"
    assert why(diamond, "one/leaf") == [expected]


@pytest.mark.fault("kubebook/why.py", "    seen.add(snippet_id)\n", "")
@pytest.mark.fault("kubebook/why.py", "(*via, need), seen)", "(need,), seen)")
def test_what_it_needs_changed_and_why_that_did(diamond: MiniBook) -> None:
    edit(diamond, "snippets/one/base.sh", "echo", "echo new")
    edit(diamond, "snippets/one/left.yaml", "1", "2")
    assert why(diamond, "one/leaf") == [
        "stale: one/left changed: file left.yaml changed",
        "stale: one/left changed: one/base changed: its code changed",
        "stale: one/right changed: one/base changed, as said above",
    ]


def test_what_it_needs_was_recorded_again(diamond: MiniBook) -> None:
    edit(diamond, "snippets/one/base.sh", "echo", "# x\necho")
    run(diamond.library, ("one/base",))
    expected = "stale: one/base changed: it was recorded after this one"
    assert why(diamond, "one/right") == [expected]


def test_what_it_needs_lost_its_recording(diamond: MiniBook) -> None:
    edit(diamond, "snippets/one/base.sh", "echo", "# x\necho")
    for path in paths(diamond.book.recordings, "one/base"):
        path.unlink()
    assert why(diamond, "one/right") == ["stale: one/base changed: it has no recording"]


@pytest.mark.fault("kubebook/why.py", 'return "damaged", [', 'return "recorded", [')
def test_an_edited_recording(diamond: MiniBook) -> None:
    (diamond.root / "recordings/one/base.out").write_text("edited\n")
    (line,) = why(diamond, "one/base")
    assert line.startswith("damaged: recordings/one/base.out: it or base.json was edited by hand")
    assert "kubebook run one/base" in line
    assert why(diamond, "one/left") == ["recorded: nothing changed"]
    edit(diamond, "snippets/one/base.sh", "echo", "echo new")
    assert why(diamond, "one/left") == ["stale: one/base changed: its recording is damaged"]


def test_skipped_and_not_for_this_machine(mini: MiniBook) -> None:
    mini.snippet("cloud.sh", "echo", 'skip = "needs a cloud account"\n')
    mini.snippet("tool.sh", "echo", 'tools = ["no-such-tool"]\n')
    mini.snippet("after.sh", "echo", 'needs = ["one/tool"]\n')
    assert why(mini, "one/cloud") == ["skipped: needs a cloud account"]
    missing = "missing: it has no recording"
    note = "missing: it does not run on this machine: one/tool needs no-such-tool"
    assert why(mini, "one/tool") == why(mini, "one/after") == [missing, note]


@pytest.mark.fault("kubebook/why.py", "new.key == snippet_key(", "new.key != snippet_key(")
def test_an_output_that_waits(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo a")
    run(mini.library)
    mini.snippet("a.sh", "echo b")
    run(mini.library)
    changed = "stale: its code changed"
    assert why(mini, "one/a") == [changed, "stale: a new output waits: kubebook accept one/a"]
    mini.snippet("a.sh", "echo c")
    waits = "stale: the output that waits is of other code: kubebook run one/a"
    assert why(mini, "one/a") == [changed, waits]


def test_json_for_tools(diamond: MiniBook) -> None:
    edit(diamond, "requirements.txt", "37.0.2", "38.0.0")
    done = CliRunner().invoke(main, ["why", "one/right", "--json", "--book", str(diamond.root)])
    found = json.loads(done.output)
    assert (found["id"], found["state"]) == ("one/right", "stale")
    assert found["reasons"] == [
        {
            "text": f"{via}kubernetes 37.0.2 → 38.0.0",
            "part": "tool kubernetes",
            "old": "37.0.2",
            "new": "38.0.0",
            "via": ["one/base"] * bool(via),
        }
        for via in ("one/base changed: ", "")
    ]


def test_an_id_that_nobody_has(mini: MiniBook, tmp_path: Path) -> None:
    mini.snippet("hello.sh", "echo")
    done = CliRunner().invoke(main, ["why", "one/hallo", "--book", str(mini.root)])
    assert done.exit_code == 2
    assert 'did you mean "one/hello"' in done.output
