"""The diff of cells: which characters are marked, what stands around, and what never gets out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from corpus.score import outputs
from hypothesis import given, settings
from hypothesis import strategies as st
from test_drift import marked
from wcwidth import wcswidth

from kubebook.canonical import Output
from kubebook.canonical.clean import clean
from kubebook.diff import MOST_HUNKS, fact, paint, render_diff
from kubebook.drift import compare

fault = pytest.mark.fault


def diff(was: str, now: str) -> list[str]:
    before, after = [Output("a/x", was)], [Output("a/x", now)]
    return render_diff(compare(before, after), before, after).splitlines()


TABLE = """\
NAME     READY   UP-TO-DATE   AVAILABLE   AGE
api      1/1     1            1           5s
웹서버   2/2     2            2           5s
db       1/1     1            1           5s
"""


@fault("kubebook/places.py", "start = text.find(leaf.text, ends.get(leaf.line, 0))",
       "start = text.find(leaf.text)")  # fmt: skip
@fault("kubebook/diff.py", 'marks = marks.ljust(here) + "^"', 'marks = " " * here + "^"')
@fault("kubebook/diff.py", "return max(wcswidth(text), 0)", "return len(text)")
def test_only_the_cells_that_differ_are_marked() -> None:
    """The second of three equal cells, in a row whose name is in Hangul."""
    now = TABLE.replace("2/2     2            2 ", "2/2     2            1 ")
    assert diff(TABLE, now.replace("웹서버   2/2", "웹서버   1/2")) == [
        "a/x",
        "  meaning: table row 2 (웹서버), column READY: 2/2 → 1/2",
        "  meaning: table row 2 (웹서버), column AVAILABLE: 2 → 1",
        "  | NAME     READY   UP-TO-DATE   AVAILABLE   AGE",
        "  | api      1/1     1            1           5s",
        "  - 웹서버   2/2     2            2           5s",
        "             ^^^                  ^",
        "  + 웹서버   1/2     2            1           5s",
        "             ^^^                  ^",
        "  | db       1/1     1            1           5s",
    ]


@fault("kubebook/diff.py", "marks[column : column + 1]", "marks[index : index + 1]")
def test_colours_mark_the_same_characters() -> None:
    text = "\n".join(diff(TABLE, TABLE.replace("웹서버   2/2", "웹서버   1/2")))
    painted = paint(text)
    bold = [painted.plain[s.start : s.end] for s in painted.spans if str(s.style) == "bold red"]
    assert bold == ["2/2"]
    assert "^" not in painted.plain


JSON = """\
{
    "kind": "List",
    "items": [
        {"name": "web", "n": 1},
        {"name": "db", "n": 1}
    ]
}
"""
YAML = "apiVersion: v1\nkind: Pod\nspec:\n  nodeName: worker\n  containers:\n  - name: web\n"


@fault("kubebook/places.py", "elif found := self._trees.get(name):", "elif found := {}.get(name):")
@fault("kubebook/places.py", "place for p, place in _walk(root, (), line)",
       "place for p, place in _walk(root, (), 0)")  # fmt: skip
def test_values_of_json_and_yaml_are_found_in_their_lines() -> None:
    assert diff("waiting\n" + JSON, "waiting\n" + JSON.replace('"n": 1}\n', '"n": 2}\n'))[1:] == [
        "  meaning: items[1].n: 1 → 2",
        '  |         {"name": "web", "n": 1},',
        '  -         {"name": "db", "n": 1}',
        "                                ^",
        '  +         {"name": "db", "n": 2}',
        "                                ^",
        "  |     ]",
    ]
    assert diff(YAML, YAML.replace("nodeName: worker\n", "nodeName: control-plane\n"))[3:7] == [
        "  -   nodeName: worker",
        "                ^^^^^^",
        "  +   nodeName: control-plane",
        "                ^^^^^^^^^^^^^",
    ]


PYTHON = """\
{'external_name': None,
 'session_affinity': 'None',
 'ports': [{'port': 80}, {'port': 80}]}
