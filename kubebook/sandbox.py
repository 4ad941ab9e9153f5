"""Where a snippet runs: staged files, an environment of its own, processes that die whole."""

from __future__ import annotations

import ctypes
import math
import os
import select
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any

import psutil

from kubebook.book import Book
from kubebook.engine import find_engine
from kubebook.leftovers import leftovers, scratch
from kubebook.limits import PATIENCE, Group, open_group, rlimits
from kubebook.snippet import Snippet

Room = AbstractContextManager[Any]
ROOM_FOR_ALL: Room = nullcontext()
MARK = "KUBEBOOK_RUN"
SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h: orphans of a run become our children
GRACE = 1.0  # seconds that a process told to end may still take
POLL = 0.03
SESSIONS: dict[int, str] = {}  # of the processes that this one started for snippets → their run
BIRTH = Lock()  # a child that has not begun its program yet looks like an orphan of any run
CLOCK = 2.0  # seconds by which the kernel's start times may be off
NO_CLUSTER = Path(__file__).parent / "drivers" / "no-cluster.yaml"


@dataclass(frozen=True)
class Sandbox:
    """One chain's place on this machine: `root`/home, `root`/tmp and `root`/snippets/CHAPTER.

    Programs in `root`/bin come before all others.

    `root`/kubeconfig is the chain's own copy: a context switched there leads nobody else astray.
    """

    book: Book
    root: Path
    run: str
    opened: float
    stop: Event = field(default_factory=Event)
    group: Group | None = None
    engine: str = ""  # address of the container engine, "" for the usual one
    room: Room = ROOM_FOR_ALL  # held while a snippet runs

    def stage(self, snippet: Snippet) -> Path:
        """Copy a snippet and what it names into its chapter's folder; nothing else is there."""
        folder = self.root / "snippets" / snippet.folder.name
        for name in (snippet.path.name, *snippet.files, *snippet.modules):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(snippet.folder / name, target)
        return folder

    def environment(self) -> dict[str, str]:
        """What a snippet sees: the project's tools, a fixed locale and zone, nothing else."""
        env = {
            "PATH": f"{self.root / 'bin'}:{Path(sys.prefix) / 'bin'}:{SYSTEM}",
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            "COLUMNS": "160",
            "LINES": "50",
            "NO_COLOR": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "KUBECONFIG": str(self.root / "kubeconfig"),
            MARK: self.run,
        }
        if self.engine:
            env["DOCKER_HOST"] = self.engine
        return env | {name: os.environ[name] for name in self.book.env if name in os.environ}

    def limits(self) -> dict[str, int]:
        """What each process of a snippet may use, by the names in `resource`."""
        return rlimits(grouped=self.group is not None)

    def plain(self, text: str) -> str:
        """Output without folders of this machine: paths as they are in a book."""
        text = text.replace(str(self.root / "home"), "~").replace(f"{self.root}/", "")
        return text.replace(sys.prefix, ".venv").replace(f"{self.book.root}/", "")


@contextmanager
def open_sandbox(
    book: Book, kubeconfig: str = "", stop: Event | None = None, room: Room = ROOM_FOR_ALL
) -> Iterator[Sandbox]:
    """A sandbox that is removed with all processes that were started in it.

    Args:
        stop: once it is set, what runs in it is ended and KeyboardInterrupt raised.
        room: held while a snippet runs, and not while one is made ready or cleaned up after.
    """
    sweep(book)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    run = uuid.uuid4().hex
    engine = find_engine().host if kubeconfig else ""
    with scratch(book, run) as root:
        group = open_group(run)
        sandbox = Sandbox(book, root, run, time.time(), stop or Event(), group, engine, room)
        try:
            for name in ("home", "tmp"):
                (root / name).mkdir()
            text = Path(kubeconfig or NO_CLUSTER).read_text()
            (root / "kubeconfig").write_text(text)
            (root / "kubeconfig").chmod(0o600)
            yield sandbox
        finally:
            kill_all(sandbox)
            if group:
                group.remove()
            _forget(sandbox)


def sweep(book: Book) -> None:
    """Remove the sandboxes of runs that were killed, and end what still runs in them."""
    for run in leftovers(book):
        kill_all(Sandbox(book, Path(), run, opened=math.inf))


