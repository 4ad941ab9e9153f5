"""Nodes that cannot be killed: cgroup v1 holds a process that died while its group was frozen.

runc freezes a group while it sets the group's limits. A node that is killed at that moment
leaves the group frozen, and what is in there cannot even be killed; see the kernel's
freezer-subsystem.rst.
"""

from __future__ import annotations

from pathlib import Path

FREEZER = Path("/sys/fs/cgroup/freezer")


def thaw(container: str) -> int:
    """Thaw the frozen groups below a container's own; how many there were.

    Args:
        container: the whole id, which names its group.

    Raises:
        PermissionError: only root may.
    """
    states = [
        state
        for group in FREEZER.glob(f"**/*{container}*")
        for state in group.rglob("freezer.state")
        if state.read_text().strip() != "THAWED"
    ]
    for state in states:
        state.write_text("THAWED")
    return len(states)
