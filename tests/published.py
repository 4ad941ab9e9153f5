"""The whole book as GitHub Pages publishes it: built as files, served under a path."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import demo
from demo import REPOSITORY
from filelock import FileLock

PREFIX = "kubebook"
ADDRESS = f"https://reader.example/{PREFIX}/"  # where the site believes it stands
LANGUAGES = {"ko": "", "en": "en/"}  # their folders in the site


def addresses() -> list[str]:
    """All pages of the book, relative to the site's root."""
    docs = REPOSITORY / "docs"
    return [
        folder + _address(page.relative_to(docs / language))
        for language, folder in LANGUAGES.items()
        for page in sorted((docs / language).rglob("*.md"))
    ]


def build(www: Path) -> Path:
    """A strict build of the book under `www`, made once however many ask for it."""
    with FileLock(f"{www}.lock"):
        if not www.exists():
            unfinished = www.with_suffix(".unfinished")
            demo.build(REPOSITORY, "-d", str(unfinished / PREFIX), KUBEBOOK_SITE_URL=ADDRESS)
            unfinished.rename(www)
    return www / PREFIX


@contextmanager
def serve(www: Path) -> Iterator[str]:
    """Serve the sites under `www` as long as the context lasts; the server's address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=www)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Pages(SimpleHTTPRequestHandler):
    """Answers like GitHub Pages: one 404.html for the whole site."""

    protocol_version = "HTTP/1.1"

    def send_error(self, code: int, *_: object, **__: object) -> None:
        body = (Path(self.directory) / PREFIX / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def shared(folder: Path) -> Path:
    """The folder that all workers of a test run share."""
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def _address(page: Path) -> str:
    place = page.with_suffix("") if page.stem != "index" else page.parent
    return "" if place == Path() else f"{place.as_posix()}/"
