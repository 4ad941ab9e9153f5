"""HTML of commands and outputs: escaped, labelled, honest about what is missing or old."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from demo import HOSTILE, RECORDED
from hypothesis import given
from hypothesis import strategies as st

from kubebook import render
from kubebook.recording import CellRecord, Provenance, Recording
from kubebook.snippet import Cell, Snippet
from kubebook.status import Status
from kubebook.text import SITE
from kubebook.words import words

KO, EN = words("ko"), words("en")
RENDER, PRINTED, STATUS = (f"kubebook/{name}.py" for name in ("render", "printed", "status"))
VERIFIED = {"at": "2026-11-24T01:02:03+00:00", "kubernetes": "v1.37.0", "flavour": "official"}


def status(output: str = "pod/web created\n", exit: int = 0, **changes: object) -> Status:
    cell = Cell("demo/web", "", 1, "kubectl get pods\n", "kubectl get pods\n", exit=exit)
    snippet = Snippet("demo/web", Path("demo/web.sh"), "bash", "", (cell,))
    recording = Recording(
        "demo/web", "run", "bash web.sh", "key", {}, ("demo/web",),
        Provenance(RECORDED, "v1.37.2", "single", "packages"),
        (CellRecord("", exit, 2.5, output),),
    )  # fmt: skip
    return replace(Status(snippet, "recorded", recording, None, (), None), **changes)


def shown(of: Status, language: str = "en", *, live: bool = False) -> str:
    return render.output(of, of.snippet.cells[0], words(language), live=live)


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


class Balanced(HTMLParser):
    """Fails when tags do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, _: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.fault(RENDER, "title = escape(snippet.command) +", "title = escape(snippet.id) +")
@pytest.mark.fault(RENDER, '_formatter()).removesuffix("\\n")', "_formatter())")
def test_code_is_titled_with_the_command() -> None:
    snippet = status().snippet
    html = render.code(snippet, snippet.cells[0])
    assert '<span class="filename">bash web.sh</span>' in html
    assert text_of(re.search(r"<code>(.*)</code>", html, re.DOTALL)[1]) == "kubectl get pods"


@pytest.mark.fault(RENDER, '(f" <span>{escape(cell.name)}</span>" if cell.name else "")', '""')
def test_the_code_of_a_cell_names_the_cell() -> None:
    snippet = status().snippet
    html = render.code(snippet, replace(snippet.cells[0], name="anonymous"))
    assert '<span class="filename">bash web.sh <span>anonymous</span></span>' in html


@pytest.mark.fault(RENDER, "get_lexer_for_filename(name)", 'get_lexer_by_name("text")')
@pytest.mark.fault(RENDER, "except ClassNotFound:", "except KeyError:")
def test_a_file_is_highlighted_by_its_name() -> None:
    html = render.file("hello.yaml", "kind: Pod\n")
    assert "language-yaml" in html
    assert '<span class="nt">kind</span>' in html
    assert "language-text" in render.file("README", "kind: Pod\n")


@pytest.mark.fault(RENDER, 'aria-label="{label}"><samp>', 'aria-label="{label}"><code>')
def test_an_output_is_no_code_block() -> None:
    html = shown(status())
    assert "<samp>" in html
    assert "<pre><code>" not in html


@pytest.mark.fault(
    RENDER, 'label = _say(words, "Output of {command}", command=command)', "label = escape(command)"
)
@pytest.mark.fault(
    RENDER,
    '<pre tabindex="0" role="region" aria-label="{label}">',
    '<pre role="region" aria-label="{label}">',
)
@pytest.mark.parametrize(
    ("language", "label"), [("ko", "bash web.sh의 출력"), ("en", "Output of bash web.sh")]
)
def test_an_output_can_be_reached_and_is_labelled(language: str, label: str) -> None:
    pre = f'<pre tabindex="0" role="region" aria-label="{label}">'
    assert pre in shown(status(), language)


@pytest.mark.fault(
    RENDER,
    "code(status.snippet, cell) + output(status, cell, words, live=live, changes=changes)",
    "output(status, cell, words, live=live) + code(status.snippet, cell)",
)
def test_run_shows_code_above_output() -> None:
    of = status()
    html = render.run(of, of.snippet.cells, EN)
    assert html.index("kb-code") < html.index("kb-output")


@pytest.mark.fault(PRINTED, ", list(colours))", ")")
def test_states_are_coloured() -> None:
    html = shown(status("NAME   STATUS\nweb    Running\ndb     Failed\n"))
    assert '<span class="gi">Running</span>' in html
    assert '<span class="gr">Failed</span>' in html


