"""Runs a Python snippet cell by cell in one process, as `python NAME.py` would run it whole.

Started by the engine as: python cells.py SPEC, where SPEC is a marshal file of
{"file": "NAME.py", "cells": [{"line": 1, "source": "…"}], "folder": "where outputs go",
"limits": {"NOFILE": 4096}}. It begins when it has read a line: then it is in its cgroup.
Each cell writes FOLDER/N.out and, but for the last, FOLDER/N.exit: status and seconds. If there is
a FOLDER/N.ask, the cell has to settle: after each read the engine answers there.
"""

import __future__

import marshal
import os
import resource
import sys
import time
import types

# Every Python snippet waits for these imports: none that is slow (json, pathlib, traceback)
FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        spec = marshal.load(file)
    wait()
    limit(spec["limits"])
    sys.argv = [spec["file"]]
    sys.path[0] = os.getcwd()
    module = types.ModuleType("__main__")
    module.__file__ = spec["file"]
    sys.modules["__main__"] = module
    last = len(spec["cells"]) - 1
    flags = 0
    for number, cell in enumerate(spec["cells"]):
        place = os.path.join(spec["folder"], str(number))
        redirect(f"{place}.out")
        start = time.monotonic()
        source = "\n" * (cell["line"] - 1) + cell["source"]
        code = compile(source, spec["file"], "exec", flags, dont_inherit=True)
        flags |= code.co_flags & FUTURE
        status = run(code, module)
        while os.path.exists(f"{place}.ask") and not settled(place, status, start):
            status = run(code, module)
        if status is not None or number == last:
            sys.exit(status or 0)
        end(place, status, start)


def wait() -> None:
    if not os.read(0, 1):
        sys.exit("the engine is gone")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def limit(limits: dict[str, int]) -> None:
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
        sys.excepthook(type(error), error.with_traceback(below), below)
        return 1
    return None


def settled(place: str, status: int | None, start: float) -> bool:
    """Hand a read to the engine; False if it wants another one, whose output begins anew."""
    end(place, status, start)
    with open(f"{place}.ask", encoding="utf-8") as ask:
        if ask.read() != "again\n":
            return True
    os.truncate(f"{place}.out", 0)
    return False


def end(place: str, status: int | None, start: float) -> None:
    flush()
    with open(f"{place}.exit", "w", encoding="utf-8") as file:
        file.write(f"{status or 0} {time.monotonic() - start}")


def redirect(path: str) -> None:
    flush()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)


def flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


main()
