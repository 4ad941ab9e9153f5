"""Why a cluster of ours fails: its machine, its nodes, their bridge, its API, in this order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil

from kubebook.book import Book
from kubebook.cluster import LABEL, Cluster, ask_api
from kubebook.engine import docker
from kubebook.errors import BookError
from kubebook.machine import first_fault, machine_trouble

AGAIN = "run it again, on a cluster made anew; what this machine lacks: kubebook cluster doctor"
STATE = "{{.Name}}|{{.State.Status}}|{{.State.ExitCode}}|{{.State.OOMKilled}}"


def trouble(book: Book, cluster: Cluster) -> BookError | None:
    """What is broken about a cluster or the machine under it; None if all of it answers."""
    return machine_trouble() or first_fault(
        lambda: _nodes(cluster, len(book.profiles[cluster.profile].nodes)),
        lambda: _bridges(cluster),
        lambda: _api(cluster),
    )


def blamed(fault: BookError, cause: BookError | None) -> BookError:
    """A snippet's fault, or what broke under the snippet and made it fail."""
    if not cause:
        return fault
    message = f"{cause.message}\n  so the snippet failed: {fault.message}"
    return BookError(message, path=fault.path, line=fault.line, hint=cause.hint)


def _nodes(cluster: Cluster, number: int) -> Iterator[BookError]:
    names = docker("ps", "-aq", "--filter", f"label={LABEL}={cluster.name}").split()
    states = docker("inspect", "--format", STATE, *names).splitlines() if names else []
    for name, status, code, out_of_memory in (state.split("|") for state in states):
        if status != "running":
            why = "out of memory" if out_of_memory == "true" else f"status {code}"
            note = "" if status == "paused" else f" ({why})"
            yield BookError(f"the node container {name.lstrip('/')} is {status}{note}", hint=AGAIN)
    if (gone := number - len(states)) > 0:
        yield BookError(
            f"{gone} of {number} node containers of {cluster.name} are gone", hint=AGAIN
        )


def _bridges(cluster: Cluster) -> Iterator[BookError]:
    """Bridges that are down; only those of this network namespace can be seen."""
    links = psutil.net_if_stats()
    listed = docker("network", "ls", "--filter", f"name=^{cluster.name}$", "--format", "{{.ID}}")
    for bridge in (f"br-{network}" for network in listed.split()):
        if bridge in links and not links[bridge].isup:
            yield BookError(f"the bridge {bridge} of {cluster.name} is down", hint=AGAIN)


def _api(cluster: Cluster) -> Iterator[BookError]:
    try:
        ask_api(Path(cluster.kubeconfig), "/readyz")
    except BookError as error:
        yield BookError(f"{cluster.name}: {error.message}", hint=AGAIN)
