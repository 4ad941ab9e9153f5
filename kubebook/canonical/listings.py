"""Tables that Linux tools print with single spaces: ps, df, free."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kubebook.canonical.tables import Row, Sheet

# procps and busybox ps, GNU and busybox df, procps free. The last column takes the rest.
HEADER = re.compile(
    r"(?:USER|UID|PID)\s.*\b(?:COMMAND|CMD)|Filesystem\s.*\sMounted on|\s+total\s+used\s+free\s.*"
)
MEASURED = {
    *("%CPU", "%MEM", "VSZ", "RSS", "START", "STIME", "TIME", "C", "TTY"),
    *("Used", "Avail", "Available", "Use%", "used", "free", "shared", "buff/cache", "available"),
}
PIDS = frozenset({"PID", "PPID"})
TELLING = frozenset({"PID", "Use%", "buff/cache"})  # a column that only these tools print


def take_listing(lines: Sequence[str], start: int) -> tuple[Sheet, int] | None:
    """The listing that begins at line index `start`, and the index after it; else None."""
    if not HEADER.fullmatch(lines[start].rstrip()):
        return None
    columns = tuple(lines[start].replace("Mounted on", "Mounted_on").split())
    if lines[start][0] == " " and columns[0] == "total":
        columns = ("name", *columns)
    rows: list[Row] = []
    end = start + 1
    while end < len(lines) and lines[end].strip():
        cells = lines[end].split(None, len(columns) - 1)
        rows.append(Row(end + 1, (*cells, *[""] * (len(columns) - len(cells)))))
        end += 1
    return Sheet(start + 1, columns, tuple(rows)), end
