"""The same work for each peer: 90 snippets of 0.2 s on 30 pages, a helper that three of them share.

Each snippet leaves a line in a log when it runs, so that what ran is counted and not believed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.books import make_settings, write

PAGES, PER_PAGE = 30, 3
SHARED = (0, 30, 60)  # snippets that import the helper, on three pages
HELPER = 'def greet() -> str:\n    return "hello of {number}"\n'
ASKS = "from shared import greet\n"
SENTENCE = "A page says what its snippets do and why, before and after each of them. "
HEAD = '# /// kubebook\n# cluster = "none"\n# expect = { matches = ["of"] }\n# ///\n'
TOML = 'name = "work"\nkubernetes = "1.37"\npages = ["docs/ko"]\n[profiles.single]\n'
KERNEL = "kernelspec:\n  name: python3\n  display_name: Python 3\n"


@dataclass(frozen=True)
class Work:
    """A book of one peer in `root`."""

    root: Path
    show: Callable[[int, str], str]
    head: str = ""
    pages: str = "docs/ko"
    snippets: str = ""  # a folder for snippets as files; "" for snippets in the pages

    @property
    def log(self) -> Path:
        return self.root.parent / f"{self.root.name}.ran"

    @property
    def helper(self) -> Path:
        return self.root / (self.snippets or "lib") / "shared.py"

    def make(self) -> None:
        """Write the book."""
        write(self.root / self.pages / "index.md", "# Bench\n")
        self.log.write_text("")
        self.change_helper(0)
        for page in range(PAGES):
            self.write_page(page)

    def write_page(self, page: int, changed: int = 0) -> None:
        """A page with its snippets; `changed` is a number in the code of the first."""
        parts = [f"# Page {page}"]
        for place in range(PER_PAGE):
            snippet = PER_PAGE * page + place
            text = code(snippet, self.log, changed * (place == 0))
            parts += [f"## Step {place}", SENTENCE * 3, self.show(snippet, text)]
            if self.snippets:
                write(self.root / self.snippets / f"s-{snippet}.py", HEAD + text)
        write(self.root / self.pages / f"p{page}.md", self.head + "\n\n".join(parts) + "\n")

    def change_helper(self, number: int) -> None:
        """The helper gives a new answer."""
        write(self.helper, HELPER.format(number=number))

    def ran(self) -> int:
        """How many snippets ran since the last time."""
        count = len(self.log.read_text().split())
        self.log.write_text("")
        return count


def code(number: int, log: Path, changed: int) -> str:
    """A snippet of 0.2 s; one of three asks the helper."""
    shared = number in SHARED
    answer = "greet()" if shared else f"'answer {changed} of {number}'"
    return (
        f"import time\n{ASKS * shared}time.sleep(0.2)\n"
        f'with open("{log}", "a") as log:\n    log.write("{number}\\n")\nprint({answer})\n'
    )


def ours(root: Path) -> Work:
    """Snippets as files, shown by macros."""
    write(root / "mkdocs.yml", make_settings(root))
    write(root / "kubebook.toml", TOML)
    (root / "recordings").mkdir()
    return Work(
        root, lambda number, _: f'{{{{ run("work/s-{number}") }}}}', snippets="snippets/work"
    )


def markdown_exec(root: Path) -> Work:
    """Fences that are run at every build."""
    plugins = "plugins: [search, markdown-exec]\nmarkdown_extensions: [pymdownx.superfences]\n"
    write(root / "mkdocs.yml", f"site_name: b\ntheme: material\n{plugins}")
    fence = '```python exec="1" source="above" result="text"\n{}```'
    return Work(root, lambda _, text: fence.format(text), pages="docs")


def myst_nb(root: Path) -> Work:
    """Notebooks as Markdown, run by jupyter-cache."""
    conf = 'extensions = ["myst_nb"]\nnb_execution_mode = "cache"\nhtml_theme = "alabaster"\n'
    write(root / "conf.py", conf)
    return Work(
        root, lambda _, text: f"```{{code-cell}} python\n{text}```", pages=".",
        head=f"---\nfile_format: mystnb\n{KERNEL}---\n",
    )  # fmt: skip


def mystmd(root: Path) -> Work:
    """The same notebooks for mystmd; a theme of nothing stands in for one from its server."""
    write(root / "myst.yml", "version: 1\nproject: {title: b}\nsite: {template: ./theme}\n")
    write(root / "theme/template.yml", "myst: v1\nkind: site\ntitle: none\n")
    write(root / "jupyter/jupyter_server_config.json", '{"ServerApp": {"allow_root": true}}')
    head = f"---\n{KERNEL}---\n"
    return Work(root, lambda _, text: f"```{{code-cell}} python\n{text}```", head, pages=".")
