"""The corpus: its size, that every pair says why, that it holds no secret, and the blind part."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus.collect import load_cases, plan
from corpus.score import PARTS, pairs, score

from kubebook.mask import mask

# What the comparison got wrong when the blind part was last looked at. It may only get less.
FALSE_ALARMS, MISSES = 10, 0


def test_the_corpus_is_large_half_benign_half_harmful_and_a_third_blind() -> None:
    real = {part: [kind for kind, _ in split(part)] for part in PARTS}
    both = real["own"] + real["blind"]
    assert len(both) >= 300
    assert len(real["blind"]) >= max(100, len(both) / 3)
    assert 0.45 <= both.count("benign") / len(both) <= 0.55


@pytest.mark.parametrize("part", PARTS)
def test_every_pair_from_a_cluster_is_there_and_says_why(part: str) -> None:
    cases = load_cases(part)
    assert set(cases.same) <= set(cases.say)
    assert all(case["why"] for case in [*cases.change.values(), *cases.edit.values()])
    kept = {(kind, pair.name) for kind in ("benign", "harmful") for pair in pairs(part, kind)}
    assert set(split(part)) <= kept


def test_no_blind_pair_is_without_a_case() -> None:
    kept = {(kind, pair.name) for kind in ("benign", "harmful") for pair in pairs("blind", kind)}
    assert kept == set(split("blind"))


def test_no_secret_is_kept() -> None:
    files = [file for folder in PARTS.values() for file in folder.rglob("*.txt")]
    assert [file.name for file in files if mask(file.read_text()) != file.read_text()] == []


@pytest.mark.fault("tests/corpus/score.py", "if differences(pair))", "if not differences(pair))")
@pytest.mark.fault("tests/corpus/score.py", "if not differences(pair))", "if differences(pair))")
def test_false_alarms_and_misses_are_counted_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PARTS, "small", tmp_path)
    for place, actual in [
        ("benign/same", "one\n"),
        ("benign/alarm", "two\n"),
        ("harmful/other", "two\n"),
        ("harmful/missed", "one\n"),
        ("harmful/status", "=== a/x exit=1\none\n"),
    ]:
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "expected.txt").write_text("one\n")
        (tmp_path / place / "actual.txt").write_text(actual)
    found = score("small")
    assert (found.pairs, found.false_alarms, found.misses) == (5, ("alarm",), ("missed",))
    assert (found.false_alarm_rate, found.miss_rate) == (1 / 2, 1 / 3)


def test_the_blind_part_is_judged_no_worse_than_before() -> None:
    found = score("blind")
    print(f"false alarms: {found.false_alarm_rate:.1%}, misses: {found.miss_rate:.1%}")
    assert len(found.false_alarms) <= FALSE_ALARMS
    assert len(found.misses) <= MISSES


def split(part: str) -> list[tuple[str, str]]:
    """Kind and name of every pair that a part's cases make."""
    return [(place.split("/")[0], place.split("/")[1]) for place, _ in plan(load_cases(part))]
