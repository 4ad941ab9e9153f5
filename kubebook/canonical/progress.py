"""The waiting lines of `kubectl rollout status`: which of them appear is a matter of timing."""

from __future__ import annotations

import re

# kubectl's polymorphichelpers/rollout_status.go: a line for every watch event that changed it.
SO_FAR = (
    r"\d+ (?:out of (?P<new>\d+) new (?:replicas|pods) have been updated"
    r"|of (?P<available>\d+) updated (?:replicas|pods) are available"
    r"|old replicas are pending termination)"
)
WAITING = re.compile(
    rf"(?:Waiting for (?P<what>(?:deployment|daemon set) \"[^\"]+\" rollout"
    rf"|partitioned roll out) to finish: {SO_FAR}"
    r"|Waiting for (?:deployment|daemon set|statefulset) spec update to be observed"
    r"|Waiting for \d+ pods to be ready"
    r"|waiting for statefulset rolling update to complete \d+ pods at revision \S+)\.\.\.\s*"
)


def without_progress(expected: str, actual: str) -> tuple[str, str]:
    """Both texts with their waiting lines blank, unless these speak of different rollouts.

    What is waited for and how many replicas are wanted must agree where both say it; how far
    they were must not.
    """
    for told in ("what", "new", "available"):
        ours, theirs = _told(expected, told), _told(actual, told)
        if ours and theirs and ours != theirs:
            return expected, actual
    return _blanked(expected), _blanked(actual)


def _told(text: str, group: str) -> set[str]:
    if "aiting for " not in text:
        return set()
    found = (WAITING.fullmatch(line) for line in text.split("\n"))
    return {match[group] for match in found if match and match[group]}


def _blanked(text: str) -> str:
    if "aiting for " not in text:
        return text
    return "\n".join("" if WAITING.fullmatch(line) else line for line in text.split("\n"))
