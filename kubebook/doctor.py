"""What this machine lacks for running a book, each with the command that mends it here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from kubebook import limits
from kubebook.book import Book
from kubebook.cluster import kubectl
from kubebook.engine import cgroup_version, docker, find_engine, missing_sys_resource
from kubebook.errors import BookError
from kubebook.gobuild import GO_MINIMUM, cache_folder, read_versions
from kubebook.imagebuild import install_line, missing_build_tools
from kubebook.machine import kernel_faults
from kubebook.nodeimage import node_image

GIB = 1024**3
DISK_FOR_BUILD, DISK_FOR_CLUSTERS, MEMORY = 12, 4, 2  # GiB


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `fix` is a command; a fault without `blocking` is only good to know."""

    what: str
    state: str
    fix: str = ""
    blocking: bool = True

    @property
    def fault(self) -> bool:
        return bool(self.fix) and self.blocking


def examine(book: Book) -> list[Finding]:
    """Look at everything that running the book needs; nothing is changed."""
    return [
        *_platform(),
        *_engine(),
        *_kubectl(book),
        *_image(book),
        *_room(book),
        *_kernel(),
        *_limits(),
    ]


def _platform() -> Iterator[Finding]:
    if os.uname().sysname != "Linux":
        yield Finding(
            "system",
            f"{os.uname().sysname}: the nodes' addresses cannot be reached",
            "use Linux, or WSL2 with Docker inside",
        )


def _engine() -> Iterator[Finding]:
    engine = find_engine()
    if engine.fault:
        yield Finding("engine", engine.fault, engine.fix)
    else:
        yield Finding("engine", f"Docker {engine.version}, asked by {engine.client}")


def _kubectl(book: Book) -> Iterator[Finding]:
    try:
        yield Finding("kubectl", f"{kubectl()} for Kubernetes {book.kubernetes}")
    except BookError as error:
        yield Finding("kubectl", error.message, error.hint)


def _image(book: Book) -> Iterator[Finding]:
    if not find_engine().fault and (image := node_image(book)):
        yield Finding("node image", f"{image.name.split('@')[0]} ({image.flavour})")
        return
    version = read_versions(book.images)["kubernetes"]
    yield Finding(
        "node image",
        f"not here; `cluster up` pulls it, or builds {version}",
        "kubebook image build",
        blocking=False,
    )
    yield from _build_tools()


def _build_tools() -> Iterator[Finding]:
    if missing := missing_build_tools():
        install = install_line(missing)
        yield Finding(
            "build tools",
            f"missing: {', '.join(missing)} (for a build alone)",
            install,
            blocking=False,
        )
    if not shutil.which("go"):
        need = ".".join(map(str, GO_MINIMUM))
        yield Finding("go", f"no Go {need}; a build takes it from PyPI")


def _room(book: Book) -> Iterator[Finding]:
    places = [cache_folder()]
    if not find_engine().fault:
        places.append(Path(docker("info", "--format", "{{.DockerRootDir}}")))
    need = DISK_FOR_CLUSTERS if not find_engine().fault and node_image(book) else DISK_FOR_BUILD
    free = min(shutil.disk_usage(_existing(place)).free for place in places) / GIB
    fix = "docker system df" if free < need else ""
    yield Finding("disk", f"{free:.0f} GiB free, {need} needed", fix)
    memory = psutil.virtual_memory().available / GIB
    fix = "kubebook cluster down" if memory < MEMORY else ""
    yield Finding("memory", f"{memory:.1f} GiB available, {MEMORY} needed for three nodes", fix)


def _kernel() -> Iterator[Finding]:
    note = " (handled: failCgroupV1 is off)" if cgroup_version() == 1 else ""
    yield Finding("cgroup", f"v{cgroup_version()}{note}")
    for fault in kernel_faults():
        yield Finding("kernel", fault.message, fault.hint)
    if missing_sys_resource():
        yield Finding(
            "capabilities", "CAP_SYS_RESOURCE is withheld (handled: restrict_oom_score_adj is on)"
        )


def _limits() -> Iterator[Finding]:
    most = f"{limits.MEMORY // GIB} GiB of memory, {limits.PROCESSES} processes"
    if limits.can_group():
        yield Finding("limits", f"each chain of snippets gets {most} (cgroup)")
        return
    weak = f"no cgroup can be made: {limits.MEMORY // GIB} GiB of memory for each process alone"
    weak += ", any number of processes" if os.geteuid() == 0 else ""
    yield Finding("limits", weak, "strangers' snippets only on throw-away machines", blocking=False)


def _existing(path: Path) -> Path:
    return next(p for p in (path, *path.parents) if p.exists())
