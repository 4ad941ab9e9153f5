"""Builds and saves: a book of ours against the same pages in plain Material."""

from __future__ import annotations

import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.books import make_ours, make_plain, page_name
from bench.figures import Figure
from bench.timing import Command, environment, in_turn, median, ratio

BUILD = (Path(sys.prefix) / "bin" / "mkdocs", "build", "--strict", "--quiet")
ROUNDS = {30: 9, 300: 3}
SAVES = 7


def measure(folder: Path) -> list[Figure]:
    """Make the books in `folder` and measure on them."""
    return [*_builds(folder), *_saves(folder)]


def _builds(folder: Path) -> list[Figure]:
    figures = []
    for pages, rounds in ROUNDS.items():
        ours, plain = folder / f"ours{pages}", folder / f"plain{pages}"
        make_ours(ours, pages)
        make_plain(plain, pages)
        runs = in_turn({"ours": Command(BUILD, ours), "plain": Command(BUILD, plain)}, rounds)
        what = f"no-op build, {3 * pages} snippets on {pages} pages"
        figures += [
            Figure(f"{what}: by plain Material", ratio(runs["ours"], runs["plain"]), "", 1.05),
            Figure("  on the clock", ratio(runs["ours"], runs["plain"], "wall")),
            Figure("  plain Material alone", median(runs["plain"]), "s"),
        ]
    return figures


def _saves(folder: Path) -> list[Figure]:
    """A page of one of two languages is saved; plain Material has that language alone."""
    ours, plain = folder / "two", folder / "plain30"
    make_ours(ours, 30, ("ko", "en"))
    with served(ours) as left, served(plain) as right:
        left.save("docs/en"), right.save("docs/ko")
        pairs = [(left.save("docs/en"), right.save("docs/ko")) for _ in range(SAVES)]
    more = statistics.median(a - b for a, b in pairs)
    return [
        Figure("a page saved under serve: over plain Material", more, "s", 0.1),
        Figure("  plain Material alone", statistics.median(b for _, b in pairs), "s"),
    ]


@dataclass
class Served:
    """`mkdocs serve` at work in a folder; `save` writes a page and tells how long it built."""

    root: Path
    process: subprocess.Popen[bytes]
    said: list[tuple[float, str]] = field(default_factory=list)

    def save(self, docs: str) -> float:
        """Seconds from the moment that a change is seen to when browsers are told to reload."""
        page = self.root / docs / page_name(0)
        text = page.read_text(encoding="utf-8")
        page.write_text(f"{text}\nSaved {len(self.said)}.\n", encoding="utf-8")
        start = self.wait("Detected file changes")
        took = self.wait("Reloading browsers") - start
        time.sleep(1.5)  # MkDocs looks for changes twice a second
        return took

    def wait(self, words: str) -> float:
        """When the server next says `words`."""
        out = self.process.stdout
        assert out
        with selectors.DefaultSelector() as ready:
            ready.register(out, selectors.EVENT_READ)
            while ready.select(timeout=120):
                line = out.readline().decode()
                if not line:
                    break
                self.said.append((time.perf_counter(), line))
                if words in line:
                    return self.said[-1][0]
        raise RuntimeError(f"never said: {words}\n" + "".join(line for _, line in self.said[-20:]))


@contextmanager
def served(root: Path) -> Iterator[Served]:
    """Serve the book in `root` on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [BUILD[0], "serve", "--dev-addr", f"127.0.0.1:{port}"], cwd=root, bufsize=0,
        env=environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        server = Served(root, process)
        server.wait("Serving on")
        yield server
    finally:
        process.terminate()
        process.wait(20)
