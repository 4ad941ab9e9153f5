"""The container engine, with stand-ins for docker that fail as the real one does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from click.testing import CliRunner
from mini import MiniBook

from kubebook import engine
from kubebook.cli import main
from kubebook.cluster import Cluster
from kubebook.errors import BookError
from kubebook.nodes import write_docker

DENIED = (
    "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock"
)
DOWN = "Cannot connect to the Docker daemon. Is the docker daemon running?"


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty PATH folder, and no docker anywhere else."""
    monkeypatch.setenv("PATH", str(tmp_path))
    which = engine.shutil.which
    monkeypatch.setattr(
        engine.shutil, "which", lambda name, path=None: which(name, path=str(tmp_path))
    )
    engine.find_engine.cache_clear()
    yield tmp_path
    engine.find_engine.cache_clear()


def fake(folder: Path, name: str, stderr: str = "", stdout: str = "") -> None:
    path = folder / name
    body = f"#!/bin/sh\necho '{stdout}'\necho '{stderr}' >&2\nexit {1 if stderr else 0}\n"
    path.write_text(body)
    path.chmod(0o755)


def test_no_engine(only: Path) -> None:
    found = engine.find_engine()
    assert (found.fault, found.fix) == (
        "no container engine is installed",
        "kubebook engine install",
    )


def test_an_engine_that_may_not_be_used(only: Path) -> None:
    fake(only, "docker", DENIED)
    fake(only, "dockerd")
    found = engine.find_engine()
    assert found.fault == "you may not use the Docker engine"
    assert found.fix.startswith("sudo usermod -aG docker")


def test_a_daemon_that_is_not_started(only: Path) -> None:
    fake(only, "docker", DOWN)
    fake(only, "dockerd")
    start = engine.as_root("systemctl start docker")
    assert engine.find_engine().fault == "the Docker engine does not answer"
    assert engine.find_engine().fix in ("kubebook engine start", start)


@pytest.mark.fault("kubebook/engine.py", " if not _stands_in(client)", "")
def test_the_docker_lent_to_readers_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mini: MiniBook
) -> None:
    real, lent = tmp_path / "real", tmp_path / "lent"
    real.mkdir()
    fake(real, "docker", stdout="27.0")
    monkeypatch.setenv("PATH", str(real))
    engine.find_engine.cache_clear()
    cluster = SimpleNamespace(name="kubebook-single", profile="single")
    write_docker(lent, mini.book, cast(Cluster, cluster))
    monkeypatch.setenv("PATH", f"{lent}:{real}:/bin")
    engine.find_engine.cache_clear()
    assert engine.find_engine().client == str(real / "docker")
    engine.find_engine.cache_clear()


def test_a_client_alone_counts_as_no_engine(only: Path) -> None:
    fake(only, "docker", DOWN)
    assert engine.find_engine().fault == "no container engine is installed"


def test_commands_end_with_the_fault_and_the_way_out(only: Path, mini: MiniBook) -> None:
    fake(only, "docker", DENIED)
    fake(only, "dockerd")
    done = CliRunner().invoke(main, ["cluster", "up", "--book", str(mini.root)])
    assert done.exit_code == 2
    assert "error: you may not use the Docker engine" in done.output
    assert "sudo usermod -aG docker" in done.output


def test_doctor_says_so_and_exits_with_1(only: Path, mini: MiniBook) -> None:
    mini.write("cluster/versions.toml", 'kubernetes = "v1.37.2"\n')
    done = CliRunner().invoke(main, ["cluster", "doctor", "--book", str(mini.root)])
    assert done.exit_code == 1, done.output
    assert "✗ engine: no container engine is installed" in done.output
    assert "kubebook engine install" in done.output


def test_capabilities_are_read_from_the_kernel() -> None:
    lines = Path("/proc/self/status").read_text().splitlines()
    bounding = next(line for line in lines if line.startswith("CapBnd")).split()[1]
    assert engine.missing_sys_resource() == (bin(int(bounding, 16))[::-1][24 + 0] == "0")


@pytest.mark.fault(
    "kubebook/engine.py", "if done.returncode:  # of an engine", "if False:  # of an engine"
)
def test_an_engine_that_dies_has_not_said_that_an_image_is_missing(only: Path) -> None:
    fake(only, "docker", stdout="20.10")
    fake(only, "dockerd")
    assert not engine.find_engine().fault
    fake(only, "docker", DOWN)
    with pytest.raises(BookError, match="the Docker engine does not answer"):
        engine.docker("image", "inspect", "node", check=False)


@pytest.mark.fault("kubebook/engine.py", "timeout=ANSWER)", "timeout=9)")
def test_an_engine_that_hangs_is_not_waited_for(
    only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(only, "docker", stdout="20.10")
    (only / "docker").write_text("#!/bin/sh\nexec /bin/sleep 3\n")
    fake(only, "dockerd")
    monkeypatch.setattr(engine, "ANSWER", 0.2)
    assert engine.find_engine().fault == "the Docker engine did not answer within 0 s"


@pytest.mark.fault("kubebook/engine.py", "timeout=limit)", "timeout=9)")
def test_a_command_that_hangs_is_ended(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(only, "dockerd")
    fake(only, "docker")
    hangs = "#!/bin/sh\n[ $1 = version ] && echo 20.10 && exit\nexec /bin/sleep 3\n"
    (only / "docker").write_text(hangs)
    monkeypatch.setattr(engine, "QUICK", 0.2)
    with pytest.raises(BookError, match="docker ps did not end within 0 s"):
        engine.docker("ps")


@pytest.mark.fault("kubebook/engine.py", 'os.environ.get("DOCKER_HOST")', "None")
def test_an_engine_of_the_users_own_is_not_ours_to_start(
    only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(only, "docker", DOWN)
    fake(only, "dockerd")
    monkeypatch.setenv("DOCKER_HOST", "unix:///elsewhere.sock")
    assert engine.find_engine().fix == "start the engine at unix:///elsewhere.sock (DOCKER_HOST)"
