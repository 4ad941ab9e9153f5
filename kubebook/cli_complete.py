"""Shell completion: the script to load, and what fits where the cursor stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from kubebook.book import Book, find_book, load_book
from kubebook.errors import BookError
from kubebook.parse import LANGUAGES, is_snippet

SHELLS = ("bash", "zsh", "fish")


def complete_ids(context: click.Context, _: click.Parameter, start: str) -> list[str]:
    """The ids of the book's snippets, without those that stand there already."""
    given = context.params.get("ids") or ()
    return sorted(i for i in _ids(context) if i.startswith(start) and i not in given)


def complete_chapters(context: click.Context, _: click.Parameter, start: str) -> list[str]:
    """The chapters of the book that have snippets."""
    return sorted({i.partition("/")[0] for i in _ids(context) if i.startswith(start)})


def complete_profiles(context: click.Context, _: click.Parameter, start: str) -> list[str]:
    """The profiles of the book."""
    book = _book(context)
    return sorted(name for name in book.profiles if name.startswith(start)) if book else []


def _ids(context: click.Context) -> Iterator[str]:
    book = _book(context)
    for path in book.snippets.glob("*/*") if book else ():
        if path.suffix in LANGUAGES and is_snippet(path):
            yield f"{path.parent.name}/{path.stem}"


def _book(context: click.Context) -> Book | None:
    """The book that is meant, None if there is none: completion says nothing about errors."""
    root = context.params.get("root")
    try:
        return load_book(Path(root) if root else find_book(Path.cwd()))
    except (BookError, OSError):
        return None


@click.command(short_help="Print the script that completes commands, ids and profiles.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes commands, options, ids and profiles in a shell.

    \b
    bash   eval "$(kubebook completion bash)"     in ~/.bashrc
    zsh    eval "$(kubebook completion zsh)"      in ~/.zshrc
    fish   kubebook completion fish | source      in ~/.config/fish/config.fish
    """
    root, found = context.find_root().command, get_completion_class(shell)
    assert found
    click.echo(found(root, {}, "kubebook", "_KUBEBOOK_COMPLETE").source())
