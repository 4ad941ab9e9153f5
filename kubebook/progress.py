"""Steps that take time: one live row each on a terminal, plain lines with a heartbeat elsewhere."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

BEAT = 30.0  # seconds between signs of life where there is no terminal
PROMPT = 1.0  # seconds after which a step that still runs is announced there

Now = Callable[[str], None]


def new_console(*, stderr: bool = False, width: int | None = None) -> Console:
    """A console without colours and styles where there is no terminal, or NO_COLOR is set."""
    plain = bool(os.environ.get("NO_COLOR"))
    return Console(
        stderr=stderr,
        width=width,
        highlight=False,
        emoji=False,
        soft_wrap=True,
        color_system=None if plain else "auto",
    )


class _Board:
    """What is said on standard error, and the rows of the steps at work below it."""

    def __init__(self) -> None:
        self.console = new_console(stderr=True)
        self.verbose = False
        self._lock = threading.Lock()
        self._rows: Progress | None = None

    @property
    def live(self) -> bool:
        terminal = sys.stderr.isatty() and not self.console.is_dumb_terminal
        return terminal and not os.environ.get("NO_COLOR") and not self.console.quiet

    def add(self, what: str) -> tuple[Progress, TaskID]:
        with self._lock:
            if self._rows is None:
                self._rows = _rows(self.console)
                self._rows.start()
            return self._rows, self._rows.add_task(what, total=None, now="")

    def remove(self, task: TaskID) -> None:
        with self._lock:
            if self._rows is None:
                return
            self._rows.remove_task(task)
            if not self._rows.tasks:
                self._rows.stop()
                self._rows = None


_board = _Board()
console = _board.console


def set_volume(*, quiet: bool = False, verbose: bool = False) -> None:
    """How much is said: quiet only what `complain` says, verbose also what `detail` does."""
    console.quiet, _board.verbose = quiet, verbose


@contextmanager
def step(what: str, *, ends: bool = True) -> Iterator[Now]:
    """Show `what` while the block runs and how long it took at the end; failures are marked.

    Without `ends` a good end is not shown: for what is told in other words.

    Several threads may be in steps of their own. The value is a function that takes, in a few
    words, what the step waits for now; it may be called from any thread.
    """
    start = time.monotonic()
    mark = "[red]✗[/red]"
    try:
        with _row(what) if _board.live else _lines(what, start) as now:
            yield now
        mark = "[green]✓[/green]" if ends else ""
    finally:
        if mark:
            console.print(f"{mark} {escape(what)} [dim]{elapsed(start)}[/dim]")


def say(line: str) -> None:
    """One line of progress, in rich's markup."""
    console.print(line)


def detail(line: str) -> None:
    """One plain line that only -v shows."""
    if _board.verbose:
        console.print(f"[dim]{escape(line)}[/dim]")


def complain(line: str | Text) -> None:
    """Lines in rich's markup that -q shows too."""
    quiet, console.quiet = console.quiet, False
    console.print(line)
    console.quiet = quiet


def is_live() -> bool:
    """Whether progress is shown as rows that come and go: on a terminal."""
    return _board.live


def is_verbose() -> bool:
    """Whether -v was given."""
    return _board.verbose


def elapsed(start: float) -> str:
    """Time since `start` (time.monotonic) as 7.3 s or 3 min 20 s."""
    seconds = time.monotonic() - start
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _rows(console: Console) -> Progress:
    """Rows of one line each. Standard output is left alone: JSON may be on its way there."""
    return Progress(
        SpinnerColumn(),
        _text("{task.description}"),
        TimeElapsedColumn(),
        _text("{task.fields[now]}", style="dim", ratio=1),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        expand=True,
    )


def _text(template: str, style: str = "none", ratio: int | None = None) -> TextColumn:
    column = Column(no_wrap=True, overflow="ellipsis", ratio=ratio)
    return TextColumn(template, style=style, markup=False, table_column=column)


@contextmanager
def _row(what: str) -> Iterator[Now]:
    rows, task = _board.add(what)
    try:
        yield lambda text: rows.update(task, now=text)
    finally:
        _board.remove(task)


@contextmanager
def _lines(what: str, start: float) -> Iterator[Now]:
    waits_for: list[str] = [""]

    def now(text: str) -> None:
        waits_for[0] = text
        detail(f"{what}: {text}")

    done = threading.Event()
    pulse = threading.Thread(target=_pulse, args=(what, start, waits_for, done), daemon=True)
    pulse.start()
    try:
        yield now
    finally:
        done.set()
        pulse.join()


def _pulse(what: str, start: float, waits_for: list[str], done: threading.Event) -> None:
    pause = PROMPT
    while not done.wait(pause):
        text = f": {waits_for[0]}" if waits_for[0] else ""
        console.print(f"… {escape(what + text)} [dim]{elapsed(start)}[/dim]")
        pause = BEAT
