"""A recording: what a cluster answered to one snippet, with its provenance.

Two files: `recordings/CHAPTER/NAME.out` holds the outputs as they are shown, cell by cell, for
people and diffs; `NAME.json` the provenance, and a checksum over both.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kubebook.book import Book
from kubebook.errors import BookError, os_fault
from kubebook.snippet import Snippet

if TYPE_CHECKING:
    from kubebook.canonical import Output

REPAIR = (
    "recordings are written by runs alone; bring it back: kubebook run {id}, kubebook accept {id}"
)
HALF = ".new"  # .NAME.RANDOM.PID.new: a file that is being written, and by whom
VERIFIED = {"at", "kubernetes", "flavour", "key"}


@dataclass(frozen=True)
class CellRecord:
    """What one cell printed, its exit status and how long it took, in seconds."""

    name: str
    exit: int
    duration: float
    output: str


@dataclass(frozen=True)
class Provenance:
    """Where outputs come from. `recorded` is in UTC; `flavour` is official, packages or none."""

    recorded: datetime
    kubernetes: str
    profile: str
    flavour: str
    versions: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recording:
    """One snippet's outputs: `key` and `inputs` say of which code, `chain` after what.

    Recordings with the same `run` come from one run of a chain on one cluster.
    """

    id: str
    run: str
    command: str
    key: str
    inputs: Mapping[str, str]
    chain: tuple[str, ...]
    provenance: Provenance
    cells: tuple[CellRecord, ...]

    def cell(self, name: str) -> CellRecord:
        """The record of the cell called `name`, "" where there are none; KeyError if unknown."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        raise KeyError(name)


def outputs(snippet: Snippet, cells: tuple[CellRecord, ...]) -> list[Output]:
    """What the cells printed in the form that is compared, with the snippet's own settings.

    A record may be of a cell that the snippet no longer has.
    """
    from kubebook.canonical import Output  # pages that are only shown go without

    unordered = {cell.name for cell in snippet.cells if cell.unordered}
    return [
        Output(
            id=f"{snippet.id}#{record.name}" if record.name else snippet.id,
            text=record.output,
            exit=record.exit,
            volatile=tuple(v.where for v in snippet.volatile),
            unordered=record.name in unordered,
        )
        for record in cells
    ]


def paths(folder: Path, snippet_id: str) -> tuple[Path, Path]:
    """The .json and the .out file of a snippet's recording in `folder`."""
    return folder / f"{snippet_id}.json", folder / f"{snippet_id}.out"


def write_recording(folder: Path, recording: Recording) -> None:
    """Write both files whole, or leave the old ones: each replaces its predecessor at once."""
    meta, out = paths(folder, recording.id)
    data = _to_json(recording)
    shown = _shown(recording.cells)
    data["checksum"] = _checksum(data, shown)
    _replace({out: shown, meta: json.dumps(data, indent=2, ensure_ascii=False) + "\n"})


def read_recording(folder: Path, snippet_id: str) -> Recording | None:
    """The recording of a snippet, None if there is none.

    Raises:
        BookError: one of the two files is missing, cut short or was edited by hand.
    """
    meta, out = paths(folder, snippet_id)
    if not meta.exists() and not out.exists():
        return None
    try:
        return _read(meta, out, snippet_id)
    except BookError:
        for half in meta.parent.glob(f".{meta.name}.*{HALF}"):  # `finish_writes` will move it there
            if _fit(half, out):
                return _read(half, out, snippet_id)
        raise


def _read(meta: Path, out: Path, snippet_id: str) -> Recording:
    hint = REPAIR.format(id=snippet_id)
    try:
        data = json.loads(meta.read_bytes())
        if not isinstance(data, dict):
            raise TypeError("no JSON object")
        shown = out.read_bytes().decode("utf-8")
        stated = data.pop("checksum")
        if stated != _checksum(data, shown):
            message = f"it or {meta.name} was edited by hand: the checksum does not fit"
            raise BookError(message, path=out, hint=hint)
        return _from_json(data, shown)
    except FileNotFoundError as error:
        raise BookError("half of a recording is missing", path=error.filename, hint=hint) from None
    except json.JSONDecodeError as error:
        raise BookError(
            f"cut short or edited: {error.msg}", path=meta, line=error.lineno, hint=hint
        ) from None
    except (KeyError, TypeError, ValueError) as error:
        raise BookError(f"cut short or edited: {error!r}", path=meta, hint=hint) from None


def parse_recording(text: str) -> Recording:
    """A recording from the text of its .json alone: that holds the outputs as well.

    Raises:
        ValueError: it is cut short, was edited by hand, or has another shape than today's.
    """
    try:
        data = json.loads(text)
        stated = data.pop("checksum")
        shown = _shown(tuple(CellRecord(**cell) for cell in data["cells"]))
        if stated != _checksum(data, shown):
            raise ValueError("the checksum does not fit")
        return _from_json(data, shown)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no recording: {error!r}") from None


