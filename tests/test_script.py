"""A chapter as one bash file: it really runs, as the book runs it, and stops where it differs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from mini import MiniBook

from kubebook.book import load_book
from kubebook.cli import main
from kubebook.errors import BookError
from kubebook.library import Library, load_library
from kubebook.nav import way
from kubebook.script import chapters, script

ROOT = Path(__file__).parent.parent
SCRIPT, DRIVER = "kubebook/script.py", "kubebook/drivers/chapter.bash"
CELL = "# %% {0}\n# /// kubebook\n# expect = {{ matches = ['(?s).*'] }}\n{2}# ///\n{1}\n"
# Stands for the command where no cluster is to be had: it says what it was asked for
KUBEBOOK = """\
#!/bin/bash
echo "kubebook $*" >&2
case "$*" in
  "cluster env "*) echo "export KUBECONFIG='/config of $3' PATH='$PATH'" ;;
esac
"""


def cells(*parts: tuple[str, str] | tuple[str, str, int]) -> str:
    """The text of a file with cells: name, code and status of each."""
    settings = (f"# exit = {part[2]}\n" if len(part) > 2 else "" for part in parts)
    return "".join(CELL.format(*part[:2], s) for part, s in zip(parts, settings, strict=True))


def make(mini: MiniBook, chapter: str = "one") -> str:
    return script(mini.library, chapter, way(mini.library))


def execute(
    mini: MiniBook, *args: str, text: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the chapter with bash, beside a `kubebook` that needs no cluster."""
    file = mini.write("elsewhere/one.sh", text or make(mini))
    programs = mini.root / "programs"
    mini.write("programs/kubebook", KUBEBOOK).chmod(0o755)
    (programs / "python").unlink(missing_ok=True)
    (programs / "python").symlink_to(sys.executable)
    env = {"PATH": f"{programs}:/usr/bin:/bin", "TMPDIR": str(mini.root), "SECRET": "a b"}
    return subprocess.run(
        ["bash", str(file), *args], cwd=cwd or mini.root, env=env, capture_output=True, text=True
    )


def steps(output: str) -> list[str]:
    return re.findall(r"^# (\S+)$", output, re.MULTILINE)


@pytest.fixture(scope="module")
def book() -> Library:
    return load_library(load_book(ROOT))


@pytest.mark.parametrize("chapter", ["architecture", "clusters", "monitoring", "reliability"])
def test_every_chapter_of_the_book_is_sound_bash_and_complete(book: Library, chapter: str) -> None:
    text = script(book, chapter, way(book))
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    for snippet in (s for s in book.snippets.values() if s.folder.name == chapter):
        for cell in snippet.cells:
            assert len(re.findall(rf"^# {re.escape(cell.id)}  \S", text, re.MULTILINE)) >= 1
            code = cell.code.rstrip("\n")
            if snippet.skip:
                assert "\n".join(f"# {line}".rstrip() for line in code.split("\n")) in text
            elif snippet.language == "bash":
                assert f"book_cell {cell.id}\n{code}\n" in text
            else:
                assert f"\n{snippet.command}\n" in text
    assert chapter in chapters(book)


@pytest.mark.fault(
    SCRIPT,
    'yield f"book_cell {cell.id}\\n{cell.code}"',
    'yield f"book_cell {cell.id}\\n({cell.code})"',
)
@pytest.mark.fault(
    SCRIPT, "sorted(library.chains(wanted), key=reading_order)", "library.chains(wanted)"
)
def test_snippets_run_in_reading_order_after_what_they_need(mini: MiniBook) -> None:
    toml = mini.root / "kubebook.toml"
    toml.write_text(toml.read_text().replace("pages = []", 'pages = ["docs"]'))
    mini.write("mkdocs.yml", "nav: [z.md, a.md]\n")
    mini.write("docs/z.md", '# Z {#z}\n{{ run("one/late") }}\n')
    mini.write("docs/a.md", '# A {#a}\n{{ run("one/base") }}\n## B {#b}\n{{ run("one/alone") }}\n')
    mini.snippet("base.sh", cells(("a", "SHARED=cells"), ("b", "echo $SHARED > made; cat made")))
    mini.snippet("late.sh", "cat made", 'needs = ["one/base"]\n')
    mini.snippet("alone.sh", 'ls; echo "${SHARED:-nothing}"')
    done = execute(mini)
    assert done.returncode == 0, done.stderr
    assert steps(done.stdout) == ["one/base#a", "one/base#b", "one/late", "one/alone"]
    assert done.stdout.endswith("cells\n\n# one/late\ncells\n\n# one/alone\nalone.sh\nnothing\n")
    text = make(mini)
    assert "\n# one/late  z/#z\n" in text
    assert "\n# one/base#b  a/#a\n" in text
    assert "\n# one/alone  a/#b\n" in text


