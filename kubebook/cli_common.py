"""What all subcommands of `kubebook` share: options, the book, tables, errors."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from kubebook.book import Book, Profile, find_book, load_book
from kubebook.errors import BookError, did_you_mean, os_fault
from kubebook.progress import console

BOOK = click.option("--book", "root", type=click.Path(path_type=Path), help="The book's folder.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
PROFILE = click.argument("profile", required=False)


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Show a BookError or what the system refused and exit with 2; Ctrl-C exits with 130."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BookError as error:
            console.print(f"[red]error:[/red] {escape(str(error))}")
            sys.exit(2)
        except OSError as error:
            fault = os_fault(error, "the system refused it")
            console.print(f"[red]error:[/red] {escape(str(fault))}")
            sys.exit(2)
        except KeyboardInterrupt:
            console.print("interrupted: nothing was half written, a used cluster will be replaced")
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


def table(columns: list[str], rows: list[dict[str, str]]) -> None:
    """Print rows under their columns' names."""
    widths = [max([len(c), *(len(row[c]) for row in rows)]) for c in columns]
    for cells in [columns, *([row[c] for c in columns] for row in rows)]:
        click.echo(
            "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        )
