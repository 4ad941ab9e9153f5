"""What is broken about the machine that clusters run on: its engine, its disk, its kernel."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from kubebook.engine import as_root, docker, find_engine
from kubebook.errors import BookError

ROOM = 64 * 1024**2  # bytes below which a disk counts as full: etcd stops before the last one
INSTANCES = "fs.inotify.max_user_instances"


def machine_trouble() -> BookError | None:
    """The first fault found, with the way out; None if there is none."""
    return first_fault(engine_faults, disk_faults, kernel_faults)


def first_fault(*questions: Callable[[], Iterator[BookError]]) -> BookError | None:
    """The first answer; that nobody was there to answer is one too."""
    try:
        return next((fault for ask in questions for fault in ask()), None)
    except BookError as error:
        return error


def engine_faults() -> Iterator[BookError]:
    find_engine.cache_clear()
    if fault := find_engine().fault:
        yield BookError(fault, hint=find_engine().fix)


def disk_faults() -> Iterator[BookError]:
    folder = Path(docker("info", "--format", "{{.DockerRootDir}}"))
    if folder.exists() and (free := psutil.disk_usage(str(folder)).free) < ROOM:
        message = f"Docker's disk is full: {free >> 20} MiB are free in {folder}"
        yield BookError(message, hint="make room there; what Docker holds: docker system df")


def kernel_faults() -> Iterator[BookError]:
    libc = ctypes.CDLL(None, use_errno=True)
    if (handle := libc.inotify_init()) >= 0:
        os.close(handle)
    elif ctypes.get_errno() == errno.EMFILE:
        more = as_root(f"sysctl -w {INSTANCES}=1024")
        yield BookError(f"{INSTANCES} is used up, and every node needs a dozen", hint=more)
