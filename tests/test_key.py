"""Keys: each kind of input changed alone, and exactly the snippets that run again for it."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mini import MiniBook

from kubebook import key
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.recording import CellRecord, Provenance, Recording, read_recording, write_recording
from kubebook.runs import run, stale

ANY = "expect = { matches = ['(?s).*'] }\n"
LOCK = "kubernetes==37.0.2 \\\n    --hash=sha256:00\nrich==1.0\n"
VERSIONS = 'kubernetes = "v1.37.2"\nofficial = "kindest/node:v1.37.0@sha256:00"\n'


@dataclass(frozen=True)
class Tree:
    """A book of eight snippets, a diamond among them; each that runs adds its name to `log`.

    base ← left, right ← leaf; alone; other/far; pod and pods run on clusters, so are not run here.
    """

    mini: MiniBook
    log: Path

    def build(self) -> None:
        """All files of the book."""
        toml = 'tools = ["kubernetes"]\nenv = ["MINI_VARIABLE"]\n'
        self.write("kubebook.toml", toml + self.read("kubebook.toml"))
        self.edit("kubebook.toml", "workers = 0\n", "workers = 0\n[profiles.three]\nworkers = 2\n")
        self.write("requirements.txt", LOCK)
        self.write("cluster/versions.toml", VERSIONS)
        self.shell("base")
        self.shell("left", 'needs = ["one/base"]\nfiles = ["left.yaml"]\n')
        self.write("snippets/one/left.yaml", "a: 1\n")
        self.python("right", "import helper", 'needs = ["one/base"]\n')
        self.write("snippets/one/helper.py", "def f():\n    from pkg.sub import leaf as x\n")
        self.write("snippets/one/pkg/__init__.py", "")
        self.write("snippets/one/pkg/sub/__init__.py", "")
        self.write("snippets/one/pkg/sub/leaf.py", "from ..near import y\n")
        self.write("snippets/one/pkg/near.py", "y = 1\n")
        script = "cat > ~/script <<E\n#!/bin/sh\nE\n"
        self.shell("leaf", 'needs = ["one/left", "one/right"]\n', above=script)
        self.python("alone", "import sys\nsys.path.append('..')\nimport shared.util as u")
        self.write("snippets/shared/util.py", "x = 1\n")
        self.python("far", "import sys\nsys.path.append('..')\nfrom shared import util")
        self.move("one/far.py", "other/far.py")
        self.python("waits", "from kubebook.waiting import until")
        for name, profile in (("pod", ""), ("pods", "three")):
            self.shell(name)
            self.edit(f"snippets/one/{name}.sh", '"none"', f'"{profile}"')

    def shell(self, name: str, settings: str = "", above: str = "") -> None:
        code = f"{above}echo {name} | tee -a {self.log}\n"
        self.mini.snippet(f"{name}.sh", code, settings + ANY)

    def python(self, name: str, code: str, settings: str = "") -> None:
        tell = f"print('{name}')\nprint('{name}', file=open('{self.log}', 'a'))\n"
        self.mini.snippet(f"{name}.py", f"{code}\n{tell}", settings + ANY)

    def read(self, name: str) -> str:
        return (self.mini.root / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        self.mini.write(name, text)

    def edit(self, name: str, old: str, new: str) -> None:
        assert old in self.read(name)
        self.write(name, self.read(name).replace(old, new, 1))

    def set(self, name: str, setting: str) -> None:
        """Add a line to a snippet's settings."""
        self.edit(f"snippets/one/{name}", "# expect", f"# {setting}\n# expect")

    def move(self, old: str, new: str) -> None:
        path = self.mini.root / "snippets" / new
        path.parent.mkdir(exist_ok=True)
        (self.mini.root / "snippets" / old).rename(path)

    @property
    def library(self) -> Library:
        return self.mini.library

    def runs(self) -> Counter[str]:
        """How often each snippet ran since the last call."""
        lines = self.log.read_text().split() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return Counter(lines)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    folder = tmp_path_factory.mktemp("key")
    found = Tree(MiniBook(folder / "book"), folder / "log")
    found.build()
    here = tuple(i for i in found.library.snippets if not i.startswith("one/pod"))
    assert {r.outcome for r in run(found.library, here)} == {"recorded"}
    for snippet_id in ("one/pod", "one/pods"):
        record(found.library, snippet_id)
    return found


