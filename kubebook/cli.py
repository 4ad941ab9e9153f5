"""The `kubebook` command."""

from __future__ import annotations

import json
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import NoReturn

import click
from rich.text import Text

from kubebook import __version__, runs
from kubebook.accept import accept as accept_pending
from kubebook.canonical import Output
from kubebook.cli_common import BOOK, IDS, JSON, diff_for, guarded, show, table, the_book, volume
from kubebook.cli_complete import complete_chapters, complete_ids, completion
from kubebook.cli_machine import cluster, engine, image, open_shell
from kubebook.cli_report import report, reviewed
from kubebook.diff import render_diff
from kubebook.drift import compare
from kubebook.errors import BookError
from kubebook.init import init_book
from kubebook.judge import Result
from kubebook.library import Library, load_library
from kubebook.nav import way
from kubebook.pages import Calls, check_pages
from kubebook.progress import detail, is_verbose
from kubebook.script import script
from kubebook.shard import Shard, ids_of
from kubebook.stats import stats, to_json
from kubebook.status import status_of
from kubebook.why import explain

POOL = click.option(
    "--pool", type=click.IntRange(1), default=None, metavar="N",
    help="Chains that run side by side (as many as this machine carries).",
)  # fmt: skip
STATUSES = """\b
Exit status:
  0    done; nothing differs from its recording
  1    drift, or a snippet that is broken
  2    an error: in the book, on the machine, in the command line
  130  interrupted
"""


@click.group(epilog=STATUSES)
@click.version_option(__version__)
def main() -> None:
    """Runs a book's snippets on a real cluster and keeps what they printed true."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)


def _interrupt(*_: object) -> NoReturn:
    """What is being run is ended and cleaned up just as after Ctrl-C."""
    raise KeyboardInterrupt


for group in (cluster, open_shell, engine, image, report, completion):
    main.add_command(group)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@guarded
def init(folder: Path) -> None:
    """Make a new book: two languages, one page, one snippet."""
    book = init_book(folder)
    click.echo(f"{book.root} is a book. Now: cd {folder} && kubebook run && mkdocs build --strict")


# Snippets


@main.command()
@IDS
@POOL
@JSON
@BOOK
@volume
@guarded
def run(ids: tuple[str, ...], pool: int | None, as_json: bool, root: Path | None) -> None:
    """Run what is stale or missing, or the snippets named.

    What had no recording is recorded. What differs from its recording is shown and kept for
    `kubebook accept`.
    """

    def act(library: Library, report: runs.Report) -> list[Result]:
        for snippet_id in (ids or runs.stale(library)) if is_verbose() else ():
            with suppress(BookError):  # of a recording that this run mends
                detail(_why(library, snippet_id))
        return runs.run(library, ids, report, pool=pool or 0)

    reviewed("run", root, as_json, act)


@main.command()
@IDS
@JSON
@click.option("--record", is_flag=True, help="Note in recordings/verified.json when it was seen.")
@click.option("--shard", metavar="I/N", help="Run the I-th of N parts, each of whole chains.")
@click.option("--shuffle", type=int, metavar="SEED", help="Start the chains in another order.")
@POOL
@BOOK
@volume
@guarded
def check(
    ids: tuple[str, ...],
    as_json: bool,
    record: bool,
    shard: str | None,
    shuffle: int | None,
    pool: int | None,
    root: Path | None,
) -> None:
    """Run everything and fail on any drift.

    Drift is what means something else than what is recorded. Nothing is written but what --record
    asks for.
    """

    part = Shard.parse(shard) if shard is not None else None

    def act(library: Library, report: runs.Report) -> list[Result]:
        mine = ids_of(library, part, ids) if part else ids
        if part and not mine:  # no ids would be all of them
            return []
        return runs.check(
            library, mine, record=record, report=report, pool=pool or 0, shuffle=shuffle
        )

    reviewed("check", root, as_json, act, shard or "")


@main.command()
@IDS
@BOOK
@guarded
def accept(ids: tuple[str, ...], root: Path | None) -> None:
    """Take the outputs of the last run as the new recordings."""
    taken = accept_pending(_library(root), ids)
    for accepted in taken:
        click.echo(f"accepted {accepted.id}")
        show(diff_for(accepted.text, sys.stdout))
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
@click.argument("snippet_id", metavar="ID", shell_complete=complete_ids)
@JSON
@BOOK
@guarded
def why(snippet_id: str, as_json: bool, root: Path | None) -> None:
    """Say why a snippet would run again, or that it would not; run nothing."""
    library = _library(root)
    if as_json:
        state, reasons = explain(library, snippet_id)
        found = {"id": snippet_id, "state": state, "reasons": [asdict(r) for r in reasons]}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        click.echo(_why(library, snippet_id))


@main.command("script")
@click.argument("chapter", shell_complete=complete_chapters)
@BOOK
@guarded
def print_script(chapter: str, root: Path | None) -> None:
    """Print a chapter as one bash file: its snippets in reading order, as the book runs them."""
    library = _library(root)
    click.echo(script(library, chapter, way(library)), nl=False)


@main.command("stats")
@BOOK
@guarded
def print_stats(root: Path | None) -> None:
    """Print the book in figures as JSON: what is run, where code comes from, how old outputs are.

    `kubebook/stats.py` describes its shape. It follows from what git holds alone; nothing runs.
    """
    library, calls = _library(root), Calls()
    found = stats(library, way(library, calls), calls, partial(status_of, library))
    click.echo(to_json(found), nl=False)


@main.command("compare")
@click.argument("expected", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("actual", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@JSON
@guarded
def compare_files(expected: Path, actual: Path, as_json: bool) -> None:
    """Compare two outputs in files.

    Exit status: 0 if they mean the same, 1 if they do not, 2 if they cannot be read.
    """
    one, other = ([Output("output", _text(path))] for path in (expected, actual))
    found = compare(one, other)
    if as_json:
        click.echo(
            json.dumps([asdict(difference) for difference in found], indent=2, ensure_ascii=False)
        )
    elif found:
        show(diff_for(render_diff(found, one, other), sys.stdout))
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


def _why(library: Library, snippet_id: str) -> str:
    state, reasons = explain(library, snippet_id)
    return "\n".join(f"{snippet_id}: {state}: {reason.text}" for reason in reasons)


def _snippet_row(library: Library, snippet_id: str) -> dict[str, str | Text]:
    status = status_of(library, snippet_id)
    recorded = status.recording.provenance.recorded.date().isoformat() if status.recording else "-"
    state = status.state + (f" ({', '.join(status.changed)})" if status.changed else "")
    return {
        "id": snippet_id,
        "state": state,
        "recorded": recorded,
        "needs": " ".join(status.snippet.needs) or "-",
    }
