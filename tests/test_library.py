"""Snippets against each other: needs, files, cycles, chains."""

from __future__ import annotations

import subprocess

import pytest
from mini import MiniBook

from kubebook.errors import BookError


def fault_of(mini: MiniBook) -> BookError:
    with pytest.raises(BookError) as fault:
        assert mini.library
    return fault.value


def test_an_unknown_need_names_the_nearest(mini: MiniBook) -> None:
    mini.snippet("hello.sh", "echo")
    path = mini.snippet("web.sh", "echo", 'needs = ["one/helo"]\n')
    fault = fault_of(mini)
    assert (fault.path, fault.line) == (path, 3)
    assert 'did you mean "one/hello"?' in str(fault)


def test_a_missing_file(mini: MiniBook) -> None:
    path = mini.snippet("web.sh", "echo", 'files = ["web.yaml"]\n')
    fault = fault_of(mini)
    assert (fault.path, fault.line) == (path, 3)
    assert 'no file "web.yaml"' in str(fault)


def test_a_file_outside_the_book(mini: MiniBook) -> None:
    mini.write("secret", "x")
    mini.snippet("web.sh", "echo", 'files = ["../../secret"]\n')
    assert "lie in snippets/" in str(fault_of(mini))


def test_a_cycle_is_spelled_out(mini: MiniBook) -> None:
    for name, need in {"a": "b", "b": "c", "c": "a"}.items():
        mini.snippet(f"{name}.sh", "echo", f'needs = ["one/{need}"]\n')
    fault = fault_of(mini)
    assert "one/a → one/b → one/c → one/a" in str(fault)
    assert fault.line


def test_a_file_of_nobody(mini: MiniBook) -> None:
    path = mini.write("snippets/one/left.yaml", "x: 1\n")
    assert fault_of(mini).path == path


def test_an_unknown_profile(mini: MiniBook) -> None:
    path = mini.snippet("a.sh", "echo")
    path.write_text(path.read_text().replace('"none"', '"singel"'))
    assert 'did you mean "single"?' in str(fault_of(mini))


def test_a_chain_on_two_clusters(mini: MiniBook) -> None:
    path = mini.snippet("a.sh", "echo")
    path.write_text(path.read_text().replace('"none"', '"single"'))
    mini.snippet("b.sh", "echo", 'needs = ["one/a"]\n')
    assert "names several clusters: none, single" in str(fault_of(mini))


def test_chains_end_in_leaves_and_run_needs_first(mini: MiniBook) -> None:
    mini.snippet("base.sh", "echo")
    mini.snippet("left.sh", "echo", 'needs = ["one/base"]\n')
    mini.snippet("right.sh", "echo", 'needs = ["one/base"]\n')
    mini.snippet("alone.sh", "echo")

    def ids(*wanted: str) -> list[list[str]]:
        return [[s.id[4:] for s in chain] for chain in mini.library.chains(wanted)]

    assert ids() == [["alone"], ["base", "left"], ["base", "right"]]
    assert ids("one/base") == [["base"]]
    assert ids("one/right", "one/base") == [["base", "right"]]


def test_what_git_ignores_is_no_stray(mini: MiniBook) -> None:
    subprocess.run(["git", "init", "-q", str(mini.root)], check=True)
    mini.write(".gitignore", "*.log\n")
    mini.snippet("a.sh", "echo")
    mini.write("snippets/one/proxy.log", "left by a reader\n")
    assert list(mini.library.snippets) == ["one/a"]


def test_a_snippet_outside_a_chapter(mini: MiniBook) -> None:
    path = mini.snippet("a.sh", "echo")
    path.rename(mini.root / "snippets/a.sh")
    assert "snippets/CHAPTER/NAME" in str(fault_of(mini))


def test_a_recording_of_no_snippet(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo")
    mini.write("recordings/one/gone.json", "{}")
    assert "git rm recordings/one/gone.*" in str(fault_of(mini))


def test_an_unknown_id(mini: MiniBook) -> None:
    mini.snippet("hello.sh", "echo")
    with pytest.raises(BookError, match='did you mean "one/hello"'):
        mini.library.chains(("one/hallo",))
