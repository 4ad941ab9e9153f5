"""`pytest snippets`: a book's snippets as tests, in a pytest of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from mini import MiniBook

from kubebook.accept import accept
from kubebook.runs import alone, run

PLUGIN = "kubebook/pytest_plugin.py"
ITEMS = "kubebook/items.py"


def call(mini: MiniBook, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`pytest ARGS` in the book's folder, as somebody types it."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("KUBEBOOK")}
    command = [sys.executable, "-m", "pytest", "-v", *args]
    return subprocess.run(
        command, cwd=mini.root, env=clean | env, capture_output=True, text=True, timeout=120
    )


def seen(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """Each snippet's outcome, in the order in which they were reported."""
    outcome = "PASSED|FAILED|SKIPPED"
    lines = re.findall(rf"::(one/\S+) ({outcome})|({outcome}) \S+::(one/\S+)", done.stdout)
    return {first or second: one or other for first, one, other, second in lines}


def counting(mini: MiniBook, name: str, settings: str = "", code: str = "") -> None:
    """A snippet that leaves its name in a file whenever it is run."""
    mini.snippet(
        f"{name}.sh", f"echo {name} >> {mini.root}/ran\n{code or 'echo ' + name}", settings
    )


def ran(mini: MiniBook) -> list[str]:
    """Which of the counting snippets ran, in order; forgotten afterwards."""
    path = mini.root / "ran"
    names = path.read_text().split() if path.exists() else []
    path.unlink(missing_ok=True)
    return names


@pytest.fixture
def fork(mini: MiniBook) -> MiniBook:
    """Two chains that share their beginning, recorded."""
    counting(mini, "base")
    counting(mini, "left", 'needs = ["one/base"]\n')
    counting(mini, "right", 'needs = ["one/base"]\n')
    run(mini.library)
    ran(mini)
    return mini


@pytest.mark.fault(PLUGIN, 'f"{self.path.parent.name}/{self.path.stem}"', "self.path.stem")
def test_every_snippet_is_an_item_with_its_id(fork: MiniBook) -> None:
    listed = call(fork, "--collect-only", "-qq", "snippets").stdout.splitlines()
    assert [line for line in listed if "::" in line] == [
        f"snippets/one/{name}.sh::one/{name}" for name in ("base", "left", "right")
    ]
    assert seen(call(fork, "snippets/one/left.sh::one/left")) == {"one/left": "PASSED"}
    assert seen(call(fork, "snippets", "-k", "right or base")) == {
        "one/base": "PASSED",
        "one/right": "PASSED",
    }
    assert ran(fork) == []


@pytest.mark.fault(
    ITEMS, "        check_expectations(status.snippet, status.recording.cells)\n", ""
)
@pytest.mark.fault(ITEMS, "(s.skip for s in chain if s.skip)", "(s.skip for s in chain[-1:])")
@pytest.mark.fault(PLUGIN, "if isinstance(excinfo.value, Fault):", "if not excinfo:")
def test_replay_says_of_each_recording_what_is_wrong(mini: MiniBook) -> None:
    for name in ("good", "stale", "edited", "lacking"):
        mini.snippet(f"{name}.sh", f"echo {name}")
    run(mini.library)
    mini.snippet("stale.sh", "echo new")
    mini.snippet("lacking.sh", "echo lacking", 'expect = { contains = ["more"] }\n')
    mini.snippet("missing.sh", "echo missing")
    mini.snippet("cloud.sh", "echo", 'skip = "needs a cloud account"\n')
    mini.snippet("after.sh", "echo", 'needs = ["one/cloud"]\n')
    (mini.book.recordings / "one/edited.out").write_text("by hand\n")
    done = call(mini, "snippets", "-rs", "--junitxml=junit.xml")
    assert done.returncode == 1
    assert seen(done) == {
        "one/after": "SKIPPED",
        "one/cloud": "SKIPPED",
        "one/edited": "FAILED",
        "one/good": "PASSED",
        "one/lacking": "FAILED",
        "one/missing": "FAILED",
        "one/stale": "FAILED",
    }
    assert "SKIPPED [1] snippets/one/cloud.sh: needs a cloud account" in done.stdout
    assert "Traceback" not in done.stdout
    assert "pytest_plugin.py" not in done.stdout
    texts = {
        case.attrib["name"]: case[0].text or ""
        for case in ElementTree.parse(mini.root / "junit.xml").iter("testcase")
        if len(case) and case[0].tag == "failure"
    }
    assert "the output does not contain 'more'" in texts.pop("one/lacking")
    assert "kubebook run one/missing" in texts.pop("one/missing")
    assert "the output of one/stale is stale (code changed)" in texts.pop("one/stale")
    assert "edited by hand" in texts.pop("one/edited")
    assert not texts


