"""`kubebook shell --at ID`: a clean cluster in the state before an output, and a shell there."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

from kubebook.chain import check_expectations, needs, why_skipped
from kubebook.cluster import Cluster, check_identity
from kubebook.errors import BookError, did_you_mean
from kubebook.library import Library
from kubebook.nodes import write_docker
from kubebook.pool import open_pool
from kubebook.progress import step
from kubebook.runner import run_snippet
from kubebook.sandbox import Sandbox, open_sandbox
from kubebook.snippet import Cell, Snippet

READERS = 64  # shells at once; each has a cluster of its own
# What the reader's terminal has to say; anything else of his could lead kubectl elsewhere
TERMINAL = ("TERM", "COLORTERM", "COLUMNS", "LINES", "EDITOR", "VISUAL")


def open_shell_at(library: Library, cell_id: str) -> int:
    """Run what comes before a cell on a clean cluster of its own, then open a shell there.

    The shell stands in a copy of the chapter's folder; its history holds the next command.

    Returns:
        The shell's exit status.

    Raises:
        BookError: unknown id, a chain that is skipped, or one that fails before the cell.
    """
    snippet, cell = find_cell(library, cell_id)
    chain = library.chain(snippet.id)
    if reason := why_skipped(chain):
        raise BookError(f"{snippet.id} is not run: {reason}")
    with open_pool(library.book, READERS, kind="shell") as pool:
        need = needs(library, chain)
        if not need:
            return _run_and_open(library, chain[:-1], snippet, cell, None)
        with pool.cluster(need, f"a shell at {cell_id}") as cluster:
            check_identity(cluster)
            return _run_and_open(library, chain[:-1], snippet, cell, cluster)


def find_cell(library: Library, cell_id: str) -> tuple[Snippet, Cell]:
    """The snippet and the cell of an id: CHAPTER/NAME#CELL, or CHAPTER/NAME for its first cell."""
    name, mark, cell_name = cell_id.partition("#")
    snippet = library[name]
    if not mark:
        return snippet, snippet.cells[0]
    for cell in snippet.cells:
        if cell.name == cell_name:
            return snippet, cell
    known = [cell.id for cell in snippet.cells]
    raise BookError(f'no cell "{cell_id}"', hint=did_you_mean(cell_id, known))


def _run_and_open(
    library: Library,
    before: tuple[Snippet, ...],
    snippet: Snippet,
    cell: Cell,
    cluster: Cluster | None,
) -> int:
    with open_sandbox(library.book, cluster.kubeconfig if cluster else "") as sandbox:
        if cluster:
            write_docker(sandbox.root / "bin", library.book, cluster)
        _copy_chapter(snippet, sandbox)
        for earlier in before:
            with step(earlier.id):
                check_expectations(earlier, run_snippet(earlier, sandbox))
        folder = sandbox.stage(snippet)
        rc = sandbox.root / "rc"
        rc.write_text(_rc(library, snippet, cell))
        own = {name: os.environ[name] for name in TERMINAL if name in os.environ}
        env = {k: v for k, v in sandbox.environment().items() if k != "NO_COLOR"} | own
        command = ["bash", "--noprofile", "--rcfile", str(rc), "-i"]
        return subprocess.run(command, cwd=folder, env=env).returncode


def _copy_chapter(snippet: Snippet, sandbox: Sandbox) -> None:
    """All of the chapter, so that the reader finds it as it is in the book."""
    folder = sandbox.root / "snippets" / snippet.folder.name
    shutil.copytree(snippet.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))


def _rc(library: Library, snippet: Snippet, cell: Cell) -> str:
    """What bash reads first: the earlier cells of the file, as its own; then the next command."""
    earlier = snippet.cells[: snippet.cells.index(cell)]
    note = ""
    following = cell.code.strip("\n") if len(snippet.cells) > 1 else snippet.command
    if snippet.language != "bash":
        if earlier:
            note = f"The cells of {snippet.path.name} run in one process: it starts from the first."
        earlier, following = (), snippet.command
    lines = [
        *(
            f"{{ {c.source.strip()}\n}} >/dev/null 2>&1 </dev/null"
            for c in earlier
            if c.code.strip()
        ),
        "set +eux +o pipefail",
        f"PS1='\\[\\e[36m\\]({library.book.name} at {cell.id})\\[\\e[0m\\] \\W \\$ '",
        "source <(kubectl completion bash) 2>/dev/null",
        "unset HISTFILE",
        f"echo {shlex.quote(note)}" if note else "",
        f"echo 'In the state before {cell.id}. The next command: arrow up. Leave: exit or Ctrl-D.'",
        f"history -s -- {shlex.quote(following)}",
    ]
    return "\n".join(filter(None, lines)) + "\n"
