"""Syntax check of shell code by bash itself."""

from __future__ import annotations

import os
import re
import subprocess


def shell_fault(source: str) -> str:
    """The first thing bash complains of, as "LINE: MESSAGE"; "" when it is well formed.

    bash only warns, with status 0, of a here-document that never ends: that counts too.
    """
    done = subprocess.run(
        ["bash", "-n"],
        input=source,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)},
        check=False,
    )
    if not (complaint := done.stderr.strip()):
        return ""
    found = re.search(r"line (\d+: .*)", complaint)
    return found[1] if found else f"1: {complaint}"
