"""Syntax check of shell code by bash itself."""

from __future__ import annotations

import os
import re
import subprocess
from functools import lru_cache


@lru_cache(maxsize=4096)
def shell_fault(source: str) -> tuple[int, str]:
    """Line and message of the first thing bash complains of; (0, "") when it is well formed.

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
        return 0, ""
    found = re.search(r"line (\d+): (.*)", complaint)
    return (int(found[1]), found[2]) if found else (1, complaint)
