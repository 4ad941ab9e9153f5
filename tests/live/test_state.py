"""`kubebook shell --at`: a reader in the state before an output, while others do other things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mini import SETTINGS, MiniBook

from live.command import Kubebook
from live.tmux import Terminal

pytestmark = pytest.mark.live
IMAGES = Path(__file__).parents[2] / "cluster"
FIRST = """\
# /// kubebook
# files = ["made.yaml"]
# expect = { contains = ["created"] }
# ///
kubectl apply -f made.yaml
"""
CELLS = """\
# /// kubebook
# needs = ["one/first"]
# ///

# %% name
# /// kubebook
# expect = { contains = ["made"] }
# ///
name=$(kubectl get configmap made -o name)
echo "$name"

# %% change
# /// kubebook
# expect = { contains = ["labeled"] }
# ///
kubectl label "$name" seen=yes

# %% look
# /// kubebook
# expect = { contains = ["seen=yes"] }
# ///
kubectl get "$name" --show-labels
"""
MADE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\n"


@pytest.fixture
def reader(mini: MiniBook) -> Iterator[Kubebook]:
    mini.write("kubebook.toml", f'images = "{IMAGES}"\n{SETTINGS}')
    mini.write("snippets/one/made.yaml", MADE)
    mini.write("snippets/one/first.sh", FIRST)
    mini.write("snippets/one/cells.sh", CELLS)
    command = Kubebook(mini.root, mini.write("home/.kube/config", "not yours\n"))
    yield command
    command("cluster", "down")


@pytest.mark.fault(
    "kubebook/state.py", "snippet.cells.index(cell)]", "snippet.cells.index(cell) + 1]"
)
@pytest.mark.fault("kubebook/state.py", "for earlier in before:", "for earlier in ():")
@pytest.mark.fault("kubebook/state.py", "history -s --", "true")
@pytest.mark.fault("kubebook/state.py", 'kind="shell"', 'kind="run"')
def test_a_reader_in_the_state_before_an_output(reader: Kubebook, mini: MiniBook) -> None:
    """The variables and objects of earlier cells are there, those of later ones are not."""
    screen = Terminal(reader, "kubebook shell --at one/cells#change", "(mini at one/cells#change)")
    try:
        assert "The next command: arrow up" in "\n".join(screen.wait_for_prompt())
        assert screen.press("Up").endswith('# kubectl label "$name" seen=yes')
        screen.press("C-u")
        assert screen.type("echo $name; basename $PWD; ls").split() == [
            "configmap/made", "one", "cells.sh", "first.sh", "made.yaml",
        ]  # fmt: skip
        assert "seen" not in screen.type("kubectl get configmap made --show-labels")
        reader("run", "--pool", "1")  # the reader's shell disturbs no run
        screen.type('kubectl label "$name" seen=yes')
        assert "seen=yes" in screen.type("kubectl get configmap made --show-labels")
        screen.tmux("send-keys", "-l", "exit")
        screen.tmux("send-keys", "Enter")
    finally:
        screen.close()


def test_ids_that_lead_nowhere(reader: Kubebook) -> None:
    assert (
        'did you mean "one/cells#look"?'
        in reader("shell", "--at", "one/cells#lok", status=2).stderr
    )
    assert 'did you mean "one/first"?' in reader("shell", "--at", "one/frst", status=2).stderr
    assert "do not go together" in reader("shell", "single", "--at", "one/first", status=2).stderr
