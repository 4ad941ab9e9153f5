"""A small paired timer: commands in turn, A B A B …, compared pair by pair.

A machine's speed drifts, so only figures of one pair are compared, and medians of ratios quoted.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """A command line, the folder that it runs in, and what it finds in its environment."""

    line: Sequence[str | Path]
    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)


def environment() -> dict[str, str]:
    """What every command finds: nothing of this book's settings, Python's bytecode as usual."""
    own = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}
    kept = {k: v for k, v in os.environ.items() if k not in own and not k.startswith("KUBEBOOK")}
    return kept | {"NO_MKDOCS_2_WARNING": "1"}


@dataclass(frozen=True)
class Took:
    """One run: seconds on the clock, seconds of CPU with those of its children, status."""

    wall: float
    cpu: float
    status: int = 0


def took(command: Command, *, may_fail: bool = False) -> Took:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed; with the end of what it said.
    """
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command.line], cwd=command.folder, stdin=subprocess.DEVNULL,
            env=environment() | command.env, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
        _, wait, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        with suppress(ProcessLookupError):  # mystmd leaves its Jupyter server behind
            os.killpg(process.pid, signal.SIGTERM)
        process.returncode = status = os.waitstatus_to_exitcode(wait)
        if status and not may_fail:
            out.seek(0)
            said = out.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"status {status}: {command.line}\n{said}")
    return Took(wall, usage.ru_utime + usage.ru_stime, status)


def in_turn(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Took]]:
    """Run all commands in turn, after one turn that does not count."""
    turns = [{name: took(command) for name, command in commands.items()} for _ in range(rounds + 1)]
    return {name: [turn[name] for turn in turns[1:]] for name in commands}


def ratio(ours: Sequence[Took], others: Sequence[Took], figure: str = "cpu") -> float:
    """The median of ours by others', pair by pair."""
    pairs = zip(ours, others, strict=True)
    return statistics.median(getattr(a, figure) / getattr(b, figure) for a, b in pairs)


def median(runs: Sequence[Took], figure: str = "wall") -> float:
    """The median of one figure of several runs, in seconds."""
    return statistics.median(getattr(run, figure) for run in runs)
