"""Repositories for tests: git with an author of their own, at any time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SETTINGS = {
    "init.defaultBranch": "main",
    "user.name": "A",
    "user.email": "a@example.org",
    "commit.gpgSign": "false",
}


def git(folder: Path, *words: str, at: str = "") -> str:
    """What a command in `folder` prints; commits bear the time `at` (ISO 8601, now if empty)."""
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    env = os.environ | ({"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {})
    command = ["git", "-C", str(folder), *settings, *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, at: str = "") -> None:
    """Everything in `folder`, which becomes a repository if it is none yet."""
    git(folder, "init", "--quiet")
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "x", at=at)
