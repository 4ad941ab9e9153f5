"""Snippet files: settings, cells, and every fault with its file and line."""

from __future__ import annotations

import pytest
from mini import MiniBook

from kubebook.errors import BookError
from kubebook.parse import parse_snippet

EXPECT = '# expect = { contains = ["a"] }\n'
GOOD = f"# /// kubebook\n{EXPECT}# ///\necho a\n"
CELLS = f"""\
# /// kubebook
# cluster = "none"
# ///

# %% first
# /// kubebook
{EXPECT}# ///
A=a
echo $A

# %% second
# /// kubebook
# exit = 3
{EXPECT}# ///
echo $A; exit 3
"""


def test_a_file_without_cells(mini: MiniBook) -> None:
    snippet = parse_snippet(mini.write("snippets/one/hello.sh", "#!/bin/bash\n" + GOOD))
    assert (snippet.id, snippet.command) == ("one/hello", "bash hello.sh")
    assert [cell.code for cell in snippet.cells] == ["echo a\n"]
    assert snippet.cells[0].expect.contains == ("a",)


def test_cells_have_ids_lines_and_settings(mini: MiniBook) -> None:
    snippet = parse_snippet(mini.write("snippets/one/cells.sh", CELLS))
    assert [cell.id for cell in snippet.cells] == ["one/cells#first", "one/cells#second"]
    assert [cell.line for cell in snippet.cells] == [6, 13]
    assert [cell.exit for cell in snippet.cells] == [0, 3]
    assert snippet.cell("first").code == "A=a\necho $A\n"
    assert snippet.cluster == "none"


