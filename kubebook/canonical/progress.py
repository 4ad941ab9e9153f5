"""The waiting lines of `kubectl rollout status`: which of them appear is a matter of timing."""

from __future__ import annotations

import re

# kubectl's polymorphichelpers/rollout_status.go: one line for every watch event that changed it.
WAITING = re.compile(
    r"(?i:waiting) for (?P<what>(?:deployment|daemon set|statefulset|partitioned|\d+ pods)\b.*?)"
    r"(?:: (?:\d+ (?:out )?of (?P<total>\d+) .*|\d+ old replicas are pending termination)"
    r"| to be (?:ready|observed)| to complete \d+ pods at revision .*)\.\.\.\s*"
)
COUNT = re.compile(r"\d+ pods")


def without_progress(expected: str, actual: str) -> tuple[str, str]:
    """Both texts with their waiting lines blank, unless these speak of different rollouts.

    How many replicas are wanted must agree where both say it; how far they were must not.
    """
    ours, theirs = _rollouts(expected), _rollouts(actual)
    if ours and theirs and ours != theirs:
        return expected, actual
    return _blanked(expected), _blanked(actual)


def _rollouts(text: str) -> set[tuple[str, str]]:
    """What the lines with a total wait for: `deployment "web" rollout to finish`, 3."""
    found = (WAITING.fullmatch(line) for line in text.splitlines() if "aiting for " in line)
    return {(match["what"], match["total"]) for match in found if match and match["total"]}


def _blanked(text: str) -> str:
    if "aiting for " not in text:
        return text
    return "\n".join("" if WAITING.fullmatch(line) else line for line in text.split("\n"))
