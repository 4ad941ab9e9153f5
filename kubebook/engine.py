"""The container engine: find it, say what it lacks, install and start it on Debian and Ubuntu."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import IO

from kubebook.errors import BookError

APT = "apt-get install -y --no-install-recommends docker.io iptables"
PID = Path("/run/kubebook-dockerd.pid")
LOG = Path("/var/log/kubebook-dockerd.log")
RUNTIME = Path("/usr/local/libexec/kubebook-runc")
CAPABILITIES = 41  # CAP_CHOWN … CAP_CHECKPOINT_RESTORE, linux/capability.h
SYS_RESOURCE = 24
USUAL = "unix:///var/run/docker.sock"
# Its nodes could not be reached from here
ELSEWHERE = re.compile(r"(?:ssh|tcp|https?)://(?!localhost\b|127\.|\[::1\])")
ANSWER = 20.0  # seconds within which an engine says its version
QUICK, LONG = 120.0, 1800.0  # seconds for what asks or removes, and for what builds or moves images
BUILDS = ("build", "commit", "exec", "import", "load", "pull", "save")


@dataclass(frozen=True)
class Engine:
    """A Docker client and what it said of its engine; `fault` is empty when it answered.

    `host` is its address, "" for the usual socket.
    """

    client: str
    version: str = ""
    host: str = ""
    fault: str = ""
    fix: str = ""


@cache
def find_engine() -> Engine:
    """The first `docker` in PATH whose engine answers, or the best explanation why none does."""
    folders = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/bin"]
    clients = dict.fromkeys(f for d in folders if d and (f := shutil.which("docker", path=d)))
    engines = [_ask(client) for client in clients if not _stands_in(client)]
    answered = [engine for engine in engines if not engine.fault]
    if answered:
        return answered[0]
    if shutil.which("dockerd", path="/usr/sbin:/usr/bin") and engines:
        return engines[-1]
    return Engine("", fault="no container engine is installed", fix="kubebook engine install")


def _stands_in(client: str) -> bool:
    """Whether a `docker` is the one that kubebook/nodes.py lends to readers, first in their PATH.

    It would take a node of a new cluster for one of the reader's.
    """
    with Path(client).open("rb") as program:
        return b"\nKUBEBOOK_DOCKER=" in program.read(512)


def require_engine() -> Engine:
    """The engine, or BookError with the command that helps."""
    engine = find_engine()
    if engine.fault:
        raise BookError(engine.fault, hint=engine.fix)
    return engine


def docker(
    *args: str, check: bool = True, timeout: float | None = None, stdin: IO[bytes] | None = None
) -> str:
    """Run `docker ARGS` and return its output without the last line break.

    Raises:
        BookError: no engine answers, it took longer than `timeout` seconds, or (unless `check` is
            false) docker failed; with its words.
    """
    command = [require_engine().client, *args]
    source = stdin or subprocess.DEVNULL
    limit = timeout or (LONG if args[0] in BUILDS else QUICK)
    try:
        done = subprocess.run(command, stdin=source, capture_output=True, timeout=limit)
    except subprocess.TimeoutExpired:
        find_engine.cache_clear()
        require_engine()
        raise BookError(f"docker {args[0]} did not end within {limit:.0f} s") from None
    if done.returncode:  # of an engine that is gone, no answer is an answer
        find_engine.cache_clear()
        require_engine()
    if check and done.returncode:
        raise BookError(f"docker {args[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode(errors="replace").rstrip("\n")


def as_root(command: str) -> str:
    """A command line for the user at hand: with sudo unless it is root already."""
    return command if os.geteuid() == 0 else f"sudo {command}"


def install_engine() -> None:
    """Install Docker from the distribution and start it; needs root and apt.

    Raises:
        BookError: not root, no apt, or a Docker configuration of the machine's own that would
            have to change.
    """
    if not shutil.which("apt-get"):
        raise BookError(
            "only Debian and Ubuntu are set up by kubebook", hint="install Docker by hand"
        )
    if os.geteuid():
        raise BookError(
            "installing an engine needs root", hint=as_root(f"{sys.argv[0]} engine install")
        )
    if not shutil.which("dockerd", path="/usr/sbin:/usr/bin"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in ("apt-get update -qq", APT):
            if subprocess.run(command.split(), env=env, stdout=subprocess.DEVNULL).returncode:
                raise BookError(f"failed: {command}", hint="see what it printed above")
    if _missing_capabilities():
        _install_runtime()
    start_engine()


def start_engine(timeout: float = 60) -> None:
    """Start the engine and wait until it answers; nothing to do where it runs."""
    find_engine.cache_clear()
    if not find_engine().fault:
        return
    if Path("/run/systemd/system").is_dir():
        subprocess.run(["systemctl", "start", "docker"], check=False)
    else:
        _spawn_daemon()
    deadline = time.monotonic() + timeout
    while find_engine().fault:
        if time.monotonic() > deadline:
            raise BookError("the engine did not start", hint=f"its log: {LOG}")
        time.sleep(0.3)
        find_engine.cache_clear()


def stop_engine() -> bool:
    """End the daemon that start_engine spawned; True if there was one."""
    if not PID.exists():
        return False
    pid = int(PID.read_text())
    PID.unlink()
    if "dockerd" not in _command_of(pid):
        return False
    os.kill(pid, signal.SIGTERM)
    while "dockerd" in _command_of(pid):
        time.sleep(0.2)
    find_engine.cache_clear()
    return True


def missing_sys_resource() -> bool:
    """Whether containers may not lower their oom_score_adj here."""
    return SYS_RESOURCE in _missing_capabilities()


def cgroup_version() -> int:
    """1 or 2: the hierarchy that containers get, as the kernel mounted it."""
    return 2 if Path("/sys/fs/cgroup/cgroup.controllers").exists() else 1


def _ask(client: str) -> Engine:
    command = [client, "version", "--format", "{{.Server.Version}}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER)
    except subprocess.TimeoutExpired:
        silent = f"the Docker engine did not answer within {ANSWER:.0f} s"
        return Engine(client, fault=silent, fix="end it and start it again; its log says more")
    if done.returncode == 0 and done.stdout.strip():
        address = _host(client)
        if ELSEWHERE.match(address):
            return Engine(
                client,
                fault=f"the Docker engine is on another machine: {address}",
                fix="unset DOCKER_HOST DOCKER_CONTEXT; docker context use default",
            )
        return Engine(client, done.stdout.strip(), host="" if address == USUAL else address)
    if "permission denied" in done.stderr.lower():
        fix = 'sudo usermod -aG docker "$USER" && newgrp docker'
        return Engine(client, fault="you may not use the Docker engine", fix=fix)
    start = "kubebook engine start"
    if host := os.environ.get("DOCKER_HOST"):
        start = f"start the engine at {host} (DOCKER_HOST)"
    elif Path("/run/systemd/system").is_dir():
        start = as_root("systemctl start docker")
    return Engine(client, fault="the Docker engine does not answer", fix=start)


def _host(client: str) -> str:
    """Address of the engine that a client asks: its context's, or DOCKER_HOST where that is set."""
    command = [client, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def _missing_capabilities() -> set[int]:
    status = Path("/proc/self/status").read_text()
    bounding = int(next(s for s in status.splitlines() if s.startswith("CapBnd")).split()[1], 16)
    return {bit for bit in range(CAPABILITIES) if not bounding >> bit & 1}


def _install_runtime() -> None:
    """A runtime that asks for no capability that this machine withholds; runc does the rest."""
    config = Path("/etc/docker/daemon.json")
    settings = {
        "runtimes": {"kubebook": {"path": str(RUNTIME)}},
        "default-runtime": "kubebook",
        "default-cgroupns-mode": "private",
    }
    if config.exists():
        if json.loads(config.read_text()) == settings:
            return
        raise BookError(
            "this machine withholds capabilities, and Docker has settings of its own",
            path=config,
            hint=f"add to it: {json.dumps(settings)}",
        )
    RUNTIME.parent.mkdir(parents=True, exist_ok=True)
    RUNTIME.write_text(f"#!{Path(sys.executable).resolve()} -I\n" + RUNTIME_CODE)
    RUNTIME.chmod(0o755)
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(json.dumps(settings, indent=2) + "\n")


RUNTIME_CODE = dedent('''\
    """runc for a machine that withholds capabilities: takes them out of what is asked for."""

    import json
    import os
    import sys
    from pathlib import Path

    NAMES = """CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP
        LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER
        SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE
        SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP
        MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF
        CHECKPOINT_RESTORE""".split()


    def allowed():
        status = Path("/proc/self/status").read_text().splitlines()
        bounding = int(next(s for s in status if s.startswith("CapBnd")).split()[1], 16)
        return {f"CAP_{name}" for bit, name in enumerate(NAMES) if bounding >> bit & 1}


    def narrow(path, process_of):
        spec = json.loads(path.read_text())
        sets = process_of(spec).get("capabilities") or {}
        for name, asked in sets.items():
            sets[name] = [cap for cap in asked or [] if cap in allowed()]
        path.write_text(json.dumps(spec))


    def value(option, default):
        return sys.argv[sys.argv.index(option) + 1] if option in sys.argv else default


    if {"create", "run"} & set(sys.argv):
        narrow(Path(value("--bundle", value("-b", "."))) / "config.json", lambda s: s["process"])
    elif "exec" in sys.argv and (file := value("--process", value("-p", ""))):
        narrow(Path(file), lambda spec: spec)
    os.execvp("runc", ["runc", *sys.argv[1:]])
    ''')


def _spawn_daemon() -> None:
    if os.geteuid():
        raise BookError(
            "starting the engine needs root", hint=as_root(f"{sys.argv[0]} engine start")
        )
    with LOG.open("ab") as log:
        daemon = subprocess.Popen(
            ["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    PID.write_text(f"{daemon.pid}\n")


def _command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
