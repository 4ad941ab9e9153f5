"""The page on several machines: its figures follow from what is recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mini import MiniBook

from kubebook.errors import BookError
from kubebook.runs import run
from kubebook.scale import Scale, scale
from kubebook.words import words

ROOT = Path(__file__).parent.parent
SCALE = "kubebook/scale.py"


@pytest.fixture
def pace() -> Scale:
    return Scale((1.0, 3.0), 10, words("en"), start_seconds=30.0)


@pytest.mark.fault(SCALE, "self.start_seconds / fmean", "self.length * self.start_seconds / fmean")
@pytest.mark.fault(SCALE, "length * fmean(self.seconds))", "length + fmean(self.seconds))")
@pytest.mark.fault(SCALE, "length or self.length", "self.length")
def test_figures(pace: Scale) -> None:
    assert (pace.snippets, pace.snippet, pace.start, pace.even) == ("2", "2 sec", "30 sec", "15")
    assert [pace.share(length) for length in (1, 15, 60)] == ["94%", "50%", "20%"]
    assert pace.wall_time(6000, 10) == "50 min"
    assert pace.wall_time(6000, 10, length=60) == "25 min"
    assert pace.number(10000) == "10,000"


@pytest.mark.fault(SCALE, "ceil(fmean(map(len, chains)))", "max(map(len, chains))")
def test_a_books_own_pace(mini: MiniBook) -> None:
    with pytest.raises(BookError, match="nothing is recorded"):
        scale(mini.library, words("en"))
    for name, need in {"a": "", "b": "a", "c": "b", "d": ""}.items():
        mini.snippet(f"{name}.sh", "echo", f'needs = ["one/{need}"]\n' if need else "")
    run(mini.library)
    found = scale(mini.library, words("en"))
    assert (found.snippets, found.length) == ("4", 2)


def test_every_figure_of_the_page_is_computed() -> None:
    """In its sentences and its tables, but for what a reader types and how many machines."""
    for language in ("ko", "en"):
        page = (ROOT / f"docs/{language}/guide/scale.md").read_text(encoding="utf-8")
        body = re.sub(
            r"{[{%].*?[%}]}|^---.*?^---$|```.*?```|`.*?`|{ #.*? }", "", page, flags=re.S | re.M
        )
        assert re.findall(r"\d+", body) == ["16"]
