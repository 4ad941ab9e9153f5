"""`make test`: all that this machine can run, and at the end what it did not run and why."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
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


def parts() -> list[list[Step]]:
    """What there is to run: parts in order, quick ones first; steps of a part go side by side."""
    required = os.environ.get("KUBEBOOK_REQUIRE", "")
    engine = find_engine()
    no_engine = f"{engine.fault}; mend it: {engine.fix}" if engine.fault else ""
    no_browser = _no_browser(required)
    tests = ("pytest", "-q", "-n4", "--ignore=tests/live", "--ignore=tests/browser")
    # A browser's processes, adopted by who runs snippets too, would count as left by a snippet
    browser = ("pytest", "-q", "-n2", "tests/browser")
    # Tests that wait go side by side; on clusters, those of a file follow each other
    live = ("pytest", "-q", "-n3", "--dist=loadfile", "tests/live")
    quick = [
        Step("tests without a cluster", tests),  # the longest begins first
        Step("browser tests", browser, no_browser),
        Step("style", ("ruff", "check")),
        Step("format", ("ruff", "format", "--check")),
        Step("types", ("mypy",)),
        Step("snippets and recordings", ("kubebook", "list")),
        Step("snippets against their recordings", ("pytest", "-q", "snippets")),
        Step("site", ("mkdocs", "build", "--strict", "--site-dir", str(SITE))),
    ]
    check = Step("book on a cluster", ("kubebook", "check"), no_engine * ("live" not in required))
    return [quick, [check], [Step("live tests", live, no_engine * ("live" not in required))]]


def main() -> int:
    """Run the steps; 1 if any failed."""
    failed, missed = [], []
    for part in parts():
        missed += [step for step in part if step.missing]
        ours = [step for step in part if not step.missing]
        with ThreadPoolExecutor(2) as lanes:  # a step's output comes whole, unless it is alone
            passed = [*lanes.map(partial(_passes, whole=len(ours) > 1), ours)]
        failed += [step.name for step, good in zip(ours, passed, strict=True) if not good]
    for step in missed:
        print(f"not run: {step.name}: {step.missing}")
    print("failed: " + ", ".join(failed) if failed else "all that ran passed")
    return bool(failed)


def _passes(step: Step, *, whole: bool) -> bool:
    start = time.monotonic()
    print(f"-- {step.name}: {' '.join(step.command)}", flush=True)
    command = [str(BIN / step.command[0]), *step.command[1:]]
    out, err = (subprocess.PIPE, subprocess.STDOUT) if whole else (None, None)
    done = subprocess.run(command, cwd=ROOT, env=_env(), stdout=out, stderr=err, text=True)
    print(f"{done.stdout or ''}-- {step.name}: {time.monotonic() - start:.0f} s", flush=True)
    return not done.returncode


def _no_browser(required: str) -> str:
    if "browser" in required or Path("/usr/bin/chromium").exists():
        return ""
    return "no Chromium; mend it: " + as_root("apt-get install -y chromium fonts-noto-cjk")


def _env() -> dict[str, str]:
    return os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "NO_MKDOCS_2_WARNING": "1"}


if __name__ == "__main__":
    sys.exit(main())
