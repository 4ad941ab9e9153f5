"""The `docker` of snippets and readers: nodes by their names in the book."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from mini import SETTINGS, MiniBook

from kubebook import engine, nodes
from kubebook.cluster import Cluster
from kubebook.nodeimage import NodeImage

CLIENT = """\
#!/bin/sh
for word; do echo "$word"; done
exit 3
"""


@pytest.fixture
def docker(mini: MiniBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    client = tmp_path / "real docker"
    client.write_text(CLIENT)
    client.chmod(0o755)
    monkeypatch.setattr(nodes, "find_engine", lambda: engine.Engine(str(client), "28"))
    mini.write("kubebook.toml", SETTINGS + "[profiles.three]\nworkers = 2\n")
    image = NodeImage("kubebook/node:v1", "packages", "v1", "sha256:0")
    cluster = Cluster("tag-three-1", "three", "", image, "uid", "")
    nodes.write_docker(tmp_path / "bin", mini.book, cluster)
    return tmp_path / "bin/docker"


def words(docker: Path, *args: str) -> tuple[list[str], int]:
    done = subprocess.run([docker, *args], capture_output=True, text=True)
    return done.stdout.splitlines(), done.returncode


@pytest.mark.fault("kubebook/drivers/nodes.bash", "then nodes=; fi", "then :; fi")
def test_a_node_is_named_once_and_its_command_is_its_own(docker: Path) -> None:
    command = ("exec", "-i", "worker", "echo", "worker", "a b", "control-plane")
    expected = ["exec", "-i", "tag-three-1-worker", "echo", "worker", "a b", "control-plane"]
    assert words(docker, *command) == (expected, 3)


@pytest.mark.fault("kubebook/drivers/nodes.bash", "set -o pipefail", "")
def test_every_node_of_other_commands_and_no_container_name_in_what_they_print(
    docker: Path,
) -> None:
    assert words(docker, "pause", "worker", "worker2") == (["pause", "worker", "worker2"], 3)


@pytest.mark.fault("kubebook/drivers/nodes.bash", '*" $node "*', '*"$node"*')
def test_only_whole_names_are_nodes(docker: Path) -> None:
    assert words(docker, "exec", "worker2", "x")[0][1] == "tag-three-1-worker2"
    assert words(docker, "exec", "work", "x")[0][1] == "work"


@pytest.mark.fault("kubebook/drivers/nodes.bash", "node=${word%%:*}", "")
def test_files_are_copied_out_of_a_node_by_its_name(docker: Path, tmp_path: Path) -> None:
    (tmp_path / "real docker").write_text('#!/bin/sh\necho "$2" | tr - _\n')
    copied, _ = words(docker, "cp", "worker:/worker:x", "worker.tar")
    assert copied == ["tag_three_1_worker:/worker:x"]


def test_its_names_stay_out_of_the_environment(docker: Path, tmp_path: Path) -> None:
    (tmp_path / "real docker").write_text("#!/bin/sh\nenv\n")
    passed, _ = words(docker, "exec", "worker", "env")
    assert not [line for line in passed if line.startswith(("KUBEBOOK_NODES", "KUBEBOOK_CLUSTER"))]
