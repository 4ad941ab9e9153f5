"""What GitHub reads beside workflows: who reviews what, and what is kept up to date."""

from __future__ import annotations

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
OWNER = re.compile(r"@[\w-]+(?:/[\w.-]+)?|[\w.+-]+@[\w.-]+")
MANIFESTS = {  # the file that each ecosystem of Dependabot reads
    "devcontainers": ".devcontainer/devcontainer.json",
    "github-actions": ".github/workflows/*.yml",
    "gomod": "**/go.mod",
    "npm": "**/package.json",
    "pip": "**/requirements.in",
}
HOME = {"devcontainers": "/", "github-actions": "/"}  # folders in which it looks by itself


def tracked(pattern: str) -> list[str]:
    command = ["git", "ls-files", "-co", "--exclude-standard", f":(glob){pattern}"]
    return subprocess.check_output(command, cwd=ROOT, text=True).splitlines()


@pytest.mark.fault(".github/CODEOWNERS", "/docs/en/\n/docs/theme", "/doc/en/\n/docs/theme")
def test_reviewers_are_asked_for_what_exists() -> None:
    lines = (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8").splitlines()
    owned = [line.split() for line in lines if line and not line.startswith("#")]
    assert {"/docs/ko/", "/docs/en/"} <= {pattern for pattern, *_ in owned}
    for pattern, *owners in owned:
        path = ROOT / pattern.strip("/")
        assert pattern == "*" or (path.is_dir() if pattern.endswith("/") else path.is_file())
        assert [owner for owner in owners if not OWNER.fullmatch(owner)] == []


@pytest.mark.fault(".github/dependabot.yml", "directories: [/, /bench]", "directories: [/]")
@pytest.mark.fault(
    ".github/dependabot.yml", "package-ecosystem: devcontainers", "package-ecosystem: docker"
)
def test_all_that_is_pinned_is_kept_up_to_date() -> None:
    entries = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    watched = [
        (entry["package-ecosystem"], folder)
        for entry in entries
        for folder in entry.get("directories", [entry.get("directory")])
    ]
    pinned = {
        (kind, HOME.get(kind) or f"/{Path(name).parent}".rstrip("."))
        for kind, pattern in MANIFESTS.items()
        for name in tracked(pattern)
    }
    unseen = {one for one in pinned if not any(fits(one, pattern) for pattern in watched)}
    useless = [pattern for pattern in watched if not any(fits(one, pattern) for one in pinned)]
    assert (unseen, useless) == (set(), [])


def fits(one: tuple[str, str], pattern: tuple[str, str]) -> bool:
    return one[0] == pattern[0] and fnmatch(one[1], pattern[1])
