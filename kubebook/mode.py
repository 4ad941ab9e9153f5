"""replay or live: whether a book's outputs are read from recordings or asked of a cluster."""

from __future__ import annotations

import os

from kubebook.errors import BookError, did_you_mean

MODES = ("replay", "live")
VARIABLE = "KUBEBOOK_MODE"


def the_mode() -> str:
    """What the variable KUBEBOOK_MODE says, replay without it; BookError for an unknown word."""
    mode = os.environ.get(VARIABLE) or MODES[0]
    if mode not in MODES:
        raise BookError(f"no mode {VARIABLE}={mode}", hint=did_you_mean(mode, [*MODES]))
    return mode
