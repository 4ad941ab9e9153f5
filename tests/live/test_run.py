"""From nothing to drift and back on real clusters, as an author would go."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from mini import MiniBook

from live.command import Kubebook, open_kubebook

pytestmark = pytest.mark.live

DEPLOY = """\
# %% make
# /// kubebook
# expect = { contains = ["created"] }
# ///
kubectl create deployment web --image=registry.k8s.io/e2e-test-images/agnhost:2.66.1 --replicas=2
kubectl wait --for=condition=Available deployment/web --timeout=100s

# %% show
# /// kubebook
# expect = { contains = ["web"] }
# ///
kubectl get deployment web
kubectl get pods -o wide
"""


@pytest.fixture
def author(mini: MiniBook) -> Iterator[Kubebook]:
    toml = mini.root / "kubebook.toml"
    images = Path(__file__).parents[2] / "cluster"
    mini.write("kubebook.toml", f'images = "{images}"\n{toml.read_text()}')
    mini.write("snippets/one/deploy.sh", DEPLOY)
    with open_kubebook(mini.root, proxies=True) as command:
        yield command


@pytest.mark.fault("kubebook/runs.py", "keep=True", "keep=False")
def test_an_authors_way(author: Kubebook, mini: MiniBook) -> None:
    """Record, lose, bring back, drift, mend: every step on a cluster made anew."""
    out = mini.root / "recordings/one/deploy.out"
    done = author("run")
    assert "recorded one/deploy" in done.stderr, done
    assert "v1.37" in (out.with_suffix(".json")).read_text()
    out.unlink()
    assert "recorded one/deploy" in author("run").stderr
    mini.write("snippets/one/deploy.sh", DEPLOY.replace("--replicas=2", "--replicas=3"))
    drifted = author("check", status=1)
    assert "READY" in drifted.stderr, drifted
    assert "2/2" in drifted.stderr
    assert "3/3" in drifted.stderr
    mini.write("snippets/one/deploy.sh", DEPLOY)
    assert "no drift" in author("check").stdout
    assert sorted(p.name for p in (mini.root / "home/.kube").iterdir()) == ["config", "kuberc"]


@pytest.mark.fault("kubebook/pool.py", '            self._set_state(lease, "used")\n', "")
def test_ctrl_c_leaves_a_cluster_that_is_known_to_be_used(author: Kubebook, mini: MiniBook) -> None:
    mini.write("snippets/one/deploy.sh", DEPLOY + "\nkubectl get pods --watch\n")
    process = author.start("run")
    wait_for(lambda: '"state": "used"' in states(mini))
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert not (mini.root / "recordings").exists()
    assert '"clean"' not in author("cluster", "status", "--json").stdout


def states(mini: MiniBook) -> str:
    return "".join(path.read_text() for path in mini.root.glob(".kubebook/clusters/*.json"))


def wait_for(condition: object, timeout: float = 600) -> None:
    deadline = time.monotonic() + timeout
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.1)
