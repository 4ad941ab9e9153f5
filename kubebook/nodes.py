"""A `docker` for snippets and readers, in which a node goes by its name in the book."""

from __future__ import annotations

import shlex
from pathlib import Path

from kubebook.book import Book
from kubebook.cluster import Cluster
from kubebook.engine import find_engine

DRIVER = Path(__file__).parent / "drivers" / "nodes.bash"


def write_docker(folder: Path, book: Book, cluster: Cluster) -> None:
    """Put a `docker` into `folder` that knows the nodes of a cluster; for the front of a PATH.

    The names stand in the program itself: no variable of it shows in a snippet's environment.
    A node's container is called CLUSTER-NODE.
    """
    names = {
        "KUBEBOOK_DOCKER": find_engine().client,
        "KUBEBOOK_CLUSTER": cluster.name,
        "KUBEBOOK_NODES": " ".join(book.profiles[cluster.profile].nodes),
    }
    first, rest = DRIVER.read_text(encoding="utf-8").split("\n", 1)
    lines = [f"{name}={shlex.quote(value)}" for name, value in names.items()]
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "docker"
    program.write_text("\n".join([first, *lines, rest]), encoding="utf-8")
    program.chmod(0o755)
