"""The `kubebook` command."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from kubebook import __version__, runs, shell
from kubebook.book import Book, Profile, find_book, load_book
from kubebook.canonical import Output
from kubebook.cluster import delete_cluster, half_up, node_containers, our_clusters, read_cluster
from kubebook.doctor import examine
from kubebook.drift import compare, render_diff
from kubebook.engine import install_engine, require_engine, start_engine, stop_engine
from kubebook.errors import BookError, did_you_mean
from kubebook.library import Library, load_library
from kubebook.nodeimage import CHOICES, build_image, ensure_image
from kubebook.pages import check_pages
from kubebook.progress import console
from kubebook.status import status_of

BOOK = click.option("--book", "root", type=click.Path(path_type=Path), help="The book's folder.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
IDS = click.argument("ids", nargs=-1, metavar="[ID]…")
PROFILE = click.argument("profile", required=False)


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Show a BookError as its text and exit with 2."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BookError as error:
            console.print(f"[red]error:[/red] {escape(str(error))}")
            sys.exit(2)

    return wrapper


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Runs a book's snippets on a real cluster and keeps what they printed true."""


# Clusters


@main.group()
def cluster() -> None:
    """The cluster that you use by hand."""


@cluster.command()
@PROFILE
@BOOK
@guarded
def up(profile: str | None, root: Path | None) -> None:
    """Create the cluster of a profile; nothing if it is up."""
    book = _book(root)
    found = shell.up(book, _profile(book, profile))
    click.echo(f"{found.name} is up: Kubernetes {found.image.kubernetes}. Use it: kubebook shell")


@cluster.command()
@PROFILE
@BOOK
@guarded
def reset(profile: str | None, root: Path | None) -> None:
    """Make the cluster of a profile anew."""
    book = _book(root)
    click.echo(f"{shell.reset(book, _profile(book, profile)).name} is fresh")


@cluster.command()
@BOOK
@guarded
def down(root: Path | None) -> None:
    """Remove all clusters of this book, those of runs too."""
    book = _book(root)
    for name in our_clusters(book):
        delete_cluster(book, name)
        click.echo(f"{name} is gone")


@cluster.command()
@JSON
@BOOK
@guarded
def status(as_json: bool, root: Path | None) -> None:
    """List the clusters of this book."""
    book = _book(root)
    rows = [_cluster_row(book, name) for name in our_clusters(book)]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif not rows:
        click.echo("no cluster is up; create one: kubebook cluster up")
    else:
        _table(["name", "profile", "state", "kubernetes", "nodes"], rows)


@cluster.command()
@PROFILE
@BOOK
@guarded
def env(profile: str | None, root: Path | None) -> None:
    """Print the variables of a cluster: eval "$(kubebook cluster env)"."""
    book = _book(root)
    chosen = _profile(book, profile)
    if not (found := read_cluster(book, shell.reader_name(book, chosen))):
        raise BookError(f"no cluster {chosen.name} is up", hint=f"kubebook cluster up {chosen.name}")
    for name, value in shell.variables(book, found).items():
        click.echo(f"export {name}={shlex.quote(value)}")


@cluster.command()
@JSON
@BOOK
@guarded
def doctor(as_json: bool, root: Path | None) -> None:
    """Say what this machine lacks and how to mend it; exit 1 if it cannot run the book."""
    findings = examine(_book(root))
    if as_json:
        click.echo(json.dumps([asdict(f) | {"fault": f.fault} for f in findings], indent=2))
    for finding in [] if as_json else findings:
        mark = "[red]✗[/red]" if finding.fault else "[yellow]·[/yellow]" if finding.fix else "[green]✓[/green]"
        console.print(f"{mark} {finding.what}: {escape(finding.state)}")
        if finding.fix:
            console.print(f"    {escape(finding.fix)}")
    sys.exit(any(finding.fault for finding in findings))


@main.command("shell")
@PROFILE
@BOOK
@guarded
def open_shell(profile: str | None, root: Path | None) -> None:
    """Open a shell on the cluster of a profile."""
    book = _book(root)
    sys.exit(shell.open_shell(book, _profile(book, profile)))


@main.group()
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


@main.group()
def image() -> None:
    """The node image."""


@image.command()
@BOOK
@guarded
def build(root: Path | None) -> None:
    """Build the node image from package registries; nothing if it is up to date."""
    built = build_image(_book(root))
    click.echo(f"{built.name} {built.digest}")


@image.command()
@click.option("--flavour", type=click.Choice(CHOICES))
@BOOK
@guarded
def ensure(flavour: str | None, root: Path | None) -> None:
    """Have a node image: present, else pulled, else built."""
    found = ensure_image(_book(root), flavour)
    click.echo(f"{found.name} {found.flavour}")


