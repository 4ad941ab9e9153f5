"""Charts and diagrams: what is drawn, where, and how their faults read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from demo import make_book, write

from kubebook import charts, diagrams
from kubebook.canonical import column_texts
from kubebook.errors import BookError
from kubebook.library import Library
from kubebook.pages import Use
from kubebook.show import Shower
from kubebook.words import words

TABLE = "AFTER   EVENT\n0s      kubelet stopped\n49.5s   Ready=Unknown\n54.5s   <evicted>\n"


def heights(svg: str) -> list[float]:
    return [float(y) for y in re.findall(r'<circle cx="\d+" cy="(\d+)"', svg)]


@pytest.mark.fault("kubebook/charts.py", "max(wanted, heights[-1] + ROW)", "wanted")
def test_moments_stand_to_scale_and_never_on_each_other() -> None:
    first, second, third = heights(charts.timeline(column_texts(TABLE, "AFTER", "EVENT"), "x"))
    assert second - first > 8 * charts.ROW
    assert third - second == charts.ROW


def test_a_chart_says_all_it_shows_to_who_cannot_see_it() -> None:
    svg = charts.timeline(column_texts(TABLE, "AFTER", "EVENT"), 'a "title"')
    assert "&lt;evicted&gt;" in svg
    assert 'aria-label="a &quot;title&quot;. 0s: kubelet stopped; 49.5s: Ready=Unknown; ' in svg


@pytest.mark.fault("kubebook/charts.py", "longest * max(number, 0)", "longest * max(numbers)")
def test_bars_are_as_long_as_their_numbers() -> None:
    svg = charts.bars([("one", "25%"), ("two", "100%"), ("none", "0%")], "x")
    assert re.findall(r'width="(\d+)" height="18"', svg) == ["60", "240", "2"]


@pytest.mark.fault("kubebook/charts.py", "PHONE - start - ends", "LONGEST")
@pytest.mark.fault("kubebook/charts.py", "max(SHORTEST, ", "max(-1000, ")
def test_a_phone_shows_bars_whole_unless_names_are_very_long() -> None:
    def width(name: str) -> int:
        return int(re.findall(r'viewBox="0 0 (\d+)', charts.bars([(name, "9.9")], "x"))[0])

    assert width("web") < width("reliability/longer-than-others") <= charts.PHONE
    assert width("x" * 60) > 60 * charts.LETTER + charts.SHORTEST


@pytest.mark.parametrize(
    ("columns", "fault"),
    [(("AFTER", "WHAT"), "there is AFTER, EVENT"), (("EVENT", "AFTER"), "no span of time")],
)
def test_a_wrong_column_is_told(columns: tuple[str, str], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        charts.timeline(column_texts(TABLE, *columns), "x")


def test_two_tables_that_fit_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="2 tables with AFTER"):
        column_texts(f"{TABLE}\n{TABLE}", "AFTER")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_book(tmp_path)


def show(library: Library, *call: str) -> str:
    page = library.book.root / "docs/ko/demo/index.md"
    use = Use(call[0], call[1], call[2:], page, 1)
    return Shower(library.book.root, library).show(use, words("ko")).html


@pytest.mark.graphviz
def test_a_diagram_is_drawn_once_and_shown_in_the_colours_of_its_page(library: Library) -> None:
    source = library.book.root / "docs/ko/demo/way.dot"
    write(source, 'digraph { "요청" -> "API 서버" }')
    diagrams.main([str(library.book.root / "docs")])
    html = show(library, "diagram", "demo/way", "요청의 길")
    assert "API 서버" in html
    assert 'role="img" aria-label="요청의 길"' in html
    assert "black" not in html
    write(source, 'digraph { "요청" -> "etcd" }')
    assert "make diagrams" in show(library, "diagram", "demo/way", "요청의 길")


def test_every_diagram_of_the_book_is_drawn() -> None:
    docs = Path(__file__).parent.parent / "docs"
    sources = list(docs.rglob("*.dot"))
    assert [source for source in sources if not diagrams.is_drawn(source)] == []


@pytest.mark.fault("kubebook/diagrams.py", " + repr(LOOKS).encode()", "")
@pytest.mark.graphviz
def test_a_diagram_in_other_looks_is_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "x.dot"
    source.write_text("digraph { a -> b }")
    diagrams.draw(source)
    assert diagrams.is_drawn(source)
    monkeypatch.setattr(diagrams, "LOOKS", {"-N": ("shape=circle",)})
    assert not diagrams.is_drawn(source)


@pytest.mark.fault("docs/ko/architecture/control-plane.svg", "0.00 0.00 397", "0.00 0.00 440")
def test_a_phone_shows_every_diagram_of_the_book_whole() -> None:
    docs = Path(__file__).parent.parent / "docs"
    widths = {
        svg: float(diagrams.VIEW.findall(svg.read_text(encoding="utf-8"))[0]) * diagrams.READABLE
        for svg in map(diagrams.drawing, docs.rglob("*.dot"))
    }
    assert {svg: width for svg, width in widths.items() if width > 358} == {}


@pytest.mark.graphviz
def test_a_fault_in_a_diagram_names_the_file(tmp_path: Path) -> None:
    source = tmp_path / "x.dot"
    source.write_text("digraph { a -> ")
    with pytest.raises(BookError, match=r"x\.dot"):
        diagrams.draw(source)


def test_charts_of_the_pages(library: Library) -> None:
    call = ("bars", "demo/service-list", "NAME", "URL", "x")
    assert "no such bars in the output of demo/service-list" in show(library, *call)
