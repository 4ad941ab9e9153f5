"""No bare sleep over a second in any snippet; what only looks like one is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from mini import MiniBook

from kubebook.errors import BookError
from kubebook.sleeps import bare_sleeps

SHELL = {
    "sleep 5": ["sleep 5"],
    "sleep 1": [],
    "sleep 0.5 .5s": [],
    "sleep 0.5 0.6": ["sleep 0.5 0.6"],
    "sleep 1 \\\n  3": ["sleep 1 \\\n  3"],
    "sleep 1m": ["sleep 1m"],
    "sleep infinity": ["sleep infinity"],
    "sleep $PAUSE": ["sleep $PAUSE"],
    'sleep "$PAUSE"': ['sleep "$PAUSE"'],
    "/bin/sleep 5 &": ["sleep 5"],
    "A=1 B=2 sleep 5": ["sleep 5"],
    "true && sleep 5 || (sleep 6)": ["sleep 5", "sleep 6"],
    "if true; then sleep 5; fi": ["sleep 5"],
    "until true; do sleep 0.1; done": [],
    "while ! sleep 5; do :; done": ["sleep 5"],
    "case x in\n  x) sleep 5;;\nesac": ["sleep 5"],
    "f() { sleep 5; }": ["sleep 5"],
    'echo "$(sleep 5)" `sleep 6`': ["sleep 5", "sleep 6"],
    "# sleep 5": [],
    "echo sleep 5": [],
    "echo 'a; sleep 5' \"b; sleep 5\"": [],
    "kubectl run a --image=busybox -- sleep 3600": [],
    "kubectl exec a -- sh -c 'sleep 5; date'": [],
    "cat <<E\nsleep 5\nE": [],
    "cat <<'E' | kubectl apply -f -\nargs:\nsleep 5\nE": [],
}
PYTHON = {
    "import time\ntime.sleep(5)": ["time.sleep(5)"],
    "import time as t\nt.sleep(1.5)": ["t.sleep(1.5)"],
    "from time import sleep as pause\npause(5)": ["pause(5)"],
    "import asyncio\nasync def f():\n    await asyncio.sleep(5)": ["asyncio.sleep(5)"],
    "import time\ntime.sleep(n)": ["time.sleep(n)"],
    "import time\ntime.sleep(1)": [],
    "print('time.sleep(5)')  # time.sleep(5)": [],
    "def sleep(n): ...\nsleep(5)": [],
}


@pytest.mark.fault("kubebook/sleeps.py", "> LONGEST:", "> 60:")
@pytest.mark.fault("kubebook/sleeps.py", '"m": 60', '"m": 1')
@pytest.mark.fault("kubebook/sleeps.py", 'float("inf")', "0.0")
@pytest.mark.fault("kubebook/sleeps.py", '" " * len(value)', "value")
@pytest.mark.fault("kubebook/sleeps.py", "kind in Literal.String and", "False and")
@pytest.mark.parametrize("code", SHELL)
def test_sleeps_of_a_shell(tmp_path: Path, code: str) -> None:
    path = tmp_path / "x.sh"
    path.write_text(f"true\n{code}\n")
    assert [words for _, words in bare_sleeps(path)] == SHELL[code]


@pytest.mark.fault("kubebook/sleeps.py", "and not short:", "and known and not short:")
@pytest.mark.parametrize("code", PYTHON)
def test_sleeps_of_python(tmp_path: Path, code: str) -> None:
    path = tmp_path / "x.py"
    path.write_text(f"{code}\n")
    assert [words for _, words in bare_sleeps(path)] == PYTHON[code]


def fault_of(mini: MiniBook) -> BookError:
    with pytest.raises(BookError) as fault:
        assert mini.library
    return fault.value


@pytest.mark.fault("kubebook/library.py", "    _check_sleeps(found)\n", "")
def test_a_snippet_that_sleeps_is_an_error_with_its_line_and_the_ways_out(mini: MiniBook) -> None:
    path = mini.snippet("a.sh", "echo a\nsleep 5\n")
    fault = fault_of(mini)
    assert (fault.path, fault.line) == (path, path.read_text().splitlines().index("sleep 5") + 1)
    for way in ("kubectl wait", "settle = 3", "kubebook.waiting.until"):
        assert way in fault.hint


@pytest.mark.fault("kubebook/library.py", "for path in sorted(modules)}", "for path in ()}")
def test_its_modules_may_not_sleep_either(mini: MiniBook) -> None:
    module = mini.write("snippets/one/helper.py", "import time\ntime.sleep(5)\n")
    mini.snippet("a.py", "import helper\n")
    assert (fault_of(mini).path, fault_of(mini).line) == (module, 2)


def test_what_runs_in_a_container_may(mini: MiniBook) -> None:
    files = {"pod.yaml": "command: [sh, -c]\nsleep 5\n", "app.py": "import time\ntime.sleep(60)\n"}
    for name, text in files.items():
        mini.write(f"snippets/one/{name}", text)
    mini.snippet("b.sh", "cat *", f"files = {[*files]}\n")
    assert mini.library.snippets