@pytest.fixture
def tree(recorded: Tree, tmp_path: Path) -> Tree:
    """A copy of the book, of which everything is recorded."""
    shutil.copytree(recorded.mini.root, tmp_path / "book")
    found = Tree(MiniBook(tmp_path / "book"), recorded.log)
    assert stale(found.library) == ()
    found.runs()
    return found


def record(library: Library, snippet_id: str) -> None:
    """A recording as if a cluster had made it."""
    inputs = snippet_key(library, snippet_id)
    where = Provenance(datetime.now(UTC), "v1.37.2", "single", "packages", {"kubernetes": "37.0.2"})
    cells = (CellRecord("", 0, 1.0, "pod\n"),)
    write_recording(
        library.book.recordings,
        Recording(snippet_id, "x", library[snippet_id].command, inputs.digest, inputs.inputs,
                  (snippet_id,), where, cells),
    )  # fmt: skip


def provenance(tree: Tree, **new: object) -> None:
    """Every recording as if made somewhere else."""
    for snippet_id in tree.library.snippets:
        old = read_recording(tree.mini.book.recordings, snippet_id)
        assert old
        where = replace(old.provenance, **new)  # type: ignore[arg-type]
        write_recording(tree.mini.book.recordings, replace(old, provenance=where))


Change = Callable[[Tree, pytest.MonkeyPatch], object]
ALL = "alone base far leaf left pod pods right waits"
LEFT = "snippets/one/left"


def rename(tree: Tree, _: pytest.MonkeyPatch) -> None:
    tree.move("one/left.yaml", "one/new.yaml")
    tree.edit(f"{LEFT}.sh", "left.yaml", "new.yaml")


def new_helper(tree: Tree, patch: pytest.MonkeyPatch) -> None:
    """Another version of kubebook, with another helper."""
    package = shutil.copytree(key.PACKAGE, tree.log.parent / "kubebook")
    (package / "waiting.py").write_text("until = None\n")
    patch.setattr(key, "PACKAGE", package)


def new_tools(tree: Tree, patch: pytest.MonkeyPatch) -> None:
    """Another kubectl and other packages on this machine; what is pinned stays."""
    tree.write("../bin/kubectl", "#!/bin/sh\necho v9.9.9\n")
    patch.setenv("PATH", f"{tree.mini.root.parent / 'bin'}:{os.environ['PATH']}")
    patch.setattr(importlib.metadata, "version", lambda name: "99")


