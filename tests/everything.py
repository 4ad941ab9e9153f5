"""`make test`: all that this machine can run, and at the end what it did not run and why."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from kubebook.engine import as_root, find_engine

ROOT = Path(__file__).parent.parent
BIN = Path(sys.prefix) / "bin"
SITE = ROOT / ".cache" / "site"


@dataclass(frozen=True)
class Step:
    """A part of the test: a command, and why it cannot run here (empty if it can)."""

    name: str
    command: tuple[str, ...]
    missing: str = ""


def steps() -> list[Step]:
    """What there is to run, in order: what is quick comes first."""
    required = os.environ.get("KUBEBOOK_REQUIRE", "")
    engine = find_engine()
    no_engine = f"{engine.fault}; mend it: {engine.fix}" if engine.fault else ""
    no_browser = _no_browser(required)
    quick = ("pytest", "-q", "-n4", "--ignore=tests/live")
    quick += ("--ignore=tests/browser",) if no_browser else ()
    # Tests that wait go side by side; on clusters, those of a file follow each other
    live = ("pytest", "-q", "-n3", "--dist=loadfile", "tests/live")
    return [
        Step("style", ("ruff", "check")),
        Step("format", ("ruff", "format", "--check")),
        Step("types", ("mypy",)),
        Step("snippets and recordings", ("kubebook", "list")),
        Step("snippets against their recordings", ("pytest", "-q", "snippets")),
        Step("tests without a cluster", quick),
        *([Step("browser tests", (), no_browser)] if no_browser else []),
        Step("site", ("mkdocs", "build", "--strict", "--site-dir", str(SITE))),
        Step("book on a cluster", ("kubebook", "check"), no_engine * ("live" not in required)),
        Step("live tests", live, no_engine * ("live" not in required)),
    ]


def main() -> int:
    """Run the steps; 1 if any failed."""
    failed, missed = [], []
    for step in steps():
        if step.missing:
            missed.append(step)
            continue
        start = time.monotonic()
        print(f"-- {step.name}: {' '.join(step.command)}", flush=True)
        done = subprocess.run([BIN / step.command[0], *step.command[1:]], cwd=ROOT, env=_env())
        print(f"-- {step.name}: {time.monotonic() - start:.0f} s", flush=True)
        failed += [step.name] if done.returncode else []
    for step in missed:
        print(f"not run: {step.name}: {step.missing}")
    print("failed: " + ", ".join(failed) if failed else "all that ran passed")
    return bool(failed)


def _no_browser(required: str) -> str:
    if "browser" in required or Path("/usr/bin/chromium").exists():
        return ""
    return "no Chromium; mend it: " + as_root("apt-get install -y chromium fonts-noto-cjk")


def _env() -> dict[str, str]:
    return os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "NO_MKDOCS_2_WARNING": "1"}


if __name__ == "__main__":
    sys.exit(main())
