"""What changed: the last change in meaning, read from the history that git holds of recordings."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from commits import git
from mini import MiniBook

from kubebook import render
from kubebook.book import Book
from kubebook.history import Change, History
from kubebook.kept import Kept
from kubebook.key import snippet_key
from kubebook.pages import Use
from kubebook.recording import (
    CellRecord,
    Provenance,
    Recording,
    parse_recording,
    paths,
    read_recording,
    remove_recording,
    write_recording,
)
from kubebook.show import Shower
from kubebook.words import words

HISTORY, RENDER, DIFF = "kubebook/history.py", "kubebook/render.py", "kubebook/diff.py"
START = datetime(2026, 11, 1, 4, 5, 6, tzinfo=UTC)
PODS = "NAME                   READY   AGE\nweb-7c5ddbdf54-{}   {}/1     {}\n"
FIRST, LATER = PODS.format("2xkqp", 1, "12s"), PODS.format("9zzzz", 1, "3d")
DOWN = PODS.format("b4k2v", 0, "2m")


class Past:
    """A book under git with one snippet, recorded again and again."""

    def __init__(self, mini: MiniBook) -> None:
        self.mini, self.days = mini, 0
        self.code("kubectl get pods")
        self.mini.write(".gitignore", ".kubebook/\n")
        self.git("init", "--quiet")

    def git(self, *words: str) -> str:
        return git(self.mini.root, *words, at=(START + timedelta(self.days)).isoformat())

    def code(self, code: str) -> None:
        self.mini.snippet("a.sh", f"{code}\n")

    def write(self, *outputs: str, exit: int = 0, kubernetes: str = "v1.37.0") -> Recording:
        """Write a recording a day after the last one, of the code as it is."""
        library, self.days = self.mini.library, self.days + 1
        key = snippet_key(library, "one/a")
        names = [cell.name for cell in library["one/a"].cells]
        made = Provenance(START + timedelta(self.days), kubernetes, "single", "official")
        cells = [CellRecord(name, exit, 1.0, out) for name, out in zip(names, outputs, strict=True)]
        recording = Recording(
            "one/a", f"run-{self.days}", "bash a.sh", key.digest, key.inputs, ("one/a",), made,
            tuple(cells),
        )  # fmt: skip
        write_recording(self.book.recordings, recording)
        return recording

    def record(self, *outputs: str, exit: int = 0, kubernetes: str = "v1.37.0") -> None:
        """Write a recording and commit it, with the code that it is of."""
        self.write(*outputs, exit=exit, kubernetes=kubernetes)
        self.commit()

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=.")

    @property
    def book(self) -> Book:
        return self.mini.book

    @property
    def found(self) -> dict[str, Change]:
        """What changed in each cell, as a page would show it now."""
        now = read_recording(self.book.recordings, "one/a")
        assert now
        return History(self.mini.root).changes(self.mini.library["one/a"], now)


@pytest.fixture
def past(mini: MiniBook) -> Past:
    return Past(mini)


def test_what_was_recorded_once_has_no_change(past: Past) -> None:
    past.record(FIRST)
    assert past.found == {}


@pytest.mark.fault(HISTORY, "found = compare(before, after)", "found = compare(before[:0], after)")
def test_ages_and_names_are_no_change(past: Past) -> None:
    past.record(FIRST)
    past.record(LATER)
    assert past.found == {}


@pytest.mark.fault(HISTORY, "newer.provenance.recorded", "older.provenance.recorded")
@pytest.mark.fault(
    HISTORY,
    "(older.provenance.kubernetes, newer.provenance.kubernetes)",
    "(newer.provenance.kubernetes, older.provenance.kubernetes)",
)
def test_a_change_in_meaning_is_shown_with_its_lines_and_versions(past: Past) -> None:
    past.record(FIRST)
    past.record(DOWN, kubernetes="v1.37.2")
    change = past.found[""]
    assert change.recorded == "2026-11-03T04:05:06+00:00"
    assert (change.kubernetes, change.inputs, change.exits) == (("v1.37.0", "v1.37.2"), (), (0, 0))
    assert change.lines == tuple(
        sign + line.rstrip()
        for sign, line in zip(
            " -+", [DOWN.splitlines()[0], *(t.splitlines()[1] for t in (FIRST, DOWN))], strict=True
        )
    )


@pytest.mark.fault(HISTORY, "older, versions[0])", "older, newer)")
def test_the_lines_are_those_that_are_shown_above(past: Past) -> None:
    """Later recordings that mean the same neither hide a change nor date it."""
    past.record(FIRST)
    past.record(DOWN)
    again = PODS.format("77777", 0, "9s")
    past.record(again)
    assert past.found[""].recorded == "2026-11-03T04:05:06+00:00"
    assert past.found[""].lines[-1] == "+" + again.splitlines()[1]


@pytest.mark.fault(HISTORY, "for newer, older in pairwise(versions)", "for newer, older in ()")
def test_the_newest_of_several_changes_counts(past: Past) -> None:
    for text in ("red\n", "green\n", "blue\n"):
        past.record(text)
    assert past.found[""].lines == ("-green", "+blue")


@pytest.mark.fault(HISTORY, "if cell := left.pop(name, None):", "if cell := left.get(name):")
def test_each_cell_has_its_own_change_and_a_new_one_has_none(past: Past) -> None:
    cell = "# %% {0}\n# /// kubebook\n# expect = {{ contains = ['{0}'] }}\n# ///\necho {0}\n"
    past.code(cell.format("one") + cell.format("two"))
    past.record("null\n", "null\n")
    past.record("one\n", "two\n")
    past.record("ONE\n", "two\n")
    past.record("ONE\n", "TWO\n")
    past.code(cell.format("one") + cell.format("two") + cell.format("three"))
    past.record("ONE\n", "TWO\n", "three\n")
    assert {name: change.lines for name, change in past.found.items()} == {
        "one": ("-one", "+ONE"),
        "two": ("-two", "+TWO"),
    }


@pytest.mark.fault(DIFF, 'if d.where != "exit status"', "")
def test_another_status_is_a_change_without_lines(past: Past) -> None:
    past.record("same\n")
    past.record("same\n", exit=1)
    assert (past.found[""].exits, past.found[""].lines) == ((0, 1), ())


@pytest.mark.fault(
    HISTORY, "changed_inputs(dict(older.inputs)", "changed_inputs(dict(newer.inputs)"
)
def test_it_says_that_the_code_changed_too(past: Past) -> None:
    past.record("one\n")
    past.code("echo two")
    past.record("two\n")
    assert past.found[""].inputs == ("code",)


@pytest.mark.fault(HISTORY, '("kubernetes", "needs ") if moved', '("kubernetes",) if moved')
def test_another_kubernetes_is_no_change_of_the_book(past: Past) -> None:
    past.mini.snippet("first.sh", "echo\n")
    past.mini.snippet("a.sh", "kubectl get pods\n", 'needs = ["one/first"]\n')
    past.record(FIRST)
    toml = past.mini.root / "kubebook.toml"
    toml.write_text(toml.read_text().replace("1.37", "1.38"))
    past.record(DOWN, kubernetes="v1.38.0")
    assert past.found[""].inputs == ()
    assert past.found[""].kubernetes == ("v1.37.0", "v1.38.0")


@pytest.mark.fault(HISTORY, "[now, *self._older(snippet.id)]", "[*self._older(snippet.id)]")
def test_a_recording_that_is_not_committed_yet_counts(past: Past) -> None:
    past.record("old\n")
    past.write("new\n")
    assert past.found[""].lines == ("-old", "+new")


@pytest.mark.fault(HISTORY, "[^D\\0]*", "[^\\0]*")
def test_a_recording_that_was_removed_for_a_while(past: Past) -> None:
    past.record("old\n")
    remove_recording(past.book.recordings, "one/a")
    past.commit()
    past.record("new\n")
    assert past.found[""].lines == ("-old", "+new")


@pytest.mark.fault(HISTORY, '"--first-parent", ', "")
def test_a_merge_is_one_step(past: Past) -> None:
    """What a branch recorded and took back before it was merged was never in the book."""
    past.record("old\n")
    past.git("checkout", "--quiet", "-b", "side")
    past.record("tried\n")
    past.record("new\n")
    past.git("checkout", "--quiet", "main")
    past.git("merge", "--quiet", "--no-ff", "--no-edit", "side")
    assert past.found[""].lines == ("-old", "+new")


@pytest.mark.fault(HISTORY, '"--relative", ', "")
def test_a_book_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    past = Past(MiniBook(tmp_path / "repository" / "book"))
    (past.mini.root / ".git").rename(tmp_path / "repository" / ".git")
    past.record("old\n")
    past.record("new\n")
    assert past.found[""].lines == ("-old", "+new")


@pytest.mark.fault("kubebook/git.py", 'commit if shallow == "false" else ""', "commit")
def test_a_shallow_clone_shows_nothing(past: Past, tmp_path: Path) -> None:
    for text in ("old\n", "new\n", "newer\n"):
        past.record(text)
    url = f"file://{past.mini.root}"
    past.git("clone", "--quiet", "--depth=2", url, str(tmp_path / "clone"))
    past.mini.root = tmp_path / "clone"
    assert past.found == {}
    past.git("fetch", "--quiet", "--unshallow")
    assert past.found[""].lines == ("-new", "+newer")


@pytest.mark.fault("kubebook/git.py", "capture_output=True", "stdout=subprocess.PIPE")
def test_without_a_repository_there_is_nothing(
    mini: MiniBook, capfd: pytest.CaptureFixture
) -> None:
    past = Past(mini)
    past.write("only\n")
    assert past.found == {}  # no commit yet
    (mini.root / ".git").rename(mini.root / "gone")
    assert past.found == {}
    assert capfd.readouterr() == ("", "")


@pytest.mark.fault("kubebook/git.py", "except OSError:", "except ValueError:")
def test_without_git_there_is_nothing(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    past.record("old\n")
    past.record("new\n")
    library, now = past.mini.library, read_recording(past.book.recordings, "one/a")
    monkeypatch.setenv("PATH", "/nowhere")
    assert now
    assert History(past.mini.root).changes(library["one/a"], now) == {}


@pytest.mark.fault(HISTORY, "suppress(ValueError, KeyError)", "suppress()")
@pytest.mark.parametrize("damage", ['{"no": "recording"}', "{", '"text"', "[]"])
def test_before_what_is_no_recording_nothing_is_known(past: Past, damage: str) -> None:
    past.record("old\n")
    meta, _ = paths(past.book.recordings, "one/a")
    whole = meta.read_text()
    meta.write_text(damage)
    past.commit()
    past.record("new\n")
    assert past.found == {}
    meta.write_text(whole.replace("old", "edited"))
    past.commit()
    past.record("newest\n")
    assert past.found == {}


@pytest.mark.fault(
    "kubebook/recording.py",
    "if stated != _checksum(data, shown):\n            raise",
    "if False:\n            raise",
)
def test_a_recording_is_whole_in_its_json(past: Past) -> None:
    written = past.write("a\nb\n")
    text = paths(past.book.recordings, "one/a")[0].read_text()
    assert parse_recording(text) == written
    with pytest.raises(ValueError, match="checksum"):
        parse_recording(text.replace("a\\nb", "a\\nc"))


@pytest.mark.fault(
    HISTORY, "self.kept(_log, str(self.root), self.commit)", "_log(str(self.root), self.commit)"
)
def test_a_commit_is_asked_about_once(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    past.record("old\n")
    asked: list[str] = []
    run = subprocess.run

    def watched(command: list[str], **more: Any) -> Any:
        asked.extend(word for word in command if word in ("rev-parse", "log", "cat-file"))
        return run(command, **more)

    monkeypatch.setattr(subprocess, "run", watched)
    kept = Kept(past.book.kept)
    for _ in range(2):
        assert len(History(past.mini.root, kept).versions("one/a")) == 1
    assert asked == ["rev-parse", "log", "rev-parse"]
    past.record("new\n")
    assert len(History(past.mini.root, kept).versions("one/a")) == 2
    assert asked[3:] == ["rev-parse", "log"]


# On a page


def change(**more: object) -> Change:
    given = {
        "recorded": "2026-11-03T04:05:06+00:00", "kubernetes": ("v1.37.0", "v1.37.2"),
        "inputs": (), "exits": (0, 0), "lines": (" a", "-<b>", "+c"),
    }  # fmt: skip
    return Change(**(given | more))  # type: ignore[arg-type]


def text_of(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


@pytest.mark.fault(RENDER, "if was and now and was != now", "if was != now")
@pytest.mark.parametrize(
    ("language", "title", "same"),
    [
        ("ko", "2026년 11월 3일에 달라진 점", "코드는 그대로입니다."),
        ("en", "What changed on November 3, 2026", "The code is the same."),
    ],
)
def test_a_change_is_folded_under_its_date_and_versions(
    language: str, title: str, same: str
) -> None:
    html = render.changed(change(), words(language))
    assert html.startswith('<details class="kb-changed" data-search-exclude>\n<summary>')
    assert f"<summary>{title} (Kubernetes v1.37.0 → v1.37.2)</summary>" in html
    assert same in html
    for versions in (("v1.37.2", "v1.37.2"), ("", "v1.37.2"), ("v1.37.2", "")):
        assert "Kubernetes" not in render.changed(change(kubernetes=versions), words(language))


@pytest.mark.fault(
    RENDER, '"".join(f"{line}\\n" for line in change.lines)', '"\\n".join(change.lines)'
)
def test_lines_are_marked_and_stay_text() -> None:
    html = render.changed(change(), words("en"))
    assert '<span class="gd">-&lt;b&gt;</span>' in html
    assert '<span class="gi">+c</span>' in html
    assert "-<b>\n+c\n" in unescape(text_of(html))
    hostile = render.changed(change(lines=("+</samp><script>x\x1b",)), words("en"))
    assert "<script" not in hostile
    assert "+&lt;/samp&gt;&lt;script&gt;x␛" in hostile


@pytest.mark.fault(RENDER, "if change.inputs else _say", "if not change.inputs else _say")
@pytest.mark.fault(RENDER, 'if was != now else ""\n    return', 'if was == now else ""\n    return')
def test_a_change_of_the_book_and_of_the_status() -> None:
    html = render.changed(change(inputs=("code", "file a<b>.yaml"), exits=(0, 1)), words("en"))
    assert "Changed at the same time: the code, <code>file a&lt;b&gt;.yaml</code>." in html
    assert "Exit status: 0 → 1." in html
    assert "the same." not in html
    assert "Exit" not in render.changed(change(), words("en"))
    assert "<pre" not in render.changed(change(lines=()), words("en"))


def test_an_output_that_never_changed_has_no_fold() -> None:
    assert render.changed(None, words("en")) == ""


@pytest.mark.fault("kubebook/show.py", "waits = self.live and status.pending", "waits = False")
@pytest.mark.fault(
    "kubebook/show.py", "words.language, self.live, past)", "words.language, self.live, ())"
)
def test_a_page_shows_it_under_the_output(past: Past) -> None:
    past.record("old\n")
    past.record("new\n")
    page, kept = past.mini.write("docs/a.md", ""), Kept(past.book.kept)

    def shown(live: bool = False) -> str:
        known = History(past.mini.root, kept)
        shower = Shower(past.mini.root, past.mini.library, live, kept=kept, history=known)
        return shower.show(Use("run", "one/a", (), page, 1), words("en")).html

    assert "-old" in shown()
    assert shown().index("<samp>new</samp>") < shown().index("kb-changed")
    past.git("checkout", "--quiet", "--orphan", "new")  # the same recording, and no past
    past.commit()
    assert "kb-changed" not in shown()
    past.record("newer\n")
    write_recording(past.book.state / "pending", past.write("newest\n"))
    past.git("checkout", "--", "recordings")
    assert "kb-changed" in shown()
    assert "kb-changed" not in shown(live=True)


@pytest.mark.fault("hooks/book.py", "kept, History(root, kept))", "kept)")
def test_the_hook_hands_it_in(past: Past) -> None:
    from hooks.book import open_book

    past.record("old\n")
    past.record("new\n")
    found = open_book(past.mini.root).history
    assert found
    assert len(found.versions("one/a")) == 2
