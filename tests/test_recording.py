"""Recordings: written whole, read back the same, damage found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mini import MiniBook

from kubebook.errors import BookError
from kubebook.recording import CellRecord, Provenance, Recording, read_recording, write_recording
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


def test_a_failed_write_leaves_the_old_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_recording(tmp_path, SAMPLE)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_recording(tmp_path, replace(SAMPLE, key="new"))
    monkeypatch.undo()
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
