"""Builds and saves: a book of ours against the same pages in plain Material."""

from __future__ import annotations

import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from bench.books import make_ours, make_plain, page_name
from bench.figures import Figure
from bench.timing import Command, environment, in_turn, median, ratio, took

BUILD = (Path(sys.prefix) / "bin" / "mkdocs", "build", "--strict", "--quiet")
ROUNDS = {30: 9, 300: 3}
SAVES = 7
FIRST = 5


def measure(folder: Path) -> list[Figure]:
    """Make the books in `folder` and measure on them."""
    return [*_builds(folder), *_saves(folder), *_first_pages(folder)]


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
        rounds = [
            {"ko": left.save("docs/ko"), "plain": right.save("docs/ko"), "en": left.save("docs/en")}
            for _ in range(SAVES)
        ]
    figures = [
        Figure(
            f"a page in {language} saved under serve: over plain Material",
            statistics.median(took[language] - took["plain"] for took in rounds),
            "s",
            0.1,
        )
        for language in ("ko", "en")
    ]
    alone = statistics.median(took["plain"] for took in rounds)
    return [*figures, Figure("  plain Material alone", alone, "s")]


def _first_pages(folder: Path) -> list[Figure]:
    """From `make serve` to the first page of two languages, against two plain builds."""
    two, plain = folder / "two", Command(BUILD, folder / "plain30")
    first_page(two)
    pairs = [(first_page(two), took(plain).wall + took(plain).wall) for _ in range(FIRST)]
    return [
        Figure(
            "make serve to the first page: by two plain builds",
            statistics.median(a / b for a, b in pairs),
            "",
            1.1,
        ),
        Figure("  on the clock", statistics.median(a for a, _ in pairs), "s"),
    ]


def first_page(root: Path) -> float:
    """Seconds from the start of what `make serve` runs until it answers."""
    port = free_port()
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "hooks/serve.py", "--port", str(port)], cwd=root, env=environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while process.poll() is None:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/", timeout=60):
                return time.perf_counter() - start
            time.sleep(0.01)
        raise RuntimeError("make serve ended by itself")
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    port = free_port()
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
