"""The reader's way in: a shell on a cluster of ours, with its kubectl and a prompt that says so."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from kubebook.book import Book, Profile
from kubebook.cluster import (
    Cluster,
    create_cluster,
    delete_cluster,
    half_up,
    mark_used,
    read_cluster,
)
from kubebook.errors import BookError
from kubebook.progress import say, step


def reader_name(book: Book, profile: Profile) -> str:
    """Name of the one cluster of a profile that readers and authors use by hand."""
    return f"{book.tag}-{profile.name}"


def up(book: Book, profile: Profile) -> Cluster:
    """The reader's cluster of a profile, created if there is none.

    Raises:
        BookError: it is only half up: an earlier `up` was cut off.
    """
    name = reader_name(book, profile)
    if found := read_cluster(book, name):
        return found
    if half_up(book, name):
        raise BookError(
            f"the cluster {name} is only half up", hint=f"kubebook cluster reset {profile.name}"
        )
    with step(f"creating a cluster with {len(profile.nodes)} node{'s' * bool(profile.workers)}"):
        return create_cluster(book, profile, name)


def reset(book: Book, profile: Profile) -> Cluster:
    """The reader's cluster made anew, whatever state it was in."""
    delete_cluster(book, reader_name(book, profile))
    return up(book, profile)


def variables(book: Book, cluster: Cluster) -> dict[str, str]:
    """What a shell needs for a cluster: its kubeconfig, a cache of its own, the project's tools."""
    return {
        "KUBECONFIG": cluster.kubeconfig,
        "KUBECACHEDIR": str(book.state / "cache"),
        "PATH": f"{Path(sys.prefix) / 'bin'}:{os.environ.get('PATH', '')}",
    }


def open_shell(book: Book, profile: Profile) -> int:
    """Start bash on the reader's cluster and return its exit status."""
    cluster = up(book, profile)
    if cluster.state == "used":
        say(
            f"This cluster has been used before. A fresh one: kubebook cluster reset {profile.name}"
        )
    mark_used(book, cluster)
    say(
        f"Cluster {profile.name}, Kubernetes {cluster.image.kubernetes}. Leave with exit or Ctrl-D."
    )
    with tempfile.NamedTemporaryFile("w", suffix=".bashrc") as rc:
        rc.write(_rc(book, profile, cluster))
        rc.flush()
        return subprocess.run(["bash", "--rcfile", rc.name, "-i"], cwd=book.root).returncode


def _rc(book: Book, profile: Profile, cluster: Cluster) -> str:
    prompt = rf"\[\e[36m\]({book.name}:{profile.name})\[\e[0m\] \w \$ "
    exports = [f"export {name}={value!r}" for name, value in variables(book, cluster).items()]
    return "\n".join(
        [
            "[ -f ~/.bashrc ] && . ~/.bashrc",
            *exports,
            f"PS1='{prompt}'",
            "source <(kubectl completion bash) 2>/dev/null",
            "",
        ]
    )
