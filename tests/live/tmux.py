"""A reader at a terminal: what is on the screen after each line that is typed."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable

from live.command import PROGRAM, Kubebook


class Terminal:
    """A tmux session with a command in it, whose shell has a `prompt` of its own."""

    def __init__(self, reader: Kubebook, command: str, prompt: str) -> None:
        self.prompt = prompt
        self.socket = f"kubebook-test-{id(self)}"
        size = ["-x", "200", "-y", "200"]
        self.tmux("-f", "/dev/null", "new-session", "-d", *size, "-c", str(reader.root),
                  f"{PROGRAM.parent}/{command}", env=reader.environment())  # fmt: skip

    def tmux(self, *args: str, env: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            ["tmux", "-L", self.socket, *args], capture_output=True, text=True, env=env
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait_for_prompt(self, enough: Callable[[list[str]], object] = len) -> list[str]:
        """The lines of the screen once the last is a prompt with nothing behind it."""
        bare = re.compile(rf"^{re.escape(self.prompt)} \S+ [$#]$")
        deadline = time.monotonic() + 600  # the first one waits for a cluster
        while True:
            lines = self.screen().rstrip().split("\n")
            if bare.search(lines[-1]) and enough(lines):
                return lines
            assert time.monotonic() < deadline, "\n".join(lines)
            time.sleep(0.1)

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p", "-J")

    def type(self, *lines: str) -> str:
        """Type lines, each after the prompt of the last; what they printed in all."""
        printed = ""
        for line in filter(None, lines):
            self._enter("clear")
            self.wait_for_prompt(lambda seen: len(seen) == 1)
            self._enter(line)
            shown = self.wait_for_prompt(lambda seen: len(seen) > 1)
            printed += "".join(f"{text.rstrip()}\n" for text in shown[1:-1])
        return printed

    def press(self, key: str) -> str:
        """Press a key by tmux' name and give the last line of the screen once it has changed."""
        before, deadline = self.screen(), time.monotonic() + 30
        self.tmux("send-keys", key)
        while (now := self.screen()) == before and time.monotonic() < deadline:
            time.sleep(0.05)
        return now.rstrip().rsplit("\n")[-1]

    def _enter(self, line: str) -> None:
        self.tmux("send-keys", "-l", line)
        self.tmux("send-keys", "Enter")

    def close(self) -> None:
        self.tmux("kill-server")
