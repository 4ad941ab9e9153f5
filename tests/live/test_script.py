"""A chapter as one bash file, on a real cluster: made anew for each chain, left at no other."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from mini import SETTINGS, MiniBook

from live.command import PROGRAM, Kubebook

pytestmark = pytest.mark.live
IMAGES = Path(__file__).parents[2] / "cluster"
MADE = """\
# %% make
# /// kubebook
# expect = { contains = ["created"] }
# ///
name=made
kubectl create configmap $name

# %% again
# /// kubebook
# exit = 1
# expect = { contains = ["AlreadyExists"] }
# ///
kubectl create configmap $name

# %% node
# /// kubebook
# expect = { contains = ["control-plane"] }
# ///
docker exec control-plane hostname

# %% proxy
# /// kubebook
# expect = { contains = ["made"] }
# ///
kubectl proxy --port=0 > proxy.log &
until grep -qs Starting proxy.log; do sleep 0.1; done
curl -s $(grep -o '127.*' proxy.log)/api/v1/namespaces/default/configmaps/$name
kill $!; rm proxy.log
"""
ASKED = """\
# /// kubebook
# needs = ["one/made"]
# expect = { contains = ["made"] }
# ///
from kubernetes import client, config

config.load_kube_config()
maps = client.CoreV1Api().list_namespaced_config_map("default").items
print(*sorted(found.metadata.name for found in maps))
"""


@pytest.fixture
def reader(mini: MiniBook) -> Iterator[Kubebook]:
    mini.write("kubebook.toml", f'images = "{IMAGES}"\n{SETTINGS}')
    mini.write("snippets/one/made.sh", MADE)
    mini.write("snippets/one/asked.py", ASKED)
    mini.write("snippets/one/other.sh", MADE)
    command = Kubebook(mini.root, mini.write("home/.kube/config", "not yours\n"))
    yield command
    command("cluster", "down")


@pytest.mark.fault(
    "kubebook/drivers/chapter.bash", 'kubebook cluster reset "$1"', 'kubebook cluster up "$1"'
)
def test_a_chapter_runs_chain_after_chain_on_clusters_made_anew(reader: Kubebook) -> None:
    file = reader.root / "one.sh"
    file.write_text(reader("script", "one").stdout)
    env = reader.environment()
    env["PATH"] = f"{PROGRAM.parent}{os.pathsep}{env['PATH']}"
    done = subprocess.run(
        ["bash", file.name], cwd=reader.root, env=env, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    steps = re.findall(r"^# (one/\S+)$", done.stdout, re.MULTILINE)
    cells = ("make", "again", "node", "proxy")
    assert steps == [
        *(f"one/made#{cell}" for cell in cells), "one/asked", *(f"one/other#{c}" for c in cells)
    ]  # fmt: skip
    assert done.stdout.count("configmap/made created") == 2
    assert "\nkube-root-ca.crt made\n" in done.stdout
    assert done.stdout.count("\ncontrol-plane\n") == 2
    assert reader.trap.read_text() == "not yours\n"
