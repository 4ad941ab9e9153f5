"""Runs a chain on a clean cluster: all that its last snippet needs, in order, then itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from kubebook.book import Book
from kubebook.cluster import Cluster, check_identity
from kubebook.engine import find_engine
from kubebook.errors import BookError
from kubebook.expect import unmet
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.pool import Pool
from kubebook.recording import CellRecord, Provenance, Recording
from kubebook.runner import run_snippet
from kubebook.sandbox import open_sandbox
from kubebook.snippet import Snippet


@dataclass(frozen=True)
class ChainRun:
    """The recordings that a chain gave, in its order, up to the `fault` that ended it, if any."""

    chain: tuple[Snippet, ...]
    recordings: tuple[Recording, ...]
    fault: BookError | None = None

    @property
    def id(self) -> str:
        return self.chain[-1].id


def run_chain(library: Library, chain: tuple[Snippet, ...], pool: Pool) -> ChainRun:
    """Run a chain on a clean cluster of its profile. A snippet's failure is returned, not raised.

    Raises:
        BookError: there was no cluster to run it on.
    """
    with _place(library, chain, pool) as cluster:
        if cluster:
            check_identity(cluster)
        kubeconfig = cluster.kubeconfig if cluster else ""
        recordings: list[Recording] = []
        with open_sandbox(library.book, kubeconfig) as sandbox:
            for snippet in chain:
                try:
                    cells = run_snippet(snippet, sandbox)
                    check_expectations(snippet, cells)
                except BookError as fault:
                    return ChainRun(chain, tuple(recordings), fault)
                recordings.append(_recording(library, snippet, sandbox.run, cells, cluster))
    return ChainRun(chain, tuple(recordings))


def check_expectations(snippet: Snippet, cells: tuple[CellRecord, ...]) -> None:
    """Raise BookError for the first cell whose output lacks what a reader must see."""
    for cell, record in zip(snippet.cells, cells, strict=True):
        if faults := unmet(cell.expect, record.output):
            shown = "".join(f"\n  | {line}" for line in record.output.splitlines()[-12:])
            raise BookError(
                f"{cell.id}: the output {faults[0]}{shown}",
                path=snippet.path,
                line=cell.line,
                hint="mend the snippet, or `expect` in its settings",
            )


@contextmanager
def _place(library: Library, chain: tuple[Snippet, ...], pool: Pool) -> Iterator[Cluster | None]:
    name = library.profile_name(chain)
    with nullcontext() if name == "none" else pool.cluster(library.book.profiles[name]) as cluster:
        yield cluster


def _recording(
    library: Library,
    snippet: Snippet,
    run: str,
    cells: tuple[CellRecord, ...],
    cluster: Cluster | None,
) -> Recording:
    key = snippet_key(library, snippet.id)
    return Recording(
        id=snippet.id,
        run=run[:12],
        command=snippet.command,
        key=key.digest,
        inputs=key.inputs,
        chain=tuple(s.id for s in library.chain(snippet.id)),
        provenance=_provenance(library.book, cluster),
        cells=cells,
    )


def _provenance(book: Book, cluster: Cluster | None) -> Provenance:
    now = datetime.now(UTC).replace(microsecond=0)
    if not cluster:
        return Provenance(now, "", "none", "none", _versions(book))
    image = cluster.image
    versions = {**_versions(book), "docker": find_engine().version}
    digests = {image.name.split("@")[0]: image.digest}
    return Provenance(now, image.kubernetes, cluster.profile, image.flavour, versions, digests)


def _versions(book: Book) -> Mapping[str, str]:
    """What is installed of kubebook itself and of the book's tools."""
    found = {}
    for name in ("kubebook", *book.tools):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
