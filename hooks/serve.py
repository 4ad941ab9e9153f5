"""`make serve`: MkDocs on a port of this machine, live when a cluster of ours is up."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))  # for an environment without kubebook

from kubebook.book import load_book
from kubebook.cluster import read_cluster
from kubebook.engine import find_engine
from kubebook.errors import BookError
from kubebook.shell import reader_name

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Check the port, choose the mode, become `mkdocs serve`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    if not 0 < port < 65536:
        sys.exit(f"{port} is no port; choose one from 1024 to 65535: PORT=8000 make serve")
    if taken(port):
        sys.exit(f"port {port} is taken; choose another: PORT={port + 1} make serve")
    mode = os.environ.setdefault("KUBEBOOK_MODE", "live" if cluster_up() else "replay")
    address = f"http://127.0.0.1:{port}/"
    os.environ.setdefault("KUBEBOOK_SITE_URL", address)
    print(f"{mode}: {address} {address}en/", flush=True)
    mkdocs = Path(sys.prefix) / "bin" / "mkdocs"
    os.chdir(ROOT)
    os.execv(mkdocs, ["mkdocs", "serve", "--quiet", "--dev-addr", f"127.0.0.1:{port}"])


def taken(port: int) -> bool:
    """Whether something already listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def cluster_up() -> bool:
    """Whether the reader's cluster of the first profile runs."""
    if find_engine().fault:
        return False
    try:
        book = load_book(ROOT)
        return read_cluster(book, reader_name(book, book.default_profile)) is not None
    except BookError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
