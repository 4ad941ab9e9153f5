"""Fixtures of all tests: a small book in a temporary folder, and what this machine can run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from mini import MiniBook
from published import build, shared

from kubebook.engine import as_root, find_engine

# No test is timed: other work on the machine is no fault of what is tested
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What this machine cannot run is skipped by name, or fails where it is required."""
    _need(items, "live", find_engine().fault, find_engine().fix)
    no_dot = "" if shutil.which("dot") else "diagrams are drawn by graphviz"
    _need(items, "graphviz", no_dot, as_root("apt-get install -y graphviz"))
    rights = "engines of a test's own need root's rights" if os.geteuid() else ""
    _need(items, "root", rights, "sudo -E .venv/bin/pytest -m root")


def _need(items: list[pytest.Item], mark: str, fault: str, fix: str) -> None:
    marked = [item for item in items if item.get_closest_marker(mark)]
    if not marked or not fault:
        return
    if mark in os.environ.get("KUBEBOOK_REQUIRE", "").split(","):
        pytest.exit(f"{mark} tests are required, but {fault}: {fix}", returncode=2)
    for item in marked:
        # The skips of the suite: no engine, no graphviz. CI sets KUBEBOOK_REQUIRE.
        item.add_marker(pytest.mark.skip(reason=f"{fault}; mend it: {fix}"))


@pytest.fixture
def mini(tmp_path: Path) -> MiniBook:
    return MiniBook(tmp_path / "book")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the whole book's site."""
    return build(shared(tmp_path_factory.getbasetemp()) / "www")