FAULTS = {
    "wrong key": ("# /// kubebook\n# expct = 1\n# ///\n", 2, 'unknown key "expct"'),
    "near key": ("# /// kubebook\n# expct = 1\n# ///\n", 2, 'did you mean "expect"?'),
    "wrong type": ("# /// kubebook\n# timeout = 'x'\n# ///\n", 2, "must be a whole number or"),
    "no TOML": ("# /// kubebook\n# needs = [\n# ///\n", 2, "not valid TOML"),
    "not closed": ("# /// kubebook\n# exit = 1\necho\n", 1, "not closed"),
    "no expect": ("# /// kubebook\n# exit = 1\n# ///\necho\n", 1, '"expect" is missing'),
    "empty fact": ('# /// kubebook\n# expect = { contains = [""] }\n# ///\n', 2, "not empty"),
    "no facts": ("# /// kubebook\n# expect = {}\n# ///\n", 1, '"expect" is missing'),
    "bad pattern": ("# /// kubebook\n# expect = { matches = ['('] }\n# ///\n", 2, "regular exp"),
    "no group": ("# /// kubebook\n# expect = { within = { real = '5s' } }\n# ///\n", 2, "no group"),
    "no bound": ("# /// kubebook\n# expect = { within = { '(.)' = 'x' } }\n# ///\n", 2, "no span"),
    "no reason": ('# /// kubebook\n# volatile = ["A"]\n' + EXPECT + "# ///\n", 2, "where and"),
    "syntax": (GOOD + "if true; then\n", 6, "syntax error"),
    "heredoc": (GOOD.replace(EXPECT, "") + "cat <<E\n# %% x\nE\n", 5, "cuts code in two"),
    "twice": (CELLS.replace("second", "first"), 12, "used twice"),
    "cell name": (CELLS.replace("second", "Two words"), 12, "not lower-case"),
    "before": ("echo early\n" + CELLS, 1, "code before the first cell"),
    "number as fact": (GOOD.replace('["a"]', "[1]"), 2, "list of texts"),
    "two blocks": (GOOD + "# /// kubebook\n# timeout = 1\n# ///\n", 5, "second settings block"),
    "near mark": (GOOD + "#%% two\n", 5, 'is written "# %% NAME"'),
    "mark in a command": (CELLS.replace("echo $A\n\n", "echo $A \\\n"), 11, "a line that goes on"),
    "timeout": (GOOD.replace(EXPECT, EXPECT + "# timeout = nan\n"), 3, "must lie between 1 and"),
    "exit": (GOOD.replace(EXPECT, EXPECT + "# exit = 256\n"), 3, "must lie between 0 and 255"),
    "skip in a language without a text": (
        GOOD.replace(EXPECT, '# skip.ko = "계정"\n# skip.en = ""\n'),
        2,
        '"skip" must hold a text for a language',
    ),
    "no skip": (GOOD.replace(EXPECT, '# skip = ""\n'), 1, '"expect" is missing'),
    "NUL": (GOOD + "echo \0\n", 5, "NUL byte"),
    "file key in cell": (CELLS.replace("# exit = 3", "# needs = []"), 14, "block at its top"),
    "cell key in file": (CELLS.replace('# cluster = "none"', "# exit = 1"), 2, "under the cell's"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_name_file_line_and_way_out(mini: MiniBook, name: str) -> None:
    text, line, words = FAULTS[name]
    if name == "heredoc":
        text = "# %% a\n# /// kubebook\n" + EXPECT + "# ///\ncat <<E\n# %% x\nE\n"
        line = 1
    path = mini.write("snippets/one/bad.sh", text)
    with pytest.raises(BookError) as fault:
        parse_snippet(path)
    assert words in str(fault.value)
    assert (fault.value.path, fault.value.line) == (path, line)


def test_a_syntax_error_in_python_has_its_line(mini: MiniBook) -> None:
    path = mini.write("snippets/one/bad.py", GOOD.replace("echo a", "x = (\n"))
    with pytest.raises(BookError, match=r"bad\.py:4: syntax error"):
        parse_snippet(path)


def test_a_mark_inside_a_python_string_is_found(mini: MiniBook) -> None:
    cell = "# /// kubebook\n" + EXPECT + "# ///\n"
    path = mini.write("snippets/one/bad.py", f'# %% a\n{cell}x = """\n# %% b\n{cell}"""\n')
    with pytest.raises(BookError, match="cuts code in two"):
        parse_snippet(path)


def test_bytes_that_are_no_text(mini: MiniBook) -> None:
    path = mini.write("snippets/one/bad.sh", GOOD)
    path.write_bytes(GOOD.encode() + b"echo \xff\n")
    with pytest.raises(BookError, match=r"bad\.sh:5: not UTF-8"):
        parse_snippet(path)


def test_modules_of_the_folder_count_as_files(mini: MiniBook) -> None:
    mini.write("snippets/one/helper.py", "import deeper\n")
    mini.write("snippets/one/deeper.py", "import json\n")
    path = mini.write("snippets/one/main.py", GOOD.replace("echo a", "from helper import x"))
    assert parse_snippet(path).modules == ("deeper.py", "helper.py")


@pytest.mark.fault("kubebook/parse.py", 'reason.get("en", texts[0])', "texts[0]")
@pytest.mark.fault(
    "kubebook/snippet.py", "dict(self.skip_in).get(language, self.skip)", "self.skip"
)
def test_a_reason_may_be_given_in_each_language(mini: MiniBook) -> None:
    def skipped(settings: str) -> list[str]:
        text = GOOD.replace(EXPECT, settings)
        snippet = parse_snippet(mini.write("snippets/one/hello.sh", text))
        return [snippet.skip, *(snippet.why_skipped(language) for language in ("ko", "en", "fr"))]

    assert skipped('# skip = "an account"\n') == ["an account"] * 4
    both = skipped('# skip.ko = "계정"\n# skip.en = "an account"\n')
    assert both == ["an account", "계정", "an account", "an account"]
    assert skipped('# skip.ko = "계정"\n') == ["계정"] * 4


def test_a_skipped_file_needs_no_expectations_in_its_cells(mini: MiniBook) -> None:
    text = '# /// kubebook\n# skip = "a cloud account"\n# ///\n# %% a\ngcloud a\n# %% b\ngcloud b\n'
    assert len(parse_snippet(mini.write("snippets/one/cloud.sh", text)).cells) == 2


def test_a_byte_order_mark_and_spaces_after_the_block(mini: MiniBook) -> None:
    path = mini.write("snippets/one/x.sh", "\ufeff" + GOOD.replace("kubebook\n", "kubebook \n"))
    assert parse_snippet(path).cells[0].code == "echo a\n"