@pytest.mark.fault(
    PRINTED, "isascii():\n        return escape(text)", "isascii():\n        return text"
)
def test_a_hostile_output_stays_text() -> None:
    html = shown(status(HOSTILE))
    assert "<script" not in html
    assert "<img" not in html
    assert HOSTILE.rstrip() in text_of(html)
    Balanced(html)


@pytest.mark.fault(PRINTED, "{inner}</span>' if", "{inner}' if")
@pytest.mark.fault(PRINTED, "edges = {0, len(text), ", "edges = {0, ")
@given(st.text(max_size=200))
def test_any_output_makes_balanced_html_that_shows_it(output: str) -> None:
    html = shown(status(output))
    Balanced(html)
    if output.strip() and output.isprintable():
        assert output in text_of(html)


@pytest.mark.fault(RENDER, 'visible(record.output.rstrip("\\n"))', 'record.output.rstrip("\\n")')
def test_control_characters_are_seen() -> None:
    html = shown(status("a\x1b[31mb\x00\x07 \u202ec\n"))
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", html)
    assert "␛" in html


@pytest.mark.fault(RENDER, "if count <= LONG:", "if True:")
def test_a_long_output_is_folded_and_says_how_long_it_is() -> None:
    lines = [f"line {n}\n" for n in range(1200)]
    assert "<details" not in shown(status("".join(lines[: render.LONG])))
    html = shown(status("".join(lines)))
    assert "<summary>All 1,200 lines</summary>" in html
    assert "<summary>1,200줄 모두</summary>" in shown(status("".join(lines)), "ko")
    assert "line 1199" in text_of(html)  # it is all there, also without scripts


@pytest.mark.fault(RENDER, '"unverified": not status.verified', '"unverified": False')
@pytest.mark.fault(RENDER, '"stale": status.state == "stale"', '"stale": False')
@pytest.mark.fault(RENDER, '"failed": bool(record.exit)', '"failed": False')
def test_what_an_output_is_can_be_seen() -> None:
    def kinds(of: Status, *, live: bool = False) -> set[str]:
        found = re.search('<div class="kb-output([^"]*)"', shown(of, live=live))
        assert found
        return {name.removeprefix("kb-output--") for name in found[1].split()}

    good = status(verified=VERIFIED)
    assert kinds(good) == set()
    assert kinds(status()) == {"unverified"}
    assert kinds(replace(good, state="stale", changed=("code",))) == {"stale"}
    assert kinds(status(exit=1, verified=VERIFIED)) == {"failed"}
    assert kinds(replace(good, pending=good.recording), live=True) == {"new"}
    assert "not verified yet" in text_of(shown(status()))
    assert "not verified" not in text_of(shown(good))


@pytest.mark.fault(RENDER, '_link(f"snippets/{source}"', '_link(f"snippets/{raw}"')
def test_an_output_leads_to_its_source_and_its_recording() -> None:
    html = shown(status())
    assert f'<a href="{SITE}snippets/demo/web.sh">source</a>' in html
    assert f'<a href="{SITE}recordings/demo/web.json">raw recording</a>' in html


@pytest.mark.fault(RENDER, " kb-code--run", "")
@pytest.mark.fault(RENDER, '"" if snippet.skip else', '"" if False else')
def test_only_what_runs_is_marked_runnable() -> None:
    snippet = status().snippet
    assert "kb-code--run" in render.code(snippet, snippet.cells[0])
    assert "kb-code--run" not in render.code(replace(snippet, skip="obsolete"), snippet.cells[0])
    assert "kb-code--run" not in render.file("pod.yaml", "kind: Pod\n")


@pytest.mark.fault(
    RENDER,
    '_say(words, "profile {profile}", profile=made.profile)',
    'escape(f"profile {made.profile}")',
)
@pytest.mark.fault(RENDER, "_verified(status.verified, words)", '"verified"')
def test_provenance_in_korean() -> None:
    text = text_of(shown(status(verified=VERIFIED), "ko"))
    for part in ("2026년 11월 23일 기록", "2026년 11월 24일 확인", "Kubernetes v1.37.2",
                 "프로필 single", "패키지로 만든 노드 이미지"):  # fmt: skip
        assert part in text


@pytest.mark.fault(
    RENDER, "words(FLAVOURS[flavour]) if flavour in FLAVOURS else flavour", "flavour"
)
@pytest.mark.fault(RENDER, "{words.moment(moment)}. {more}", "{words.moment(moment)}")
def test_provenance_in_english() -> None:
    html = shown(status(verified=VERIFIED))
    for part in ("recorded November 23, 2026", "verified November 24, 2026", "Kubernetes v1.37.2",
                 "profile single", "node image built from packages"):  # fmt: skip
        assert part in text_of(html)
    assert '<time datetime="2026-11-23T04:05:06+00:00"' in html
    assert "It took 2.5 sec." in html
    assert "Kubernetes v1.37.0, official node image" in html


