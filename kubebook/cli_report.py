"""What the commands say of results: while they come, at the end, and in other words later."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import click
from rich.text import Text

from kubebook.book import Book
from kubebook.cli_common import BOOK, diff_for, guarded, show, table, the_book
from kubebook.errors import BookError
from kubebook.judge import Result
from kubebook.library import Library, load_library
from kubebook.pages import check_pages
from kubebook.progress import complain, console, is_live, is_verbose
from kubebook.report import (
    Report,
    last_report,
    merge,
    new_report,
    read_report,
    record_verified,
    to_json,
    write_report,
)
from kubebook.review import headline, markdown, note, workflow_commands

STYLES = {"same": "green", "recorded": "green", "skipped": "yellow", "drift": "red"}
MARKS = {"same": "✓", "recorded": "+", "skipped": "·"}
MOST_SAME = 40  # rows of a summary; of a longer one, those that say something new

Run = Callable[[Library, Callable[[Result], None]], list[Result]]


def reviewed(command: str, root: Path | None, as_json: bool, run: Run, shard: str = "") -> None:
    """Do a run, show what it finds while it goes on and at its end, keep a report, and exit."""
    seen: dict[str, Result] = {}

    def report(result: Result) -> None:
        seen[result.id] = result
        _announce(result, as_json=as_json)

    book: Book | None = None
    try:
        book = the_book(root)
        library = load_library(book)
        check_pages(library)
        results = run(library, report)
    except BookError as error:
        _keep(book, new_report(command, book, [*seen.values()], error, shard), as_json)
        raise
    except KeyboardInterrupt:
        ended = BookError("interrupted")
        _keep(book, new_report(command, book, [*seen.values()], ended, shard), as_json)
        raise
    done = new_report(command, book, results, shard=shard)
    _keep(book, done, as_json)
    if not as_json and (done.status or not console.quiet):
        _summary(done, console.quiet)
    sys.exit(done.status)


@click.command()
@click.argument(
    "files", nargs=-1, metavar="[FILE]…", type=click.Path(dir_okay=False, path_type=Path)
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "markdown", "github", "json")),
    default="text",
    help="github: annotations, and the Markdown into $GITHUB_STEP_SUMMARY.",
)
@click.option("--record", is_flag=True, help="Note in recordings/verified.json what was seen.")
@BOOK
@guarded
def report(
    files: tuple[Path, ...],
    form: Literal["text", "markdown", "github", "json"],
    record: bool,
    root: Path | None,
) -> None:
    """Show the results of the last run or check, or of FILEs as one.

    A FILE is what `kubebook check --json` printed. Several, of machines that shared a run, are
    merged: a snippet counts once, a failure wins, and a part that left no FILE is an error.
    """
    book = the_book(root)
    if not files and not last_report(book).exists():
        raise BookError("nothing has run here", hint="kubebook check, or name a FILE")
    merged = merge([*map(read_report, files)]) if files else read_report(last_report(book))
    _print(merged, form, book)
    if record:
        record_verified(load_library(book), merged.results)
    sys.exit(merged.status)


def _print(merged: Report, form: str, book: Book) -> None:
    match form:
        case "json":
            click.echo(to_json(merged))
        case "markdown":
            click.echo(markdown(merged), nl=False)
        case "github":
            for line in workflow_commands(merged, book.root):
                click.echo(line)
            if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
                with Path(summary).open("a", encoding="utf-8") as file:
                    file.write(markdown(merged))
        case _:
            for text in (*(f.text for f in merged.faults), *(r.text for r in merged.failed)):
                show(diff_for(text, sys.stdout))
                click.echo()
            _summary(merged, short=False)


def _announce(result: Result, *, as_json: bool) -> None:
    """A line about a result as it comes. Rows that come and go tell enough of what is good."""
    if not result.failed and is_live() and not is_verbose():
        return
    mark, style = MARKS.get(result.outcome, "✗"), STYLES.get(result.outcome, "red")
    seconds = f" {result.seconds:.1f} s" if result.at else ""
    line = f"[{style}]{mark}[/{style}] {result.outcome:8} {result.id}[dim]{seconds}[/dim]"
    (complain if result.failed and not as_json else console.print)(line)
    if result.failed and not as_json:
        complain(diff_for(result.text, sys.stderr).append("\n"))


def _keep(book: Book | None, report: Report, as_json: bool) -> None:
    if book:
        write_report(last_report(book), report)
    if as_json:
        click.echo(to_json(report))


def _summary(report: Report, short: bool) -> None:
    """A table of the results, what it comes to, and what to do next."""
    rows = [r for r in report.results if len(report.results) <= MOST_SAME or r.outcome != "same"]
    if rows and not short:
        table(["snippet", "outcome", "seconds", "note"], [_row(result) for result in rows])
        click.echo()
    click.echo(headline(report))
    if any(result.outcome == "drift" for result in report.failed):
        again = "" if report.command == "run" else "kubebook run ID, then "
        click.echo(f"if that is right: {again}kubebook accept ID")


def _row(result: Result) -> dict[str, str | Text]:
    kind = f" ({result.kind})" if result.outcome == "drift" else ""
    return {
        "snippet": result.id,
        "outcome": Text(result.outcome + kind, style=STYLES.get(result.outcome, "red")),
        "seconds": Text(f"{result.seconds:7.1f}" if result.at else "      -"),
        "note": Text(note(result)),
    }
