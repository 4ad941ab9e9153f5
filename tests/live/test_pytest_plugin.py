"""`pytest --kubebook-live -n 2` on real clusters: two chains, two workers, one pool."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mini import MiniBook

from live.command import Kubebook

pytestmark = pytest.mark.live

SNIPPET = (
    "# /// kubebook\n# needs = {needs}\n# expect = {{ contains = ['{word}'] }}\n# ///\n{code}\n"
)


@pytest.fixture
def author(mini: MiniBook) -> Iterator[Kubebook]:
    toml = mini.root / "kubebook.toml"
    images = Path(__file__).parents[2] / "cluster"
    mini.write("kubebook.toml", f'images = "{images}"\n{toml.read_text()}')
    command = Kubebook(mini.root, mini.write("home/.kube/config", "not yours\n"))
    yield command
    command("cluster", "down")


def live(author: Kubebook) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-v", "snippets", "--kubebook-live", "-n", "2"]
    return subprocess.run(
        command, cwd=author.root, env=author.environment(), capture_output=True, text=True
    )


@pytest.mark.fault("kubebook/pytest_plugin.py", 'not in ("load", "loadgroup")', 'not in ("each",)')
def test_two_chains_on_two_workers(author: Kubebook, mini: MiniBook) -> None:
    """Neither sees the other's objects, each runs once, what was lent is clean again."""
    for chain in ("left", "right"):
        make = f"kubectl create configmap {chain}; echo {chain} >> {mini.root}/ran"
        show = f"echo {chain}; kubectl get configmaps --no-headers -o name"
        mini.write(f"snippets/one/{chain}.sh", SNIPPET.format(needs=[], word="created", code=make))
        for name, needed in ((f"then-{chain}", chain), (f"show-{chain}", f"then-{chain}")):
            text = SNIPPET.format(needs=[f"one/{needed}"], word=chain, code=show)
            mini.write(f"snippets/one/{name}.sh", text)
    author("run", "--pool", "1")
    (mini.root / "ran").unlink()
    text = (mini.root / "snippets/one/show-left.sh").read_text()
    mini.write("snippets/one/show-left.sh", text + "kubectl get configmaps -o name | wc -l\n")
    done = live(author)
    assert "1 failed, 5 passed" in done.stdout, done.stdout
    assert sorted((mini.root / "ran").read_text().split()) == ["left", "right"]
    assert "FAILED snippets/one/show-left.sh::one/show-left" in done.stdout
    assert "Traceback" not in done.stdout
    assert '"used"' not in author("cluster", "status", "--json").stdout
    assert (mini.root / "home/.kube/config").read_text() == "not yours\n"