"""


@fault("kubebook/places.py", "key = KEY.fullmatch(name)", "key = None")
@fault("kubebook/places.py", "if len(fields) == 1 else None", "if fields else None")
def test_values_that_python_printed_are_found_behind_their_keys() -> None:
    assert diff(PYTHON, PYTHON.replace("'None'", "'ClientIP'"))[2:6] == [
        "  | {'external_name': None,",
        "  -  'session_affinity': 'None',",
        "                          ^^^^",
        "  +  'session_affinity': 'ClientIP',",
    ]
    one_of_two = diff(PYTHON, PYTHON.replace("80}]", "81}]"))
    assert [line for line in one_of_two if line.startswith("  - ")] == []


@fault("kubebook/diff.py", '(" (gone)", " (new)")', '(" (new)",)')
def test_a_row_that_is_gone_is_shown_whole_and_alone() -> None:
    now = "".join(line for line in TABLE.splitlines(keepends=True) if "db" not in line)
    assert diff(TABLE, now)[-2:] == [
        "  | 웹서버   2/2     2            2           5s",
        "  - db       1/1     1            1           5s",
    ]


@fault("kubebook/diff.py", 'None if where.endswith(" (gone)") else new', "new")
def test_an_item_that_is_gone_is_not_shown_beside_the_one_in_its_place() -> None:
    was = "kind: List\nitems:\n- name: web\n- name: api\n- name: db\n"
    lines = diff(was, was.replace("- name: web\n", ""))
    assert [line for line in lines if line.startswith("  +")] == []
    assert "  - - name: web" in lines


@fault("kubebook/text.py", "*range(0x80, 0xA0), ", "")
@fault(
    "kubebook/diff.py", "return text.translate(VISIBLE).expandtabs()", "return text.expandtabs()"
)
def test_control_characters_are_shown_and_not_sent_to_a_terminal() -> None:
    shown = "\n".join(diff("ab\n", "a\x07b \x9b\u202e\n"))
    assert not {"\x07", "\x9b", "\u202e"} & set(shown)
    assert "a␇b" in shown


@fault("kubebook/diff.py", "for s, _ in spans), default=0)", "for s, _ in []), default=0)")
def test_of_a_long_line_the_part_around_the_change_is_shown() -> None:
    was = '{"a": "' + "x" * 500 + '", "code": 403}\n'
    lines = diff(was, was.replace("403", "401"))
    assert [line for line in lines if "403" in line][1:]
    assert all(len(line) < 200 for line in lines)


@fault("kubebook/diff.py", "ordered[:MOST_HUNKS]:", "ordered:")
def test_a_long_diff_is_cut() -> None:
    was = "".join(f"line {n} says yes\n" for n in range(200))
    lines = diff(was, was.replace("yes", "no"))
    assert lines[-1] == "  … and 160 differences more"
    assert len(lines) < 300


@fault("kubebook/diff.py", "first, last = _changed(value, other)\n        last = min",
       "first, last = 0, len(value)\n        last = min")  # fmt: skip
def test_a_fact_names_the_part_of_a_long_value_that_differs() -> None:
    was, now = "word " * 30 + "one", "word " * 30 + "two"
    (difference,) = compare([Output("a/x", was)], [Output("a/x", now)])
    assert fact(difference) == "meaning: line 1: …one → …two"


@fault(
    "kubebook/diff.py", 'self._side("-", self.before, old, [d.expected for d in differences])', "()"
)
@fault(
    "kubebook/diff.py", 'self._side("+", self.after, new, [d.actual for d in differences])', "()"
)
@fault(
    "kubebook/diff.py",
    "in differences if self.facts else ()",
    "in differences[:1] if self.facts else ()",
)
@pytest.mark.parametrize("pair", marked("harmful"))
def test_every_harmful_pair_shows_what_was_and_what_is(pair: Path) -> None:
    before, after = outputs(pair / "expected.txt"), outputs(pair / "actual.txt")
    found = compare(before, after)[:MOST_HUNKS]
    lines = render_diff(found, before, after).splitlines()
    assert len([line for line in lines if line[2:].startswith(("mean", "form", "brok"))]) == len(
        found
    )
    printed = {
        line.rstrip() for o in (*before, *after) for line in clean(o.text).expandtabs().split("\n")
    }
    shown = [line for line in lines if line.startswith(("  - ", "  + ", "  | "))]
    whole = [line for line in shown if "…" not in line]
    assert [line for line in whole if line[4:] not in printed] == []
    changes = [difference for difference in found if difference.where != "exit status"]
    was = [change.expected for change in changes if not change.where.endswith(" (new)")]
    now = [change.actual for change in changes if not change.where.endswith(" (gone)")]
    assert any(was) <= any(line.startswith("  - ") for line in shown)
    assert any(now) <= any(line.startswith("  + ") for line in shown)


@fault("kubebook/diff.py", "there = len(head)", "there = 1 + len(head)")
@settings(deadline=None)
@given(
    st.text(st.sampled_from("aZ0 가나.:-/|{}[]\n\t\"',─│\x07\u200b"), max_size=60),
    st.text("bc가1\n", max_size=9),
)
def test_marks_never_reach_beyond_their_line(text: str, more: str) -> None:
    lines = diff(text, more + text)
    for line, marks in pairwise(lines):
        if set(marks) == {" ", "^"}:
            assert wcswidth(line) >= wcswidth(marks)
    paint("\n".join(lines))
