"""Subcommands about the machine: cluster, shell, engine, image."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.markup import escape
from rich.text import Text

from kubebook import shell
from kubebook.book import Book
from kubebook.cli_common import (
    BOOK,
    JSON,
    PROFILE,
    guarded,
    table,
    the_book,
    the_profile,
    volume,
)
from kubebook.cluster import (
    check_identity,
    delete_cluster,
    half_up,
    node_containers,
    our_clusters,
    read_cluster,
)
from kubebook.doctor import examine
from kubebook.engine import install_engine, require_engine, start_engine, stop_engine
from kubebook.errors import BookError
from kubebook.library import load_library
from kubebook.nodeimage import CHOICES, build_image, ensure_image
from kubebook.progress import console
from kubebook.state import open_shell_at


@click.group()
def cluster() -> None:
    """The cluster that you use by hand."""


@cluster.command()
@PROFILE
@BOOK
@volume
@guarded
def up(profile: str | None, root: Path | None) -> None:
    """Create the cluster of a profile; nothing if it is up."""
    book = the_book(root)
    found = shell.up(book, the_profile(book, profile))
    click.echo(f"{found.name} is up: Kubernetes {found.image.kubernetes}. Use it: kubebook shell")


@cluster.command()
@PROFILE
@BOOK
@volume
@guarded
def reset(profile: str | None, root: Path | None) -> None:
    """Make the cluster of a profile anew."""
    book = the_book(root)
    click.echo(f"{shell.reset(book, the_profile(book, profile)).name} is fresh")


@cluster.command()
@BOOK
@guarded
def down(root: Path | None) -> None:
    """Remove all clusters of this book, those of runs too."""
    book = the_book(root)
    for name in our_clusters(book):
        delete_cluster(book, name)
        click.echo(f"{name} is gone")


@cluster.command()
@JSON
@BOOK
@guarded
def status(as_json: bool, root: Path | None) -> None:
    """List the clusters of this book."""
    book = the_book(root)
    rows = [_cluster_row(book, name) for name in our_clusters(book)]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif not rows:
        click.echo("no cluster is up; create one: kubebook cluster up")
    else:
        table(["name", "profile", "state", "kubernetes", "nodes"], rows)


@cluster.command()
@PROFILE
@BOOK
@guarded
def env(profile: str | None, root: Path | None) -> None:
    """Print the variables of a cluster: eval "$(kubebook cluster env)"."""
    book = the_book(root)
    chosen = the_profile(book, profile)
    if not (found := read_cluster(book, shell.reader_name(book, chosen))):
        raise BookError(
            f"no cluster {chosen.name} is up", hint=f"kubebook cluster up {chosen.name}"
        )
    check_identity(found)
    for name, value in shell.variables(book, found).items():
        click.echo(f"export {name}={shlex.quote(value)}")


@cluster.command()
@JSON
@BOOK
@guarded
def doctor(as_json: bool, root: Path | None) -> None:
    """Say what this machine lacks and how to mend it; exit 1 if it cannot run the book."""
    findings = examine(the_book(root))
    if as_json:
        click.echo(json.dumps([asdict(f) | {"fault": f.fault} for f in findings], indent=2))
    for finding in [] if as_json else findings:
        mark = (
            "[red]✗[/red]"
            if finding.fault
            else "[yellow]·[/yellow]"
            if finding.fix
            else "[green]✓[/green]"
        )
        console.print(f"{mark} {finding.what}: {escape(finding.state)}")
        if finding.fix:
            console.print(f"    {escape(finding.fix)}")
    sys.exit(any(finding.fault for finding in findings))


@click.command("shell")
@PROFILE
@click.option("--at", "cell", metavar="ID", help="On a clean cluster, in the state before it.")
@BOOK
@guarded
def open_shell(profile: str | None, cell: str | None, root: Path | None) -> None:
    """Open a shell on the cluster of a profile, or where an output of the book was made."""
    book = the_book(root)
    if cell and profile:
        raise BookError("--at and a profile do not go together", hint="the snippet names its own")
    if cell:
        sys.exit(open_shell_at(load_library(book), cell))
    sys.exit(shell.open_shell(book, the_profile(book, profile)))


@click.group()
def engine() -> None:
    """The container engine of this machine."""


@engine.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@guarded
def install(yes: bool) -> None:
    """Install Docker from the distribution and start it (Debian, Ubuntu; as root)."""
    if not yes:
        click.confirm("Install Docker (docker.io) with apt-get and start it?", abort=True)
    install_engine()
    click.echo("the engine runs")


@engine.command("status")
@guarded
def engine_status() -> None:
    """Say whether an engine answers; exit 2 if not."""
    click.echo(f"Docker {require_engine().version}")


@engine.command()
@guarded
def start() -> None:
    """Start the installed engine."""
    start_engine()
    click.echo("the engine runs")


@engine.command()
@guarded
def stop() -> None:
    """Stop the engine if kubebook started it."""
    click.echo("stopped" if stop_engine() else "nothing to stop: kubebook started no engine")


@click.group()
def image() -> None:
    """The node image."""


@image.command()
@BOOK
@volume
@guarded
def build(root: Path | None) -> None:
    """Build the node image from package registries; nothing if it is up to date."""
    built = build_image(the_book(root))
    click.echo(f"{built.name} {built.digest}")


@image.command()
@click.option("--flavour", type=click.Choice(CHOICES))
@BOOK
@volume
@guarded
def ensure(flavour: str | None, root: Path | None) -> None:
    """Have a node image: present, else pulled, else built."""
    found = ensure_image(the_book(root), flavour)
    click.echo(f"{found.name} {found.flavour}")


def _cluster_row(book: Book, name: str) -> dict[str, str | Text]:
    found = read_cluster(book, name)
    state = found.state if found else "half up" if half_up(book, name) else "stopped"
    return {
        "name": name,
        "profile": found.profile if found else "?",
        "state": state,
        "kubernetes": found.image.kubernetes if found else "?",
        "nodes": str(len(node_containers(name))),
    }