# What changes: how, and which snippets run again
CHANGES: dict[str, tuple[Change, str]] = {
    "code": (lambda t, _: t.edit(f"{LEFT}.sh", "echo", "echo 1; echo"), "leaf left"),
    "code above others": (lambda t, _: t.edit("snippets/one/base.sh", "echo", "printf '';echo"),
                          "base leaf left right"),
    "a comment in the code": (lambda t, _: t.edit(f"{LEFT}.sh", "echo", "# x\necho"), "leaf left"),
    "a comment in the settings": (lambda t, _: t.set("left.sh", "# said of it"), ""),
    "spaces in the settings": (lambda t, _: t.edit(f"{LEFT}.sh", "files = [", "files=[ "), ""),
    "lines around the code": (
        lambda t, _: t.edit(f"{LEFT}.sh", "# ///\necho", "# ///\n\necho"), ""),
    "a shebang": (lambda t, _: t.write(f"{LEFT}.sh", "#!/bin/bash\n" + t.read(f"{LEFT}.sh")), ""),
    "a shebang in a here-document": (
        lambda t, _: t.edit("snippets/one/leaf.sh", "/bin/sh", "/bin/bash"), "leaf"),
    "a file": (lambda t, _: t.edit(f"{LEFT}.yaml", "1", "2"), "leaf left"),
    "bytes of a file that are no text": (
        lambda t, _: (t.mini.root / f"{LEFT}.yaml").write_bytes(b"\xff"), "leaf left"),
    "whether a file can be executed": (
        lambda t, _: (t.mini.root / f"{LEFT}.yaml").chmod(0o755), "leaf left"),
    "a module": (lambda t, _: t.edit("snippets/one/helper.py", "x", "z"), "leaf right"),
    "a module of a module's package": (
        lambda t, _: t.edit("snippets/one/pkg/near.py", "1", "2"), "leaf right"),
    "a package": (lambda t, _: t.write("snippets/one/pkg/__init__.py", "z = 1\n"), "leaf right"),
    "a package within": (
        lambda t, _: t.write("snippets/one/pkg/sub/__init__.py", "z = 1\n"), "leaf right"),
    "a module that chapters share": (
        lambda t, _: t.edit("snippets/shared/util.py", "1", "2"), "alone far"),
    "kubebook's own helper": (new_helper, "waits"),
    "a need more": (
        lambda t, _: t.edit(f"{LEFT}.sh", '/base"', '/base", "one/alone"'), "leaf left"),
    "a need less": (
        lambda t, _: t.edit("snippets/one/leaf.sh", '"one/left", ', ""), "leaf"),
    "the order of needs": (
        lambda t, _: t.edit("snippets/one/leaf.sh", '"one/left", "one/right"',
                            '"one/right", "one/left"'), "leaf"),
    "the name of a file": (rename, "leaf left"),
    "the expected status": (lambda t, _: t.set("pod.sh", "exit = 1"), "pod"),
    "settle": (lambda t, _: t.set("pod.sh", "settle = 2"), "pod"),
    "another profile": (lambda t, _: t.edit("snippets/one/pod.sh", '""', '"three"'), "pod"),
    "the default profile by name": (
        lambda t, _: t.edit("snippets/one/pod.sh", '""', '"single"'), ""),
    "a profile": (lambda t, _: t.edit("kubebook.toml", "workers = 2", "workers = 1"), "pods"),
    "the minor version": (lambda t, _: t.edit("kubebook.toml", "1.37", "1.38"), ALL),
    "a pinned tool": (lambda t, _: t.edit("requirements.txt", "37.0.2", "37.0.3"), ALL),
    "another package of the lock": (lambda t, _: t.edit("requirements.txt", "1.0", "2.0"), ""),
    "a hash in the lock": (lambda t, _: t.edit("requirements.txt", ":00", ":11"), ""),
    "a named variable": (lambda _, patch: patch.setenv("MINI_VARIABLE", "x"), ALL),
    "a named variable that is empty": (lambda _, patch: patch.setenv("MINI_VARIABLE", ""), ALL),
    "another variable": (lambda _, patch: patch.setenv("MINI_OTHER", "x"), ""),
    "what must be seen": (lambda t, _: t.edit(f"{LEFT}.sh", "'(?s).*'", "'left'"), ""),
    "unordered": (lambda t, _: t.set("left.sh", "unordered = true"), ""),
    "volatile": (lambda t, _: t.set("left.sh", 'volatile = [{ where = "A", reason = "b" }]'), ""),
    "timeout": (lambda t, _: t.set("left.sh", "timeout = 7"), ""),
    "timeout of the book": (
        lambda t, _: t.edit("kubebook.toml", "pages = []", "pages = []\ntimeout = 7"), ""),
    "slow": (lambda t, _: t.set("left.sh", 'slow = "it takes its time"'), ""),
    "tools": (lambda t, _: t.set("left.sh", 'tools = ["bash"]'), ""),
    "the patch level": (lambda t, _: (t.edit("cluster/versions.toml", "v1.37.2", "v1.37.9"),
                                      provenance(t, kubernetes="v1.37.9")), ""),
    "a digest": (lambda t, _: (t.edit("cluster/versions.toml", ":00", ":11"),
                               provenance(t, digests={"kindest/node": "sha256:11"})), ""),
    "the flavour of the image": (lambda t, _: provenance(t, flavour="official"), ""),
    "an installed tool": (new_tools, ""),
    "nothing": (lambda *_: None, ""),
}  # fmt: skip


