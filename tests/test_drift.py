"""Drift over a corpus of pairs, and properties that hold for every chain."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from corpus.score import PARTS, differences, pairs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kubebook.canonical import Output
from kubebook.diff import render_diff
from kubebook.drift import compare

# Pairs that the comparison still gets wrong: whoever mends one takes it off the list.
UNSOLVED = set((PARTS["own"] / "unsolved.txt").read_text().split())


def marked(kind: str) -> list[object]:
    unsolved = pytest.mark.xfail(strict=True, reason="unsolved")
    return [
        pytest.param(pair, id=pair.name, marks=[unsolved] if pair.name in UNSOLVED else [])
        for pair in pairs("own", kind)
    ]


@pytest.mark.parametrize("pair", marked("benign"))
def test_two_honest_runs_do_not_drift(pair: Path) -> None:
    assert differences(pair) == []


@pytest.mark.parametrize("pair", marked("harmful"))
def test_another_meaning_is_drift(pair: Path) -> None:
    assert differences(pair)


# Properties: a small cluster, printed as kubectl does, with names and addresses of its own.

unhurried = settings(deadline=None)
SAFE = "bcdfghjklmnpqrstvwxz2456789"
NODES = ("book-worker", "book-worker2")
AGES = ("0s", "41s", "2m3s", "5h", "3d4h", "2y40d")


@dataclass(frozen=True)
class Pod:
    """What a page talks about: not the Pod's name, address or age."""

    app: str
    node: str
    ready: bool
    restarts: int


@dataclass(frozen=True)
class Printed:
    """A Pod as one run prints it."""

    pod: Pod
    name: str
    ip: str
    age: str


pods = st.lists(
    st.builds(
        Pod,
        app=st.sampled_from(("api", "web", "web-canary")),
        node=st.sampled_from(NODES),
        ready=st.booleans(),
        restarts=st.integers(0, 2),
    ),
    min_size=1,
    max_size=7,
)
suffixes = st.lists(
    st.text(SAFE, min_size=5, max_size=5).filter(lambda text: not text.isdigit()),
    min_size=7,
    max_size=7,
    unique=True,
)
hashes = st.lists(
    st.text("456789bcdf", min_size=8, max_size=10), min_size=3, max_size=3, unique=True
)
hosts = st.lists(st.integers(2, 254), min_size=7, max_size=7, unique=True)
ages = st.lists(st.sampled_from(AGES), min_size=7, max_size=7)


@st.composite
def runs(draw: st.DrawFn, cluster: list[Pod]) -> list[Printed]:
    """One run of the cluster: new names, addresses and ages, sorted as kubectl sorts."""
    of_app = dict(zip(("api", "web", "web-canary"), draw(hashes), strict=True))
    chance = zip(draw(suffixes), draw(hosts), draw(ages), strict=True)
    printed = [
        Printed(pod, f"{pod.app}-{of_app[pod.app]}-{suffix}", f"10.244.1.{host}", age)
        for pod, (suffix, host, age) in zip(cluster, chance, strict=False)
    ]
    return sorted(printed, key=lambda one: one.name)


@st.composite
def two_runs(draw: st.DrawFn) -> tuple[list[Printed], list[Printed]]:
    cluster = draw(pods)
    return draw(runs(cluster)), draw(runs(draw(st.permutations(cluster))))


