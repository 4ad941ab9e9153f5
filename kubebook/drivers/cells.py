"""Runs a Python snippet cell by cell in one process, as `python NAME.py` would run it whole.

Started by the engine as: python cells.py SPEC, where SPEC is a JSON file
{"file": "NAME.py", "cells": [{"line": 1, "source": "…", "exit": 0}], "folder": "where outputs go"}.
Each cell writes FOLDER/N.out and, but for the last, FOLDER/N.exit: status and seconds.
"""

import json
import os
import sys
import time
import traceback
import types
from pathlib import Path
from typing import Any


def main() -> None:
    spec = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.argv = [spec["file"]]
    sys.path[0] = str(Path.cwd())
    module = types.ModuleType("__main__")
    module.__file__ = spec["file"]
    sys.modules["__main__"] = module
    for number, cell in enumerate(spec["cells"]):
        redirect(Path(spec["folder"], f"{number}.out"))
        start = time.monotonic()
        status = run(cell, spec["file"], module)
        if status != cell["exit"] or number == len(spec["cells"]) - 1:
            sys.exit(status)
        flush()
        Path(spec["folder"], f"{number}.exit").write_text(f"{status} {time.monotonic() - start}")


def run(cell: dict[str, Any], file: str, module: types.ModuleType) -> int:
    source = "\n" * (cell["line"] - 1) + cell["source"]
    try:
        exec(compile(source, file, "exec", dont_inherit=True), module.__dict__)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 255
        print(end.code, file=sys.stderr)
        return 1
    except BaseException as error:
        below = error.__traceback__ and error.__traceback__.tb_next  # without this driver's frame
        traceback.print_exception(error.with_traceback(below))
        return 1
    return 0


def redirect(path: Path) -> None:
    flush()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)


def flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


main()