# Snippets


@main.command()
@IDS
@JSON
@BOOK
@guarded
def run(ids: tuple[str, ...], as_json: bool, root: Path | None) -> None:
    """Run what is stale or missing, or the snippets named; record what had no recording."""
    results = runs.run(_library(root), ids, report=_reporter(as_json))
    _finish(results, as_json, "everything is recorded", "take it: kubebook accept ID")


@main.command()
@IDS
@JSON
@click.option("--record", is_flag=True, help="Note in recordings/verified.json when it was seen.")
@BOOK
@guarded
def check(ids: tuple[str, ...], as_json: bool, record: bool, root: Path | None) -> None:
    """Run everything and fail if a cluster prints something else than what is recorded."""
    results = runs.check(_library(root), ids, record=record, report=_reporter(as_json))
    _finish(results, as_json, "no drift", "if that is right: kubebook run ID, then kubebook accept ID")


@main.command()
@IDS
@BOOK
@guarded
def accept(ids: tuple[str, ...], root: Path | None) -> None:
    """Take the outputs of the last run as the new recordings."""
    results = runs.accept(_library(root), ids)
    for result in results:
        click.echo(f"accepted {result.id}")
        click.echo(result.text)
    if not results:
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
        _table(["id", "state", "recorded", "needs"], rows)


@main.command()
@click.argument("snippet_id", metavar="ID")
@BOOK
@guarded
def why(snippet_id: str, root: Path | None) -> None:
    """Say why a snippet would run again, or that it would not."""
    status = status_of(_library(root), snippet_id)
    reasons = {"missing": ["it has no recording"], "skipped": [status.snippet.skip], "recorded": ["nothing changed"]}
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
        click.echo(json.dumps([asdict(difference) for difference in found], indent=2, ensure_ascii=False))
    elif found:
        click.echo(render_diff(found, one, other, color=sys.stdout.isatty()))
    sys.exit(bool(found))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BookError(f"not UTF-8: {error.reason}", path=path) from None


def _book(root: Path | None) -> Book:
    return load_book(root or find_book(Path.cwd()))


def _library(root: Path | None) -> Library:
    library = load_library(_book(root))
    check_pages(library)
    return library


def _profile(book: Book, name: str | None) -> Profile:
    if name is None:
        return book.default_profile
    if name not in book.profiles:
        raise BookError(f'no profile "{name}"', hint=did_you_mean(name, [*book.profiles]))
    return book.profiles[name]


def _cluster_row(book: Book, name: str) -> dict[str, str]:
    found = read_cluster(book, name)
    state = found.state if found else "half up" if half_up(book, name) else "stopped"
    return {
        "name": name,
        "profile": found.profile if found else "?",
        "state": state,
        "kubernetes": found.image.kubernetes if found else "?",
        "nodes": str(len(node_containers(name))),
    }


def _snippet_row(library: Library, snippet_id: str) -> dict[str, str]:
    status = status_of(library, snippet_id)
    recorded = status.recording.provenance.recorded.date().isoformat() if status.recording else "-"
    state = status.state + (f" ({', '.join(status.changed)})" if status.changed else "")
    return {"id": snippet_id, "state": state, "recorded": recorded, "needs": " ".join(status.snippet.needs) or "-"}


def _table(columns: list[str], rows: list[dict[str, str]]) -> None:
    widths = [max([len(c), *(len(row[c]) for row in rows)]) for c in columns]
    for cells in [columns, *([row[c] for c in columns] for row in rows)]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def _reporter(as_json: bool) -> runs.Report:
    marks = {"same": "[green]✓[/green]", "recorded": "[green]+[/green]", "skipped": "[yellow]·[/yellow]"}

    def report(result: runs.Result) -> None:
        mark = marks.get(result.outcome, "[red]✗[/red]")
        note = result.reason or (f"{result.seconds:.1f} s, {result.kubernetes}" if result.kubernetes else "")
        console.print(f"{mark} {result.outcome:8} {result.id} [dim]{escape(note)}[/dim]")
        if result.failed and not as_json:
            console.print(escape(result.text))

    return report


def _finish(results: list[runs.Result], as_json: bool, good: str, advice: str) -> None:
    failed = [result for result in results if result.failed]
    if as_json:
        click.echo(json.dumps([asdict(result) for result in results], indent=2, ensure_ascii=False))
    elif failed:
        click.echo(f"{len(failed)} of {len(results)} snippets differ: {', '.join(r.id for r in failed)}")
        click.echo(advice)
    else:
        click.echo(f"{len(results)} snippets run, {good}" if results else f"nothing to run, {good}")
    sys.exit(bool(failed))
