"""The documents at the top: their code runs, and what they list is what there is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pytest_codeblocks import CodeBlock, extract_from_file

from kubebook.cli import main
from kubebook.pages import MACROS
from kubebook.parse import CELL_KEYS, EXPECT_KEYS, FILE_KEYS, parse_snippet

ROOT = Path(__file__).parent.parent
TAKEN = ("python", "sh", "bash")  # what pytest-codeblocks runs; other words it drops in silence
RUNNABLE = {*TAKEN, "py", "python3", "pycon", "shell", "zsh"}

# Blocks that run, and blocks marked to be skipped.
BLOCKS = {
    "README.md": (3, 1),
    "README.en.md": (3, 1),
    "CONTRIBUTING.md": (3, 3),
    "CONTRIBUTING.en.md": (3, 3),
    "docs/ko/guide/api.md": (3, 0),
    "docs/en/guide/api.md": (3, 0),
}
document = pytest.mark.parametrize("name", BLOCKS)
readme = pytest.mark.parametrize("name", ["README.md", "README.en.md"])
guide = pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CONTRIBUTING.en.md"])


def taken(name: str) -> list[CodeBlock]:
    return [block for block in extract_from_file(ROOT / name) if block.syntax in TAKEN]


def skipped(name: str) -> list[CodeBlock]:
    return [block for block in taken(name) if block.marks]


def fences(name: str) -> Iterator[Token]:
    """All code blocks, as a real Markdown parser sees them."""
    tokens = MarkdownIt().parse((ROOT / name).read_text(encoding="utf-8"))
    return (token for token in tokens if token.type in ("fence", "code_block"))


def language(fence: Token) -> str:
    """`python` of ```python, ``` { .python .annotate } and ~~~ python title="x"."""
    words = re.findall(r"\w+", fence.info)
    return words[0].lower() if words else ""


def rows(name: str) -> list[str]:
    """First cells of all tables, without the heads."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.strip("| ").split(" | ")[0] for line in lines if line.startswith("| `")]


def commands(group: click.Group, prefix: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


@pytest.mark.fault("README.en.md", "```sh\n", "```text\n")
@document
def test_pytest_codeblocks_takes_as_many_blocks_as_we_mean(name: str) -> None:
    assert (len(taken(name)) - len(skipped(name)), len(skipped(name))) == BLOCKS[name]


@pytest.mark.fault("README.en.md", "```python\n", "```py\n")
@pytest.mark.fault("CONTRIBUTING.en.md", "```sh\nkubebook why", "```shell\nkubebook why")
@document
def test_no_code_is_dropped_in_silence(name: str) -> None:
    lines = {block.lineno for block in taken(name)}
    found = [fence for fence in fences(name) if language(fence) in RUNNABLE]
    assert [f.info for f in found if f.map and f.map[0] + 1 not in lines] == []


@pytest.mark.fault("README.md", "```console\n$ make serve", "```\n$ make serve")
@document
def test_every_block_says_its_language(name: str) -> None:
    assert {language(fence) for fence in fences(name)} <= {*TAKEN, "console", "text"}


@pytest.mark.fault(
    "README.en.md",
    "from kubebook.canonical import lookup",
    "from kubebook.canonical import look_up",
)
@document
def test_code_runs(name: str) -> None:
    path = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "pytest", "--codeblocks", "-p", "no:cacheprovider", name]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True
    )
    runs, skips = BLOCKS[name]
    skipped = f", {skips} skipped" if skips else ""
    assert f"= {runs} passed{skipped} in " in done.stdout, done.stdout


@pytest.mark.fault("README.en.md", "# expect = { matches", "# expects = { matches")
@pytest.mark.fault("kubebook/parse.py", '"timeout": (int, float)', '"timeout": str')
@document
def test_example_snippets_are_sound(name: str, tmp_path: Path) -> None:
    for number, block in enumerate(skipped(name)):
        ending = {"bash": "sh", "python": "py"}[block.syntax or ""]
        path = tmp_path / "monitoring" / f"example-{number}.{ending}"
        path.parent.mkdir(exist_ok=True)
        path.write_text(block.code, encoding="utf-8")
        assert parse_snippet(path).cells


@pytest.mark.fault("README.en.md", "(CONTRIBUTING.en.md) has", "(docs/CONTRIBUTING.en.md) has")
@document
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


@pytest.mark.fault("README.en.md", "| `kubebook list` |", "| `kubebook ls` |")
@readme
def test_all_commands_are_listed(name: str) -> None:
    listed = [re.sub(r" \[?[A-Z].*", "", row.strip("`")) for row in rows(name)]
    assert sorted(row for row in listed if row.startswith("kubebook")) == sorted(
        commands(main, "kubebook")
    )


@pytest.mark.fault("CONTRIBUTING.en.md", "| `slow` |", "| `slowly` |")
@pytest.mark.fault(
    "kubebook/parse.py", '    "slow": str,\n', '    "slow": str,\n    "quick": str,\n'
)
@pytest.mark.fault("kubebook/pages.py", '"value", "diagram")', '"value", "diagram", "table")')
@guide
def test_all_settings_and_macros_are_listed(name: str) -> None:
    words = [match[1] for row in rows(name) if (match := re.match(r"`(?:\{\{ )?(\w+)", row))]
    assert sorted(words) == sorted([*FILE_KEYS, *CELL_KEYS, *EXPECT_KEYS, *MACROS])


@pytest.mark.fault("README.en.md", "print(snippet.command)", "print(snippet.id)")
def test_both_languages_show_the_same_code() -> None:
    names = list(BLOCKS)
    for pair in zip(names[::2], names[1::2], strict=True):
        korean, english = ([textwrap.dedent(block.code) for block in taken(name)] for name in pair)
        assert korean == english


@pytest.mark.fault("docs/en/guide/api.md", "`explain(library, id)`", "`reasons(library, id)`")
@pytest.mark.fault("kubebook/waiting.py", "def until(", "def wait_until(")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_public_functions_are_where_the_page_says(language: str) -> None:
    page = (ROOT / f"docs/{language}/guide/api.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (`.*`) \| `(kubebook\.\w+)` \|", page, re.MULTILINE)
    assert len(listed) == 13
    for names, module in listed:
        for name in re.findall(r"`(\w+)\(", names):
            assert getattr(import_module(module), name).__doc__
