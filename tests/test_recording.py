"""Recordings: written whole, read back the same, damage found."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from mini import MiniBook

from kubebook import recording
from kubebook.errors import BookError
from kubebook.recording import (
    CellRecord,
    Provenance,
    Recording,
    finish_writes,
    read_recording,
    write_recording,
)
from kubebook.runs import check, run

NOW = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
SAMPLE = Recording(
    id="one/hello",
    run="r",
    command="bash hello.sh",
    key="k",
    inputs={"code": "c"},
    chain=("one/hello",),
    provenance=Provenance(NOW, "v1.37.2", "single", "packages", {"docker": "20"}, {"image": "sha"}),
    cells=(CellRecord("a", 0, 0.5, "한글\n"), CellRecord("b", 1, 1.25, "no newline")),
)
NEW = replace(SAMPLE, key="new", cells=(CellRecord("a", 0, 0.5, "새로\n"), SAMPLE.cells[1]))
TraceFunction = Callable[[FrameType, str, Any], Any]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_recording(tmp_path, SAMPLE)
    assert read_recording(tmp_path, "one/hello") == SAMPLE
    assert (tmp_path / "one/hello.out").read_text() == "# %% a\n한글\n# %% b\nno newline\n"
    assert sorted(p.name for p in (tmp_path / "one").iterdir()) == ["hello.json", "hello.out"]


def test_none_where_there_is_none(tmp_path: Path) -> None:
    assert read_recording(tmp_path, "one/hello") is None


@pytest.mark.parametrize(
    "damage", ["edit out", "edit json", "cut out", "cut json", "no out", "no json"]
)
def test_damage_is_found_and_the_way_out_named(tmp_path: Path, damage: str) -> None:
    write_recording(tmp_path, SAMPLE)
    what, name = damage.split()
    path = tmp_path / f"one/hello.{name}"
    text = path.read_text()
    if what == "no":
        path.unlink()
    else:
        path.write_text(
            text.replace("한글", "edited") if what == "edit" else text[: len(text) // 2]
        )
    with pytest.raises(BookError, match="kubebook run one/hello") as fault:
        read_recording(tmp_path, "one/hello")
    assert str(fault.value).startswith(str(tmp_path))


def test_both_files_edited_alike_are_found_by_the_checksum(tmp_path: Path) -> None:
    write_recording(tmp_path, SAMPLE)
    for name in ("one/hello.out", "one/hello.json"):
        path = tmp_path / name
        path.write_text(path.read_text().replace("한글", "edited"))
    with pytest.raises(BookError, match="edited by hand"):
        read_recording(tmp_path, "one/hello")


def test_a_key_missing_from_the_json(tmp_path: Path) -> None:
    write_recording(tmp_path, SAMPLE)
    path = tmp_path / "one/hello.json"
    data = json.loads(path.read_text())
    del data["provenance"]
    path.write_text(json.dumps(data))
    with pytest.raises(BookError):
        read_recording(tmp_path, "one/hello")


@pytest.mark.fault("kubebook/recording.py", "if not _fit(meta, out) and _fit(half, out):", "if 0:")
def test_killed_at_any_point_the_old_or_the_new_is_whole(tmp_path: Path) -> None:
    """Kill the writer before each of its lines, one after the other."""
    seen = []
    for line in range(1, 1000):
        folder = tmp_path / str(line)
        write_recording(folder, SAMPLE)
        if not killed(line, lambda folder=folder: write_recording(folder, NEW)):
            break
        found = read_recording(folder, "one/hello")
        assert found in (SAMPLE, NEW)
        finish_writes(folder)
        assert sorted(p.name for p in (folder / "one").iterdir()) == ["hello.json", "hello.out"]
        assert read_recording(folder, "one/hello") == found
        seen.append(found)
    assert seen == sorted(seen, key=[SAMPLE, NEW].index)
    assert {SAMPLE.key, NEW.key} == {found.key for found in seen}


def killed(line: int, work: Callable[[], None]) -> bool:
    """Whether a process that does `work` was killed before the given line of recording.py."""
    if child := os.fork():
        return bool(os.waitpid(child, 0)[1])
    left = line

    def count(frame: FrameType, event: str, _: object) -> TraceFunction | None:
        nonlocal left
        if frame.f_code.co_filename != recording.__file__:
            return None
        left -= event == "line"
        if not left:
            os._exit(9)
        return count

    try:
        sys.settrace(count)
        work()
    finally:  # never back into pytest's own copy
        os._exit(0)


@pytest.mark.fault("kubebook/recording.py", "if pid_exists(int(pid)):", "if False:")
def test_what_a_living_process_writes_is_left_alone(tmp_path: Path) -> None:
    write_recording(tmp_path, SAMPLE)
    half = tmp_path / f"one/.hello.json.abc.{os.getpid()}.new"
    half.write_text("{")
    finish_writes(tmp_path)
    assert half.exists()


@pytest.mark.fault("kubebook/recording.py", "else half.unlink()", "else None")
@pytest.mark.parametrize("moves", [0, 1])
def test_an_interrupted_write_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    write_recording(tmp_path, SAMPLE)
    move, left = Path.replace, iter([True] * moves + [False])

    def interrupted(half: Path, target: Path) -> Path:
        if not next(left, True):
            raise KeyboardInterrupt
        return move(half, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_recording(tmp_path, NEW)
    assert read_recording(tmp_path, "one/hello") == (NEW if moves else SAMPLE)
    assert not [p for p in (tmp_path / "one").iterdir() if p.name.startswith(".")]


@pytest.mark.fault("kubebook/recording.py", "except OSError as error:", "except EOFError as error:")
def test_what_does_not_fit_on_the_disk_leaves_the_old_recording(tmp_path: Path) -> None:
    write_recording(tmp_path, SAMPLE)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(BookError, match="not written: File too large") as fault:
            write_recording(tmp_path, NEW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert fault.value.path == tmp_path / "one/hello.out"
    assert "is as it was" in fault.value.hint
    assert read_recording(tmp_path, "one/hello") == SAMPLE
    assert not [p for p in (tmp_path / "one").iterdir() if p.name.startswith(".")]


@pytest.mark.fault("kubebook/recording.py", "record.name in unordered", "bool(unordered)")
def test_unordered_holds_for_its_cell_alone(mini: MiniBook, tmp_path: Path) -> None:
    order = tmp_path / "order"
    order.write_text("one\ntwo\n")
    cell = f"# expect = {{ contains = ['one'] }}\n# ///\ncat {order}\n"
    free = f"# %% free\n# /// kubebook\n# unordered = true\n{cell}"
    mini.snippet("a.sh", f"{free}# %% strict\n# /// kubebook\n{cell}")
    mini.snippet("b.sh", f"cat {order}", "unordered = true\nexpect = { contains = ['one'] }\n")
    run(mini.library)
    order.write_text("two\none\n")
    found = {result.id: result.differences for result in check(mini.library)}
    assert {difference.output for difference in found["one/a"]} == {"one/a#strict"}
    assert found["one/b"] == ()
