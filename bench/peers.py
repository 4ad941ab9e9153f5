"""The same work by kubebook and by its peers, in one run: cold, unchanged, one change, a helper."""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import work
from bench.books import REPOSITORY, make_plain
from bench.figures import Figure
from bench.site import BUILD
from bench.timing import Command, took
from bench.work import Work

HERE = REPOSITORY / "bench"
BIN = HERE / ".venv" / "bin"
MYST = HERE / "node_modules" / ".bin" / "myst"
ROUNDS = 3  # of what takes seconds; cold is long enough for one
CHANGED = 5  # the page whose first snippet changes
RAN = "snippets that ran"
ALL = work.PAGES * work.PER_PAGE
LIB = {"PYTHONPATH": "{root}/lib", "PATH": f"{BIN}:{os.environ['PATH']}"}


@dataclass(frozen=True)
class Peer:
    """A tool: how its book is made, the command that brings its site up to date, its pages."""

    name: str
    make: Callable[[Path], Work]
    line: Sequence[str | Path]
    pages: str
    env: Mapping[str, str]

    @property
    def missing(self) -> str:
        """Why it cannot run here; "" if it can."""
        program = Path(self.line[0])
        return "" if program.exists() else f"no {program.relative_to(REPOSITORY)}"


PEERS = (
    Peer("kubebook", work.ours, BUILD[:-2], "site/p*/index.html", {"KUBEBOOK_MODE": "live"}),
    Peer("markdown-exec", work.markdown_exec, (BIN / "mkdocs", "build"), "site/p*/index.html", LIB),
    Peer("MyST-NB", work.myst_nb, (BIN / "sphinx-build", ".", "out"), "out/p*.html", LIB),
    Peer(
        "mystmd", work.mystmd, (MYST, "build", "--execute", "--site", "--ci"),
        "_build/site/content/p*.json", LIB | {"JUPYTER_CONFIG_DIR": "{root}/jupyter"},
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A peer with its book."""

    peer: Peer
    work: Work

    def build(self) -> float:
        """Bring the site up to date; seconds on the clock."""
        env = {name: text.format(root=self.work.root) for name, text in self.peer.env.items()}
        return took(Command(self.peer.line, self.work.root, env)).wall

    def shows(self, text: str) -> int:
        """How many pages hold `text`."""
        return sum(text in page.read_text() for page in self.work.root.glob(self.peer.pages))

    def figure(self, what: str, seconds: float, target: float | None = None) -> Figure:
        """A time of this peer."""
        return Figure(f"{what}: {self.peer.name}", seconds, "s", self.ours(target))

    def count(self, what: str, count: int, target: int) -> Figure:
        """A number of this peer's snippets or pages."""
        return Figure(f"  {what}", count, "", self.ours(target), exact=True)

    def ours(self, target: float | None) -> float | None:
        """Targets are for kubebook alone; the others stand beside it."""
        return target if self.peer.name == "kubebook" else None


def measure(folder: Path) -> list[Figure]:
    """Make the same book for each peer that is installed, and measure."""
    floor = Command(BUILD, folder / "floor")
    make_plain(floor.folder, work.PAGES)
    entries = [_enter(peer, folder) for peer in PEERS if not peer.missing]
    return [
        *(Figure(peer.name, peer.missing) for peer in PEERS if peer.missing),
        *_cold(entries),
        *_unchanged(entries, floor),
        *_one_change(entries, floor),
        *_helper(entries),
    ]


def _enter(peer: Peer, folder: Path) -> Entry:
    root = folder / peer.name.lower()
    shutil.rmtree(root, ignore_errors=True)
    entry = Entry(peer, peer.make(root))
    entry.work.make()
    return entry


def _cold(entries: Sequence[Entry]) -> list[Figure]:
    return [
        figure
        for entry in entries
        for figure in (
            entry.figure("cold", entry.build(), 11),
            entry.count(RAN, entry.work.ran(), ALL),
        )
    ]


def _unchanged(entries: Sequence[Entry], floor: Command) -> list[Figure]:
    rounds = [[took(floor).wall, *(entry.build() for entry in entries)] for _ in range(ROUNDS)]
    plain, *ours = (statistics.median(times) for times in zip(*rounds, strict=True))
    figures = [Figure("unchanged: plain Material, the floor", plain, "s")]
    for entry, seconds in zip(entries, ours, strict=True):
        figures += [entry.figure("unchanged", seconds), entry.count(RAN, entry.work.ran(), 0)]
    return figures


def _one_change(entries: Sequence[Entry], floor: Command) -> list[Figure]:
    """One snippet of 0.2 s changed, in several rounds: by the floor and those 0.2 s."""
    times: dict[str, list[tuple[float, float]]] = {entry.peer.name: [] for entry in entries}
    for number in range(1, ROUNDS + 1):
        plain = took(floor).wall + 0.2
        for entry in entries:
            entry.work.write_page(CHANGED, changed=number)
            times[entry.peer.name].append((entry.build(), plain))
    figures = []
    for entry in entries:
        pairs = times[entry.peer.name]
        figures += [
            entry.figure("one snippet changed", statistics.median(ours for ours, _ in pairs)),
            Figure("  by the floor and 0.2 s", statistics.median(a / b for a, b in pairs)),
            entry.count(f"{RAN} in {ROUNDS} rounds", entry.work.ran(), ROUNDS),
        ]
    return figures


def _helper(entries: Sequence[Entry]) -> list[Figure]:
    figures = []
    for entry in entries:
        entry.work.change_helper(8)
        figures += [
            entry.figure("a helper of three changed", entry.build()),
            entry.count(RAN, entry.work.ran(), len(work.SHARED)),
            entry.count("pages with the old output", entry.shows("hello of 0"), 0),
        ]
    return figures
