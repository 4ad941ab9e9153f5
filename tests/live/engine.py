"""A Docker engine of the test's own: own network, disk, containerd and socket, nobody else's.

It lives in namespaces for network and mounts, so that its bridges, its packet filter and its disk
are not the machine's and go with it. What is to use it runs in there: `inside`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SETTINGS = Path("/etc/docker/daemon.json")  # what this machine needs: a runtime, a cgroup driver
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")
SIZE = "6G"  # sparse: an image, two clusters and room
CONTAINERD = """\
version = 2
root = "{root}/disk/containerd"
state = "{root}/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "{root}/containerd.sock"
"""


@dataclass
class OwnEngine:
    """Daemons below `root`; `daemon` and `containerd` are theirs, `holder` keeps the network."""

    root: Path
    holder: subprocess.Popen[bytes]
    containerd: subprocess.Popen[bytes]
    daemon: subprocess.Popen[bytes] = field(init=False)

    @property
    def variables(self) -> dict[str, str]:
        """What leads a Docker client here, and kind with it."""
        return {"DOCKER_HOST": f"unix://{self.root}/docker.sock"}

    def inside(self, folder: Path) -> tuple[str, ...]:
        """The beginning of a command that shall run in there, in a folder; it becomes the command
        itself, so that a signal to its process reaches the command."""
        return _inside(self.holder, folder)

    def run(self, *command: str) -> str:
        """Run a command on the engine's network and return what it printed."""
        env = os.environ | self.variables
        command = (*self.inside(self.root), *command)
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def docker(self, *args: str) -> str:
        """Run docker on this engine."""
        return self.run("docker", *args)

    def start(self) -> None:
        """Start the daemon, as an init system would, and wait until it answers."""
        self.daemon = _spawn(self.root, "dockerd", "--config-file", "daemon.json", at=self.holder)
        wait_for(lambda: not _fails("docker", "version", env=os.environ | self.variables), 60)

    def kill(self) -> None:
        """End the daemon as a crash would."""
        self.daemon.kill()
        self.daemon.wait()

    def load(self, image: str, name: str) -> None:
        """Have an image of the machine's engine here too, under a name."""
        source = subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE)
        env = os.environ | self.variables
        done = subprocess.run(["docker", "load", "-q"], stdin=source.stdout, env=env)
        assert (done.returncode, source.wait()) == (0, 0)
        self.docker("tag", image, name)

    @contextmanager
    def full(self) -> Iterator[None]:
        """While the block runs, nothing more fits on the engine's disk."""
        with filled(Path(f"/proc/{self.holder.pid}/root{self.root}/disk")):
            yield


@contextmanager
def own_engine() -> Iterator[OwnEngine]:
    """Start an engine; afterwards nothing of it is left. Needs root's rights."""
    # Not below pytest's folders: others that run pytest clear those, and sockets want short paths
    with tempfile.TemporaryDirectory(prefix="kubebook-engine-") as folder:
        root = Path(folder)
        make_disk(root / "disk", SIZE)
        mount = f"mount -o loop {root}/disk.img {root}/disk"
        holder = subprocess.Popen(
            [*DIES_WITH_US, "unshare", "--net", "--mount", "sh", "-c",
             f"{mount} && ip link set lo up && exec sleep infinity"]
        )  # fmt: skip
        wait_for(lambda: psutil.Process(holder.pid).name() == "sleep")
        (root / "containerd.toml").write_text(CONTAINERD.format(root=root))
        (root / "daemon.json").write_text(json.dumps(_settings(root)))
        containerd = _spawn(root, "containerd", "--config", "containerd.toml", at=holder)
        engine = OwnEngine(root, holder, containerd)
        wait_for((root / "containerd.sock").exists)
        try:
            engine.start()
            yield engine
        finally:
            _end(engine)


def make_disk(place: Path, size: str) -> Path:
    """A file system in a file beside `place`, where it can be mounted."""
    place.mkdir(parents=True)
    image = place.with_suffix(".img")
    do("truncate", "-s", size, str(image))
    do("mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0", str(image))
    return image


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    """A file system of its own at `place`, gone afterwards with all that it held."""
    image = make_disk(place, size)
    do("mount", "-o", "loop", str(image), str(place))
    try:
        yield
    finally:
        do("umount", "--lazy", str(place))
        image.unlink()


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """While the block runs, nothing more fits on a disk."""
    weight = disk / "weight"
    block = chunk = os.statvfs(disk).f_frsize
    while chunk < os.statvfs(disk).f_bavail * block:
        chunk *= 2
    try:
        with weight.open("wb") as file:
            while chunk >= block:
                try:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), chunk)
                except OSError:
                    chunk //= 2
        yield
    finally:
        weight.unlink()


def wait_for(condition: Callable[[], object], timeout: float = 30) -> None:
    """Ask again and again until it is true; AssertionError after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "not seen in time"
        time.sleep(0.05)


def _settings(root: Path) -> dict[str, object]:
    machine = json.loads(SETTINGS.read_text()) if SETTINGS.exists() else {}
    return machine | {
        "data-root": f"{root}/disk/docker",
        "exec-root": f"{root}/exec",
        "pidfile": f"{root}/docker.pid",
        "hosts": [f"unix://{root}/docker.sock"],
        "containerd": f"{root}/containerd.sock",
        "bip": "10.212.0.1/24",
        "default-address-pools": [{"base": "10.213.0.0/16", "size": 24}],
    }


def _spawn(
    root: Path, program: str, *args: str, at: subprocess.Popen[bytes]
) -> subprocess.Popen[bytes]:
    with (root / f"{program}.log").open("ab") as log:
        return subprocess.Popen(
            [*DIES_WITH_US, *_inside(at, root), program, *args],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip


def _inside(holder: subprocess.Popen[bytes], folder: Path) -> tuple[str, ...]:
    spaces = f"/proc/{holder.pid}/ns"
    return ("nsenter", f"--net={spaces}/net", f"--mount={spaces}/mnt", f"--wdns={folder}")


def _end(engine: OwnEngine) -> None:
    if engine.daemon.poll() is not None:
        engine.start()
    if containers := engine.docker("ps", "-aq").split():
        engine.docker("rm", "-f", "-v", *containers)
    for process in (engine.daemon, engine.containerd, engine.holder):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _fails(*command: str, env: dict[str, str]) -> bool:
    return subprocess.run(command, env=env, capture_output=True).returncode != 0


def do(*command: str) -> None:
    """Run a command that has to succeed."""
    subprocess.run(command, check=True, capture_output=True)
