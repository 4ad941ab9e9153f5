"""Progress: rows on a terminal, plain lines elsewhere, from several threads at once."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from terminal import elsewhere, on_terminal

fault = pytest.mark.fault

CHAINS = """
import threading, time
from kubebook import progress
from kubebook.progress import say, set_volume, step
{first}
def chain(name, seconds):
    with step(f"chain {{name}}") as now:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            now(f"{{name}} [b]waits{{'.' * 200}}")
            time.sleep(0.1)
threads = [threading.Thread(target=chain, args=a) for a in (("한글/one", 1.4), ("two", 1.8))]
for thread in threads: thread.start()
time.sleep(0.7)
say("[red]said[/red] above")
print("on standard output", flush=True)
for thread in threads: thread.join()
with step("told elsewhere", ends=False): pass
try:
    with step("broken"): raise ValueError
except ValueError: pass
"""


def program(first: str = "") -> tuple[str, ...]:
    return sys.executable, "-c", CHAINS.format(first=first)


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text)


@fault("kubebook/progress.py", "if not self._rows.tasks:", "if True:")
@fault("kubebook/progress.py", "rows.update(task, now=text)", "None")
@fault("kubebook/progress.py", 'no_wrap=True, overflow="ellipsis", ratio=ratio', "ratio=ratio")
def test_on_a_terminal_each_step_has_a_row(tmp_path: Path) -> None:
    status, said = on_terminal(*program(), cwd=tmp_path)
    assert status == 0
    frames = [plain(frame) for frame in said.split("\x1b[2K")]
    rows = [line.strip() for frame in frames for line in frame.splitlines() if "0:0" in line]
    assert any(re.match(r"\S chain 한글/one +0:00:01 한글/one \[b\]waits\.+…", row) for row in rows)
    assert re.search(r"chain two +0:00:01", plain(said[said.index("✓") :]))
    above = said.index("above")
    assert "0:0" in said[:above]
    assert "0:0" in said[above:]
    assert re.search(r"\r✗ broken 0\.\d s$", plain(said).rstrip())
    assert said.count("\x1b[?25l") == said.count("\x1b[?25h")  # the cursor is back


@fault("kubebook/progress.py", 'color_system=None if plain else "auto"', 'color_system="auto"')
@fault("kubebook/progress.py", "and not self.console.is_dumb_terminal", "")
@fault("kubebook/progress.py", "pause = BEAT", "return")
@fault("kubebook/progress.py", ' if ends else ""', "")
@fault("kubebook/progress.py", "waits_for[0] = text", "pass")
@pytest.mark.parametrize("where", ["no terminal", "NO_COLOR", "dumb"])
def test_elsewhere_there_are_plain_lines(tmp_path: Path, where: str) -> None:
    first = "progress.BEAT = 0.3"
    if where == "no terminal":
        done = elsewhere(*program(first), cwd=tmp_path)
        status, said = done.returncode, done.stderr
        assert done.stdout == "on standard output\n"
    else:
        env = {"NO_COLOR": "1"} if where == "NO_COLOR" else {"TERM": "dumb"}
        status, said = on_terminal(*program(first), cwd=tmp_path, **env)
        said = said.replace("\r\n", "\n")
    assert status == 0
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f]", said) == []
    lines = said.splitlines()
    assert "said above" in lines
    assert any(re.fullmatch(r"… chain two: two \[b\]waits\.{200} 1\.[0-2] s", li) for li in lines)
    assert any(re.fullmatch(r"… chain two: two \[b\]waits\.{200} 1\.[3-9] s", li) for li in lines)
    assert any(re.fullmatch(r"✓ chain 한글/one 1\.\d s", line) for line in lines)
    assert "told elsewhere" not in said
    assert re.fullmatch(r"✗ broken 0\.\d s", lines[-1])


@fault("kubebook/progress.py", "    console.quiet, _board.verbose = quiet, verbose",
       "    _board.verbose = verbose")  # fmt: skip
@fault("kubebook/progress.py", "    if _board.verbose:\n", "    if False:\n")
def test_quiet_says_nothing_and_verbose_says_more(tmp_path: Path) -> None:
    assert elsewhere(*program("set_volume(quiet=True)"), cwd=tmp_path).stderr == ""
    _, said = on_terminal(*program("set_volume(quiet=True)"), cwd=tmp_path)
    assert said == "on standard output\r\n"
    loud = elsewhere(*program("set_volume(verbose=True)"), cwd=tmp_path).stderr
    assert loud.splitlines()[0].startswith(("chain two: two [b]waits", "chain 한글/one: "))