@pytest.mark.fault(ITEMS, "place == path.resolve() or", "True or")
@pytest.mark.fault(ITEMS, "or self._told:", "or False:")
def test_what_is_malformed_is_said_once_with_its_line(fork: MiniBook) -> None:
    fork.snippet("middle.sh", "echo", "neds = []\n")
    done = call(fork, "snippets")
    assert done.returncode == 2
    assert "ERROR snippets/one/middle.sh" in done.stdout
    assert "snippets/one/middle.sh:3: unknown key" in done.stdout
    assert "1 error in" in done.stdout
    done = call(fork, "snippets/one/left.sh")
    assert seen(done) == {"one/left": "FAILED"}
    assert "snippets/one/middle.sh:3: unknown key" in done.stdout
    (fork.root / "snippets/one/middle.sh").unlink()
    fork.write("kubebook.toml", "name = 1\n")
    done = call(fork, "snippets")
    assert "kubebook.toml:1: " in done.stdout
    assert "1 error in" in done.stdout


@pytest.mark.fault(PLUGIN, "return [SnippetFile", "return [*collectors, SnippetFile")
def test_no_snippet_is_imported_as_a_module_of_tests(mini: MiniBook) -> None:
    code = f"from pathlib import Path\nPath('{mini.root}/ran').write_text('imported')\n"
    mini.snippet("it.py", code + "def test_it(): pass\n")
    listed = call(mini, "--collect-only", "-qq", "snippets/one/it.py").stdout.splitlines()
    assert [line for line in listed if "::" in line] == ["snippets/one/it.py::one/it"]
    assert ran(mini) == []


@pytest.mark.fault(PLUGIN, 'if (root / "kubebook.toml").is_file()', "if True")
def test_other_projects_do_not_notice(mini: MiniBook) -> None:
    """Not the tests of a book's project, nor a folder snippets/ that belongs to no book."""
    block = "# /// kubebook\n# expect = {}\n# ///\n"
    mini.write("tests/test_own.py", "def test_own(): pass\n")
    mini.write("other/snippets/one/test_other.py", block + "def test_other(): pass\n")
    done = call(mini)
    assert "tests/test_own.py::test_own PASSED" in done.stdout
    assert "test_other.py::test_other PASSED" in done.stdout
    assert "2 passed" in done.stdout


@pytest.mark.fault(
    PLUGIN,
    "    if root := _book_of(file_path):\n        from kubebook.parse import is_snippet\n",
    "    from kubebook.parse import is_snippet\n    if root := _book_of(file_path):\n",
)
def test_without_a_book_the_engine_is_not_even_loaded(mini: MiniBook) -> None:
    code = "def test_it(pytestconfig):\n    import sys\n"
    code += "    assert pytestconfig.pluginmanager.hasplugin('kubebook')\n"
    mini.write("tests/test_it.py", code + "    assert 'kubebook.errors' not in sys.modules\n")
    assert "1 passed" in call(mini, "-k", "test_it").stdout


@pytest.mark.fault(PLUGIN, "items[:] = [next(order)", "items[:] = [item")
@pytest.mark.fault(
    ITEMS, "found.setdefault(snippet.id, chain[-1].id)", "found[snippet.id] = chain[-1].id"
)
@pytest.mark.fault(ITEMS, "if end not in self._ran:", "if True:")
def test_live_runs_each_chain_once_in_its_order(fork: MiniBook) -> None:
    counting(fork, "a-leaf", 'needs = ["one/z-base"]\nslow = "it waits"\n')
    counting(fork, "z-base")
    run(fork.library, ("one/a-leaf",))
    ran(fork)
    done = call(fork, "--kubebook-live", "snippets")
    assert [*seen(done).items()] == [
        ("one/z-base", "PASSED"),
        ("one/a-leaf", "PASSED"),
        ("one/base", "PASSED"),
        ("one/left", "PASSED"),
        ("one/right", "PASSED"),
    ]
    assert ran(fork) == ["z-base", "a-leaf", "base", "left", "base", "right"]


@pytest.mark.fault(ITEMS, "ends(self.library, wanted) if wanted else {}", "ends(self.library)")
@pytest.mark.fault(ITEMS, "            the_mode()  #", "            #")
@pytest.mark.fault(PLUGIN, ' or os.environ.get("KUBEBOOK_MODE") == "live"', "")
def test_live_a_selected_snippet_runs_what_it_needs_and_no_more(fork: MiniBook) -> None:
    done = call(fork, "snippets", "-k", "right", KUBEBOOK_MODE="live")
    assert seen(done) == {"one/right": "PASSED"}
    assert ran(fork) == ["base", "right"]
    done = call(fork, "snippets/one/base.sh", "--kubebook-live")
    assert (seen(done), ran(fork)) == ({"one/base": "PASSED"}, ["base"])
    done = call(fork, "snippets", KUBEBOOK_MODE="lvie")
    assert 'did you mean "live"?' in done.stdout
    assert ran(fork) == []


