"""`make test`: all that this machine can run, and at the end what it did not run and why."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kubebook.engine import as_root, find_engine

ROOT = Path(__file__).parent.parent
BIN = Path(sys.prefix) / "bin"
SITE = ROOT / ".cache" / "site"


@dataclass(frozen=True)
class Step:
    """A part of the test: a command, and why it cannot run here (empty if it can).

    One that runs `beside` the clusters steps back for them, and its output comes in one piece.
    """

    name: str
    command: tuple[str, ...]
    missing: str = ""
    beside: bool = False


def lanes() -> list[list[Step]]:
    """What is to run, in two lanes side by side: what thinks, and what waits for clusters."""
    required = os.environ.get("KUBEBOOK_REQUIRE", "")
    engine = find_engine()
    no_engine = f"{engine.fault}; mend it: {engine.fix}" if engine.fault else ""
    no_engine *= "live" not in required
    no_browser = _no_browser(required)
    quick: tuple[str, ...] = ("pytest", "-q", "-n2", "--ignore=tests/live")
    quick += ("--ignore=tests/browser",) if no_browser else ()
    # Tests that wait go side by side; on clusters, those of a file follow each other
    live = ("pytest", "-q", "-n3", "--dist=loadfile", "tests/live")
    commands = {
        "style": ("ruff", "check"),
        "format": ("ruff", "format", "--check"),
        "types": ("mypy",),
        "snippets and recordings": ("kubebook", "list"),
        "snippets against their recordings": ("pytest", "-q", "snippets"),
        "tests without a cluster": quick,
        "site": ("mkdocs", "build", "--strict", "--site-dir", str(SITE)),
    }
    thinking = [Step(name, command, beside=True) for name, command in commands.items()]
    thinking += [Step("browser tests", (), no_browser)] if no_browser else []
    waiting = [
        Step("book on a cluster", ("kubebook", "check"), no_engine),
        Step("live tests", live, no_engine),
    ]
    return [thinking, waiting]


def main() -> int:
    """Run the lanes; 1 if any step failed."""
    with ThreadPoolExecutor() as pool:
        failed = list(chain.from_iterable(pool.map(_run, lanes())))
    for step in chain.from_iterable(lanes()):
        if step.missing:
            print(f"not run: {step.name}: {step.missing}")
    print("failed: " + ", ".join(failed) if failed else "all that ran passed")
    return bool(failed)


def _run(lane: list[Step]) -> list[str]:
    """The names of the steps that failed."""
    return [step.name for step in lane if not step.missing and not _passes(step)]


def _passes(step: Step) -> bool:
    start = time.monotonic()
    print(f"-- {step.name}: {' '.join(step.command)}", flush=True)
    # To Linux, all nodes together weigh no more than one process
    before = ["nice"] if step.beside else []
    command = [*before, str(BIN / step.command[0]), *step.command[1:]]
    out, err = (subprocess.PIPE, subprocess.STDOUT) if step.beside else (None, None)
    done = subprocess.run(command, cwd=ROOT, env=_env(), stdout=out, stderr=err, text=True)
    print(done.stdout or "", end="", flush=True)
    print(f"-- {step.name}: {time.monotonic() - start:.0f} s", flush=True)
    return not done.returncode


def _no_browser(required: str) -> str:
    if "browser" in required or Path("/usr/bin/chromium").exists():
        return ""
    return "no Chromium; mend it: " + as_root("apt-get install -y chromium fonts-noto-cjk")


def _env() -> dict[str, str]:
    return os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "NO_MKDOCS_2_WARNING": "1"}


if __name__ == "__main__":
    sys.exit(main())
