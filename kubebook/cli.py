"""The `kubebook` command."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import click
from rich.markup import escape

from kubebook import __version__, runs
from kubebook.accept import accept as accept_pending
from kubebook.canonical import Output
from kubebook.cli_common import BOOK, JSON, guarded, table, the_book
from kubebook.cli_machine import cluster, engine, image, open_shell
from kubebook.drift import compare, render_diff
from kubebook.errors import BookError
from kubebook.judge import Result
from kubebook.library import Library, load_library
from kubebook.pages import check_pages
from kubebook.progress import console
from kubebook.status import status_of

IDS = click.argument("ids", nargs=-1, metavar="[ID]…")
POOL = click.option(
    "--pool", type=click.IntRange(1), default=None, metavar="N",
    help="Chains that run side by side (as many as this machine carries).",
)  # fmt: skip


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Runs a book's snippets on a real cluster and keeps what they printed true."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)


def _interrupt(*_: object) -> NoReturn:
    """What is being run is ended and cleaned up just as after Ctrl-C."""
    raise KeyboardInterrupt


for group in (cluster, open_shell, engine, image):
    main.add_command(group)


# Snippets


@main.command()
@IDS
@POOL
@JSON
@BOOK
@guarded
def run(ids: tuple[str, ...], pool: int | None, as_json: bool, root: Path | None) -> None:
    """Run what is stale or missing, or the snippets named; record what had no recording."""
    results = runs.run(_library(root), ids, report=_reporter(as_json), pool=pool or 0)
    _finish(results, as_json, "everything is recorded", "take it: kubebook accept ID")


@main.command()
@IDS
@JSON
@click.option("--record", is_flag=True, help="Note in recordings/verified.json when it was seen.")
@click.option("--shuffle", type=int, metavar="SEED", help="Start the chains in another order.")
@POOL
@BOOK
@guarded
def check(
    ids: tuple[str, ...],
    as_json: bool,
    record: bool,
    shuffle: int | None,
    pool: int | None,
    root: Path | None,
) -> None:
    """Run everything and fail if a cluster prints something else than what is recorded."""
    results = runs.check(
        _library(root),
        ids,
        record=record,
        report=_reporter(as_json),
        pool=pool or 0,
        shuffle=shuffle,
    )
    _finish(
        results, as_json, "no drift", "if that is right: kubebook run ID, then kubebook accept ID"
    )


@main.command()
@IDS
@BOOK
@guarded
def accept(ids: tuple[str, ...], root: Path | None) -> None:
    """Take the outputs of the last run as the new recordings."""
    taken = accept_pending(_library(root), ids)
    for accepted in taken:
        click.echo(f"accepted {accepted.id}\n{accepted.text}".rstrip())
    if not taken:
        click.echo("nothing to accept")


@main.command("list")
@JSON
@BOOK
@guarded
def list_snippets(as_json: bool, root: Path | None) -> None:
    """List all snippets with their state; run nothing."""
    library = _library(root)
    rows = [_snippet_row(library, snippet_id) for snippet_id in library.snippets]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        table(["id", "state", "recorded", "needs"], rows)


@main.command()
@click.argument("snippet_id", metavar="ID")
@BOOK
@guarded
def why(snippet_id: str, root: Path | None) -> None:
    """Say why a snippet would run again, or that it would not."""
    status = status_of(_library(root), snippet_id)
    reasons = {
        "missing": ["it has no recording"],
        "skipped": [status.snippet.skip],
        "recorded": ["nothing changed"],
    }
    for reason in reasons.get(status.state) or [f"changed: {part}" for part in status.changed]:
        click.echo(f"{snippet_id}: {status.state}: {reason}")


@main.command("compare")
@click.argument("expected", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("actual", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@JSON
@guarded
def compare_files(expected: Path, actual: Path, as_json: bool) -> None:
    """Compare two outputs in canonical form: exit 0 same, 1 drift, 2 error."""
    one, other = ([Output("output", _text(path))] for path in (expected, actual))
    found = compare(one, other)
    if as_json:
        click.echo(
            json.dumps([asdict(difference) for difference in found], indent=2, ensure_ascii=False)
        )
    elif found:
        click.echo(render_diff(found, one, other, color=sys.stdout.isatty()))
    sys.exit(bool(found))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BookError(f"not UTF-8: {error.reason}", path=path) from None


def _library(root: Path | None) -> Library:
    library = load_library(the_book(root))
    check_pages(library)
    return library


def _snippet_row(library: Library, snippet_id: str) -> dict[str, str]:
    status = status_of(library, snippet_id)
    recorded = status.recording.provenance.recorded.date().isoformat() if status.recording else "-"
    state = status.state + (f" ({', '.join(status.changed)})" if status.changed else "")
    return {
        "id": snippet_id,
        "state": state,
        "recorded": recorded,
        "needs": " ".join(status.snippet.needs) or "-",
    }


def _reporter(as_json: bool) -> runs.Report:
    marks = {
        "same": "[green]✓[/green]",
        "recorded": "[green]+[/green]",
        "skipped": "[yellow]·[/yellow]",
    }

    def report(result: Result) -> None:
        mark = marks.get(result.outcome, "[red]✗[/red]")
        note = result.reason or (
            f"{result.seconds:.1f} s, {result.kubernetes}" if result.kubernetes else ""
        )
        console.print(f"{mark} {result.outcome:8} {result.id} [dim]{escape(note)}[/dim]")
        if result.failed and not as_json:
            console.print(escape(result.text))

    return report


def _finish(results: list[Result], as_json: bool, good: str, advice: str) -> None:
    failed = [result for result in results if result.failed]
    ran = [result for result in results if result.outcome != "skipped"]
    if as_json:
        click.echo(json.dumps([asdict(result) for result in results], indent=2, ensure_ascii=False))
    elif failed:
        names = ", ".join(result.id for result in failed)
        click.echo(f"{len(failed)} of {len(ran)} snippets failed: {names}")
        if any(result.outcome == "drift" for result in failed):
            click.echo(advice)
    else:
        click.echo(f"{len(ran)} snippets run, {good}" if ran else f"nothing to run, {good}")
    sys.exit(bool(failed))
