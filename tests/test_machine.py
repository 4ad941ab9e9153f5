"""What is broken about a machine, with answers of an engine that nobody has to run."""

from __future__ import annotations

import resource
from pathlib import Path
from types import SimpleNamespace

import pytest

from kubebook import machine
from kubebook.errors import BookError
from kubebook.machine import disk_faults, kernel_faults, machine_trouble


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """An engine whose data lie in tmp_path, on a disk with as many free bytes as `free` says."""
    disk = SimpleNamespace(free=2**40)
    monkeypatch.setattr(machine, "docker", lambda *_: str(tmp_path))
    monkeypatch.setattr(machine.psutil, "disk_usage", lambda _: disk)
    return disk


@pytest.mark.fault("kubebook/machine.py", ".free) < ROOM", ".free) < 0")
def test_a_full_disk(room: SimpleNamespace, tmp_path: Path) -> None:
    assert list(disk_faults()) == []
    room.free = 3 << 20
    (fault,) = disk_faults()
    assert fault.message == f"Docker's disk is full: 3 MiB are free in {tmp_path}"
    assert "docker system df" in fault.hint


@pytest.mark.fault("kubebook/machine.py", "== errno.EMFILE", "== errno.ENFILE")
def test_no_inotify_instance_left() -> None:
    """The kernel says the same of a process that may open no more files."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        faults = list(kernel_faults())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert [fault.message.split()[0] for fault in faults] == ["fs.inotify.max_user_instances"]
    assert "sysctl -w fs.inotify.max_user_instances=" in faults[0].hint


@pytest.mark.fault("kubebook/machine.py", "except BookError as error:", "except OSError as error:")
def test_no_answer_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: str) -> str:
        raise BookError("docker info did not end within 120 s")

    monkeypatch.setattr(machine, "find_engine", lambda: SimpleNamespace(fault=""))
    machine.find_engine.cache_clear = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(machine, "docker", silent)
    found = machine_trouble()
    assert found
    assert "did not end" in found.message
