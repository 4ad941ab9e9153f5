"""A reader copies the commands of the built pages into `kubebook shell` and gets what they show."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from select import select
from threading import Thread

import pytest
from playwright.sync_api import sync_playwright

from kubebook.book import load_book
from kubebook.canonical import Output
from kubebook.chain import Chain, slow, why_skipped
from kubebook.drift import compare
from kubebook.library import Library, load_library
from kubebook.snippet import Snippet
from live.command import PROGRAM, Kubebook

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
PARTS = ("docs", "hooks", "snippets", "recordings", "cluster")
FILES = ("mkdocs.yml", "kubebook.toml", "requirements.txt")
DONE = "that was all"
# What an interactive bash says of background jobs, to every reader
JOBS = re.compile(r"^\[\d+\][ +-].*\n?", re.MULTILINE)
# What each copy button of a runnable block gives, and the output and the id under it
COPIED = """() => [...document.querySelectorAll('.kb-run')].map(run => ({
  id: run.querySelector('.kb-at code')?.innerText.split(' ').pop(),
  code: document.querySelector(
    run.querySelector('[data-clipboard-target]').dataset.clipboardTarget).innerText,
  shown: run.querySelector('.kb-output samp')?.innerText ?? '',
}))"""


@dataclass(frozen=True)
class Block:
    """What a page offers to copy, and the output that it shows under it."""

    code: str
    shown: str


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the book, so that its clusters and files are nobody else's."""
    root = tmp_path_factory.mktemp("copied") / "kubebook"
    root.mkdir()
    for name in PARTS:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture(scope="module")
def library(book: Path) -> Library:
    return load_library(load_book(book))


class Silent(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(book: Path) -> Iterator[tuple[Path, str]]:
    """The built site as files, and its address: from files alone the copy buttons stay away."""
    folder = book / "site"
    command = [Path(sys.prefix) / "bin/mkdocs", "build", "-q", "-d", folder]
    subprocess.run(command, cwd=book, check=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def blocks(site: tuple[Path, str]) -> dict[str, Block]:
    """The runnable blocks of all Korean pages, as a browser gives them."""
    folder, address = site
    found: dict[str, Block] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for path in sorted(folder.rglob("index.html")):
            if "kb-run" not in path.read_text(encoding="utf-8") or folder / "en" in path.parents:
                continue
            page.goto(f"{address}/{path.relative_to(folder).parent}/")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.wait_for_selector(".kb-run [data-clipboard-target]", state="attached")
            for copied in page.evaluate(COPIED):
                if copied["id"]:  # else it is shown as not run
                    found[copied["id"]] = Block(copied["code"], copied["shown"])
        browser.close()
    return found


class Reader:
    """Somebody at a terminal in `kubebook shell`, whose cluster nobody has used yet."""

    def __init__(self, command: Kubebook, profile: str) -> None:
        ours, theirs = pty.openpty()
        self._terminal = ours
        self._process = subprocess.Popen(
            [PROGRAM, "shell", profile],
            cwd=command.root, env=command.environment() | {"TERM": "dumb"},
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.type("bind 'set enable-bracketed-paste off'; PS1= PS2=; stty -echo cols 160", 600)

    def type(self, text: str, limit: float = 180) -> tuple[str, int]:
        """Type lines; what they print until the prompt is back, and the status of the last."""
        mark = f"{DONE} {time.monotonic_ns()}"
        word, number = mark.rsplit(" ", 1)
        end = f'printf "\\n%s %s %s\\n" "{word}" {number} $?'  # its echo does not look like it
        os.write(self._terminal, f"{text.rstrip()}\n{end}\n".encode())
        seen, deadline = "", time.monotonic() + limit
        ended = re.compile(rf"\n{re.escape(mark)} (\d+)\n")
        while not (found := ended.search(seen)):
            left = deadline - time.monotonic()
            assert left > 0, f"nothing more came after {limit} s:\n{text}\n---\n{seen}"
            if select([self._terminal], [], [], min(left, 1))[0]:
                seen += os.read(self._terminal, 65536).decode(errors="replace").replace("\r", "")
        return JOBS.sub("", seen[: found.start()]), int(found[1])

    def leave(self) -> None:
        os.write(self._terminal, b"exit\n")
        self._process.wait(30)
        os.close(self._terminal)


@pytest.fixture
def readers(book: Path, tmp_path: Path) -> Iterator[Kubebook]:
    trap = tmp_path / "home/.kube/config"
    trap.parent.mkdir(parents=True)
    trap.write_text("not yours\n")
    command = Kubebook(book, trap)
    yield command
    command("cluster", "down")


def chapters() -> list[str]:
    return sorted({path.parent.name for path in (ROOT / "snippets").glob("*/*.*")})


def longest(library: Library, chapter: str) -> Chain:
    """Of what a chapter runs one after the other, the longest piece that is not slow."""
    chains = [
        chain
        for chain in map(library.chain, library.leaves)
        if chain[-1].id.startswith(f"{chapter}/") and not slow(chain) and not why_skipped(chain)
    ]
    return max(chains, key=len)


@pytest.mark.parametrize("chapter", chapters())
def test_what_a_reader_copies_prints_what_the_page_shows(
    chapter: str, library: Library, blocks: dict[str, Block], readers: Kubebook
) -> None:
    chain = longest(library, chapter)
    profile = library.profile_name(chain)
    reader = Reader(readers, "" if profile == "none" else profile)
    try:
        reader.type(f"cd snippets/{chapter}")
        for snippet in chain:
            shown, printed = _copy(snippet, blocks, reader)
            differences = [d for d in compare(shown, printed) if d.where != "exit"]
            assert differences == [], f"{snippet.id}: {differences}"
    finally:
        reader.leave()


def _copy(
    snippet: Snippet, blocks: dict[str, Block], reader: Reader
) -> tuple[list[Output], list[Output]]:
    """The outputs that the pages show of a snippet, and those that a reader gets."""
    shown, printed = [], []
    volatile = tuple(part.where for part in snippet.volatile)
    texts = _typed(snippet, [blocks[cell.id].code for cell in snippet.cells], reader)
    for cell, text in zip(snippet.cells, texts, strict=True):
        settings = {"volatile": volatile, "unordered": cell.unordered}
        shown.append(Output(cell.id, blocks[cell.id].shown, **settings))
        printed.append(Output(cell.id, text.strip("\n"), **settings))
    return shown, printed


def _typed(snippet: Snippet, codes: list[str], reader: Reader) -> list[str]:
    limit = snippet.timeout or 180
    if snippet.language == "bash":
        return [reader.type(code, limit)[0] for code in codes]
    between = f'print("{DONE}", "between", flush=True)\n'
    program = between.join(f"{code.rstrip()}\n" for code in codes)
    printed, status = reader.type(f"python - <<'PROGRAM'\n{program}PROGRAM", limit)
    assert status == snippet.cells[-1].exit, printed
    return printed.split(f"{DONE} between\n")
