"""The devcontainer: sound by the specification's rules, pinned, and it leads to the live book.

Whether GitHub Codespaces starts it is not tested here: that takes Codespaces.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kubebook.cli import main
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


@pytest.mark.fault(".devcontainer/devcontainer.json", "python:3-", "python:1-")
@pytest.mark.fault(".devcontainer/devcontainer.json", "-bookworm", "-trixie")
def test_its_image_has_a_python_of_ours_and_packages_that_can_be_had(
    container: dict[str, Any],
) -> None:
    image, python, debian = re.findall(r"python:(\d+)-3\.(\d+)-(\w+)$", container["image"])[0]
    assert int(image) >= 3  # those before it ask a package source whose key has run out
    assert int(python) >= 11
    assert debian == "bookworm"  # the last one with the Docker that the feature installs


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


@pytest.mark.fault(".devcontainer/devcontainer.json", ".venv/installed", ".venv/install")
@pytest.mark.fault("Makefile", "kubebook engine install", "kubebook engine set-up")
@pytest.mark.fault("hooks/serve.py", '"--port"', '"--at"')
def test_every_command_that_it_names_is_there(container: dict[str, Any]) -> None:
    assert container["onCreateCommand"].startswith("sudo apt-get update ")
    named = [container["updateContentCommand"], *container["postAttachCommand"].values()]
    told = ""
    for command in named:
        make = [*command.split(), "--dry-run", "--always-make"]
        told += subprocess.run(
            make, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout  # fmt: skip
    ours = re.findall(r"\.venv/bin/kubebook((?: [\w.-]+)+)", told)
    assert len(ours) == 3
    for words in ours:
        asked = CliRunner().invoke(main, [*words.split(), "--help"])
        assert asked.exit_code == 0, asked.output
    ((script, option),) = re.findall(r"\.venv/bin/python (\S+\.py) (--\w+)", told)
    told = subprocess.run(
        [sys.executable, script, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert option in told


@pytest.mark.fault(".devcontainer/devcontainer.json", '"official"', '"pulled"')
def test_its_node_image_is_one_that_kubebook_knows(container: dict[str, Any]) -> None:
    assert container["containerEnv"]["KUBEBOOK_IMAGE"] in CHOICES


@pytest.mark.fault(".devcontainer/devcontainer.json", " graphviz tmux", " tmux")
@pytest.mark.fault(".devcontainer/devcontainer.json", " graphviz tmux", " graphviz tmux screens")
def test_every_program_is_installed_that_a_test_may_ask_for(container: dict[str, Any]) -> None:
    ours = re.search(r"^packages=\((.*)\)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert ours
    tests = set(ours[1].split()) & {"chromium", "fonts-noto-cjk", "graphviz", "tmux"}
    words = container["onCreateCommand"].partition(" install ")[2].split()
    assert {word for word in words if not word.startswith("-")} == tests
