"""Expectations: each kind of fact, and the book's own facts against its recordings."""

from __future__ import annotations

from pathlib import Path

import pytest
from mini import MiniBook

from kubebook.book import load_book
from kubebook.chain import check_expectations
from kubebook.errors import BookError
from kubebook.expect import Expect, unmet
from kubebook.library import load_library
from kubebook.recording import CellRecord, read_recording
from kubebook.spans import seconds

STATUS = '{"code": 403, "details": {"name": "web"}, "ok": true}'

LIBRARY = load_library(load_book(Path(__file__).parent.parent))
CELLS = [(s, cell) for s in LIBRARY.snippets.values() if not s.skip for cell in s.cells]
FACTS = [
    (s, cell, kind, fact)
    for s, cell in CELLS
    for kind in ("contains", "absent", "matches", "json", "within")
    for fact in getattr(cell.expect, kind)
]


@pytest.mark.parametrize(
    ("expect", "fault"),
    [
        (Expect(contains=("403",)), ""),
        (Expect(contains=("404",)), "does not contain '404'"),
        (Expect(absent=("403",)), "contains '403'"),
        (Expect(matches=(r"^\{",)), ""),
        (Expect(matches=(r"^\[",)), r"does not match '^\\['"),
        (Expect(json={"code": 403, "details.name": "web", "ok": True}), ""),
        (Expect(json={"code": 404}), "code is '403', not '404'"),
    ],
)
def test_facts(expect: Expect, fault: str) -> None:
    assert unmet(expect, STATUS) == ([fault] if fault else [])


TIMES = "real\t0m3.021s\ntook 150ms\nafter 2m3s\n"


@pytest.mark.fault("kubebook/expect.py", "low <= seconds(text) <= high", "seconds(text) <= high")
@pytest.mark.parametrize(
    ("within", "fault"),
    [
        ({r"^real\s+(.*)": "5s"}, ""),
        ({r"took (\S+)": "100ms..1s", r"after (\S+)": "2m..3m"}, ""),
        ({r"^real\s+(.*)": "3s"}, r"'^real\\s+(.*)' found 0m3.021s, not within 3s"),
        ({r"took (\S+)": "1s..2s"}, r"'took (\\S+)' found 150ms, not within 1s..2s"),
        ({r"lasted (\S+)": "5s"}, r"does not match 'lasted (\\S+)'"),
        ({"(after)": "5s"}, "'(after)': 'after' is no span of time such as 5s or 1m30s"),
    ],
)
def test_a_span_of_time_lies_within_its_bound(within: dict[str, str], fault: str) -> None:
    assert unmet(Expect(within=within), TIMES) == ([fault] if fault else [])


@pytest.mark.fault("kubebook/spans.py", '"ms": 1e-3', '"ms": 1e-6')
@pytest.mark.parametrize(
    ("text", "length"),
    [("3.02", 3.02), ("150ms", 0.15), ("0m3.021s", 3.021), ("1h2m", 3720), ("1m 30s", 90)],
)
def test_spans_in_seconds(text: str, length: float) -> None:
    assert seconds(text) == pytest.approx(length)


def test_a_json_fact_about_what_is_no_json() -> None:
    assert unmet(Expect(json={"code": 403}), "Error from server")


@pytest.mark.parametrize(("snippet", "cell"), CELLS, ids=[cell.id for _, cell in CELLS])
def test_recordings_show_what_is_expected(snippet, cell) -> None:
    recording = read_recording(LIBRARY.book.recordings, snippet.id)
    assert recording, f"kubebook run {snippet.id}"
    assert unmet(cell.expect, recording.cell(cell.name).output) == []


@pytest.mark.parametrize(
    ("snippet", "cell", "kind", "fact"), FACTS, ids=[f"{c.id}-{k}-{f}" for _, c, k, f in FACTS]
)
def test_every_fact_fails_when_it_is_taken_out_of_the_recording(snippet, cell, kind, fact) -> None:
    recording = read_recording(LIBRARY.book.recordings, snippet.id)
    assert recording
    output = recording.cell(cell.name).output
    match kind:
        case "contains":
            changed, expect = output.replace(fact, ""), Expect(contains=(fact,))
        case "absent":
            changed, expect = output + fact, Expect(absent=(fact,))
        case "matches":
            changed, expect = "\x01", Expect(matches=(fact,))
        case "within":
            changed, expect = "\x01", Expect(within={fact: cell.expect.within[fact]})
        case _:
            value = cell.expect.json[fact]
            changed, expect = output.replace(str(value), f"{value}9"), Expect(json={fact: value})
    assert unmet(expect, changed)


@pytest.mark.fault("kubebook/chain.py", "{', and '.join(faults)}", "{faults[0]}")
def test_all_that_an_output_lacks_is_told_at_once(mini: MiniBook) -> None:
    mini.snippet("x.sh", "echo no", "expect = { contains = ['one', 'two'] }\n")
    snippet = mini.library["one/x"]
    with pytest.raises(BookError, match="does not contain 'one', and does not contain 'two'"):
        check_expectations(snippet, (CellRecord("", 0, 0.1, "no\n"),))