@pytest.mark.fault(DRIVER, '[[ $1 == "$2" ]] && return "$1"', '[[ $1 == "$2" ]] && return 0')
@pytest.mark.fault(DRIVER, "  set +u\n", "")
@pytest.mark.fault(DRIVER, "2> /dev/null || true' EXIT", "2> /dev/null' EXIT")
def test_code_runs_as_in_a_shell_of_its_own(mini: MiniBook) -> None:
    mini.snippet(
        "a.sh",
        cells(
            ("fails", "false", 1),
            ("last", 'echo "status $?"; echo "unset: $NOT_SET"; cat; echo "given: $#"'),
            ("heredoc", "false\ncat <<'END'\n$(no) `code` (\nEND"),
            ("exits", "exit 3", 3),
        ),
    )
    mini.snippet("b.sh", "set -e\nfalse\necho not reached", "exit = 1\n")
    mini.snippet("c.py", "print('Python')\nraise SystemExit(4)\n", "exit = 4\n")
    done = execute(mini, ".")
    assert done.returncode == 0, done.stderr
    assert "status 1\nunset: \ngiven: 0\n" in done.stdout
    assert "$(no) `code` (\n" in done.stdout
    assert "not reached" not in done.stdout
    assert done.stdout.endswith("\n# one/c\nPython\n")


@pytest.mark.fault(SCRIPT, 'yield f"book_ended $? {cell.exit} {cell.id}"', "pass")
@pytest.mark.parametrize("chosen", ["first", "second"])
@pytest.mark.parametrize(("expected", "got"), [(0, 1), (1, 0), (1, 2)])
def test_a_step_that_ends_otherwise_ends_the_file(
    mini: MiniBook, chosen: str, expected: int, got: int
) -> None:
    parts = [
        (name, f"(exit {got if name == chosen else 1})", expected if name == chosen else 1)
        for name in ("first", "second")
    ]
    mini.snippet("a.sh", cells(*parts))
    mini.snippet("b.sh", "echo never")
    done = execute(mini)
    assert done.returncode == 1
    assert done.stderr == f"one/a#{chosen} ended with status {got}, not {expected}\n"
    assert steps(done.stdout)[-1] == f"one/a#{chosen}"


@pytest.mark.fault(
    DRIVER,
    'cp -pL "$book_clone/snippets/$1/$file" "$folder/$file" || book_fail',
    'cp -pL "$book_clone/snippets/$1/$file" "$folder/$file" || exit',
)
def test_a_clone_without_a_file_is_no_expected_failure(mini: MiniBook) -> None:
    mini.write("snippets/one/a.yaml", "")
    mini.snippet("a.sh", "false", 'files = ["a.yaml"]\nexit = 1\n')
    text = make(mini)
    (mini.root / "snippets/one/a.yaml").unlink()
    done = execute(mini, text=text)
    assert done.returncode == 1
    assert "a.yaml" in done.stderr


@pytest.mark.fault(DRIVER, '  rm -rf "$book_work/snippets"\n', "")
@pytest.mark.fault(DRIVER, "trap 'rm -rf \"$book_work\"' EXIT", "")
def test_chains_share_no_files_and_leave_none_behind(mini: MiniBook) -> None:
    mini.write("snippets/one/data.txt", "from git\n")
    mini.snippet("a.sh", "cat data.txt; echo mine > data.txt; touch left", 'files = ["data.txt"]\n')
    mini.snippet("b.sh", "cat data.txt; ls", 'needs = ["one/a"]\nfiles = ["data.txt"]\n')
    mini.snippet("c.sh", "ls")
    before = {path.name for path in mini.root.iterdir()}
    done = execute(mini)
    assert done.returncode == 0, done.stderr
    assert "# one/b\nfrom git\na.sh\nb.sh\ndata.txt\nleft\n\n# one/c\nc.sh\n" in done.stdout
    assert (mini.root / "snippets/one/data.txt").read_text() == "from git\n"
    assert not (mini.root / "snippets/one/left").exists()
    assert {path.name for path in mini.root.iterdir()} - before == {
        ".kubebook",
        "elsewhere",
        "programs",
    }


