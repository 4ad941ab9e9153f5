"""The reader's way in: a shell on a cluster of ours, with its kubectl and a prompt that says so."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kubebook.book import Book, Profile
from kubebook.cluster import (
    Cluster,
    check_identity,
    create_cluster,
    delete_cluster,
    half_up,
    lend_kubeconfig,
    mark_used,
    read_cluster,
)
from kubebook.environment import for_readers
from kubebook.errors import BookError
from kubebook.nodes import write_docker
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
        check_identity(found)
        return found
    if half_up(book, name):
        raise BookError(
            f"the cluster {name} is only half up", hint=f"kubebook cluster reset {profile.name}"
        )
    with step(f"creating a cluster with {profile.size}"):
        return create_cluster(book, profile, name)


def reset(book: Book, profile: Profile) -> Cluster:
    """The reader's cluster made anew, whatever state it was in."""
    delete_cluster(book, reader_name(book, profile))
    return up(book, profile)


def variables(book: Book, cluster: Cluster) -> dict[str, str]:
    """What a shell needs for a cluster: its kubeconfig, the project's tools, nothing of ~/.kube."""
    programs = book.state / "clusters" / f"{cluster.name}.bin"
    write_docker(programs, book, cluster)
    return {
        "KUBECONFIG": str(lend_kubeconfig(book, cluster)),
        "KUBECACHEDIR": str(book.state / "cache"),
        "KUBERC": "off",
        "PATH": f"{programs}:{Path(sys.prefix) / 'bin'}:{os.environ.get('PATH', '')}",
    } | for_readers(os.environ)


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
        rc.write(_rc(book, profile))
        rc.flush()
        # The reader's own ~/.bashrc may hold what leads kubectl to another cluster
        command = ["bash", "--noprofile", "--rcfile", rc.name, "-i"]
        env = _harmless(os.environ) | variables(book, cluster)
        return subprocess.run(command, cwd=book.root, env=env).returncode


def _harmless(env: Mapping[str, str]) -> dict[str, str]:
    leads_astray = ("PROMPT_COMMAND", "BASH_FUNC_", "KUBERNETES_", "KUBECTL_")
    return {k: v for k, v in env.items() if not k.startswith(leads_astray)}


def _rc(book: Book, profile: Profile) -> str:
    prompt = rf"\[\e[36m\]({book.name}:{profile.name})\[\e[0m\] \w \$ "
    lines = [f"PS1='{prompt}'", "source <(kubectl completion bash) 2>/dev/null", ""]
    return "\n".join(lines)