@pytest.mark.fault(ITEMS, "waiting += [result.text] if result.failed else []", "pass")
@pytest.mark.fault(ITEMS, 'waiting.append(f"not run: {last} failed before it")', "pass")
def test_live_failures_show_drift_and_expectations(fork: MiniBook) -> None:
    counting(fork, "left", 'needs = ["one/base"]\n', code="echo 3")
    counting(fork, "next", 'needs = ["one/left"]\n')
    run(fork.library, ("one/next",))
    accept(fork.library)
    recordings = {p: p.read_bytes() for p in fork.book.recordings.rglob("*") if p.is_file()}
    counting(fork, "left", 'needs = ["one/base"]\n', code="echo 4")
    done = call(fork, "snippets", "--kubebook-live", "-x")
    assert seen(done) == {"one/base": "PASSED", "one/left": "FAILED"}
    assert "- 3" in done.stdout
    assert "+ 4" in done.stdout
    assert "Traceback" not in done.stdout
    assert seen(call(fork, "snippets", "--kubebook-live", "--lf")) == {"one/left": "FAILED"}
    counting(fork, "base", 'expect = { contains = ["more"] }\n')
    done = call(fork, "snippets", "--kubebook-live")
    assert set(seen(done).values()) == {"FAILED"}
    assert "not run: one/base failed before it" in done.stdout
    done = call(fork, "snippets", "--kubebook-live", "-k", "next")
    assert seen(done) == {"one/next": "FAILED"}
    assert "does not contain 'more'" in done.stdout
    assert recordings == {p: p.read_bytes() for p in fork.book.recordings.rglob("*") if p.is_file()}


@pytest.mark.fault(ITEMS, "why_skipped(chain) if self.live", "why_skipped(chain) if True")
def test_tools_are_asked_for_only_where_something_runs(mini: MiniBook) -> None:
    mini.snippet("tool.sh", "echo tool", 'tools = ["sh"]\n')
    run(mini.library)
    mini.snippet("tool.sh", "echo tool", 'tools = ["no-such-tool"]\n')
    assert seen(call(mini, "snippets")) == {"one/tool": "PASSED"}
    done = call(mini, "snippets", "--kubebook-live", "-rs")
    assert seen(done) == {"one/tool": "SKIPPED"}
    assert "tool.sh: needs no-such-tool" in done.stdout


@pytest.mark.fault(PLUGIN, 'not in ("load", "loadgroup")', 'not in ("loadgroup",)')
@pytest.mark.fault(PLUGIN, "            _lock(node.config, root)\n", "")
@pytest.mark.fault(PLUGIN, 'and not hasattr(self.config, "workerinput"):', "and True:")
def test_live_over_two_workers(mini: MiniBook) -> None:
    """Each chain on one worker and once; the lock of the book is held for all of them."""
    locked = f"test -f {mini.book.state}/run.json && sleep 0.1 && echo locked"
    for chain in "ab":
        need = ""
        for number in range(4):
            counting(mini, f"{chain}{number}", need, code=locked)
            need = f'needs = ["one/{chain}{number}"]\n'
    run(mini.library)
    ran(mini)
    done = call(mini, "snippets", "--kubebook-live", "-n", "2", "--junitxml=junit.xml")
    assert "8 passed" in done.stdout, done.stdout
    names = ran(mini)
    assert [n for n in names if "a" in n] == ["a0", "a1", "a2", "a3"]
    assert [n for n in names if "b" in n] == ["b0", "b1", "b2", "b3"]
    assert not (mini.book.state / "run.json").exists()
    cases = ElementTree.parse(mini.root / "junit.xml").iter("testcase")
    assert {case.attrib["name"] for case in cases} == set(mini.library.snippets)


@pytest.mark.fault(PLUGIN, 'and not hasattr(self.config, "workerinput"):', "and False:")
@pytest.mark.fault(PLUGIN, "        pytest.exit(str(error), returncode=2)\n", "        pass\n")
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_live_waits_for_no_other_run(fork: MiniBook, workers: tuple[str, ...]) -> None:
    with alone(fork.book):
        done = call(fork, "snippets", "--kubebook-live", *workers)
        assert set(seen(call(fork, "snippets", *workers)).values()) == {"PASSED"}
    assert done.returncode == 2
    assert "another run is at work here" in done.stdout + done.stderr
    assert ran(fork) == []
