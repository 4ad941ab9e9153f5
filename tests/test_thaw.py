"""Groups that were left frozen, below a tree as cgroup v1 has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubebook import thaw as module
from kubebook.thaw import thaw


@pytest.mark.fault("kubebook/thaw.py", 'glob(f"**/*{container}*")', 'glob(f"**/*")')
@pytest.mark.fault("kubebook/thaw.py", 'state.write_text("THAWED")', "pass")
def test_only_what_is_below_the_container_is_thawed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = {}
    for name in ("docker/abc/kubelet.slice/pod", "system.slice/docker-def.scope/pod"):
        (tmp_path / name).mkdir(parents=True)
        states[name] = tmp_path / name / "freezer.state"
        states[name].write_text("FROZEN\n")
    monkeypatch.setattr(module, "FREEZER", tmp_path)
    assert thaw("def") == 1
    assert [path.read_text().strip() for path in states.values()] == ["FROZEN", "THAWED"]
    assert thaw("def") == 0
