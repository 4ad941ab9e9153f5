"""Collects the corpus: the same commands on clusters made anew, and after one real change.

observe PART RUN [NAME…]  a fresh cluster with the world on it, and what the part's commands print
change PART [NAME…]       on the cluster of the last run: every change, and what they print then
pairs PART                the pairs, from three runs and the changes on one of their clusters

Started in tests/ as `python -m corpus.collect`. PART is `own` or `blind`; README.md says what
stands in its cases.toml. What was printed is kept in the book's own folder, outside git; delete
there what a busy machine spoilt. With names nothing is created anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import permutations
from pathlib import Path
from typing import Any

from corpus.score import PARTS

from kubebook import shell
from kubebook.book import load_book
from kubebook.mask import mask

HERE = Path(__file__).parent
BOOK = load_book(HERE.parent.parent)
RUNS = ("1", "2", "3")


@dataclass(frozen=True)
class Cases:
    """A part of the corpus: commands, and which of their outputs make a pair."""

    part: str
    say: dict[str, str | list[str]]
    same: dict[str, str]
    change: dict[str, dict[str, Any]]
    edit: dict[str, dict[str, str]]


def load_cases(part: str) -> Cases:
    return Cases(part, **tomllib.loads((PARTS[part] / "cases.toml").read_text()))


def observe(cases: Cases, run: str, only: set[str]) -> None:
    if not only:
        shell.reset(BOOK, BOOK.profiles["single"])
        bash(". ./world.sh", check=True)
    for name, command in cases.say.items():
        if not only or name in only:
            keep(cases, run, name, printed(name, command))
    bash("stands", check=True)


def change(cases: Cases, only: set[str]) -> None:
    for change_name, case in cases.change.items():
        if only and change_name not in only:
            continue
        bash(case["do"], check=True)
        for name in case["says"]:
            keep(cases, change_name, name, printed(name, cases.say[name]))
        bash(case.get("undo", ""), check=True)


def plan(cases: Cases) -> Iterator[tuple[str, Callable[[], tuple[str, str]]]]:
    """The pairs of a part, as KIND/NAME, and how their two texts are had from what was kept."""
    for turn, name in enumerate(cases.same):
        yield f"benign/{name}", partial(differing, cases, name, turn)
        if turn % 2:  # about as many benign as harmful pairs
            yield f"benign/{name}-again", partial(differing, cases, name, turn + 1)
    for turn, name in enumerate(cases.edit):
        yield f"harmful/{name}", partial(edited, cases, name, turn)
    for change_name, case in cases.change.items():
        for name in case["says"]:
            yield f"harmful/{name}-{change_name}", partial(changed, cases, name, change_name)


def write_pairs(cases: Cases) -> None:
    for place, texts in plan(cases):
        folder = PARTS[cases.part] / place
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in zip(("expected.txt", "actual.txt"), texts(), strict=True):
            (folder / file).write_text(text)


def two_of(cases: Cases, name: str, turn: int) -> tuple[str, str]:
    """What a command printed in two of the runs, at every turn in two others."""
    runs = [run for run in RUNS if path_of(cases, run, name).exists()]
    orders = list(permutations(runs, 2))
    one, other = orders[turn % len(orders)]
    return kept(cases, one, name), kept(cases, other, name)


def differing(cases: Cases, name: str, turn: int) -> tuple[str, str]:
    for shift in range(6):
        one, other = two_of(cases, name, turn + shift)
        if one != other:
            return one, other
    raise SystemExit(f"{cases.part}: all runs print the very same for {name}")


def edited(cases: Cases, name: str, turn: int) -> tuple[str, str]:
    case = cases.edit[name]
    one, other = two_of(cases, case["say"], turn)
    text = re.sub(case["old"], case["new"], other, count=1, flags=re.MULTILINE)
    if text == other:
        raise SystemExit(f"{cases.part}: the edit {name} changes nothing")
    return one, text


def changed(cases: Cases, name: str, change_name: str) -> tuple[str, str]:
    return two_of(cases, name, 0)[0], kept(cases, change_name, name)


def printed(name: str, command: str | list[str]) -> str:
    """The output of a command, or the chain of outputs of several, in the form of the corpus."""
    if isinstance(command, str):
        text, status = bash(command)
        return text if not status else f"=== {name} exit={status}\n{text}"
    chain = [(f"{name}/{n}", *bash(step)) for n, step in enumerate(command, 1)]
    return "".join(
        f"=== {step}{f' exit={status}' * bool(status)}\n{text}" for step, text, status in chain
    )


def bash(script: str, *, check: bool = False) -> tuple[str, int]:
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=HERE,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    if check and done.returncode:
        raise SystemExit(f"{script}\n{done.stdout}")
    return mask(done.stdout), done.returncode


@cache
def environment() -> dict[str, str]:
    cluster = shell.up(BOOK, BOOK.profiles["single"])
    ours = {"COLUMNS": "120", "TZ": "UTC", "LANG": "C.UTF-8", "BASH_ENV": "lib.sh"}
    return os.environ | shell.variables(BOOK, cluster) | ours


def path_of(cases: Cases, run: str, name: str) -> Path:
    return BOOK.state / "corpus" / cases.part / run / f"{name}.txt"


def kept(cases: Cases, run: str, name: str) -> str:
    return path_of(cases, run, name).read_text()


def keep(cases: Cases, run: str, name: str, text: str) -> None:
    path = path_of(cases, run, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    print(f"{cases.part} {run} {name}: {len(text)} characters", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["observe", part, run, *only]:
            observe(load_cases(part), run, set(only))
        case ["change", part, *only]:
            change(load_cases(part), set(only))
        case ["pairs", part]:
            write_pairs(load_cases(part))
        case _:
            raise SystemExit(__doc__)
