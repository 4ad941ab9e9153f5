"""When nothing changed, nothing runs; what is needed often is read and worked out once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from demo import REPOSITORY, environment, make_book
from mini import MiniBook

from hooks.book import open_book
from kubebook import render
from kubebook.key import snippet_key
from kubebook.pages import Calls
from kubebook.status import status_of
from kubebook.words import words


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was read, by its name."""
    count: Counter[str] = Counter()

    def counted(name: str) -> Callable[..., Any]:
        read = getattr(Path, name)

        def method(self: Path, *args: Any, **kwargs: Any) -> Any:
            count[self.name] += 1
            return read(self, *args, **kwargs)

        return method

    for name in ("read_text", "read_bytes"):
        monkeypatch.setattr(Path, name, counted(name))
    return count


@pytest.mark.fault("kubebook/library.py", "Reader(Kept(book.kept))", "Reader()")
def test_bash_looks_at_new_code_once(mini: MiniBook, monkeypatch: pytest.MonkeyPatch) -> None:
    mini.snippet("a.sh", "# %% a\n# /// kubebook\n# expect = { contains = ['a'] }\n# ///\necho a\n")
    assert mini.library
    programs, popen = [], subprocess.Popen

    def watched(command: list[str], *args: Any, **kwargs: Any) -> Any:
        programs.append(command[0])
        return popen(command, *args, **kwargs)

    monkeypatch.setattr(subprocess, "Popen", watched)
    assert status_of(mini.library, "one/a").state == "missing"
    assert programs == ["git"]


@pytest.mark.fault("kubebook/modules.py", "if path not in self._read:", "if True:")
def test_a_snippet_is_read_once_and_so_are_the_modules_of_many(
    mini: MiniBook, reads: Counter[str]
) -> None:
    mini.write("snippets/one/shared.py", "import json\n")
    for name in "abc":
        mini.snippet(f"{name}.py", "import shared\n")
    assert mini.library
    assert [reads[name] for name in ("a.py", "b.py", "c.py")] == [1] * 3
    assert reads["shared.py"] == 3  # is it a snippet, what does it import, does it sleep


@pytest.mark.fault("kubebook/key.py", "if snippet.id not in library.keys:", "if True:")
def test_a_key_is_worked_out_once_for_all_that_need_it(mini: MiniBook, reads: Counter[str]) -> None:
    mini.write("snippets/one/a.yaml", "x: 1\n")
    mini.snippet("a.sh", "echo a\n", 'files = ["a.yaml"]\n')
    for name, need in {"b": "a", "c": "b", "d": "c"}.items():
        mini.snippet(f"{name}.sh", f"echo {name}\n", f'needs = ["one/{need}"]\n')
    library = mini.library
    assert len({snippet_key(library, snippet_id).digest for snippet_id in library.snippets}) == 4
    assert reads["a.yaml"] == 1


@pytest.mark.fault("kubebook/recording.py", "@lru_cache(maxsize=1)", "@lru_cache(maxsize=0)")
def test_verifications_are_read_once(tmp_path: Path, reads: Counter[str]) -> None:
    library = make_book(tmp_path)
    reads.clear()
    assert len([status_of(library, snippet_id) for snippet_id in library.snippets]) > 1
    assert reads["verified.json"] == 1


@pytest.mark.fault("kubebook/pages.py", "if page not in self._known:", "if True:")
def test_a_page_is_read_once(tmp_path: Path, reads: Counter[str]) -> None:
    make_book(tmp_path)
    reads.clear()
    page = tmp_path / "docs/en/demo/index.md"
    calls = Calls()
    assert [calls.find(use) for use in calls.on(page)] == calls.on(page)
    assert reads["index.md"] == 1


@pytest.mark.fault("hooks/book.py", "Kept(library.book.kept)\n", "Kept()\n")
def test_what_was_shown_before_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_book(tmp_path)

    def show() -> list[str]:
        shower = open_book(tmp_path)
        pages = (tmp_path / "docs/ko/demo").glob("*.md")
        uses = [use for page in sorted(pages) for use in shower.calls.on(page)]
        return [shower.show(use, words("ko")).html for use in uses]

    first = show()
    for name in ("run", "output", "outputs", "code", "file", "value"):
        monkeypatch.setattr(render, name, None)
    assert show() == first
    assert len(first) > 5


@pytest.mark.fault(
    "hooks/macros.py",
    "from kubebook.pages import MACROS, TAKES\n",
    "from kubebook.pages import MACROS, TAKES\nfrom kubebook.scale import scale\n",
)
@pytest.mark.fault("kubebook/expect.py", "import re\n", "import re\nimport kubebook.canonical\n")
def test_a_build_loads_nothing_that_runs_compares_or_colours() -> None:
    heavy = ("kubebook.chain", "kubebook.canonical", "kubebook.render", "psutil", "wcwidth")
    heavy = (*heavy, "markdown_it")
    hooks = "hooks.book, hooks.follow, hooks.macros"
    code = f"import {hooks}, sys; print([m for m in {heavy} if m in sys.modules])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment(), capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr
