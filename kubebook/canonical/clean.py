"""Text as a terminal shows it: no escape codes, one kind of line end."""

from __future__ import annotations

import re

# ECMA-48: OSC strings, CSI sequences, two-character escapes.
ESCAPES = re.compile(r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")


def clean(text: str) -> str:
    """`text` without ANSI escapes, byte order mark and carriage returns, tail space cut off."""
    if "\x1b" in text:
        text = ESCAPES.sub("", text)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.rstrip()