@pytest.mark.fault(RENDER, "if made.kubernetes:", "if True:")
@pytest.mark.fault(RENDER, 'made.profile not in ("", "none")', "made.profile")
def test_without_a_cluster_there_is_no_kubernetes_version() -> None:
    of = status()
    made = Provenance(RECORDED, "", "none", "none")
    html = shown(replace(of, recording=replace(of.recording, provenance=made)))
    assert "Kubernetes" not in html
    assert "profile" not in html
    assert "no cluster" in html


@pytest.mark.fault(RENDER, "if record.exit:", "if False:")
@pytest.mark.fault(RENDER, "if record.exit:", "if True:")
def test_a_failed_command_shows_its_status() -> None:
    html = shown(status(exit=1))
    assert "kb-output--failed" in html
    assert ">exit 1</span>" in html
    assert "exit" not in shown(status())


@pytest.mark.fault(RENDER, "if not text.strip():", "if False:")
def test_an_empty_output_says_so() -> None:
    assert "출력이 없습니다." in shown(status("\n"), "ko")


@pytest.mark.fault(RENDER, 'f"kubebook run {status.snippet.id}"', "status.snippet.id")
@pytest.mark.fault(RENDER, "return _absent(status, words)", 'record = CellRecord("", 0, 0, "")')
def test_a_missing_recording_is_never_made_up() -> None:
    html = shown(status(recording=None, state="missing"), "ko")
    assert "아직 기록된 출력이 없습니다." in html
    assert "kubebook run demo/web" in html
    assert "<samp>" not in html


@pytest.mark.fault(
    STATUS, "(record for record in records if record.name == cell.name)", "iter(records)"
)
def test_a_cell_that_is_not_in_the_recording_is_missing() -> None:
    of = status()
    html = render.output(of, replace(of.snippet.cells[0], name="new"), EN)
    assert "kb-note--missing" in html


@pytest.mark.fault(
    RENDER,
    '<code>{escape(part)}</code>" for part in status',
    '<code>{part}</code>" for part in status',
)
@pytest.mark.fault(RENDER, '{changed}" if changed else text', '" if changed else text')
def test_a_stale_output_says_what_changed() -> None:
    html = shown(status(state="stale", changed=("code", "file a<b>.yaml")), "ko")
    assert "바뀌기 전에 기록한 출력입니다." in html
    assert "<code>file a&lt;b&gt;.yaml</code>" in html
    assert "<samp>" in html


@pytest.mark.fault(RENDER, "status.snippet.why_skipped(words.language)", "status.snippet.skip")
@pytest.mark.fault(RENDER, "{escape(visible(detail))}", "{visible(detail)}")
def test_a_skipped_snippet_shows_its_reason() -> None:
    of = status(state="skipped", recording=None)
    html = shown(replace(of, snippet=replace(of.snippet, skip="needs <money>")), "ko")
    assert "이 책에서는 실행하지 않습니다." in html
    assert "needs &lt;money&gt;" in html
    told = replace(of.snippet, skip="needs money", skip_in=(("ko", "돈이 듭니다"),))
    assert "돈이 듭니다" in shown(replace(of, snippet=told), "ko")
    assert "needs money" in shown(replace(of, snippet=told), "en")


@pytest.mark.fault(
    STATUS,
    "status.pending if live and status.pending else",
    "status.pending if status.pending else",
)
@pytest.mark.fault(
    RENDER, "if status.verified and recording == status.recording:", "if status.verified:"
)
def test_a_new_output_is_shown_in_live_mode_alone() -> None:
    new = status("pod/web unchanged\n").recording
    of = status(pending=new, state="stale", verified=VERIFIED)
    assert "unchanged" not in shown(of)
    html = shown(of, live=True)
    assert "unchanged" in html
    assert "new, not accepted" in html
    assert "verified" not in html


@pytest.mark.fault(RENDER, "{keep_columns(visible(text))}", "{visible(text)}")
@pytest.mark.fault(RENDER, 'kb-error">{escape(message)}<', 'kb-error">{message}<')
def test_a_value_and_an_error_are_escaped() -> None:
    assert render.value("<b>") == "<code>&lt;b&gt;</code>"
    assert "&lt;b&gt;" in render.error("<b>", KO)
    assert render.error("<b>", KO, inline=True) == '<strong class="kb-error">&lt;b&gt;</strong>'