def runs(pid: int) -> bool:
    """Whether a process runs; one that nobody has asked after yet has ended all the same."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(") ")[2][0] != "Z"


@pytest.mark.fault(DRIVER, "trap 'kill $(jobs -p) 2> /dev/null || true' EXIT", ":")
def test_what_a_snippet_starts_ends_with_it(mini: MiniBook) -> None:
    mini.snippet(
        "a.sh", cells(("start", "tail -f /dev/null > /dev/null 2>&1 & echo $!"), ("fails", "false"))
    )
    done = execute(mini)
    assert done.returncode == 1
    pid = int(re.findall(r"^\d+$", done.stdout, re.MULTILINE)[0])
    for _ in range(100):
        if not runs(pid):
            break
        time.sleep(0.05)
    else:
        os.kill(pid, 9)
        pytest.fail("it still runs")


@pytest.mark.fault(DRIVER, 'kubebook cluster reset "$1" < /dev/null', "true")
@pytest.mark.fault(DRIVER, 'eval "$variables"', "")
@pytest.mark.fault(DRIVER, "export KUBECONFIG=$book_work/nowhere", "unset KUBECONFIG")
def test_every_chain_has_a_cluster_made_anew_or_none(mini: MiniBook) -> None:
    for name in ("a", "b"):
        mini.write(
            f"snippets/one/{name}.sh",
            "# /// kubebook\n# expect = { contains = ['config'] }\n# ///\necho $KUBECONFIG\n",
        )
    mini.snippet("c.sh", "cat $KUBECONFIG")
    done = execute(mini)
    assert done.returncode == 0, done.stderr
    once = "kubebook cluster reset single\nkubebook cluster env single\n"
    assert done.stderr == once * 2
    assert done.stdout.count("/config of single") == 2
    assert "https://127.0.0.1:0" in done.stdout.partition("# one/c")[2]


@pytest.mark.fault(
    DRIVER, "variables=$(kubebook cluster env", "local variables=$(kubebook cluster env"
)
def test_without_a_cluster_nothing_runs(mini: MiniBook) -> None:
    mini.write(
        "snippets/one/a.sh", "# /// kubebook\n# expect = { contains = ['x'] }\n# ///\necho x\n"
    )
    text = make(mini).replace("kubebook cluster env", "false")
    done = execute(mini, text=text)
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.fault(SCRIPT, "_not_run(chain, way) if _skip(chain) else", "")
def test_what_is_not_run_is_a_comment_with_its_reason(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo first \\\n  second\n\necho third", 'skip = "needs\\nmoney"\n')
    mini.snippet("b.sh", "echo after", 'needs = ["one/a"]\n')
    mini.snippet("c.sh", "echo ran", 'slow = "counts to ten"\n')
    done = execute(mini)
    assert done.stdout == "\n# one/c\nran\n"
    text = make(mini)
    assert "# Not run for the book: needs money\n" in text
    assert (
        "\n# one/a\n# echo first \\\n#   second\n#\n# echo third\n\n# one/b\n# echo after\n" in text
    )
    assert "\n# one/c\n# This takes its time: counts to ten\n" in text


@pytest.mark.fault(SCRIPT, "    if cell.settle:", "    if False:")
def test_a_cell_that_settles_says_so(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo", "settle = 3\n")
    assert "# The book reads this again until 3 reads in a row say the same.\n" in make(mini)


@pytest.mark.fault(DRIVER, "if ! [[ -f kubebook.toml &&", "if false && ! [[ -f kubebook.toml &&")
def test_it_runs_in_a_clone_alone(mini: MiniBook, tmp_path: Path) -> None:
    mini.snippet("a.sh", "echo here")
    done = execute(mini, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "this is no clone of the book: bash one.sh CLONE\n"
    assert execute(mini, str(mini.root), cwd=tmp_path).stdout == "\n# one/a\nhere\n"


@pytest.mark.fault(
    SCRIPT, "for snippet in chain for tool in snippet.tools}", "for snippet in () for tool in ()}"
)
@pytest.mark.fault(SCRIPT, 'tools.add("kubebook")', "pass")
def test_what_it_calls_is_asked_for_first(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo never", 'tools = ["no-such-tool"]\n')
    done = execute(mini)
    assert (done.returncode, done.stderr) == (2, "no-such-tool is not installed here\n")
    assert done.stdout == ""
    mini.snippet("a.sh", "echo", 'skip = "no-such-tool"\ntools = ["no-such-tool"]\n')
    assert "book_tools=''\n" in make(mini)
    mini.write("snippets/one/b.py", "# /// kubebook\n# expect = { contains = ['x'] }\n# ///\n")
    assert "book_tools='kubebook python'\n" in make(mini)


def test_an_unknown_chapter_is_an_error(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo")
    with pytest.raises(BookError, match='no chapter "on"') as error:
        make(mini, "on")
    assert "one" in error.value.hint


def test_the_command_prints_it(mini: MiniBook) -> None:
    mini.snippet("a.sh", "echo")
    done = CliRunner().invoke(main, ["script", "one", "--book", str(mini.root)])
    assert (done.exit_code, done.output) == (0, make(mini))
    done = CliRunner().invoke(main, ["script", "two", "--book", str(mini.root)])
    assert done.exit_code == 2
