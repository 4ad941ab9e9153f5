"""pre-commit and CI check the same, with the same programs, without a download."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / ".pre-commit-config.yaml"
PRE_COMMIT = Path(sys.prefix) / "bin/pre-commit"


def hooks() -> list[dict[str, object]]:
    repositories = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["repos"]
    return [hook for repository in repositories for hook in repository["hooks"]]


def recipe(target: str) -> list[str]:
    """The commands of a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    lines = re.search(rf"^{target}: .*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert lines, target
    return [
        line.removeprefix("\t@").replace("$(BIN)", ".venv/bin") for line in lines[1].splitlines()
    ]


@pytest.mark.fault(".pre-commit-config.yaml", "ruff format --check", "ruff format")
@pytest.mark.fault(".pre-commit-config.yaml", "build --strict", "build")
@pytest.mark.fault("Makefile", "\t@$(BIN)/mypy\n", "")
@pytest.mark.fault(".github/workflows/ci.yml", "run: make lint", "run: .venv/bin/ruff check")
@pytest.mark.fault(".github/workflows/ci.yml", "run: make site", "run: make site offline")
@pytest.mark.fault(".github/workflows/ci.yml", "run: .venv/bin/pytest snippets\n", "run: make\n")
def test_commits_are_checked_by_the_commands_of_ci_but_for_its_tests() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]
    packages, *checks, tests = [step for step in jobs["test"]["steps"] if "run" in step]
    assert (packages["name"], tests["name"]) == ("Packages", "Tests")
    found: list[str] = []
    for check in checks:
        program, *words = check["run"].split()
        found += recipe(" ".join(words)) if program == "make" else [check["run"]]
    assert [hook["entry"] for hook in hooks()] == found


@pytest.mark.fault(
    ".pre-commit-config.yaml", "  - repo: local", "  - repo: https://else.test/hooks"
)
def test_nothing_is_downloaded() -> None:
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    assert {repository["repo"] for repository in config["repos"]} == {"local"}
    assert {hook["language"] for hook in hooks()} == {"system"}
    wanted = (ROOT / "requirements.in").read_text(encoding="utf-8")
    assert re.search(r"^pre-commit\b", wanted, re.MULTILINE)


@pytest.mark.fault(
    ".pre-commit-config.yaml",
    "entry: .venv/bin/mypy\n",
    "entry: .venv/bin/mypy\n        files: ^kubebook/\n",
)
def test_a_commit_runs_every_check(tmp_path: Path) -> None:
    """In a repository whose programs only say what they were called with."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.test", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    shutil.copy(CONFIG, tmp_path)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for name in {str(hook["entry"]).split()[0] for hook in hooks()}:
        (tmp_path / name).write_text('#!/bin/sh\necho "$0 $*" >> calls\n')
        (tmp_path / name).chmod(0o755)
    env = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "home"), "https_proxy": "http://[::1]:9"}
    subprocess.run([PRE_COMMIT, "install"], cwd=tmp_path, env=env, check=True, capture_output=True)
    subprocess.run([*git, "add", CONFIG.name], check=True)
    done = subprocess.run([*git, "commit", "-m", "x"], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    calls = [call.strip() for call in (tmp_path / "calls").read_text().splitlines()]
    assert sorted(calls) == sorted(str(hook["entry"]) for hook in hooks())