# The faults that a change catches
KEY, SNIPPET = "kubebook/key.py", "kubebook/snippet.py"
FAULTS = {
    "code": (SNIPPET, "\\0{self.code}", ""),
    "settle": (SNIPPET, "{self.exit}{settle}", "{self.exit}"),
    "the expected status": (SNIPPET, "\\0{self.exit}{settle}", "{settle}"),
    "a comment in the settings": (SNIPPET, "self.code}\\0", "self.source}\\0"),
    "a shebang": ("kubebook/parse.py", "            del shown[0]", "            pass"),
    "a shebang in a here-document": (
        "kubebook/parse.py",
        '"\\n".join(shown).strip',
        '"\\n".join(line for line in shown if line[:2] != "#!").strip',
    ),
    "a module": (KEY, "(*snippet.files, *snippet.modules):", "snippet.files:"),
    "kubebook's own helper": (KEY, "for name in snippet.helpers:", "for name in ():"),
    "code above others": (KEY, "for need in snippet.needs:", "for need in ():"),
    "the order of needs": (KEY, "if len(snippet.needs) > 1:", "if False:"),
    "a pinned tool": (KEY, "_locked(library.book, tool)", "tool"),
    "a file": (KEY, "(path.read_bytes(), *mode)", "(str(path.stat().st_size))"),
    "whether a file can be executed": (KEY, "path.stat().st_mode & S_IXUSR", "False"),
    "a profile": (KEY, "asdict(library.book.profiles[name])", "name"),
    "the minor version": (KEY, '"kubernetes": library.book.kubernetes,', ""),
    "a named variable that is empty": (KEY, "if name in os.environ", "if os.environ.get(name)"),
}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(name, marks=[pytest.mark.fault(*FAULTS[name])] if name in FAULTS else [])
        for name in CHANGES
    ],
)
def test_exactly_what_an_input_can_change_runs_again(
    tree: Tree, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, names = CHANGES[change]
    before = {i: snippet_key(tree.library, i).digest for i in tree.library.snippets}
    make(tree, monkeypatch)
    library = tree.library
    again = stale(library)
    assert sorted(i.split("/")[1] for i in again) == names.split()
    after = {i: snippet_key(library, i).digest for i in library.snippets}
    assert {i for i in before if before[i] != after[i]} == set(again)

    here = tuple(i for i in again if not i.startswith("one/pod"))
    if here or not again:  # with nothing stale, `run` has to find that out itself
        results = run(library, here)
        assert {result.outcome for result in results} <= {"same", "drift"}
    ran = {s.id.split("/")[1] for i in here for s in library.chain(i)}  # what it needs comes first
    assert tree.runs() == Counter(ran)


def test_what_ran_again_is_recorded_under_its_new_key(tree: Tree) -> None:
    tree.edit("snippets/one/base.sh", "echo", "# the same\necho")
    assert [r.outcome for r in run(tree.library)] == ["same"] * 4
    assert stale(tree.library) == ()


PROGRAMS = ("bash", "sh", "docker", "kind", "kubectl", "podman", "nerdctl", "ps")


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    """`kubebook …` in a process of its own; what it called of PROGRAMS, which log their calls."""
    folder, log = tmp_path / "logging", tmp_path / "calls"
    folder.mkdir()
    for name in PROGRAMS:
        real = shutil.which(name) or "/bin/false"
        (folder / name).write_text(f'#!/bin/bash\necho "{name} $*" >> {log}\nexec {real} "$@"\n')
        (folder / name).chmod(0o755)

    def call(mini: MiniBook, *args: str) -> list[str]:
        log.unlink(missing_ok=True)
        command = [Path(sys.prefix) / "bin/kubebook", *args, "--book", mini.root]
        env = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
        subprocess.run(command, env=env, check=True, capture_output=True, timeout=120)
        return log.read_text().splitlines() if log.exists() else []

    yield call


@pytest.mark.fault("kubebook/library.py", ', check=lambda _: "")', ")")
@pytest.mark.fault("kubebook/runs.py", "chains(left) if left else []", "chains(left)")
@pytest.mark.parametrize("command", [("run",), ("list",), ("why", "one/leaf")])
def test_nothing_is_executed_when_nothing_changed(
    tree: Tree, calls: Callable[..., list[str]], command: tuple[str, ...]
) -> None:
    assert calls(tree.mini, *command) == []
    assert tree.runs() == Counter()
    assert not (tree.mini.book.state / "clusters").exists()


@pytest.mark.fault("kubebook/library.py", "if snippet.digest == recorded", "if recorded")
def test_only_new_code_is_shown_to_bash(tree: Tree, calls: Callable[..., list[str]]) -> None:
    tree.edit("snippets/one/leaf.sh", "echo", "printf '';echo")
    assert set(calls(tree.mini, "list")) == {"bash -n"}
