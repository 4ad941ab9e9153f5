"""A book that `kubebook init` made, run, checked and built; in it the ways to wait."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubebook.book import load_book
from kubebook.recording import read_recording
from live.command import Kubebook

pytestmark = pytest.mark.live

DEPLOY = """\
# /// kubebook
# needs = ["start/hello"]
# ///

# %% rollout
# /// kubebook
# expect = { contains = ["condition met", "successfully rolled out"] }
# unordered = true
# ///
kubectl create deployment web --image=registry.k8s.io/e2e-test-images/agnhost:2.66.1 -- \\
  /agnhost netexec --http-port=8080
kubectl wait --for=condition=Available deployment/web --timeout=100s
kubectl rollout status deployment/web

# %% scale
# /// kubebook
# expect = { contains = ["scaled"] }
# ///
kubectl scale deployment web --replicas=3

# %% rest
# /// kubebook
# settle = 3
# expect = { matches = ['^web +3/3 '] }
# ///
kubectl get deployment web
"""
WATCH = """\
# /// kubebook
# needs = ["start/deploy"]
# expect = { matches = ['^3 running$'] }
# ///
from kubernetes import client, config

from kubebook.waiting import until

config.load_kube_config()


def running(pods):
    return len(pods) == 3 and all(pod.status.phase == "Running" for pod in pods)


core = client.CoreV1Api()
for pod in core.list_namespaced_pod("default", label_selector="app=web").items[:2]:
    core.delete_namespaced_pod(pod.metadata.name, "default", grace_period_seconds=0)
found = until(running, core.list_namespaced_pod, "default", label_selector="app=web", timeout=60)
print(len(found), "running")
"""


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Kubebook]:
    trap = tmp_path / "home/.kube/config"
    trap.parent.mkdir(parents=True)
    trap.write_text("not yours\n")
    Kubebook(tmp_path, trap)("init", "my-book")
    command = Kubebook(tmp_path / "my-book", trap)
    yield command
    command("cluster", "down")


@pytest.mark.fault(
    "kubebook/drivers/cells.bash", '  : >|"$__kubebook_folder/$__kubebook_cell.out"\n', ""
)
def test_a_new_book_is_run_checked_and_built(book: Kubebook) -> None:
    for name, text in {"deploy.sh": DEPLOY, "watch.py": WATCH}.items():
        (book.root / "snippets/start" / name).write_text(text)
        for page in book.root.glob("docs/*/index.md"):
            call = f'{{{{ run("start/{name.partition(".")[0]}") }}}}'
            page.write_text(f"{page.read_text()}\n{call}\n")
    stamp = [sys.executable, "-m", "kubebook.parity", "stamp", "docs"]
    subprocess.run(stamp, cwd=book.root, check=True)
    assert "3 snippets run, everything is recorded" in book("run").stdout
    recording = read_recording(load_book(book.root).recordings, "start/deploy")
    assert recording
    assert "web    3/3" in recording.cell("rest").output
    assert recording.cell("rest").output.count("READY") == 1
    assert "no drift" in book("check").stdout
    assert "nothing to run" in book("run").stdout
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    built = subprocess.run(command, cwd=book.root, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