def aligned(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) + 3 for column in zip(*rows, strict=True)]
    lines = ("".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def row(one: Printed) -> tuple[str, ...]:
    restarts = f"{one.pod.restarts} ({one.age} ago)" if one.pod.restarts else "0"
    ready = "1/1" if one.pod.ready else "0/1"
    return (one.name, ready, "Running", restarts, one.age, one.ip, one.pod.node)


def chain(printed: list[Printed]) -> list[Output]:
    """Three outputs about the same Pods: a wide table, endpoints, JSON."""
    head = ("NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE")
    ready = sorted(one.ip for one in printed if one.pod.ready)
    endpoints = ",".join(f"{ip}:8080" for ip in ready) or "<none>"
    items = [{"metadata": {"name": one.name}, "status": {"podIP": one.ip}} for one in printed]
    return [
        Output("shop/pods", aligned([head, *map(row, printed)])),
        Output("shop/endpoints", aligned([("NAME", "ENDPOINTS", "AGE"), ("web", endpoints, "5s")])),
        Output("shop/json", json.dumps({"kind": "PodList", "items": items}, indent=2)),
    ]


@unhurried
@given(two_runs())
def test_new_names_addresses_and_ages_are_no_drift(
    both: tuple[list[Printed], list[Printed]],
) -> None:
    expected, actual = both
    assert compare(chain(expected), chain(actual)) == []


def not_ready(pod: Pod) -> Pod:
    return replace(pod, ready=not pod.ready)


def restarted(pod: Pod) -> Pod:
    return replace(pod, restarts=pod.restarts + 1)


def moved(pod: Pod) -> Pod:
    return replace(pod, node=NODES[pod.node == NODES[0]])


@unhurried
@given(two_runs(), st.sampled_from((not_ready, restarted, moved)), st.data())
def test_a_changed_cell_is_drift(
    both: tuple[list[Printed], list[Printed]], change: Callable[[Pod], Pod], data: st.DataObject
) -> None:
    expected, actual = both
    index = data.draw(st.integers(0, len(actual) - 1))
    actual[index] = replace(actual[index], pod=change(actual[index].pod))
    assert compare(chain(expected), chain(actual))


@unhurried
@given(two_runs(), st.data())
def test_an_address_in_two_places_is_drift(
    both: tuple[list[Printed], list[Printed]], data: st.DataObject
) -> None:
    expected, actual = both
    assume(len(actual) > 1)
    index = data.draw(st.integers(1, len(actual) - 1))
    actual[index] = replace(actual[index], ip=actual[0].ip)
    assert compare(chain(expected), chain(actual))


@unhurried
@given(two_runs(), st.booleans(), st.data())
def test_a_pod_more_or_less_is_drift(
    both: tuple[list[Printed], list[Printed]], more: bool, data: st.DataObject
) -> None:
    expected, actual = both
    index = data.draw(st.integers(0, len(actual) - 1))
    assert compare(chain(expected), chain(actual[:index] + actual[index + 1 :]))
    if more:
        assert compare(chain(expected[:index] + expected[index + 1 :]), chain(actual))


@unhurried
@given(two_runs())
def test_addresses_swapped_between_outputs_are_drift(
    both: tuple[list[Printed], list[Printed]],
) -> None:
    """The table says one thing, the JSON of the same run another."""
    expected, actual = both
    assume(len(actual) > 1)
    other = [*actual]
    other[0] = replace(actual[0], ip=actual[1].ip)
    other[1] = replace(actual[1], ip=actual[0].ip)
    mixed = [*chain(actual)[:2], chain(other)[2]]
    assert compare(chain(expected), mixed)


@unhurried
@given(st.text(max_size=200))
def test_every_text_equals_itself(text: str) -> None:
    assert compare([Output("a/b", text)], [Output("a/b", text)]) == []


@unhurried
@given(
    st.text(st.sampled_from("aZ0 9.:-/|{}[]\n\t\"',─│"), max_size=60), st.text("bc1\n", max_size=9)
)
def test_comparing_never_fails(text: str, other: str) -> None:
    expected, actual = [Output("a/b", text)], [Output("a/b", text + other)]
    render_diff(compare(expected, actual), expected, actual)


# The report.


def test_a_missing_output_and_another_status_are_broken() -> None:
    expected = [Output("a/x", "hello\n"), Output("a/y", "", exit=0)]
    actual = [Output("a/y", "", exit=1)]
    kinds = [(d.output, d.kind, d.where) for d in compare(expected, actual)]
    assert kinds == [("a/x", "broken", "output"), ("a/y", "broken", "exit status")]


def test_an_id_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        compare([Output("a/x", ""), Output("a/x", "")], [])


@pytest.mark.parametrize(
    ("pair", "kind", "where"),
    [
        ("pods-not-ready", "meaning", "table row 3 (web-5b68464b84-k5tzq), column READY"),
        ("pods-column-renamed", "format", "table columns"),
        ("json-code", "meaning", "code"),
        ("json-code-as-text", "format", "code (type: int, now str)"),
        ("json-key-gone", "format", "reason (gone)"),
        ("message-set-time", "meaning", "line 2"),
        ("pods-row-missing", "meaning", "table row 3 (web-5b68464b84-k5tzq) (gone)"),
        ("chain-exit-status", "broken", "exit status"),
    ],
)
def test_a_difference_names_its_kind_and_place(pair: str, kind: str, where: str) -> None:
    found = differences(PARTS["own"] / "harmful" / pair)
    assert [(d.kind, d.where) for d in found] == [(kind, where)]


def test_no_differences_render_as_nothing() -> None:
    assert render_diff([], [], []) == ""


def test_left_out_values_may_differ() -> None:
    expected = Output("a/x", "NAME   RESTARTS\nweb    0\n")
    actual = Output("a/x", "NAME   RESTARTS\nweb    7\n", volatile=("RESTARTS",))
    assert compare([expected], [actual]) == []
    tree = Output("a/x", '{"items": [{"n": 1}]}', volatile=("items[*].n",))
    assert compare([tree], [replace(tree, text='{"items": [{"n": 2}]}')]) == []
    assert compare([tree], [replace(tree, text='{"items": []}')])


def test_unordered_rows_and_lines_are_a_multiset() -> None:
    lines = Output("a/x", "b\na\na\n", unordered=True)
    assert compare([lines], [replace(lines, text="a\nb\na\n")]) == []
    assert compare([lines], [replace(lines, text="a\nb\nb\n")])


@pytest.mark.parametrize("text", ["[" * 900 + "]" * 900, "? [a]\n: b\n", "- " * 300 + "a", "{"])
def test_odd_trees_are_compared_as_text(text: str) -> None:
    assert compare([Output("a/x", text)], [Output("a/x", text + "!")])


def test_large_outputs_stay_linear() -> None:
    lines = [f"{n} 10.244.1.{n % 250} took {n}.5ms at 2026-11-23T12:00:00Z" for n in range(20_000)]
    before = Output("a/log", "\n".join(lines))
    after = replace(before, text=before.text.replace("took 7.5ms", "failed"))
    started = time.process_time()  # what others do on the machine does not count
    assert len(compare([before], [after])) == 1
    assert time.process_time() - started < 20
