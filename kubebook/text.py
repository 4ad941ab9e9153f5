"""Texts of a book: read with faults that name the line, made visible, hashed."""

from __future__ import annotations

import hashlib
import string
from pathlib import Path

from kubebook.errors import BookError

SITE = "kubebook:///"  # begins a link of ours: whoever makes the page puts the site's place there

# Control characters would vanish, or turn text round (U+202E): show that they are there.
VISIBLE = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"},
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),
}
# In Markdown and HTML each of them stands for itself
REFERENCES = {ord(char): f"&#{ord(char)};" for char in string.punctuation}


def visible(text: str) -> str:
    """`text` with a sign for each character that readers would not see."""
    return text.translate(VISIBLE)


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, without a byte order mark.

    Raises:
        BookError: it is not UTF-8 (with the line), or holds a NUL byte.
    """
    return decode(path.read_bytes(), path)


def decode(raw: bytes, path: Path) -> str:
    """What read_text gives for a file at `path` that holds `raw`."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BookError("not UTF-8", path=path, line=line, hint="save it as UTF-8") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise BookError("holds a NUL byte", path=path, line=line, hint="it is no text file")
    return text


def digest(*parts: str | bytes) -> str:
    """16 hex digits that change when any part does; text counts as UTF-8."""
    raw = (part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.sha256(b"\0".join(raw)).hexdigest()[:16]