def execute(
    command: list[str],
    sandbox: Sandbox,
    folder: Path,
    *,
    timeout: float,
    env: dict[str, str],
    watch: Callable[[], str],
) -> tuple[int, str, float]:
    """Run a command to its end.

    It begins once a line comes on its standard input, which says that it is in its cgroup: to be
    moved there takes longer than to start an interpreter, and both go on at the same time.

    Args:
        timeout: seconds after which it is killed with all its processes.
        watch: asked again and again; a reason ends the run.

    Returns:
        Exit status (negative: the signal that ended it); "", "timeout" or the reason: what
        `watch` said, or the limit of the sandbox that was exceeded; and how many seconds it ran.
    """
    with BIRTH:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=sandbox.environment() | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        SESSIONS[process.pid] = sandbox.run
    ended = ""

    def reason() -> str:
        return watch() or (sandbox.group.exceeded() if sandbox.group else "")

    try:
        if sandbox.group:
            _admit(process, sandbox.group)
        with sandbox.room:
            begun = time.monotonic()
            _let_begin(process)
            while not _ended(process.pid) and not ended:
                ended = "timeout" if time.monotonic() > begun + timeout else reason()
                if sandbox.stop.is_set():
                    raise KeyboardInterrupt
                _wait(process.pid)
            seconds = time.monotonic() - begun
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            kill_all(sandbox)
        process.wait()
        _bury(process.pid)
    return process.returncode, ended or reason(), seconds


def _admit(process: subprocess.Popen[bytes], group: Group) -> None:
    """Move a process into its cgroup; one that has ended by itself is told of later."""
    with suppress(ProcessLookupError):
        group.admit(process.pid)


def _let_begin(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin
    with suppress(BrokenPipeError), process.stdin as gate:
        gate.write(b"\n")


def _wait(pid: int) -> None:
    """Sleep until a child ends, or for POLL seconds."""
    try:
        handle = os.pidfd_open(pid)
    except OSError:  # a kernel before 5.3
        time.sleep(POLL)
        return
    try:
        select.select([handle], [], [], POLL)
    finally:
        os.close(handle)


def _bury(group: int) -> None:
    """Reap the orphans of a process group that have ended: they are ours, and would pile up."""
    with suppress(ChildProcessError):
        while os.waitpid(-group, os.WNOHANG)[0]:
            pass


def _forget(sandbox: Sandbox) -> None:
    with BIRTH:
        for sid in [sid for sid, run in SESSIONS.items() if run == sandbox.run]:
            del SESSIONS[sid]


def _ended(pid: int) -> bool:
    """Whether a child has ended. Popen.poll takes a lock that Ctrl-C may leave locked for ever."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def left_behind(sandbox: Sandbox) -> list[str]:
    """Commands of processes that a run started and that still live after a moment of grace."""
    deadline = time.monotonic() + GRACE
    while (left := _processes(sandbox)) and time.monotonic() < deadline:
        time.sleep(POLL)
    return [_command(process) for process in left]


def kill_all(sandbox: Sandbox) -> None:
    """End every process of a run, those in sessions of their own too."""
    if sandbox.group:
        sandbox.group.kill()
    deadline = time.monotonic() + PATIENCE
    while (left := _processes(sandbox)) and time.monotonic() < deadline:
        for act in (psutil.Process.suspend, psutil.Process.kill):  # what stands still cannot fork
            for process in left:
                with suppress(psutil.Error):
                    act(process)
        for process in left:
            with suppress(psutil.Error):
                process.wait(GRACE)


def _processes(sandbox: Sandbox) -> list[psutil.Process]:
    grouped = sandbox.group.members() if sandbox.group else set()
    marked = [
        p
        for p in psutil.process_iter()
        if p.pid in grouped or _environment(p).get(MARK) == sandbox.run
    ]
    # What emptied its environment and left its session comes back to us as its subreaper
    with BIRTH:
        others = {os.getsid(0), *(sid for sid, run in SESSIONS.items() if run != sandbox.run)}
        orphans = [
            p
            for p in psutil.Process().children(recursive=True)
            if MARK not in _environment(p)
            and _session(p) not in others
            and p.create_time() > sandbox.opened - CLOCK
        ]
    return [p for p in {*marked, *orphans} if _alive(p)]


def _environment(process: psutil.Process) -> dict[str, str]:
    """The mark in a process's environment, if it can be read; psutil parses it all, for 0.5 ms."""
    with suppress(OSError):
        pairs = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
        return dict(
            os.fsdecode(pair).partition("=")[::2]
            for pair in pairs
            if pair.startswith(MARK.encode())
        )
    return {}


def _session(process: psutil.Process) -> int:
    try:
        return os.getsid(process.pid)
    except ProcessLookupError:
        return os.getsid(0)


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()) or str(process.name())
    except psutil.Error:
        return f"process {process.pid}"
