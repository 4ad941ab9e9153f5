"""Runs a Python snippet cell by cell in one process, as `python NAME.py` would run it whole.

Started by the engine as: python cells.py SPEC, where SPEC is a JSON file
{"file": "NAME.py", "cells": [{"line": 1, "source": "…"}], "folder": "where outputs go",
"doors": ["…/cgroup.procs"], "limits": {"NOFILE": 4096}}.
Each cell writes FOLDER/N.out and, but for the last, FOLDER/N.exit: status and seconds. If there is
a FOLDER/N.ask, the cell has to settle: after each read the engine answers there.
"""

import __future__

import json
import os
import resource
import sys
import time
import traceback
import types
from pathlib import Path

FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


def main() -> None:
    spec = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    limit(spec["doors"], spec["limits"])
    sys.argv = [spec["file"]]
    sys.path[0] = str(Path.cwd())
    module = types.ModuleType("__main__")
    module.__file__ = spec["file"]
    sys.modules["__main__"] = module
    last = len(spec["cells"]) - 1
    flags = 0
    for number, cell in enumerate(spec["cells"]):
        place = Path(spec["folder"], str(number))
        redirect(place.with_suffix(".out"))
        start = time.monotonic()
        source = "\n" * (cell["line"] - 1) + cell["source"]
        code = compile(source, spec["file"], "exec", flags, dont_inherit=True)
        flags |= code.co_flags & FUTURE
        status = run(code, module)
        while place.with_suffix(".ask").exists() and not settled(place, status, start):
            status = run(code, module)
        if status is not None or number == last:
            sys.exit(status or 0)
        end(place, status, start)


def limit(doors: list[str], limits: dict[str, int]) -> None:
    for door in doors:
        Path(door).write_text("0")
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def run(code: types.CodeType, module: types.ModuleType) -> int | None:
    """The exit status if the code ends the process, None if it goes on."""
    try:
        exec(code, module.__dict__)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 255
        print(end.code, file=sys.stderr)
        return 1
    except BaseException as error:
        below = error.__traceback__ and error.__traceback__.tb_next  # without this driver's frame
        traceback.print_exception(error.with_traceback(below))
        return 1
    return None


def settled(place: Path, status: int | None, start: float) -> bool:
    """Hand a read to the engine; False if it wants another one, whose output begins anew."""
    end(place, status, start)
    if place.with_suffix(".ask").read_text() != "again\n":
        return True
    os.truncate(place.with_suffix(".out"), 0)
    return False


def end(place: Path, status: int | None, start: float) -> None:
    flush()
    place.with_suffix(".exit").write_text(f"{status or 0} {time.monotonic() - start}")


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
