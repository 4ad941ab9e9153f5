"""What a snippet may use of this machine: a cgroup where one can be had, and resource limits."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import psutil

GIB = 1024**3
MEMORY = 2 * GIB  # bytes, of all processes together in a cgroup, else of each
PROCESSES = 512  # and threads
FILE_SIZE = GIB  # bytes
OPEN_FILES = 4096
CGROUPS, OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
JOIN = 'for file; do echo 0 > "$file" || exit 1; done'  # 0: the process that writes
TRYING = Lock()
PATIENCE = 5.0  # seconds until killed processes are gone

OVER_MEMORY = f"used more than {MEMORY // GIB} GiB of memory and was killed"
OVER_PROCESSES = f"started more than {PROCESSES} processes and was killed"


@dataclass(frozen=True)
class Group:
    """A cgroup: one folder (v2), or one for memory and one for processes (v1)."""

    folders: tuple[Path, ...]

    @property
    def doors(self) -> list[Path]:
        """Files that hold the numbers of its processes; to be written there is to be limited."""
        return [folder / "cgroup.procs" for folder in self.folders]

    def admit(self, pid: int) -> None:
        """Move a process into it; OSError if it has ended."""
        for door in self.doors:
            door.write_text(str(pid))

    def exceeded(self) -> str:
        """Which limit was hit so far, in words for people; "" for none."""
        if _count(self._file("memory.events", "memory.oom_control"), "oom_kill"):
            return OVER_MEMORY
        return OVER_PROCESSES if _count(self._file("pids.events"), "max") else ""

    def members(self) -> set[int]:
        """Numbers of the processes in it."""
        found: set[int] = set()
        for door in self.doors:
            with suppress(OSError):
                found |= {int(number) for number in door.read_text().split()}
        return found

    def kill(self) -> None:
        """End all processes in it; none of them can start another one meanwhile."""
        with suppress(OSError):
            self._file("pids.max").write_text("0")
        deadline = time.monotonic() + PATIENCE
        while (members := self.members()) and time.monotonic() < deadline:
            for member in members:
                with suppress(ProcessLookupError):
                    os.kill(member, signal.SIGKILL)
            time.sleep(0.01)
        with suppress(OSError):
            self._file("pids.max").write_text(str(PROCESSES))

    def remove(self) -> None:
        """Remove it; the processes in it have ended."""
        for folder in self.folders:
            with suppress(OSError):
                folder.rmdir()

    def _file(self, *names: str) -> Path:
        return next(f / n for f in self.folders for n in names if (f / n).exists())


def open_group(run: str, root: Path = CGROUPS, own: Path = OWN) -> Group | None:
    """A cgroup for one run with its limits set; None where this user cannot make one."""
    if not (parents := _found(root, own)):
        return None
    group = Group(tuple(parent / f"kubebook-{os.getpid()}-{run[:12]}" for parent in parents))
    _make(group)
    return group


def can_group(root: Path = CGROUPS, own: Path = OWN) -> bool:
    """Whether `open_group` gets one here; tried out once."""
    return bool(_found(root, own))


def rlimits(grouped: bool) -> dict[str, int]:
    """Limits of each process, by their names in `resource`.

    Without a cgroup they also have to hold memory and processes, as far as they can: memory counts
    for each process alone, and the number of processes does not bind root.
    """
    limits = {"CORE": 0, "NOFILE": OPEN_FILES, "FSIZE": FILE_SIZE}
    if not grouped:
        limits |= {"DATA": MEMORY, "NPROC": _running() + PROCESSES}
    most = {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1] for name in limits}
    return {
        name: value if most[name] == resource.RLIM_INFINITY else min(value, most[name])
        for name, value in limits.items()
    }


def ulimit(limits: Mapping[str, int]) -> str:
    """The same limits as options of bash's ulimit, which counts bytes in units of 1024."""
    options = {"CORE": "-c", "NOFILE": "-n", "FSIZE": "-f", "DATA": "-d", "NPROC": "-u"}
    return " ".join(
        f"{options[name]} {value if name in ('NOFILE', 'NPROC') else value // 1024}"
        for name, value in limits.items()
    )


def _make(group: Group) -> None:
    for folder in group.folders:
        folder.mkdir()
        _write(folder, {"memory.max": MEMORY, "memory.swap.max": 0, "memory.oom.group": 1})
        _write(folder, {"memory.limit_in_bytes": MEMORY, "memory.memsw.limit_in_bytes": MEMORY})
        _write(folder, {"pids.max": PROCESSES})


def _write(folder: Path, values: Mapping[str, int]) -> None:
    for name, value in values.items():
        if (folder / name).exists():
            (folder / name).write_text(str(value))


def _found(root: Path, own: Path) -> tuple[Path, ...]:
    """`_parents`, one thread at a time: two that try it out at once would fail each other."""
    with TRYING:
        return _parents(root, own)


@cache
def _parents(root: Path, own: Path) -> tuple[Path, ...]:
    """Folders below which groups can be made and joined, tried out once; () if there are none."""
    for parents in _places(root, own):
        _sweep(parents)
        group = Group(tuple(parent / f"kubebook-{os.getpid()}-try" for parent in parents))
        try:
            _make(group)
            group._file("pids.max")
            group._file("memory.max", "memory.limit_in_bytes")
            joined = subprocess.run(["sh", "-c", JOIN, "sh", *group.doors], capture_output=True)
            if joined.returncode == 0:
                return parents
        except (OSError, StopIteration):
            continue
        finally:
            group.remove()
    return ()


def _places(root: Path, own: Path) -> Iterator[tuple[Path, ...]]:
    """Where groups may be made, the nearest first; see cgroups(7)."""
    lines = own.read_text().splitlines() if own.exists() else []
    paths = {name: path.lstrip("/") for _, name, path in (line.split(":", 2) for line in lines)}
    if not (root / "cgroup.controllers").exists():
        v1 = ("memory", "pids")
        yield tuple(root / name / paths.get(name, "") for name in v1)
        yield tuple(root / name for name in v1)
        return
    here = root / paths.get("", "")
    for folder in (here, *here.parents):
        control = folder / "cgroup.subtree_control"
        if control.exists() and {"memory", "pids"} <= set(control.read_text().split()):
            yield (folder,)


def _sweep(parents: tuple[Path, ...]) -> None:
    """Remove empty groups of runs that were killed themselves."""
    for folder in (old for parent in parents for old in parent.glob("kubebook-*-*")):
        if not psutil.pid_exists(int(folder.name.split("-")[1])):
            with suppress(OSError):
                folder.rmdir()


def _count(file: Path, name: str) -> int:
    with suppress(OSError):
        return int(dict(line.split() for line in file.read_text().splitlines()).get(name, 0))
    return 0


def _running() -> int:
    """Processes and threads of this user, which RLIMIT_NPROC counts too."""
    return sum(
        p.info["num_threads"] or 1
        for p in psutil.process_iter(["uids", "num_threads"])
        if p.info["uids"] and p.info["uids"].real == os.getuid()
    )
