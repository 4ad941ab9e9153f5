"""Results of pure functions, kept between runs under everything that they were made from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

MOST = 20_000  # results; the oldest go first
# What the engine makes its results with
MAKERS = ("babel", "markdown_it", "mdit_py_plugins", "pygments", "wcwidth")
SETUP = (
    "PRAGMA journal_mode = WAL",  # builds side by side, and whole after a kill
    "PRAGMA synchronous = OFF",
    "CREATE TABLE IF NOT EXISTS kept (key BLOB UNIQUE, result TEXT)",
    f"DELETE FROM kept WHERE rowid <= (SELECT max(rowid) FROM kept) - {MOST}",
)


class Kept:
    """`kept(make, *inputs)` is `make(*inputs)`, made once for one engine and equal inputs.

    Inputs are told apart by their repr; results are what JSON can hold. A file that cannot be
    used, or no file at all, costs time and nothing else.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._table = _open(path) if path else _connect(":memory:")

    def __call__(self, make: Callable[..., T], *inputs: object) -> T:
        words = (engine(), make.__module__, make.__qualname__, repr(inputs))
        key = hashlib.sha256("\0".join(words).encode()).digest()
        with suppress(sqlite3.Error):
            row = self._table.execute("SELECT result FROM kept WHERE key = ?", (key,)).fetchone()
            if row:
                found: T = json.loads(row[0])
                return found
        result = make(*inputs)
        with suppress(sqlite3.Error):  # a full disk, or another was quicker
            self._table.execute("INSERT INTO kept VALUES (?, ?)", (key, json.dumps(result)))
        return result


@cache
def engine() -> str:
    """A hash that tells one state of the engine from another.

    Files count by size and time, as Python judges its own bytecode by.
    """
    tree = os.walk(Path(__file__).parent)  # Path.rglob takes five times as long
    own = [f"{folder}/{name}" for folder, _, names in tree for name in names]
    used = [shutil.which("bash"), *(spec.origin for name in MAKERS if (spec := find_spec(name)))]
    files = sorted(Path(path) for path in (*own, *used) if path and not path.endswith(".pyc"))
    stats = [(str(path), path.stat()) for path in files]
    states = [(path, stat.st_mtime_ns, stat.st_size) for path, stat in stats]
    return hashlib.sha256(repr((sys.version, states)).encode()).hexdigest()


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _connect(path)
    except (OSError, sqlite3.OperationalError):  # not to be written, or another's for too long
        return _connect(":memory:")
    except sqlite3.DatabaseError:  # damaged
        path.unlink()
        return _connect(path)


def _connect(path: Path | str) -> sqlite3.Connection:
    table = sqlite3.connect(path, isolation_level=None)
    for statement in SETUP:
        table.execute(statement)
    return table
