"""Imports of Python snippets: whatever a reader's Python would find counts, nothing else."""

from __future__ import annotations

import pytest
from mini import MiniBook

from kubebook.runner import run_snippet
from kubebook.sandbox import open_sandbox

TREE = {
    "one/plain.py": "import deeper\n",
    "one/deeper.py": "",
    "one/pkg/__init__.py": "from . import near\n",
    "one/pkg/near.py": "from .sub.leaf import x\n",
    "one/pkg/sub/__init__.py": "",
    "one/pkg/sub/leaf.py": "from ..other import x\n",
    "one/pkg/other.py": "x = 1\n",
    "one/pkg/unused.py": "",
    "one/space/inner.py": "",
    "shared/util.py": "from shared import part\n",
    "shared/part.py": "",
    "lib/tool.py": "",
}
PKG = {"pkg/__init__.py", "pkg/near.py", "pkg/sub/__init__.py", "pkg/sub/leaf.py", "pkg/other.py"}
IMPORTS = {
    "import pkg": PKG,
    "import plain": {"plain.py", "deeper.py"},
    "import plain as p, json": {"plain.py", "deeper.py"},
    "import pkg.other as c": PKG,
    "from pkg import other": PKG,
    "from space import inner": {"space/inner.py"},
    "def f():\n    import deeper\nf()": {"deeper.py"},
    "try:\n    import missing\nexcept ImportError:\n    import deeper": {"deeper.py"},
    "import sys\nsys.path.append('..')\nfrom shared import util": {
        "../shared/util.py",
        "../shared/part.py",
    },
    "import sys\nsys.path.insert(0, '../lib')\nimport tool": {"../lib/tool.py"},
    "import json, kubernetes": set(),
}


@pytest.mark.fault("kubebook/modules.py", "range(1, len(name) + 1):", "[1]:")
@pytest.mark.fault("kubebook/modules.py", "\n                todo += new", "")
@pytest.mark.fault("kubebook/modules.py", "[level - 1 : level]) if level", "[0:1]) if level")
@pytest.mark.fault("kubebook/modules.py", 'for name in start["folders"]', "for name in ()")
@pytest.mark.parametrize("code", IMPORTS)
def test_what_an_import_finds_counts_and_is_there(mini: MiniBook, code: str) -> None:
    """It is staged for the run too: what counts as input and what can be imported is the same."""
    for name, text in TREE.items():
        mini.write(f"snippets/{name}", text)
    everything = "\n".join(f"# {name}" for name in TREE)
    mini.snippet("rest.sh", everything, f"files = {[f'../{name}' for name in TREE]}\n")
    mini.snippet("x.py", f"{code}\nprint('done')\n")
    library = mini.library
    assert set(library["one/x"].modules) == IMPORTS[code]
    with open_sandbox(library.book) as sandbox:
        assert run_snippet(library["one/x"], sandbox)[0].output == "done\n"


def test_an_import_that_cannot_be_seen_fails_instead_of_going_uncounted(mini: MiniBook) -> None:
    mini.write("snippets/one/hidden.py", "")
    mini.snippet("rest.sh", ":", 'files = ["hidden.py"]\n')
    mini.snippet("x.py", "__import__('hid' + 'den')\n", "exit = 1\n")
    library = mini.library
    with open_sandbox(library.book) as sandbox:
        output = run_snippet(library["one/x"], sandbox)[0].output
    assert "No module named 'hidden'" in output
