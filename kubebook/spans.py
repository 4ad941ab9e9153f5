"""Spans of time as programs print them, in seconds: 3.02, 150ms, 0m3.021s, 2m3s."""

from __future__ import annotations

import re

SECONDS = {
    **{"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3},
    **{"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0, "y": 31536000.0},
}
PART = re.compile(rf"(\d+(?:\.\d+)?)\s?({'|'.join(SECONDS)})")


def seconds(text: str) -> float:
    """The length of a span in seconds; a bare number counts as seconds.

    Reads Go's Duration.String(), kubectl's ages, bash's `time`. A ValueError for anything else.
    """
    text = text.strip()
    parts = PART.findall(text)
    if parts and not PART.sub("", text).strip():
        return sum(float(number) * SECONDS[unit] for number, unit in parts)
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no span of time such as 5s or 1m30s") from None


def bounds(text: str) -> tuple[float, float]:
    """The shortest and longest span that `5s` (at most) or `2s..10s` allows, in seconds."""
    low, dots, high = text.rpartition("..")
    return (seconds(low) if dots else 0.0), seconds(high)
