"""Search: how long the browser takes for the queries of the tests, on a book of 300 pages."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
import threading
import tomllib
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.books import REPOSITORY
from bench.figures import Figure
from bench.timing import environment
from kubebook.errors import BookError

QUERIES = REPOSITORY / "tests/browser/queries.toml"
PAGES = 300
WORD = re.compile(r"[가-힣]{3,}|[a-z]{5,}")
ASK = """async ([index, queries]) => {
  const worker = new Worker("assets/search.js")
  const timed = (type, data) => new Promise(resolve => {
    const start = performance.now()
    worker.onmessage = ({ data }) => resolve([performance.now() - start, data])
    worker.postMessage({ type, data })
  })
  const [ready] = await timed(0, { ...index, options: { suggest: true } })
  const took = []
  for (const query of queries) took.push((await timed(2, query))[0])
  return [ready, took]
}"""


def measure(folder: Path) -> list[Figure]:
    """Build the book, make it larger, ask what the tests ask."""
    chromium = shutil.which("chromium")
    if not chromium:
        raise BookError("searches are timed in Chromium", hint="apt-get install chromium")
    subprocess.run(
        [Path(sys.prefix) / "bin/mkdocs", "build", "--quiet", "--site-dir", folder],
        cwd=REPOSITORY, env=environment(), check=True,
    )  # fmt: skip
    own = (folder / "search/search_index.json").read_text(encoding="utf-8")
    index = json.loads(own)
    materials = json.dumps({**index, "config": {}}, separators=(",", ":"))  # as Material writes it
    ready, took = _ask(folder, chromium, larger(index))
    return [
        Figure("index by Material's own", len(own.encode()) / len(materials), "", 2),
        Figure(f"slowest of {len(took)} queries on {PAGES} pages", max(took) / 1000, "s", 0.3),
        Figure("  median", statistics.median(took) / 1000, "s"),
        Figure("  until the first can be asked", ready / 1000, "s"),
    ]


def larger(index: dict[str, Any]) -> dict[str, Any]:
    """An index of 300 pages: the book's over and over, every third word of a copy a new one."""
    docs = list(index["docs"])
    pages = len({doc["location"].partition("#")[0] for doc in docs})
    for copy in range(1, -(-PAGES // pages)):
        docs += [
            {**doc, "location": f"copy{copy}/{doc['location']}", "text": _other(doc["text"], copy)}
            for doc in index["docs"]
        ]
    return {"config": index["config"], "docs": docs}


def _other(text: str, copy: int) -> str:
    def changed(word: re.Match[str]) -> str:
        return word[0] + (chr(0xAC00 + copy * 588 + word.start() % 588) if word.start() % 3 else "")

    return WORD.sub(changed, text)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def _ask(site: Path, chromium: str, index: dict[str, Any]) -> tuple[float, list[float]]:
    """Milliseconds until the index is read, and for each query."""
    with QUERIES.open("rb") as file:
        queries = [query["text"] for query in tomllib.load(file)["query"]]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        ready, took = page.evaluate(ASK, [index, queries])
        browser.close()
    server.shutdown()
    return ready, took
