"""What a run found, as a file: written, read, merged, and taken as the verification record.

The file is JSON. `version` says which shape it has: 1 is an object with these keys:

    version   1
    command   "run" or "check"
    at        when it ended: UTC, ISO 8601
    shard     "I/N" if it was a part of a run that N machines share, else ""
    results   the fields of a Result (kubebook/judge.py) for each snippet, its `kind` beside them,
              and in `differences` those of a Difference (kubebook/drift.py)
    faults    what ended it before its end: `text`, `path` and `line` of each

Within a version keys are only added. Who reads it finds all of a shape's keys in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from kubebook.book import Book
from kubebook.drift import Difference, Kind
from kubebook.errors import BookError
from kubebook.judge import Outcome, Result
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.recording import read_verified, write_verified
from kubebook.shard import Shard

VERSION = 1
# Of several results of one snippet the first in this order counts.
PRECEDENCE: tuple[Outcome, ...] = ("broken", "drift", "recorded", "same", "skipped")
TYPES = {"str": str, "int": int, "float": (int, float)}

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """An error that is no snippet's own: its text, and the file and line to look at, if any."""

    text: str
    path: str = ""
    line: int = 0


@dataclass(frozen=True)
class Report:
    """What a run or a check found, until `faults` ended it; `at` is when, in UTC."""

    command: str
    at: str
    results: tuple[Result, ...] = ()
    faults: tuple[Fault, ...] = ()
    shard: str = ""

    @property
    def failed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.failed)

    @property
    def status(self) -> int:
        """The exit status: 0 good, 1 drift or broken snippets, 2 something else went wrong."""
        return 2 if self.faults else int(bool(self.failed))


def new_report(
    command: str,
    book: Book | None,
    results: Sequence[Result],
    error: BookError | None = None,
    shard: str = "",
) -> Report:
    """The report of a run that ends now."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    if not error:
        return Report(command, now, tuple(results), shard=shard)
    root = f"{book.root}/" if book else ""
    text, path = str(error).replace(root, "") if root else str(error), str(error.path or "")
    fault = Fault(text, path.removeprefix(root), error.line or 0)
    return Report(command, now, tuple(results), (fault,), shard)


def to_json(report: Report) -> str:
    """The report in the shape that this module's head describes."""
    data = {"version": VERSION, **asdict(report)}
    for entry, result in zip(data["results"], report.results, strict=True):
        entry["kind"] = result.kind
    return json.dumps(data, indent=2, ensure_ascii=False)


def last_report(book: Book) -> Path:
    """Where the report of the last run or check of this machine lies."""
    return book.state / "report.json"


def write_report(path: Path, report: Report) -> None:
    """Write the file whole, or leave the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_text(to_json(report) + "\n", encoding="utf-8")
    half.replace(path)


def read_report(path: Path) -> Report:
    """Read a report, of another machine perhaps.

    Raises:
        BookError: it is missing, cut short, of another version, or not in its shape.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.pop("version", None) != VERSION:
            raise ValueError(f"not a report of version {VERSION}")
        results = tuple(_result(entry) for entry in _list(data, "results"))
        faults = tuple(_typed(Fault, entry) for entry in _list(data, "faults"))
        if data["shard"]:
            Shard.parse(data["shard"])
        return _typed(Report, data | {"results": results, "faults": faults})
    except (OSError, ValueError, TypeError, KeyError, AttributeError, BookError) as error:
        raise BookError(
            f"this is no report: {error}",
            path=path,
            hint="make one: kubebook check --json > FILE",
        ) from None


def merge(reports: Sequence[Report]) -> Report:
    """One report of several machines that shared a run: each snippet once, failures win.

    A part of the run that none of them holds is a fault: its snippets were seen by nobody.
    """
    chosen: dict[str, Result] = {}
    for result in (result for report in reports for result in report.results):
        other = chosen.setdefault(result.id, result)
        if PRECEDENCE.index(result.outcome) < PRECEDENCE.index(other.outcome):
            chosen[result.id] = result
    return Report(
        command=", ".join(dict.fromkeys(report.command for report in reports)),
        at=max(report.at for report in reports),
        results=tuple(chosen[snippet_id] for snippet_id in sorted(chosen)),
        faults=(
            *dict.fromkeys(fault for report in reports for fault in report.faults),
            *_absent([report.shard for report in reports]),
        ),
    )


def _absent(shards: Sequence[str]) -> list[Fault]:
    """A fault for each part that is not among `shards`, unless one report is of a whole run."""
    if "" in shards:
        return []
    sizes = sorted({Shard.parse(shard).of for shard in shards})
    every = (f"{number}/{size}" for size in sizes for number in range(1, size + 1))
    return [Fault(f"shard {shard} left no report") for shard in every if shard not in shards]


def record_verified(library: Library, results: Sequence[Result]) -> None:
    """Note of each snippet that printed what is recorded when that was, for those that exist.

    Raises:
        BookError: a snippet is another one now than when it ran.
    """
    verified = {k: v for k, v in read_verified(library.book).items() if k in library.snippets}
    for result in results:
        if result.outcome != "same":
            continue
        if snippet_key(library, result.id).digest != result.key:
            raise BookError(
                f"{result.id} changed since it ran",
                path=library[result.id].path,
                line=1,
                hint="record a report on the commit that it was made of",
            )
        verified[result.id] = {
            "at": result.at,
            "kubernetes": result.kubernetes,
            "flavour": result.flavour,
            "key": result.key,
        }
    write_verified(library.book, verified)


def _result(entry: Mapping[str, Any]) -> Result:
    found = {key: value for key, value in entry.items() if key != "kind"}
    found["differences"] = tuple(_difference(e) for e in _list(entry, "differences"))
    result = _typed(Result, found)
    if result.outcome not in get_args(Outcome):
        raise ValueError(f"no outcome {result.outcome!r}")
    lines = result.lines.items() if isinstance(result.lines, dict) else [("lines", "?")]
    if not all(isinstance(k, str) and isinstance(v, int) for k, v in lines):
        raise TypeError("lines of outputs must be numbers")
    return result


def _difference(entry: Mapping[str, Any]) -> Difference:
    difference = _typed(Difference, entry)
    if difference.kind not in get_args(Kind):
        raise ValueError(f"no class {difference.kind!r}")
    return difference


def _list(entry: Mapping[str, Any], key: str) -> list[Any]:
    if not isinstance(entry[key], list):
        raise TypeError(f"{key} must be a list")
    return list(entry[key])


def _typed(shape: type[T], entry: Mapping[str, Any]) -> T:
    """The dataclass of these fields; a TypeError if one is missing, unknown or of another type."""
    known = {field.name: field.type for field in fields(shape)}  # type: ignore[arg-type]
    for name, kind in known.items():
        if not isinstance(entry[name], TYPES.get(str(kind), object)):  # type: ignore[arg-type]
            raise TypeError(f"{shape.__name__}: {name} must be {kind}")
    return shape(**entry)
