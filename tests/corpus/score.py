"""How often the comparison is wrong about the pairs of the corpus: false alarms and misses."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from kubebook.canonical import Output
from kubebook.drift import Difference, compare

HERE = Path(__file__).parent
PARTS = {"own": HERE, "blind": HERE / "blind"}
HEAD = re.compile(r"^=== (?P<id>\S+)(?: exit=(?P<exit>\d+))?\n", re.MULTILINE)


@dataclass(frozen=True)
class Score:
    """Pairs of each kind, and the names of those that were judged wrongly."""

    benign: int
    harmful: int
    false_alarms: tuple[str, ...]
    misses: tuple[str, ...]

    @property
    def pairs(self) -> int:
        return self.benign + self.harmful

    @property
    def false_alarm_rate(self) -> float:
        return len(self.false_alarms) / self.benign

    @property
    def miss_rate(self) -> float:
        return len(self.misses) / self.harmful


def score(part: str) -> Score:
    """Compare every pair of a part, `own` or `blind`."""
    benign, harmful = (pairs(part, kind) for kind in ("benign", "harmful"))
    return Score(
        len(benign),
        len(harmful),
        tuple(pair.name for pair in benign if differences(pair)),
        tuple(pair.name for pair in harmful if not differences(pair)),
    )


def pairs(part: str, kind: str) -> list[Path]:
    return sorted((PARTS[part] / kind).iterdir())


def differences(pair: Path) -> list[Difference]:
    return compare(outputs(pair / "expected.txt"), outputs(pair / "actual.txt"))


def outputs(path: Path) -> list[Output]:
    """The outputs of a corpus file: one, or a chain marked by `=== ID` lines."""
    text = path.read_bytes().decode()
    heads = list(HEAD.finditer(text))
    if not heads:
        return [Output("corpus/output", text)]
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return [
        Output(head["id"], text[head.end() : end], int(head["exit"] or 0))
        for head, end in zip(heads, ends, strict=True)
    ]


def main() -> None:
    for part in sys.argv[1:] or PARTS:
        found = score(part)
        print(
            f"{part}: {found.pairs} pairs, {found.false_alarm_rate:.1%} false alarms of"
            f" {found.benign}, {found.miss_rate:.1%} misses of {found.harmful}"
        )
        for name in found.false_alarms:
            print(f"  false alarm: {name}")
        for name in found.misses:
            print(f"  missed: {name}")


if __name__ == "__main__":
    main()
