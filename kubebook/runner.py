"""Runs one snippet in a sandbox and returns what each of its cells printed."""

from __future__ import annotations

import marshal
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kubebook.errors import BookError
from kubebook.limits import GIB, MEMORY, OVER_MEMORY, OVER_PROCESSES, ulimit
from kubebook.mask import SECRET_NAME, mask, mask_all
from kubebook.recording import CellRecord
from kubebook.sandbox import Sandbox, execute, kill_all, left_behind
from kubebook.settle import Settling
from kubebook.snippet import Cell, Snippet

DRIVERS = Path(__file__).parent / "drivers"
MOST_BYTES = 4 * 1024 * 1024  # of output of one snippet; more serves no reader
ROOM = 4 * MOST_BYTES  # of free disk that a snippet must leave for its output
OVER_OUTPUT = f"printed more than {MOST_BYTES >> 20} MiB"
HINTS = {
    OVER_OUTPUT: "cut it: … | head -n 20",
    OVER_MEMORY: "use less at a time; this is the limit for all its processes together",
    OVER_PROCESSES: "start fewer; threads count too",
}
TAIL = 12  # lines of output in an error
SETTLED = "__kubebook_settled $? && break; done"
ANSI = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[P\]X^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-~])"
)
NO_MEMORY = re.compile(r"MemoryError|[Cc]annot allocate memory|out of memory")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class End:
    """How a snippet's process ended.

    Attributes:
        status: its exit status; negative: the signal that ended it.
        seconds: how long it ran.
        by: what had to end it: "timeout", or the limit that was exceeded; "" for nothing.
        timeout: seconds that it might have run.
    """

    status: int
    seconds: float
    by: str
    timeout: float


def run_snippet(snippet: Snippet, sandbox: Sandbox) -> tuple[CellRecord, ...]:
    """Run a snippet as `python NAME.py` or `bash NAME.sh` in its chapter's folder would.

    Raises:
        BookError: it hung, was killed, printed too much or no text, left a process behind, or
            ended in another cell or with another status than it says.
    """
    folder = sandbox.stage(snippet)
    with tempfile.TemporaryDirectory(dir=sandbox.root) as cells:
        place = Path(cells)
        with _settling(snippet, sandbox, place) as settling:
            end = _run(snippet, sandbox, (folder, place), settling)
        _check_limits(snippet, sandbox, end)
        records = _records(snippet, sandbox, place, end)
        unsettled = settling.unsettled(len(records))
        _check_end(snippet, records, end, settling, unsettled)
    _check_left_behind(snippet, sandbox)
    _check_statuses(snippet, sandbox, records)
    if unsettled:
        hint = "no `exit` in a cell that has to settle"
        raise _fault(snippet, "the file ended before this cell had settled", hint, unsettled)
    return records


def _run(snippet: Snippet, sandbox: Sandbox, folders: tuple[Path, Path], settling: Settling) -> End:
    """Run it in the first of two folders; its cells write into the second."""
    folder, place = folders
    prepare = _python if snippet.language == "python" else _bash
    command, env = prepare(snippet, sandbox, place, folder)
    timeout = snippet.timeout or sandbox.book.timeout

    def watch() -> str:
        settling.answer()
        return OVER_OUTPUT if _size(place) > MOST_BYTES else ""

    status, by, seconds = execute(command, sandbox, folder, timeout=timeout, env=env, watch=watch)
    return End(status, seconds, by, timeout)


def _python(
    snippet: Snippet, sandbox: Sandbox, place: Path, _folder: Path
) -> tuple[list[str], dict[str, str]]:
    told = {
        "file": snippet.path.name,
        "cells": [{"line": cell.line, "source": cell.source} for cell in snippet.cells],
        "folder": str(place),
        "limits": sandbox.limits(),
    }
    spec = place / "spec"
    spec.write_bytes(marshal.dumps(told))
    return [sys.executable, str(DRIVERS / "cells.py"), str(spec)], {}


def _bash(
    snippet: Snippet, sandbox: Sandbox, place: Path, folder: Path
) -> tuple[list[str], dict[str, str]]:
    """The file as it is, but for the cell marks: each becomes the call that starts its cell.

    A cell that has to settle becomes the body of a loop, with its lines where they are.
    """
    lines = snippet.text.split("\n")
    for number, cell in enumerate(snippet.cells):
        (place / f"{number}.want").write_text(str(cell.exit))
        before = snippet.cells[number - 1] if number else None
        mark = _end(before) + "; " if before else ""
        mark += "while :; do " if cell.settle else ""
        if cell.name:
            lines[cell.line - 2] = mark
        else:
            lines[0] = mark + lines[0]
    if snippet.cells[-1].settle:
        lines += ["", f"{SETTLED}; exit $__kubebook_status"]
    (folder / snippet.path.name).write_text("\n".join(lines), encoding="utf-8")
    env = {
        "BASH_ENV": str(DRIVERS / "cells.bash"),
        "KUBEBOOK_CELLS": str(place),
        "KUBEBOOK_LIMITS": ulimit(sandbox.limits()),
    }
    return ["bash", snippet.path.name], env


@contextmanager
def _settling(snippet: Snippet, sandbox: Sandbox, place: Path) -> Iterator[Settling]:
    def read(number: int) -> CellRecord:
        return _record(snippet, sandbox, place, number, (0, 0), lenient=False)

    settling = Settling(snippet, place, read)
    try:
        yield settling
    finally:
        settling.close()


def _end(cell: Cell) -> str:
    """What ends a shell cell and starts the next."""
    settled = f"{SETTLED}; __kubebook_next $__kubebook_status"
    return settled if cell.settle else "__kubebook_next $?"


