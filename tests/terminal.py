"""Programs on a pseudo-terminal, as a user at a keyboard has them."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

BIN = Path(sys.prefix) / "bin"
COLUMNS = 80


def on_terminal(*command: str, cwd: Path, **env: str) -> tuple[int, str]:
    """Exit status and all that a program writes to a terminal of 24 lines and 80 columns."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, COLUMNS))
    process = subprocess.Popen(
        command, cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True,
        env=environment(**env),
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while more := os.read(ours, 65536):
            said += more
    except OSError:  # Linux says so when the last program closed its end
        pass
    finally:
        os.close(ours)
    return process.wait(timeout=60), said.decode()


def elsewhere(*command: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """The same without a terminal."""
    return subprocess.run(
        command, cwd=cwd, env=environment(**env), capture_output=True, text=True, timeout=60
    )


def environment(**env: str) -> dict[str, str]:
    """This one, with a usual terminal and no wish about colours."""
    wishes = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    own = {name: value for name, value in os.environ.items() if name not in wishes}
    return own | {"TERM": "xterm-256color", "PATH": f"{BIN}:{os.environ['PATH']}"} | env
