"""The `kubebook` command as a user types it, with a home folder of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from recorder import open_trap

from kubebook.book import load_book
from kubebook.gobuild import build_programs

PROGRAM = Path(sys.prefix) / "bin" / "kubebook"


@dataclass(frozen=True)
class Kubebook:
    """Calls kubebook for the book in `root`; KUBECONFIG and HOME/.kube/config lead to `trap`.

    `inside` stands before the command, `variables` are added to its environment.
    """

    root: Path
    trap: Path
    inside: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *args: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run to the end and check the exit status."""
        process = self.start(*args)
        out, err = process.communicate(timeout=600)
        assert process.returncode == status, f"{args}: {process.returncode}\n{out}\n{err}"
        return subprocess.CompletedProcess(args, process.returncode, out, err)

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start in a process group of its own."""
        return subprocess.Popen(
            [*self.inside, PROGRAM, *args], cwd=self.root, env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        """The machine's environment, but a kubeconfig that nobody may use."""
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        own = {
            "HOME": str(self.trap.parents[1]),
            "KUBECONFIG": str(self.trap),
            "XDG_CACHE_HOME": cache,
        }
        return os.environ | own | self.variables


@contextmanager
def open_kubebook(root: Path, *, proxies: bool) -> Iterator[Kubebook]:
    """Kubebook in an environment whose every cluster is a trap; its clusters are removed."""
    build_programs(root / load_book(root).images, "kind")  # by the machine's own proxies
    home = root / "home"
    with open_trap(home, proxies=proxies) as env:
        command = Kubebook(root, home / ".kube/config", variables=env)
        try:
            yield command
        finally:
            command("cluster", "down")
