"""Fixtures of all tests: a small book in a temporary folder, and what this machine can run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from mini import MiniBook

from kubebook.engine import find_engine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Live tests need an engine: without one they are skipped by name, or fail if required."""
    live = [item for item in items if item.get_closest_marker("live")]
    if not live or not (fault := find_engine().fault):
        return
    if "live" in os.environ.get("KUBEBOOK_REQUIRE", ""):
        pytest.exit(f"live tests are required, but {fault}: {find_engine().fix}", returncode=2)
    for item in live:
        # The one skip of the suite: no engine, no cluster. CI sets KUBEBOOK_REQUIRE=live.
        item.add_marker(pytest.mark.skip(reason=f"{fault}; mend it: {find_engine().fix}"))


@pytest.fixture
def mini(tmp_path: Path) -> MiniBook:
    return MiniBook(tmp_path / "book")
