"""Where a snippet runs: staged files, an environment of its own, processes that die whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from kubebook.book import Book
from kubebook.snippet import Snippet

MARK = "KUBEBOOK_RUN"
GRACE = 1.0  # seconds that a process told to end may still take
POLL = 0.03


@dataclass(frozen=True)
class Sandbox:
    """One chain's place on this machine: `root`/home, `root`/tmp and `root`/snippets/CHAPTER."""

    book: Book
    root: Path
    run: str
    kubeconfig: str = ""

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
            "PATH": f"{Path(sys.prefix) / 'bin'}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin",
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
            MARK: self.run,
        }
        if self.kubeconfig:
            env["KUBECONFIG"] = self.kubeconfig
        return env | {name: os.environ[name] for name in self.book.env if name in os.environ}

    def plain(self, text: str) -> str:
        """Output without folders of this machine: paths as they are in a book."""
        text = text.replace(str(self.root / "home"), "~").replace(f"{self.root}/", "")
        return text.replace(sys.prefix, ".venv").replace(f"{self.book.root}/", "")


@contextmanager
def open_sandbox(book: Book, kubeconfig: str = "") -> Iterator[Sandbox]:
    """A sandbox that is removed with all processes that were started in it."""
    root = Path(tempfile.mkdtemp(prefix="kubebook-"))
    sandbox = Sandbox(book, root, uuid.uuid4().hex, kubeconfig)
    for name in ("home", "tmp"):
        (root / name).mkdir()
    try:
        yield sandbox
    finally:
        kill_all(sandbox.run)
        shutil.rmtree(root, ignore_errors=True)


def execute(
    command: list[str],
    sandbox: Sandbox,
    folder: Path,
    *,
    timeout: float,
    env: dict[str, str],
    watch: Callable[[], bool],
) -> tuple[int, str]:
    """Run a command to its end.

    Args:
        timeout: seconds after which it is killed with all its processes.
        watch: asked again and again; True ends the run.

    Returns:
        Exit status (negative: the signal that ended it) and "", "timeout" or "watch".
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=sandbox.environment() | env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + timeout
    ended = ""
    try:
        while process.poll() is None and not ended:
            ended = "timeout" if time.monotonic() > deadline else "watch" if watch() else ""
            time.sleep(POLL)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            kill_all(sandbox.run)
        process.wait()
    return process.returncode, ended or ("watch" if watch() else "")


def left_behind(run: str) -> list[str]:
    """Commands of processes that a run started and that still live after a moment of grace."""
    deadline = time.monotonic() + GRACE
    while (left := _processes(run)) and time.monotonic() < deadline:
        time.sleep(POLL)
    return [_command(process) for process in left]


def kill_all(run: str) -> None:
    """End every process of a run, those in sessions of their own too."""
    for process in _processes(run):
        try:
            process.kill()
            process.wait(GRACE)
        except psutil.Error:
            continue


def _processes(run: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == run and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()) or str(process.name())
    except psutil.Error:
        return f"process {process.pid}"
