"""Steps that take time, with their elapsed seconds: live on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

BEAT = 30.0  # seconds between signs of life where there is no terminal

console = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show `what` while the block runs and how long it took at the end; failures are marked."""
    start = time.monotonic()
    done = threading.Event()
    pulse = threading.Thread(target=_pulse, args=(what, start, done), daemon=True)
    pulse.start()
    mark = "[red]✗[/red]"
    try:
        yield
        mark = "[green]✓[/green]"
    finally:
        done.set()
        pulse.join()
        console.print(f"{mark} {what} [dim]{elapsed(start)}[/dim]")


def say(line: str) -> None:
    """One plain line of progress."""
    console.print(line)


def elapsed(start: float) -> str:
    """Time since `start` (time.monotonic) as 7.3 s or 3 min 20 s."""
    seconds = time.monotonic() - start
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _pulse(what: str, start: float, done: threading.Event) -> None:
    terminal = sys.stderr.isatty()
    if not terminal and not done.wait(1):
        console.print(f"… {what}")
    while not done.wait(0.2 if terminal else BEAT):
        if terminal:
            sys.stderr.write(f"\r\033[K… {what} {elapsed(start)}")
            sys.stderr.flush()
        else:
            console.print(f"… {what} [dim]{elapsed(start)}[/dim]")
    if terminal:
        sys.stderr.write("\r\033[K")