def _size(place: Path) -> int:
    return sum(path.stat().st_size for path in place.glob("*.out"))


def _records(snippet: Snippet, sandbox: Sandbox, place: Path, end: End) -> tuple[CellRecord, ...]:
    """The cells that were reached; the last one ended with the process."""
    records: list[CellRecord] = []
    lenient = bool(end.by) or end.status < 0  # a cut character is not what has to be told
    for number in range(len(snippet.cells)):
        if not (place / f"{number}.out").exists():
            break
        rest = max(end.seconds - sum(record.duration for record in records), 0)
        last = (end.status, rest)
        records.append(_record(snippet, sandbox, place, number, last, lenient=lenient))
    known = [os.environ.get(name, "") for name in sandbox.book.env if SECRET_NAME.search(name)]
    codes = [cell.code for cell in snippet.cells[: len(records)]]
    masked = mask_all([record.output for record in records], known, codes)
    return tuple(replace(r, output=text) for r, text in zip(records, masked, strict=True))


def _record(
    snippet: Snippet,
    sandbox: Sandbox,
    place: Path,
    number: int,
    ended: tuple[int, float],
    *,
    lenient: bool,
) -> CellRecord:
    """What a cell printed; if it was cut off, it `ended` with the process."""
    cell, end = snippet.cells[number], place / f"{number}.exit"
    raw = (place / f"{number}.out").read_bytes()
    raw = raw.decode(errors="replace").encode() if lenient else raw
    status, seconds = end.read_text().split() if end.exists() else ended
    return CellRecord(cell.name, int(status), float(seconds), _text(snippet, cell, raw, sandbox))


def _text(snippet: Snippet, cell: Cell, raw: bytes, sandbox: Sandbox) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _fault(
            snippet,
            f"printed bytes that are not UTF-8 in line {line} of its output",
            "show them as text: … | xxd",
            cell,
        ) from None
    lines = [line.rstrip("\r").rsplit("\r", 1)[-1] for line in ANSI.sub("", text).split("\n")]
    clean = CONTROL.sub("\N{REPLACEMENT CHARACTER}", "\n".join(lines))
    return sandbox.plain(clean)


def _check_limits(snippet: Snippet, sandbox: Sandbox, end: End) -> None:
    """Whether the machine let it print all it had to say."""
    if shutil.disk_usage(sandbox.root).free < ROOM:
        kill_all(sandbox)
        place = sandbox.root.parent
        raise _fault(
            snippet,
            f"ran while the disk of {place} was full: its output may be cut",
            f"make room there (df -h {place}), or set TMPDIR to a folder on another disk",
        )
    if end.by in HINTS:
        kill_all(sandbox)
        raise _fault(snippet, end.by, HINTS[end.by])


def _check_end(
    snippet: Snippet,
    records: tuple[CellRecord, ...],
    end: End,
    settling: Settling,
    unsettled: Cell | None,
) -> None:
    """Whether it ended by itself, and did not wait for a cell that never settles."""
    trouble = settling.trouble(unsettled) if unsettled else ""
    if end.by == "timeout" and trouble:
        message = f"did not settle within {end.timeout:.0f} s: {trouble}".rstrip()
        hint = "wait for what it shows, or leave out of the comparison what never rests"
        raise _fault(snippet, message, hint, unsettled)
    if end.by == "timeout":
        message = f"still ran after {end.timeout:.0f} s and was killed"
        hint = "wait for less, or set `timeout` in its settings"
        _fail_with_output(snippet, records, message, hint)
    if end.status < 0:
        known = {number.value: number.name for number in signal.Signals}
        name = known.get(-end.status, f"signal {-end.status}")
        hint = "out of memory, or by its own hand?"
        _fail_with_output(snippet, records, f"was killed by {name}", hint)


def _check_left_behind(snippet: Snippet, sandbox: Sandbox) -> None:
    if left := left_behind(sandbox):
        kill_all(sandbox)
        raise _fault(snippet, f"left a process behind: {mask(left[0])}", "end it: kill $!; wait")


def _check_statuses(snippet: Snippet, sandbox: Sandbox, records: tuple[CellRecord, ...]) -> None:
    for cell, record in zip(snippet.cells, records, strict=False):
        if record.exit != cell.exit:
            message = f"ended with status {record.exit}, not {cell.exit}"
            hint = "if this is right, set `exit` in its settings"
            if not sandbox.group and NO_MEMORY.search(record.output):
                hint = f"each process may use {MEMORY // GIB} GiB of memory"
            _fail_with_output(snippet, records, message, hint, cell)
    if len(records) < len(snippet.cells):
        missed = snippet.cells[len(records)]
        raise _fault(
            snippet, "the file ended before this cell", "no `exit` before the last cell", missed
        )


def _fail_with_output(
    snippet: Snippet,
    records: tuple[CellRecord, ...],
    message: str,
    hint: str,
    cell: Cell | None = None,
) -> None:
    record = next(
        (r for r in records if cell and r.name == cell.name), records[-1] if records else None
    )
    lines = record.output.splitlines() if record else []
    shown = "".join(f"\n  | {line}" for line in lines[-TAIL:])
    raise _fault(
        snippet,
        message + shown,
        hint,
        cell or (snippet.cells[len(records) - 1] if records else None),
    )


def _fault(snippet: Snippet, message: str, hint: str, cell: Cell | None = None) -> BookError:
    name = f"#{cell.name} " if cell and cell.name else ""
    return BookError(
        f"{name}{message}", path=snippet.path, line=cell.line if cell else 1, hint=hint
    )
