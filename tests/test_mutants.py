"""The faults that tests name: each can still be put in, and one that is put in is seen."""

from __future__ import annotations

import subprocess
import sys

from mutants import ROOT, Fault, survives


def test_every_fault_has_its_place() -> None:
    """Collected in a process of its own: pytest cannot run in itself."""
    code = "import mutants; [print(f.file, (mutants.ROOT / f.file).read_text().count(f.old), f) "
    code += "for f in mutants.collect(['tests'], with_machines=True)]"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": "tests", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if " -> " in line]
    assert lines
    assert [line for line in lines if line.split()[1] != "1"] == []


def test_a_fault_that_no_test_sees_is_told() -> None:
    fault = Fault("kubebook/__init__.py", '"""', "'''")
    assert "2 times" in survives(fault, ["tests/test_errors.py"])
