"""The devcontainer: sound by the specification's rules, pinned, and it leads to the live book.

Whether GitHub Codespaces starts it is not tested here: that takes Codespaces.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kubebook.nodeimage import CHOICES

ROOT = Path(__file__).parent.parent
FILE = ROOT / ".devcontainer/devcontainer.json"

# What devContainer.base.schema.json of containers.dev says of the properties that are used
COMMAND = (str, list, dict)
PROPERTIES: dict[str, tuple[type, ...]] = {
    "name": (str,), "image": (str,), "features": (dict,), "hostRequirements": (dict,),
    "containerEnv": (dict,), "onCreateCommand": COMMAND, "updateContentCommand": COMMAND,
    "postAttachCommand": COMMAND, "forwardPorts": (list,), "portsAttributes": (dict,),
}  # fmt: skip
SIZE = re.compile(r"\d+([tgmk]b)?")
ON_FORWARD = {"notify", "openBrowser", "openBrowserOnce", "openPreview", "silent", "ignore"}


@pytest.fixture
def container() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return data


@pytest.mark.fault(".devcontainer/devcontainer.json", '"onCreateCommand"', '"onCreatedCommand"')
@pytest.mark.fault(".devcontainer/devcontainer.json", '"openPreview"', '"preview"')
@pytest.mark.fault(".devcontainer/devcontainer.json", '"8gb"', '"8 GB"')
def test_it_is_what_the_specification_allows(container: dict[str, Any]) -> None:
    for name, value in container.items():
        assert isinstance(value, PROPERTIES[name]), name
    needs = container["hostRequirements"]
    assert set(needs) <= {"cpus", "memory", "storage", "gpu"}
    assert needs["cpus"] >= 1
    assert SIZE.fullmatch(needs["memory"])
    assert SIZE.fullmatch(needs["storage"])
    assert all(isinstance(value, str) for value in container["containerEnv"].values())
    assert all(0 <= port <= 65535 for port in container["forwardPorts"])
    for attributes in container["portsAttributes"].values():
        assert set(attributes) <= {"label", "onAutoForward", "protocol", "requireLocalPort"}
        assert attributes["onAutoForward"] in ON_FORWARD


@pytest.mark.fault(
    ".devcontainer/devcontainer.json", "docker-in-docker:2.17.0", "docker-in-docker:2"
)
def test_features_are_pinned(container: dict[str, Any]) -> None:
    assert any("/docker-in-docker:" in feature for feature in container["features"])
    assert all(re.search(r":\d+\.\d+\.\d+$", feature) for feature in container["features"])
    wanted = re.search(r"python:\d+-3\.(\d+)-", container["image"])
    assert wanted
    assert int(wanted[1]) >= 11


@pytest.mark.fault(".devcontainer/devcontainer.json", '"make live"', '"make alive"')
@pytest.mark.fault(".devcontainer/devcontainer.json", "[8000]", "[8080]")
@pytest.mark.fault("Makefile", "engine status ||", "engine status;")
def test_it_leads_to_the_live_book_without_a_question(container: dict[str, Any]) -> None:
    """With an engine that answers, `make live` installs nothing, so it asks nothing."""
    (command,) = container["postAttachCommand"].values()
    told = subprocess.run(
        [*command.split(), "--dry-run", "--old-file=.venv/installed", "SHELL=/bin/sh"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    engine, cluster, serve = told.splitlines()
    assert engine.startswith(".venv/bin/kubebook engine status || ")
    assert cluster == ".venv/bin/kubebook cluster up"
    (port,) = container["forwardPorts"]
    assert serve.endswith(f"hooks/serve.py --port {port}")
    assert list(container["portsAttributes"]) == [str(port)]


@pytest.mark.fault(".devcontainer/devcontainer.json", '"official"', '"pulled"')
def test_its_node_image_is_one_that_kubebook_knows(container: dict[str, Any]) -> None:
    assert container["containerEnv"]["KUBEBOOK_IMAGE"] in CHOICES


@pytest.mark.fault(".devcontainer/devcontainer.json", " graphviz tmux", " tmux")
def test_every_program_is_installed_that_a_test_may_ask_for(container: dict[str, Any]) -> None:
    ours = re.search(r"^packages=\((.*)\)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert ours
    tests = set(ours[1].split()) & {"chromium", "fonts-noto-cjk", "graphviz", "tmux"}
    assert tests <= set(container["onCreateCommand"].split())
