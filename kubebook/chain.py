"""Runs a chain on a clean cluster: all that its last snippet needs, in order, then itself."""

from __future__ import annotations

import re
import shutil
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
from kubebook.nodes import write_docker
from kubebook.pool import Need, Pool
from kubebook.progress import Now
from kubebook.recording import CellRecord, Provenance, Recording, read_recording
from kubebook.runner import run_snippet
from kubebook.sandbox import ROOM_FOR_ALL, Room, open_sandbox
from kubebook.snippet import Snippet
from kubebook.vitals import blamed, trouble

# A cluster that was put back has older events, and none of the first ones. The client's functions
# are list_event_for_all_namespaces and list_namespaced_event; Python's own events are none.
SHOWS_EVENTS = re.compile(
    r"\bkubectl\b.*\bevents?\b|\bdescribe\b|/events\b|\blist_\w*event|\bEventsV1", re.IGNORECASE
)
# What docker only looks at is as it was
REACHES_NODES = re.compile(
    r"host_?(path|network|pid|ipc|port)|privileged|\bkubectl debug\b"
    r"|\bdocker\b(?! (inspect|port|ps|top|version)\b)",
    re.IGNORECASE,
)
Chain = tuple[Snippet, ...]


@dataclass(frozen=True)
class ChainRun:
    """The recordings that a chain gave, in its order, up to the `fault` that ended it, if any."""

    chain: Chain
    recordings: tuple[Recording, ...]
    fault: BookError | None = None

    @property
    def id(self) -> str:
        return self.chain[-1].id


def run_chain(
    library: Library,
    chain: Chain,
    pool: Pool,
    now: Now = lambda _: None,
    room: Room = ROOM_FOR_ALL,
) -> ChainRun:
    """Run a chain on a clean cluster of its profile. A snippet's failure is returned, not raised.

    Args:
        now: told what the chain waits for.
        room: held while a snippet runs; what comes before and after does not wait for it.

    Raises:
        BookError: there was no cluster to run it on.
    """
    now("a clean cluster")
    with _place(library, chain, pool) as cluster:
        if cluster:
            check_identity(cluster)
        kubeconfig = cluster.kubeconfig if cluster else ""
        recordings: list[Recording] = []
        with open_sandbox(library.book, kubeconfig, pool.stop, room) as sandbox:
            if cluster:
                write_docker(sandbox.root / "bin", library.book, cluster)
            for snippet in chain:
                now(snippet.id)
                try:
                    cells = run_snippet(snippet, sandbox)
                    check_expectations(snippet, cells)
                except BookError as fault:
                    cause = trouble(library.book, cluster) if cluster else None
                    if cluster and cause:
                        pool.condemn(cluster, cause.message)
                    return ChainRun(chain, tuple(recordings), blamed(fault, cause))
                recordings.append(_recording(library, snippet, sandbox.run, cells, cluster))
    return ChainRun(chain, tuple(recordings))


def check_expectations(snippet: Snippet, cells: tuple[CellRecord, ...]) -> None:
    """Raise BookError for the first cell whose output lacks what a reader must see."""
    for cell, record in zip(snippet.cells, cells, strict=True):
        if faults := unmet(cell.expect, record.output):
            shown = "".join(f"\n  | {line}" for line in record.output.splitlines()[-12:])
            raise BookError(
                f"{cell.id}: the output {', and '.join(faults)}{shown}",
                path=snippet.path,
                line=cell.line,
                hint="mend the snippet, or `expect` in its settings",
            )


def needs(library: Library, chain: Chain) -> Need | None:
    """What a chain asks of a cluster, as far as its words tell; None without a cluster."""
    name = library.profile_name(chain)
    if name == "none":
        return None
    words = "\n".join(_in_one_line(text) for snippet in chain for text in _texts(snippet))
    new, wears = bool(SHOWS_EVENTS.search(words)), bool(REACHES_NODES.search(words))
    return Need(library.book.profiles[name], new, wears)


def why_skipped(chain: Chain) -> str:
    """Why a chain is not run here: a snippet's own reason, or a tool that is not installed."""
    for snippet in chain:
        absent = [tool for tool in snippet.tools if not shutil.which(tool)]
        if reason := snippet.skip or (f"needs {', '.join(absent)}" if absent else ""):
            return reason
    return ""


def slow(chain: Chain) -> bool:
    """Whether a snippet of the chain says that it takes its time."""
    return any(snippet.slow for snippet in chain)


def seconds(library: Library, chain: Chain) -> float:
    """What a chain's snippets took when they were recorded; 0 for those that never were."""
    folder, total = library.book.recordings, 0.0
    for snippet in chain:
        with suppress(BookError):  # damaged: judged when it is compared
            recording = read_recording(folder, snippet.id)
            total += sum(cell.duration for cell in recording.cells) if recording else 0
    return total


def _texts(snippet: Snippet) -> Iterator[str]:
    yield from (cell.code for cell in snippet.cells)
    for name in (*snippet.files, *snippet.modules):
        yield (snippet.folder / name).read_text(encoding="utf-8", errors="replace")


def _in_one_line(text: str) -> str:
    """Commands that go on in the next line, as the one line that they are."""
    return text.replace("\\\n", " ")


@contextmanager
def _place(library: Library, chain: Chain, pool: Pool) -> Iterator[Cluster | None]:
    need = needs(library, chain)
    with pool.cluster(need, chain[-1].id) if need else nullcontext() as cluster:
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