def recorded_code(folder: Path, snippet_id: str) -> str:
    """The digest of the code that was recorded last; "" where nothing readable says so."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        return str(json.loads(paths(folder, snippet_id)[0].read_bytes())["inputs"]["code"])
    return ""


def finish_writes(folder: Path) -> None:
    """Finish the writing of a process that was killed between two moves, else remove its halves."""
    from psutil import pid_exists  # what only shows recordings goes without

    for half in folder.rglob(f".*{HALF}"):
        name, _, pid, _ = half.name[1:].rsplit(".", 3)
        if pid_exists(int(pid)):
            continue
        meta = half.with_name(name)
        out = meta.with_suffix(".out")
        if not _fit(meta, out) and _fit(half, out):
            half.replace(meta)
        half.unlink(missing_ok=True)


def _fit(meta: Path, out: Path) -> bool:
    try:
        return bool(_read(meta, out, ""))
    except BookError:
        return False


def remove_recording(folder: Path, snippet_id: str) -> None:
    """Remove both files of a recording, if they are there."""
    for path in paths(folder, snippet_id):
        path.unlink(missing_ok=True)


def restamp(recording: Recording, key: str, inputs: Mapping[str, str]) -> Recording:
    """The same outputs under a new key: the code changed, what it prints did not."""
    return replace(recording, key=key, inputs=inputs)


def read_verified(book: Book) -> dict[str, dict[str, str]]:
    """When each snippet last printed what is recorded: {id: {at, kubernetes, flavour, key}}."""
    path = book.recordings / "verified.json"
    try:
        stat = path.stat()
    except FileNotFoundError:
        return {}
    return _verified(path, (stat.st_ino, stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=1)
def _verified(path: Path, _state: tuple[int, ...]) -> dict[str, dict[str, str]]:
    """Read once for all snippets, and again when it was written again."""
    hint = "remove it, and write it anew: kubebook check --record"
    try:
        data: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        if not all(set(entry) == VERIFIED for entry in data.values()):
            raise ValueError(f"each entry has {', '.join(sorted(VERIFIED))}")
    except (ValueError, AttributeError, TypeError) as error:
        raise BookError(f"cut short or edited: {error}", path=path, hint=hint) from None
    return data


def write_verified(book: Book, verified: Mapping[str, Mapping[str, str]]) -> None:
    """Keep the record of verifications, sorted, for snippets that still exist."""
    text = json.dumps({key: dict(verified[key]) for key in sorted(verified)}, indent=2)
    _replace({book.recordings / "verified.json": text + "\n"})


def _shown(cells: tuple[CellRecord, ...]) -> str:
    """The text of the .out file: a `# %% NAME` line before each named cell's output."""
    return "".join(
        (f"# %% {cell.name}\n" if cell.name else "") + cell.output.rstrip("\n") + "\n"
        for cell in cells
    )


def _checksum(data: Mapping[str, Any], shown: str) -> str:
    whole = json.dumps(data, sort_keys=True, ensure_ascii=False) + "\0" + shown
    return "sha256:" + hashlib.sha256(whole.encode()).hexdigest()


def _to_json(recording: Recording) -> dict[str, Any]:
    data = asdict(recording)
    data["provenance"]["recorded"] = recording.provenance.recorded.isoformat(timespec="seconds")
    for cell in data["cells"]:
        cell["duration"] = round(cell["duration"], 2)
    return data


def _from_json(data: dict[str, Any], shown: str) -> Recording:
    provenance = dict(data["provenance"])
    provenance["recorded"] = datetime.fromisoformat(provenance["recorded"])
    cells = tuple(CellRecord(**cell) for cell in data["cells"])
    if _shown(cells) != shown:
        raise ValueError("the .out file shows something else")
    return Recording(
        id=data["id"],
        run=data["run"],
        command=data["command"],
        key=data["key"],
        inputs=data["inputs"],
        chain=tuple(data["chain"]),
        provenance=Provenance(**provenance),
        cells=cells,
    )


def _replace(texts: Mapping[Path, str]) -> None:
    """Write all files beside their places first, then move them there; see `finish_writes`."""
    halves: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            suffix, prefix = f".{os.getpid()}{HALF}", f".{path.name}."
            handle, name = tempfile.mkstemp(suffix, prefix, path.parent)
            halves[path] = Path(name)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            halves[path].chmod(0o644)
        for path, half in halves.items():
            half.replace(path)
    except OSError as error:
        hint = "what was recorded is as it was; mend that, then do the same again"
        raise os_fault(error, "not written", path, hint) from None
    finally:
        begun = not all(half.exists() for half in halves.values())
        for path, half in halves.items():
            if half.exists():  # an interrupt: once one file stands in its place, the other follows
                half.replace(path) if begun else half.unlink()
