"""A reader at a terminal: what is on the screen after each line that is typed."""

from __future__ import annotations

import re
import subprocess
import time

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

    def wait_for_prompt(self) -> str:
        """The screen once its last line is a prompt with nothing behind it."""
        deadline = time.monotonic() + 150
        while not re.search(
            rf"^{re.escape(self.prompt)} \S+ [$#]$", self.screen().rstrip().rsplit("\n")[-1]
        ):
            assert time.monotonic() < deadline, self.screen()
            time.sleep(0.1)
        return self.screen()

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p", "-J")

    def type(self, *lines: str) -> str:
        """Type lines, each after the prompt of the last; what they printed in all."""
        printed = ""
        for line in filter(None, lines):
            self.tmux("send-keys", "-l", "clear")
            self.tmux("send-keys", "Enter")
            self.wait_for_prompt()
            self.tmux("send-keys", "-l", line)
            self.tmux("send-keys", "Enter")
            time.sleep(0.2)
            shown = self.wait_for_prompt().rstrip().split("\n")
            printed += "".join(f"{text.rstrip()}\n" for text in shown[1:-1])
        return printed

    def press(self, key: str) -> str:
        """Press a key by tmux' name and give the last line of the screen."""
        self.tmux("send-keys", key)
        time.sleep(0.3)
        return self.screen().rstrip().rsplit("\n")[-1]

    def close(self) -> None:
        self.tmux("kill-server")
