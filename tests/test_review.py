"""Reports for people: on GitHub, where an output may be hostile, and in a few words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mini import MiniBook

from kubebook.cli import main
from kubebook.drift import Difference
from kubebook.judge import Result
from kubebook.report import Fault, Report
from kubebook.review import MOST_CHARACTERS, headline, markdown, note, workflow_commands

fault = pytest.mark.fault

HOSTILE = (
    "a | b\n```\n````\n</code></details><img src=x onerror=alert(1)> @root #1 [x](http://evil)\n"
    "::error file=x::y\n**bold** https://evil.example `code` \u202e\x07 100%\r\n"
)
AT = "2026-11-23T10:00:00+00:00"


def drift(text: str, **fields: object) -> Report:
    difference = Difference("one/a#x", "meaning", f"line 1 ({text})", text, text + "!")
    result = Result(
        "one/a", "drift", text=text, differences=(difference,), path="snippets/one/a.sh",
        line=4, lines={"one/a#x": 9}, **fields,  # type: ignore[arg-type]
    )  # fmt: skip
    return Report("check", AT, (result,))


def command(line: str) -> tuple[dict[str, str], str]:
    """A workflow command as GitHub's runner reads it (actions/runner, ActionCommand.cs)."""
    match = re.fullmatch(r"::error (?P<given>.*?)::(?P<text>.*)", line)
    assert match, line

    def back(text: str, more: tuple[tuple[str, str], ...] = ()) -> str:
        for code, char in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            text = text.replace(code, char)
        return text

    pairs = (pair.split("=", 1) for pair in match["given"].split(","))
    more = (("%3A", ":"), ("%2C", ","))
    return {key: back(value, more) for key, value in pairs}, back(match["text"])


@fault("kubebook/review.py", '.replace(":", "%3A").replace(",", "%2C")', '.replace(",", "%2C")')
@fault("kubebook/review.py", 'return text.replace("%", "%25").replace("\\r", "%0D")',
       'return text.replace("\\r", "%0D").replace("%", "%25")')  # fmt: skip
@example("a::b, 100%25\r\n")
@given(st.text(max_size=80))
def test_annotations_come_back_as_they_were_meant(text: str) -> None:
    found = Report("check", AT, (), (Fault(text, f"a/{text.strip('/.')}x.sh", 7),))
    (line,) = workflow_commands(found, Path("/"))
    assert "\n" not in line
    assert "\r" not in line
    given_, said = command(line)
    assert (said, given_["line"], given_["title"]) == (text, "7", "kubebook")


@fault("kubebook/review.py", "result.lines.get(name, result.line)", "result.line")
def test_an_annotation_stands_at_the_cell_that_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", "/books")
    (line,) = workflow_commands(drift("two"), Path("/books/book"))
    assert line == (
        "::error file=book/snippets/one/a.sh,line=9,title=meaning%3A one/a#x::"
        "meaning: line 1 (two): two → two!"
    )


def test_a_broken_snippet_is_annotated_where_its_error_says() -> None:
    broken = Result("one/a", "broken", text="ended with status 1", path="a.sh", line=5)
    (line,) = workflow_commands(Report("run", AT, (broken,)), Path.cwd())
    assert line == "::error file=a.sh,line=5,title=broken%3A one/a::ended with status 1"


@fault("kubebook/review.py", "translate(VISIBLE).translate(REFERENCES)", "translate(VISIBLE)")
@fault("kubebook/review.py", "len(run) + 1 for run", "len(run) for run")
def test_hostile_outputs_stay_text_in_markdown() -> None:
    report = drift(HOSTILE, reason=HOSTILE)
    skipped = Result("one/b", "skipped", reason=HOSTILE)
    text = markdown(Report("check", AT, (*report.results, skipped), (Fault(HOSTILE),)))
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    fences = [token.content for token in tokens if token.type == "fence"]
    assert [("::error file=x::y" in fence, "````" in fence) for fence in fences] == [
        (True,) * 2
    ] * 2
    rows = [token for token in tokens if token.type == "tr_open"]
    assert len(rows) == 3
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= {"text", "text_special", "html_inline", "softbreak"}
    html = [t.content for t in [*tokens, *inline] if t.type in ("html_inline", "html_block")]
    tags = set(re.findall(r"<[^>]*>", "".join(html)))
    assert tags == {"<code>", "</code>", "<details open>", "<summary>", "</summary>", "</details>"}
    outside = re.sub(r"<code>.*?</code>", "", re.sub(r"(?s)(`{5})diff.*?\1", "", text))
    assert not re.search("root|evil|\u202e|\x07", outside)


@fault("kubebook/review.py", "        if len(block) > left:", "        if False:")
@fault("kubebook/review.py", "results[:MOST_ROWS]", "results")
def test_a_summary_fits_into_a_comment() -> None:
    results = tuple(
        Result(f"one/a{n}", "broken", text="<&>`|" * 5000, path="x") for n in range(1000)
    )
    text = markdown(Report("check", AT, results))
    assert len(text) <= MOST_CHARACTERS + 200
    assert "more: `kubebook report` shows all." in text
    assert "and 900 more" in text


def test_a_note_says_the_worst_first() -> None:
    found = (
        Difference("one/a", "format", "table columns", "A", "B"),
        Difference("one/a", "meaning", "line 1", "x", "y"),
    )
    result = Result("one/a", "drift", differences=found)
    assert (result.kind, note(result)) == ("meaning", "meaning: line 1: x → y (and 1 more)")
    broken = Result("one/a", "broken", text="a.sh:3: no\n  | x\n  mend it", path="a.sh", line=3)
    assert (broken.kind, note(broken)) == ("broken", "no")


@fault("kubebook/judge.py", 'KINDS: tuple[Kind, ...] = ("broken", "meaning", "format")',
       'KINDS: tuple[Kind, ...] = ("format", "meaning", "broken")')  # fmt: skip
def test_a_headline_counts_by_class() -> None:
    same, skipped = Result("one/s", "same"), Result("one/t", "skipped")
    differences = tuple(Difference("one/f", k, "x", "", "") for k in ("format", "meaning"))  # type: ignore[arg-type]
    worse = Result("one/f", "drift", differences=differences)
    assert headline(Report("check", AT, (same, skipped))) == "1 snippet run, no drift"
    assert headline(Report("check", AT, (skipped,))) == "nothing to run, no drift"
    assert headline(Report("check", AT, (same, worse))) == "1 of 2 snippets failed (1 meaning)"
    assert "did not come to its end" in headline(Report("run", AT, (), (Fault("x"),)))


@fault("kubebook/cli_report.py", 'os.environ.get("GITHUB_STEP_SUMMARY")', "None")
def test_github_gets_annotations_and_a_summary(
    mini: MiniBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mini.snippet("a.sh", "echo a")
    summary = tmp_path / "summary.md"
    summary.write_text("earlier\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(mini.root.parent))
    for code, status in (("echo a", 0), ("echo b", 1)):
        mini.snippet("a.sh", code)
        CliRunner().invoke(main, ["run", "--book", str(mini.root)])
        command = ["report", "--format", "github", "--book", str(mini.root)]
        done = CliRunner().invoke(main, command)
        assert (done.exit_code, len(done.stdout.splitlines())) == (status, status)
    assert "::error file=book/snippets/one/a.sh,line=1,title=meaning%3A one/a::" in done.stdout
    text = summary.read_text()
    assert text.startswith("earlier\n### ✅ kubebook")
    assert "### ❌ kubebook" in text
