"""What all subcommands of `kubebook` share: options, the book, tables, errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TextIO

import click
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from kubebook.book import Book, Profile, find_book, load_book
from kubebook.cli_complete import complete_ids, complete_profiles
from kubebook.diff import paint
from kubebook.errors import BookError, did_you_mean, os_fault
from kubebook.progress import complain, new_console, set_volume

UNLIMITED = 10_000  # columns where there is no terminal: nothing is cut or wrapped

IDS = click.argument("ids", nargs=-1, metavar="[ID]…", shell_complete=complete_ids)
PROFILE = click.argument("profile", required=False, shell_complete=complete_profiles)
BOOK = click.option(
    "--book", "root", type=click.Path(file_okay=False, path_type=Path), help="The book's folder."
)
JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, and all else on standard error."
)


def volume(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options -q and -v, for what shows progress."""

    @click.option("-q", "--quiet", is_flag=True, help="Say nothing but what failed.")
    @click.option("-v", "--verbose", is_flag=True, help="Say more: what is done, and why.")
    @wraps(command)
    def wrapper(*args: Any, quiet: bool, verbose: bool, **kwargs: Any) -> Any:
        set_volume(quiet=quiet, verbose=verbose)
        try:
            return command(*args, **kwargs)
        finally:
            set_volume()

    return wrapper


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Show a BookError or what the system refused and exit with 2; Ctrl-C exits with 130."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BookError as error:
            complain(f"[red]error:[/red] {escape(str(error))}")
            sys.exit(2)
        except OSError as error:
            fault = os_fault(error, "the system refused it")
            complain(f"[red]error:[/red] {escape(str(fault))}")
            sys.exit(2)
        except KeyboardInterrupt:
            complain("interrupted: nothing was half written, a used cluster will be replaced")
            sys.exit(130)

    return wrapper


def the_book(root: Path | None) -> Book:
    """The book in `root`, or the one that the working folder belongs to."""
    return load_book(root or find_book(Path.cwd()))


def the_profile(book: Book, name: str | None) -> Profile:
    """The profile of that name, the first one without a name; BookError if unknown."""
    if name is None:
        return book.default_profile
    if name not in book.profiles:
        raise BookError(f'no profile "{name}"', hint=did_you_mean(name, [*book.profiles]))
    return book.profiles[name]


def table(columns: list[str], rows: list[dict[str, str | Text]]) -> None:
    """Print rows under their columns' names, as wide as a terminal is."""
    grid = Table(*columns, box=None, pad_edge=False, header_style="", show_edge=False)
    for row in rows:
        grid.add_row(*(row[column] for column in columns))
    show(grid)


def diff_for(text: str, stream: TextIO) -> Text:
    """A diff as a stream shows it: in colours on a terminal, else with marks."""
    return paint(text) if stream.isatty() and not os.environ.get("NO_COLOR") else Text(text)


def show(what: Table | Text) -> None:
    """Print on standard output, in colours on a terminal."""
    console = new_console(width=None if sys.stdout.isatty() else UNLIMITED)
    with console.capture() as captured:
        console.print(what, soft_wrap=isinstance(what, Text))
    for line in captured.get().splitlines():
        click.echo(line.rstrip())
