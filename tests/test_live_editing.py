"""`mkdocs serve` in live mode, over HTTP: what a save runs, what it shows, and what it leaves be.

Snippets without a cluster do: the cluster's part is tested where clusters are.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from browser.conftest import free_port, wait_for
from demo import environment, make_book, mkdocs, write

from kubebook.book import load_book
from kubebook.library import load_library
from kubebook.runs import run

CALLS = '\n{{ run("demo/base") }}\n\n{{ run("demo/leaf") }}\n\n{{ run("demo/alone") }}\n'
NONE = '# /// kubebook\n# cluster = "none"\n# expect = {{ matches = ["."] }}\n{more}# ///\n'
QUIET = (
    1.5  # seconds without a build in which a loop would have made one: MkDocs looks twice a second
)


@dataclass(frozen=True)
class Live:
    """A book under `mkdocs serve` in live mode."""

    root: Path
    url: str
    log: Path
    docs: dict[str, int]  # when each file under docs/ was written before MkDocs began

    def save(self, path: str, old: str, new: str) -> None:
        """Edit a file as an author does, once."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        write(file, text.replace(old, new))

    def page(self, language: str = "") -> str:
        with urlopen(f"{self.url}{language}demo/", timeout=10) as answer:
            return str(answer.read().decode())

    def ran(self) -> list[str]:
        """Names of the snippets that ran since the last time, in order."""
        log = self.root / "ran"
        names = log.read_text().split()
        log.write_text("")
        return names

    def builds(self) -> int:
        return self.log.read_text().count("Reloading browsers")

    def settle(self) -> None:
        """Wait until no build follows any more; a loop never ends."""
        for _ in range(8):
            before = self.builds()
            time.sleep(QUIET)
            if self.builds() == before:
                return
        pytest.fail(f"build follows build:\n{self.log.read_text()[-2000:]}")


def code(name: str, root: Path) -> str:
    return f"echo {name} >> {root}/ran; cat {root}/said; echo old {name}\n"


def written(folder: Path) -> dict[str, int]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.stat().st_mtime_ns for file in files}


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    root, port, log = tmp_path / "book", free_port(), tmp_path / "log"
    make_book(root)
    for name, need in {"base": "", "leaf": '# needs = ["demo/base"]\n', "alone": ""}.items():
        text = NONE.format(more=need) + code(name, root)
        write(root / f"snippets/demo/{name}.sh", text)
    for page in ("docs/ko/demo/index.md", "docs/en/demo/index.md"):
        write(root / page, (root / page).read_text(encoding="utf-8") + CALLS)
    write(root / "said", "hello\n")
    docs = written(root / "docs")
    url = f"http://127.0.0.1:{port}/"
    with log.open("w") as out:
        server = subprocess.Popen(
            mkdocs("serve", "--dev-addr", f"127.0.0.1:{port}"),
            cwd=root, env=environment(KUBEBOOK_MODE="live"), stdout=out, stderr=out,
        )  # fmt: skip
        try:
            wait_for(url, server, log)
            book = Live(root, url, log, docs)
            book.settle()
            assert sorted(book.ran()) == ["alone", "base", "leaf"]
            yield book
        finally:
            server.terminate()
            server.wait(20)
    assert "Traceback" not in log.read_text()


def soon(holds: Callable[[], bool], live: Live) -> None:
    deadline = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < deadline, live.log.read_text()[-2000:]
        time.sleep(0.2)


@pytest.mark.fault("kubebook/refresh.py", "in stale(library) if", "in () if")
def test_a_saved_snippet_runs_with_what_needs_it_and_both_pages_show_it(live: Live) -> None:
    live.save("snippets/demo/base.sh", "old base", "new base")
    soon(lambda: "new base" in live.page() and "new base" in live.page("en/"), live)
    live.settle()
    assert live.ran() == ["base", "leaf"]
    assert "새 출력, 아직 받아들이지 않음" in live.page()


@pytest.mark.fault(
    "kubebook/refresh.py", "for i in stale(library) if", "for i in library.snippets if"
)
def test_saved_prose_runs_nothing(live: Live) -> None:
    live.save("docs/en/demo/index.md", "We look around a cluster.", "We look about.")
    soon(lambda: "We look about." in live.page("en/"), live)
    live.settle()
    assert live.ran() == []


@pytest.mark.fault("hooks/languages.py", '*config.extra["shower"].pending())', ")")
def test_what_was_run_by_hand_is_shown_in_both_languages(live: Live) -> None:
    write(live.root / "said", "good evening\n")
    assert run(load_library(load_book(live.root)), ("demo/alone",))[0].outcome == "drift"
    live.save("docs/en/demo/index.md", "We look around a cluster.", "We look about.")
    soon(lambda: "good evening" in live.page("en/") and "good evening" in live.page(), live)


@pytest.mark.fault("kubebook/render.py", "    if status.broken:", "    if not status.broken:")
@pytest.mark.fault("kubebook/refresh.py", "return waits or any(", "return waits and any(")
def test_a_snippet_that_fails_says_so_on_its_page_and_runs_once(live: Live) -> None:
    live.save("snippets/demo/alone.sh", "echo old alone", "echo bad; exit 3")
    soon(lambda: "ended with status 3" in live.page(), live)
    assert "마지막 실행이 실패했습니다." in live.page()
    assert "The last run failed." in live.page("en/")
    live.settle()
    live.save("docs/ko/demo/index.md", "둘러봅니다", "돌아봅니다")
    soon(lambda: "돌아봅니다" in live.page(), live)
    live.settle()
    assert live.ran() == ["alone"]
    live.save("snippets/demo/alone.sh", "echo bad; exit 3", "echo mended")
    soon(lambda: "mended" in live.page() and "ended with status" not in live.page(), live)


@pytest.mark.fault("kubebook/book.py", 'return self.root / ".kubebook"', "return self.snippets")
def test_a_run_does_not_lead_to_build_after_build(live: Live) -> None:
    before = live.builds()
    live.save("snippets/demo/alone.sh", "old alone", "new alone")
    soon(lambda: "new alone" in live.page(), live)
    live.settle()
    assert live.builds() - before <= 2


@pytest.mark.fault("hooks/languages.py", '/ ".kubebook" / "templates"', '/ "docs" / "templates"')
def test_nothing_is_written_under_docs(live: Live) -> None:
    live.save("snippets/demo/alone.sh", "old alone", "new alone")
    soon(lambda: "new alone" in live.page(), live)
    live.save("docs/ko/demo/index.md", "둘러봅니다", "돌아봅니다")
    soon(lambda: "돌아봅니다" in live.page(), live)
    live.settle()
    after = written(live.root / "docs")
    changed = {path for path in {*live.docs, *after} if live.docs.get(path) != after.get(path)}
    assert changed == {"ko/demo/index.md"}
