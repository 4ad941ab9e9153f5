"""Creating a cluster with a stand-in for kind that hangs."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from mini import MiniBook

from kubebook import cluster
from kubebook.book import Book
from kubebook.errors import BookError
from kubebook.nodeimage import NodeImage

IMAGE = NodeImage("node", "packages", "v1.37.2", "sha256:0")


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kind that writes its process to this file, and then takes its time."""
    begun, program = tmp_path / "begun", tmp_path / "kind"
    program.write_text(f"#!/bin/sh\necho $$ > {begun}.new\nmv {begun}.new {begun}\nexec sleep 30\n")
    program.chmod(0o755)
    monkeypatch.setattr(cluster, "build_programs", lambda *_: tmp_path)
    monkeypatch.setattr(cluster, "require_engine", lambda: SimpleNamespace(client="docker"))
    return begun


@pytest.mark.fault("kubebook/cluster.py", '"setpriv", "--pdeathsig", "KILL", str', "str")
def test_kind_does_not_outlive_a_kubebook_that_is_killed(mini: MiniBook, begun: Path) -> None:
    """It would remove the cluster that the next run makes under the same name."""
    book = mini.book
    if not (child := os.fork()):
        create(book, mini.root)
    wait_for(begun)
    kind = psutil.Process(int(begun.read_text()))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    deadline = time.monotonic() + 10
    while kind.is_running() and kind.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.fault("kubebook/cluster.py", "env=env, timeout=limit", "env=env")
def test_a_kind_that_hangs_is_ended(
    mini: MiniBook, begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "KIND_TIMEOUT", 1)
    start = time.monotonic()
    with pytest.raises(BookError, match="kind create did not end within 1 s"):
        create(mini.book, mini.root)
    assert time.monotonic() - start < 20


def create(book: Book, folder: Path) -> None:
    cluster._create_with_kind(book, book.default_profile, "c", folder / "kubeconfig", IMAGE)


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
