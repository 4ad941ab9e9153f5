"""Both languages are one book: English has all that Korean has, and follows its present text."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from demo import REPOSITORY, write

from kubebook.kept import Kept
from kubebook.outline import outline
from kubebook.parity import drifts, followed, languages, main, mark_of, stamped

DOCS = REPOSITORY / "docs"
KOREAN = """\
---
description: 파드를 봅니다.
---
# 파드 { #pods }

[둘러보기](tour.md#top)에서 [시작](https://example.org/start)합니다.[^one]

{{ run("demo/pods") }}

{{ diagram("demo/loop", "한 바퀴") }}

## 목록 { #list }

- 하나
- {{ value("demo/pods", "table[NAME=web].AGE") }} 둘

![그림](pods.png)

| 이름 | 나이 |
|---|---|
| 웹 | 1 |

??? question "무엇이 보일까요?"

    ```bash
    # 파드를 봅니다
    kubectl get pods
    ```

=== "하나"

    {{ output("demo/pods") }}

[^one]: [출처](https://example.org/one)
"""
ENGLISH = """\
---
description: Looks at Pods.
---
# Pods { #pods }

[Start](https://example.org/start) by [looking around](tour.md#top).[^one]

{{ run("demo/pods") }}

{{ diagram("demo/loop", "Once around") }}

A sentence that Korean does without.

## A list { #list }

- one
- two {{ value("demo/pods", "table[NAME=web].AGE") }}

![picture](pods.png)

| Name | Age |
|---|---|
| web | 1 |

??? question "What will you see?"

    ```bash
    # Look at Pods
    kubectl get pods
    ```

=== "One"

    {{ output("demo/pods") }}

[^one]: [Source](https://example.org/one)
"""


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of one page, with English that follows Korean; paths are told from its folder."""
    write(tmp_path / "kubebook.toml", BOOK)
    write(tmp_path / "docs/ko/a.md", KOREAN)
    write(tmp_path / "docs/en/a.md", stamped(ENGLISH, mark_of(KOREAN)))
    monkeypatch.chdir(tmp_path)
    return Path("docs")


BOOK = 'name = "two"\nkubernetes = "1.37"\npages = ["docs/ko", "docs/en"]\n[profiles.single]\n'


def edit(page: Path, old: str, new: str) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count(old) == 1
    write(page, text.replace(old, new))


def wrong(docs: Path) -> list[str]:
    """What is wrong, without the way out."""
    return [str(drift).partition("\n")[0] for drift in drifts(languages(docs), Kept())]


# The book


def test_the_languages_of_the_book_match(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    found = [str(drift) for drift in drifts(languages(Path("docs")), Kept())]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("page", sorted(str(p.relative_to(DOCS)) for p in DOCS.rglob("*.md")))
def test_every_heading_has_an_anchor_of_its_own(page: str) -> None:
    sections = outline((DOCS / page).read_text(encoding="utf-8")).sections[1:]
    assert [f"{page}:{section.line}" for section in sections if "{" not in section.name] == []


# Pages that came apart


@pytest.mark.fault("kubebook/outline.py", "texts[:-1] if call[1] in WORDY else texts", "texts")
@pytest.mark.fault("kubebook/alike.py", "char.isalpha() and not char.isascii()", "False")
@pytest.mark.fault("kubebook/alike.py", "if rest[part]:", "if False:")
def test_words_alone_are_no_difference(docs: Path) -> None:
    assert wrong(docs) == []


OUTLINE, ALIKE, PARITY = "kubebook/outline.py", "kubebook/alike.py", "kubebook/parity.py"
CASES = [  # an edit of the English page, its places, what is said, and a fault that would hide it
    (
        "## A list {", "### A list {", (12, 15), "## { #list } against ### { #list }",
        (OUTLINE, '"#" * int(node.tag[1:])', '"#"'),
    ),
    (
        "#list }", "#lists }", (12, 15), "## { #list } against ## { #lists }",
        (OUTLINE, 'f" {{ #{anchor[1]} }}"', '" {"'),
    ),
    (
        "## A", "## More { #more }\n\n## A", (4, 15), "## { #more } stands only in docs/en/a.md",
        (ALIKE, "yield (*lines, _said(one), _said(other))", "yield from ()"),
    ),
    (
        "tour.md#top", "tour.md#end", (6, 7), "link to tour.md#top against link to tour.md#end",
        (OUTLINE, "link to {node.attrs['href']}", "link"),
    ),
    (
        "[looking around](tour.md#top)", "looking around", (6, 5),
        "link to tour.md#top stands only in docs/ko/a.md",
        (ALIKE, "= _without(one.loose, other.loose), ", "= [], "),
    ),
    (
        ".[^one]", ".", (6, 5), "[^one] stands only in docs/ko/a.md",
        (OUTLINE, "elif node.type in LOOSE:", 'elif node.type in ("link", "value"):'),
    ),
    (
        "org/one", "org/two", (34, 37),
        "link to https://example.org/one against link to https://example.org/two",
        (OUTLINE, "self.outline.footnotes.append(self.section)", "pass"),
    ),
    (
        "- one", "- <br>one", (12, 17), "<br> in a list stands only in docs/en/a.md",
        (OUTLINE, '("html_block", "html_inline")', '("html_block",)'),
    ),
    (
        "run(", "code(", (8, 9), '{{ run("demo/pods") }} against {{ code("demo/pods") }}',
        (OUTLINE, '"macro": lambda node: node.content', '"macro": lambda _: "macro"'),
    ),
    (
        '{{ run("demo/pods") }}', "", (8, 5), '{{ run("demo/pods") }} stands only in docs/ko/a.md',
        (ALIKE, "zip_longest(left[i:j], right[k:m])", "zip(left[i:j], right[k:m])"),
    ),
    (
        "demo/loop", "demo/pool", (10, 11),
        '{{ diagram("demo/loop") }} against {{ diagram("demo/pool") }}',
        (OUTLINE, "texts[:-1] if", "[] if"),
    ),
    (
        "=web", "=db", (15, 18),
        '{{ value("demo/pods", "table[NAME=web].AGE") }} in a list'
        ' against {{ value("demo/pods", "table[NAME=db].AGE") }} in a list',
        (OUTLINE, '"value": lambda node: node.content', '"value": lambda _: "value"'),
    ),
    (
        "    {{ output", "{{ output", (32, 35),
        '{{ output("demo/pods") }} in a box against {{ output("demo/pods") }}',
        (OUTLINE, "if node.type in AROUND else within", "if False else within"),
    ),
    (
        "- one\n", "", (14, 17), "list of 2 against list of 1",
        (OUTLINE, '"bullet_list": lambda node: f"list of {len(node.children)}"',
         '"bullet_list": lambda _: "list"'),
    ),
    (
        "- one\n- two", "1. one\n2. two", (14, 17), "list of 2 against numbered list of 2",
        (OUTLINE, 'f"numbered list', 'f"list'),
    ),
    (
        "pods.png", "pod.png", (17, 20), "image pods.png against image pod.png",
        (OUTLINE, "image {node.attrs['src']}", "image"),
    ),
    (
        "\n| web | 1 |", "", (19, 22), "table of 2 × 2 against table of 1 × 2",
        (OUTLINE, "table of {len(rows)}", "table of"),
    ),
    (
        "| Name | Age |\n|---|---|\n| web | 1 |", "| Name |\n|---|\n| web |", (19, 22),
        "table of 2 × 2 against table of 2 × 1", (OUTLINE, " × {len(rows[0].children)}", ""),
    ),
    (
        "??? question", "??? note", (23, 26), "??? question against ??? note",
        (OUTLINE, "{box['kind'] or ''}", ""),
    ),
    (
        "??? question", "???+ question", (23, 26), "??? question against ???+ question",
        (OUTLINE, "f\"{box['mark']} ", 'f"'),
    ),
    (
        "```bash", "```sh", (25, 28), "code block bash in a box against code block sh in a box",
        (OUTLINE, "code block {node.info.partition(' ')[0]}", "code block"),
    ),
    (
        "kubectl get pods", "kubectl get pod", (27, 30),
        "code `kubectl get pods` against code `kubectl get pod`",
        (ALIKE, "if left != right and", "if False and"),
    ),
    (
        '=== "One"', '=== "Zero"\n\n    0\n\n=== "One"', (30, 37),
        "=== stands only in docs/en/a.md", (OUTLINE, "={3}[!+]*", "={4}[!+]*"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "lines", "what"),
    [pytest.param(*edit, marks=pytest.mark.fault(*fault)) for *edit, fault in CASES],
)
def test_a_difference_is_told_with_both_places(
    docs: Path, old: str, new: str, lines: tuple[int, int], what: str
) -> None:
    edit(docs / "en/a.md", old, new)
    assert wrong(docs) == ["docs/ko/a.md:{} and docs/en/a.md:{}: ".format(*lines) + what]


@pytest.mark.fault(ALIKE, "near, far = one.line if one else near,", "near, far = lines[0],")
def test_something_more_is_told_where_the_other_page_lacks_it(docs: Path) -> None:
    edit(docs / "en/a.md", "## A list { #list }\n\n", "## A list { #list }\n\n***\n\n")
    edit(docs / "en/a.md", "![picture](pods.png)", "![picture](pods.png) ![more](more.png)")
    assert wrong(docs) == [
        "docs/ko/a.md:12 and docs/en/a.md:17: rule stands only in docs/en/a.md",
        "docs/ko/a.md:17 and docs/en/a.md:22: image more.png stands only in docs/en/a.md",
    ]


@pytest.mark.fault(PARITY, "if not missing.is_file():", "if False:")
def test_a_page_in_one_language_alone(docs: Path) -> None:
    write(docs / "ko/b.md", "# B\n")
    write(docs / "en/c/d.md", "# D\n")
    assert wrong(docs) == [
        "docs/ko/b.md: there is no docs/en/b.md",
        "docs/en/c/d.md: there is no docs/ko/c/d.md",
    ]


# The text that a page follows


@pytest.mark.fault(PARITY, "if mark != mark_of(", "if not mark and mark_of(")
@pytest.mark.parametrize(
    ("old", "new"), [("하나\n- ", "한 개\n- "), ("봅니다.\n---", "봅니다\n---")]
)
def test_a_changed_text_makes_the_page_stale(docs: Path, old: str, new: str) -> None:
    """A description is text like any other."""
    edit(docs / "ko/a.md", old, new)
    (drift,) = drifts(languages(docs), Kept())
    assert (drift.kind, drift.page) == ("stale", docs / "en/a.md")
    assert str(drift).splitlines() == [
        "docs/ko/a.md:1 and docs/en/a.md:3: the first has changed since the second was stamped",
        "  bring docs/en/a.md up to date (git log -p docs/ko/a.md), "
        "then: python -m kubebook.parity stamp docs docs/en/a.md",
    ]


@pytest.mark.fault(PARITY, "line.rstrip() for line", "line for line")
@pytest.mark.fault(PARITY, '.replace("\\r\\n", "\\n")', "")
def test_white_space_at_the_end_is_not_text(docs: Path) -> None:
    text = KOREAN.replace("합니다.[^one]\n", "합니다.[^one]  \n") + "\n\n"
    (docs / "ko/a.md").write_bytes(text.replace("\n", "\r\n").encode())
    assert wrong(docs) == []


@pytest.mark.fault(PARITY, 'else ("", 1)', 'else ("?", 1)')
def test_a_page_without_a_mark_was_never_stamped(docs: Path) -> None:
    write(docs / "en/a.md", ENGLISH)
    assert wrong(docs) == ["docs/ko/a.md:1 and docs/en/a.md:1: never stamped"]


@pytest.mark.fault(PARITY, 'FOLLOWS.sub("", front[1] or "")', 'front[1] or ""')
@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("# B\n", ""),
        ("---\n---\n# B\n", ""),
        ("---\ntitle: b\n...\n# B\n", "title: b\n"),
        ("---\nfollows: old\ntitle: b\n---\n# B\n\nfollows: nothing\n", "title: b\n"),
    ],
)
def test_a_stamp_stands_in_the_front_matter_once(text: str, keys: str) -> None:
    new = stamped(text, "0123456789012345")
    body = text[text.index("# B") :]
    assert new == f"---\n{keys}follows: 0123456789012345\n---\n{body}"
    assert stamped(new, "0123456789012345") == new
    assert followed(new) == ("0123456789012345", new.count("\n", 0, new.index("follows")) + 1)


# The command


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    return main(arguments), capsys.readouterr().out.splitlines()


@pytest.mark.fault(PARITY, "return bool(wrong)", "return 0")
def test_check_fails_until_a_page_is_stamped(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(docs / "ko/a.md", "하나\n- ", "한 개\n- ")
    status, lines = said(capsys, "check", "docs")
    assert (status, len(lines)) == (1, 2)
    stamping = lines[1].partition("python -m kubebook.parity ")[2]
    told = (0, ["docs/en/a.md follows docs/ko/a.md as it is now"])
    assert said(capsys, *stamping.split()) == told
    assert said(capsys, *stamping.split()) == (0, [])
    assert said(capsys, "check", "docs") == (0, [])


@pytest.mark.fault(PARITY, "if not found and stamp(", "if stamp(")
def test_only_a_page_that_matches_is_stamped(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(docs / "ko/a.md", "## 목록", "# 목록")
    write(docs / "ko/b.md", "# B\n")
    write(docs / "en/b.md", "# B\n")
    before = (docs / "en/a.md").read_text(encoding="utf-8")
    status, lines = said(capsys, "stamp", "docs")
    assert (status, lines[0]) == (
        1, "docs/ko/a.md:12 and docs/en/a.md:15: # { #list } against ## { #list }",
    )  # fmt: skip
    assert lines[2:] == ["docs/en/b.md follows docs/ko/b.md as it is now"]
    assert (docs / "en/a.md").read_text(encoding="utf-8") == before


@pytest.mark.fault(PARITY, "if chosen and source not in chosen:", "if False:")
@pytest.mark.parametrize("page", ["docs/ko/a.md", "docs/en/a.md", "a.md"])
def test_pages_are_named_as_they_are_at_hand(
    docs: Path, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.md", "b.md"):
        write(docs / "ko" / name, "# 가\n")
        write(docs / "en" / name, "# A\n")
    told = (0, ["docs/en/a.md follows docs/ko/a.md as it is now"])
    assert said(capsys, "stamp", "docs", page) == told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["stamp", "docs", "docs/en/aa.md"],
            ["docs/en/aa.md: no such page", '  did you mean "a.md"?'],
        ),
        (["check", "."], [".: `pages` in kubebook.toml names no folder in it"]),
        (["check", "/"], ["no kubebook.toml in / or above it"]),
    ],
)
def test_a_wrong_name_is_told(
    docs: Path, arguments: list[str], message: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = said(capsys, *arguments)
    assert (status, lines[: len(message)]) == (1, message)


def test_a_page_that_is_no_text_is_told(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (docs / "en/a.md").write_bytes(b"# A\n\n\xff\n")
    assert said(capsys, "check", "docs") == (1, ["docs/en/a.md:3: not UTF-8", "  save it as UTF-8"])


@pytest.mark.fault("docs/en/guide/site.md", "description: Other ways", "description: Other: ways")
@pytest.mark.parametrize(
    "page", sorted(DOCS.glob("*/**/*.md")), ids=lambda p: str(p.relative_to(DOCS))
)
def test_every_page_says_in_sound_yaml_what_it_is_about(page: Path) -> None:
    # MkDocs takes anything for a description: other builders end here.
    about = yaml.safe_load(page.read_text(encoding="utf-8").split("---\n")[1])["description"]
    assert isinstance(about, str)
    assert about
