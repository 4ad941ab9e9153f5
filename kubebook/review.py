"""A report for people: notes and a summary, Markdown for pull requests, commands for GitHub.

What snippets printed may be hostile. In Markdown it stands in code alone, each punctuation mark
as a character reference; in workflow commands it is escaped as GitHub's runner reads it back.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kubebook.diff import fact
from kubebook.judge import Result
from kubebook.report import Fault, Report
from kubebook.text import REFERENCES, VISIBLE

MOST_ROWS = 100
MOST_CHARACTERS = 60_000  # of Markdown: GitHub cuts a comment at 65,536
MOST_OF_A_DIFF = 8_000
MOST_OF_A_MESSAGE = 4_000
MOST_OF_A_NOTE = 100


def note(result: Result) -> str:
    """One short line about a result: why it failed or was skipped, or what it ran on."""
    if result.differences:
        first = next(d for d in result.differences if d.kind == result.kind)
        more = len(result.differences) - 1
        text = fact(first) + (f" (and {more} more)" if more else "")
    elif result.failed:
        text = result.text.removeprefix(f"{result.path}:{result.line}: ").split("\n", 1)[0]
    else:
        text = result.reason or (f"Kubernetes {result.kubernetes}" if result.kubernetes else "")
    return _short(" ".join(text.split()), MOST_OF_A_NOTE)


def headline(report: Report) -> str:
    """The whole report in one line."""
    ran = [result for result in report.results if result.outcome != "skipped"]
    if report.faults:
        return f"{report.command} did not come to its end"
    if report.failed:
        counts = Counter(result.kind for result in report.failed)
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
        return f"{len(report.failed)} of {_snippets(len(ran))} failed ({kinds})"
    good = "everything is recorded" if report.command == "run" else "no drift"
    return f"{_snippets(len(ran))} run, {good}" if ran else f"nothing to run, {good}"


def markdown(report: Report) -> str:
    """A summary for a pull request or a GitHub step, short enough for either."""
    mark = "❌" if report.status else "✅"
    counts = Counter(result.outcome for result in report.results)
    said = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    blocks = [f"### {mark} kubebook: {_code_free(headline(report))}", said]
    shown = [r for r in report.results if r.outcome != "same"]
    if shown:
        blocks.append("\n".join(_table(shown)))
    blocks += [_details("error", fault.text) for fault in report.faults]
    blocks += [_details(result.id, result.text) for result in report.failed]
    return "\n\n".join(_fitting([block for block in blocks if block])) + "\n"


def workflow_commands(report: Report, root: Path) -> Iterator[str]:
    """GitHub's annotations: an error for each fault and each output that differs.

    Args:
        root: the book's folder; paths are shown as they are below GitHub's (or this) folder.
    """
    for fault in report.faults:
        yield _annotation(root, fault, "kubebook")
    for result in report.failed:
        for name in dict.fromkeys(d.output for d in result.differences):
            facts = "\n".join(fact(d) for d in result.differences if d.output == name)
            place = Fault(facts, result.path, result.lines.get(name, result.line))
            yield _annotation(root, place, f"{result.kind}: {name}")
        if not result.differences:
            place = Fault(result.text, result.path, result.line)
            yield _annotation(root, place, f"{result.kind}: {result.id}")


def _annotation(root: Path, fault: Fault, title: str) -> str:
    workspace = os.environ.get("GITHUB_WORKSPACE") or Path.cwd()
    file = os.path.relpath(root / fault.path, workspace) if fault.path else ""
    given = {"file": file, "line": str(fault.line or ""), "title": title}
    said = ",".join(f"{key}={_property(value)}" for key, value in given.items() if value)
    return f"::error {said}::{_data(_short(fault.text, MOST_OF_A_MESSAGE))}"


def _data(text: str) -> str:
    """Escaped as in actions/toolkit, packages/core/src/command.ts."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _table(results: list[Result]) -> Iterator[str]:
    yield "| Snippet | Outcome | Class | Seconds | Note |"
    yield "| --- | --- | --- | ---: | --- |"
    for result in results[:MOST_ROWS]:
        cells = [_code(result.id), result.outcome, result.kind]
        yield f"| {' | '.join(cells)} | {result.seconds:.1f} | {_code(note(result))} |"
    if len(results) > MOST_ROWS:
        yield f"| … | | | | and {len(results) - MOST_ROWS} more |"


def _details(name: str, text: str) -> str:
    """A diff or an error to fold out, in a fence that is longer than any within it."""
    text = "\n".join(line.removeprefix("  ") for line in text.translate(VISIBLE).split("\n"))
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return (
        f"<details open><summary>{_code(name)}</summary>\n\n"
        f"{fence}diff\n{_short(text, MOST_OF_A_DIFF)}\n{fence}\n\n</details>"
    )


def _fitting(blocks: list[str]) -> Iterator[str]:
    left = MOST_CHARACTERS
    for number, block in enumerate(blocks):
        if len(block) > left:
            yield f"… and {len(blocks) - number} more: `kubebook report` shows all."
            return
        left -= len(block)
        yield block


def _code(text: str) -> str:
    """Text as code that neither Markdown nor HTML reads; GitHub looks for no mentions in it."""
    return f"<code>{text.translate(VISIBLE).translate(REFERENCES)}</code>" if text else ""


def _code_free(text: str) -> str:
    return text.translate(REFERENCES)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _snippets(count: int) -> str:
    return f"{count} snippet" if count == 1 else f"{count} snippets"
