"""Which pages name which snippets: every wrong name is found, with its page and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from demo import make_book, write

from kubebook.errors import BookError
from kubebook.library import Library
from kubebook.pages import Calls, Use, check_pages


@pytest.fixture
def book(tmp_path: Path) -> Library:
    return make_book(tmp_path)


def page_of(library: Library, text: str) -> Path:
    path = library.book.root / "docs/ko/demo/more.md"
    write(path, path.read_text(encoding="utf-8") + text)
    return path


def calls(tmp_path: Path, text: str) -> list[tuple[str, str, tuple[str, ...], int]]:
    write(tmp_path / "page.md", text)
    return [(use.macro, use.id, use.rest, use.line) for use in Calls().on(tmp_path / "page.md")]


def test_a_sound_book_passes(book: Library) -> None:
    check_pages(book)


def test_calls_are_found_with_their_lines(tmp_path: Path) -> None:
    text = (
        '---\ntitle: x\n---\n# A\n\n{{ run("a/b") }} '
        "{{value('a/b#c' , \"t[N=w].U\")}}\n{{- file( 'a/x.yaml' ) -}}\n"
    )
    assert calls(tmp_path, text) == [
        ("run", "a/b", (), 6),
        ("value", "a/b#c", ("t[N=w].U",), 6),
        ("file", "a/x.yaml", (), 7),
    ]


def test_quoted_jinja_does_not_count(tmp_path: Path) -> None:
    text = '{% raw %}\n{{ run("a/b") }}\n{% endraw %}\n{## {{ run("a/c") }} ##}\n{{ run("a/d") }}\n'
    assert calls(tmp_path, text) == [("run", "a/d", (), 5)]


def test_anchors_are_no_comments(tmp_path: Path) -> None:
    assert calls(tmp_path, '# A {#a}\n\n{{ run("a/b") }}\n\n# B {#b}\n') == [("run", "a/b", (), 3)]


@pytest.mark.parametrize("call", ["{{ run(name) }}", "{{ run() }}", '{{ run("a" ~ "b") }}'])
def test_a_name_is_text_in_quotes(tmp_path: Path, call: str) -> None:
    with pytest.raises(BookError, match=r"page\.md:2: run\(\) takes text in quotes"):
        calls(tmp_path, "\n" + call)


def test_the_line_of_a_call(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    write(page, 'x\n{{ run("a/b") }}\n')
    assert Calls().find(Use("run", "a/b", (), page, 1)).line == 2
    assert Calls().find(Use("run", "a/c", (), page, 1)).line == 1


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        ('{{ run("demo/pod") }}', 'no snippet "demo/pod"', 'did you mean "demo/pods"?'),
        ('{{ output("demo/whoami#anon") }}', 'no cell "anon"', 'did you mean "anonymous"?'),
        ('{{ output("demo/whoami#") }}', 'no cell ""', "known are"),
        ('{{ run("demo/pods#x") }}', 'no cell "x"', "the snippet has no cells"),
        ('{{ value("demo/whoami", "x") }}', "has cells", "demo/whoami#anonymous"),
        (
            '{{ file("demo/helo.yaml") }}',
            "no snippet uses a file",
            'did you mean "demo/hello.yaml"?',
        ),
        ('{{ file("../mkdocs.yml") }}', "no snippet uses a file", "known are"),
    ],
)
def test_unknown_names(book: Library, call: str, message: str, hint: str) -> None:
    page = page_of(book, "\n" + call + "\n")
    line = page.read_text(encoding="utf-8").count("\n")
    with pytest.raises(BookError) as caught:
        check_pages(book)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert (caught.value.path, caught.value.line) == (page, line)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_language_shows_every_snippet(book: Library, language: str) -> None:
    path = book.book.root / "docs" / language / "demo/more.md"
    write(path, path.read_text(encoding="utf-8").replace('{{ run("demo/hostile") }}', ""))
    with pytest.raises(BookError, match=rf"hostile\.sh:1: no page in docs/{language} shows it"):
        check_pages(book)


def test_quoting_a_value_does_not_show_a_snippet(book: Library) -> None:
    path = book.book.root / "docs/en/demo/index.md"
    text = path.read_text(encoding="utf-8").replace('{{ run("demo/service-list") }}', "")
    write(path, text)
    with pytest.raises(BookError, match=r"service-list\.py:1: no page in docs/en shows it"):
        check_pages(book)
