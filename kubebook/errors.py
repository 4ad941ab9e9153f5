"""The one error that readers and authors see: place, cause, way out."""

from __future__ import annotations

import errno
from pathlib import Path


class BookError(Exception):
    """Something the author or the machine has to change.

    Args:
        message: what is wrong, in one sentence.
        path: the file it stands in, if any.
        line: its line, counted from 1.
        hint: the way out, preferably a command to type.
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        hint: str = "",
    ) -> None:
        self.message, self.path, self.line, self.hint = message, path, line, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        return f"{place}{self.message}" + (f"\n  {self.hint}" if self.hint else "")


def did_you_mean(word: str, known: list[str]) -> str:
    """A hint that names the nearest known word, or all of them."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1)
    return f'did you mean "{near[0]}"?' if near else "known are: " + ", ".join(sorted(known))


def os_fault(
    error: OSError, what: str, path: Path | str | None = None, hint: str = ""
) -> BookError:
    """What the system refused, as an error that names the file; a full disk with the way out."""
    place = Path(path or error.filename or ".")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        room = f"make room there: df -h {place.parent}"
        hint = f"{room}\n  {hint}" if hint else room
    return BookError(f"{what}: {error.strerror or error}", path=place, hint=hint)
