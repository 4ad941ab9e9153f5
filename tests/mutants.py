"""`make mutants`: puts in each fault that a test says it catches, and sees that test fail.

A test names its fault as ``@pytest.mark.fault("kubebook/key.py", "old text", "new text")``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PATIENCE = 900  # seconds for the tests of one fault
MACHINES = ("live", "browser")  # markers of tests that need more than Python


@dataclass(frozen=True, order=True)
class Fault:
    """`old`, which stands once in `file`, replaced by `new`."""

    file: str
    old: str
    new: str

    def apply(self, root: Path) -> None:
        """Write the fault into the tree at `root`; ValueError if it is not there once."""
        text = (root / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1 or self.old == self.new:
            raise ValueError(f"{self.file}: {text.count(self.old)} times: {self.old!r}")
        (root / self.file).write_text(text.replace(self.old, self.new), encoding="utf-8")

    def __str__(self) -> str:
        return f"{self.file}: {self.old.strip()!r} -> {self.new.strip()!r}"


class Collector:
    """A pytest plugin that gathers the faults of all tests that were collected."""

    def __init__(self, with_machines: bool) -> None:
        self.with_machines = with_machines
        self.tests: dict[Fault, list[str]] = defaultdict(list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            if not self.with_machines and any(item.get_closest_marker(m) for m in MACHINES):
                continue
            for mark in item.iter_markers("fault"):
                self.tests[Fault(*mark.args)].append(item.nodeid)


def collect(paths: list[str], *, with_machines: bool) -> dict[Fault, list[str]]:
    """All faults with the ids of the tests that name them."""
    collector = Collector(with_machines)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        pytest.main(["--collect-only", "-q", *paths], plugins=[collector])
    return dict(sorted(collector.tests.items()))


def survives(fault: Fault, tests: list[str]) -> str:
    """Why a fault was not caught; empty if a test failed by it."""
    with tempfile.TemporaryDirectory(prefix="kubebook-mutant-") as folder:
        tree = _copy(Path(folder))
        try:
            fault.apply(tree)
            status, said = _test(tree, tests)
        except ValueError as error:
            return str(error)
        except subprocess.TimeoutExpired:
            return f"no end within {PATIENCE} s: name a fault that does not hang the test"
        return "" if status == 1 else f"status {status}\n{said}"


def fails_anyway(tests: list[str]) -> str:
    """What a test says that fails by itself, without a fault; empty if it passes."""
    with tempfile.TemporaryDirectory(prefix="kubebook-mutant-") as folder:
        status, said = _test(_copy(Path(folder)), tests)
        return f"status {status}\n{said}" if status else ""


def _test(tree: Path, tests: list[str]) -> tuple[int, str]:
    # The copy's modules come before the checkout's, which the environment has installed
    env = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command, cwd=tree, env=env, capture_output=True, text=True, timeout=PATIENCE
    )
    return done.returncode, done.stdout[-800:]


def _copy(folder: Path) -> Path:
    names = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, names):
        if (ROOT / name).is_symlink() or (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


def main() -> int:
    """Try every fault; 1 if one of them went unseen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", help="tests to take the faults of (all)")
    parser.add_argument("--all", action="store_true", help="those on clusters and in browsers too")
    parser.add_argument("--sound", action="store_true", help="see each test pass by itself, too")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    faults = collect(options.paths, with_machines=options.all)
    jobs = 1 if options.all else options.jobs
    missed = 0
    with ThreadPoolExecutor(jobs) as workers:
        if options.sound:
            alone = [list(tests) for tests in dict.fromkeys(map(tuple, faults.values()))]
            for tests, said in zip(alone, workers.map(fails_anyway, alone), strict=True):
                missed += bool(said)
                print(f"FAILS    {tests}\n{said}" if said else f"sound    {tests}", flush=True)
        verdicts = workers.map(survives, faults, faults.values())
        for fault, verdict in zip(faults, verdicts, strict=True):
            missed += bool(verdict)
            print(f"NOT SEEN {fault}\n{verdict}" if verdict else f"caught   {fault}", flush=True)
    print(f"{len(faults)} faults, {missed} {'to mend' if options.sound else 'not seen'}")
    return bool(missed) or not faults


if __name__ == "__main__":
    sys.exit(main())
