"""Finished, escaped HTML for what a page shows of a snippet. Pure: values in, text out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from html import escape
from types import MappingProxyType
from urllib.parse import quote

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import DiffLexer, get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

from kubebook.history import Change
from kubebook.printed import coloured, keep_columns, printed
from kubebook.recording import CellRecord, Recording
from kubebook.snippet import Cell, Snippet
from kubebook.status import Status, find_record, shown_recording
from kubebook.text import SITE, visible
from kubebook.words import FLAVOURS, Words

LONG = 20  # lines; longer outputs are folded

Changes = Mapping[str, Change]  # by the names of the cells
NO_CHANGES: Changes = MappingProxyType({})


def run(
    status: Status,
    cells: tuple[Cell, ...],
    words: Words,
    *,
    live: bool = False,
    changes: Changes = NO_CHANGES,
) -> str:
    """Code and output of each cell, one under the other."""
    blocks = (
        code(status.snippet, cell) + output(status, cell, words, live=live, changes=changes)
        for cell in cells
    )
    return "".join(f'<div class="kb-run">\n{block}</div>\n' for block in blocks)


def code(snippet: Snippet, cell: Cell) -> str:
    """The commands of a cell, titled with what the reader types to run the file."""
    title = escape(snippet.command) + (f" <span>{escape(cell.name)}</span>" if cell.name else "")
    lexer = get_lexer_by_name(snippet.language)
    runs = "" if snippet.skip else " kb-code--run"
    return _code(title, cell.code, lexer, snippet.language + runs)


def file(name: str, text: str) -> str:
    """A file beside the snippets, titled with its name."""
    try:
        lexer = get_lexer_for_filename(name)
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    return _code(escape(name), text, lexer, lexer.aliases[0])


def output(
    status: Status,
    cell: Cell,
    words: Words,
    *,
    live: bool = False,
    changes: Changes = NO_CHANGES,
) -> str:
    """What a cell printed, marked if it is not as it should be, or a box that says why not."""
    if status.broken:
        return note("error", words("The last run failed."), "", status.broken)
    recording = shown_recording(status, live=live)
    record = find_record(recording, cell)
    if not recording or not record:
        return _absent(status, words)
    command = f"{status.snippet.command} {cell.name}".rstrip()
    label = _say(words, "Output of {command}", command=command)
    kinds = "".join(f" kb-output--{kind}" for kind in _kinds(status, record, live=live))
    return (
        f'<div class="kb-output{kinds}">\n{_badges(status, record, words, live=live)}'
        f'<pre tabindex="0" role="region" aria-label="{label}"><samp>{_printed(record, words)}'
        f"</samp></pre>\n{_fold(record, words)}{_provenance(status, recording, record, words)}"
        f"{_at(cell, words)}{changed(changes.get(cell.name), words)}</div>\n"
    )


def outputs(
    status: Status,
    cells: tuple[Cell, ...],
    words: Words,
    *,
    live: bool = False,
    changes: Changes = NO_CHANGES,
) -> str:
    """The outputs of the cells alone."""
    return "".join(output(status, cell, words, live=live, changes=changes) for cell in cells)


def changed(change: Change | None, words: Words) -> str:
    """What an output said before, folded; "" if it always said the same."""
    if not change:
        return ""
    title = _say(
        words, "What changed on {date}", date=words.date(datetime.fromisoformat(change.recorded))
    )
    was, now = change.kubernetes
    moved = f" (Kubernetes {escape(was)} → {escape(now)})" if was and now and was != now else ""
    lines = "".join(f"{line}\n" for line in change.lines)
    diff = coloured(visible(lines), DiffLexer(stripnl=False, ensurenl=False))
    region = f'<pre tabindex="0" role="region" aria-label="{title}"><samp>{diff}</samp></pre>\n'
    return (
        f'<details class="kb-changed" data-search-exclude>\n<summary>{title}{moved}</summary>\n'
        f"<p>{_changed_with(change, words)}</p>\n{region if lines else ''}</details>\n"
    )


def value(text: str) -> str:
    """A value quoted in a sentence."""
    return f"<code>{keep_columns(visible(text))}</code>"


def error(message: str, words: Words, *, inline: bool = False) -> str:
    """What an author has to change, in the place where something should have been shown."""
    if inline:
        return f'<strong class="kb-error">{escape(message)}</strong>'
    return note("error", words("This cannot be shown."), "", message)


def note(kind: str, text: str, label: str, detail: str, tag: str = "code") -> str:
    """A box in place of an output; `detail` is code, or what else the tag says."""
    return (
        f'<div class="kb-note kb-note--{kind}" role="note">\n<p>{escape(text)}</p>\n'
        f"<p>{escape(label)} <{tag}>{escape(visible(detail))}</{tag}></p>\n</div>\n"
    )


def _code(title: str, text: str, lexer: Lexer, language: str) -> str:
    """A code block as Material makes them, so that it gets its colours and its copy button."""
    return (
        f'<div class="kb-code language-{language} highlight"><span class="filename">{title}</span>'
        f"<pre><span></span><code>{_highlight(visible(text), lexer)}</code></pre></div>\n"
    )


def _highlight(text: str, lexer: Lexer) -> str:
    lexer.stripnl, lexer.ensurenl = False, False
    return highlight(text, lexer, _formatter()).removesuffix("\n")


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True)


def _printed(record: CellRecord, words: Words) -> str:
    text = visible(record.output.rstrip("\n"))
    if not text.strip():
        return f"<em>{_say(words, 'It prints nothing.')}</em>"
    return printed(text)


def _fold(record: CellRecord, words: Words) -> str:
    """What opens and closes a long output; it works without scripts."""
    count = record.output.rstrip("\n").count("\n") + 1
    if count <= LONG:
        return ""
    text = _say(words, "All {count} lines", count=words.number(count))
    return f'<details class="kb-fold"><summary>{text}</summary></details>\n'


def _kinds(status: Status, record: CellRecord, *, live: bool) -> list[str]:
    """What kind of output this is, to be seen at a glance."""
    fresh = {"stale": status.state == "stale", "unverified": not status.verified}
    kinds = {"failed": bool(record.exit), "new": live and status.pending is not None}
    return [kind for kind, so in ({**kinds, **fresh} if not kinds["new"] else kinds).items() if so]


def _absent(status: Status, words: Words) -> str:
    if status.state == "skipped":
        reason = status.snippet.why_skipped(words.language)
        return note(
            "skipped", words("This is not run for the book."), words("Reason:"), reason, "span"
        )
    text, label = "This output has not been recorded yet.", "Record it:"
    return note("missing", words(text), words(label), f"kubebook run {status.snippet.id}")


def _badges(status: Status, record: CellRecord, words: Words, *, live: bool) -> str:
    badges = []
    if live and status.pending:
        badges.append(("new", _say(words, "new, not accepted")))
    elif status.state == "stale":
        badges.append(("stale", _stale(status, words)))
    if record.exit:
        title = _say(words, "The command ended with status {status}.", status=str(record.exit))
        badges.append(("exit", f'<span title="{title}">exit {record.exit}</span>'))
        badges.append(("expected", _say(words, "This failure is expected.")))
    return "".join(f'<p class="kb-badge kb-badge--{kind}">{text}</p>\n' for kind, text in badges)


def _stale(status: Status, words: Words) -> str:
    text = _say(words, "This output is older than what it shows: run it again.")
    changed = " ".join(f"<code>{escape(part)}</code>" for part in status.changed)
    return f"{text} {_say(words, 'Changed:')} {changed}" if changed else text


def _provenance(status: Status, recording: Recording, record: CellRecord, words: Words) -> str:
    made = recording.provenance
    took = words("It took {duration}.", duration=words.seconds(record.duration))
    items = [_dated("recorded {date}", made.recorded, words, took)]
    if status.verified and recording == status.recording:
        items.append(_verified(status.verified, words))
    elif recording == status.recording:
        items.append(f"<strong>{_say(words, 'not verified yet')}</strong>")
    if made.kubernetes:
        items.append(f"Kubernetes {escape(made.kubernetes)}")
    if made.profile not in ("", "none"):
        items.append(_say(words, "profile {profile}", profile=made.profile))
    items.append(escape(_flavour(made.flavour, words)))
    source, raw = f"{status.snippet.id}{status.snippet.path.suffix}", f"{status.snippet.id}.json"
    items.append(_link(f"snippets/{source}", words("source")))
    items.append(_link(f"recordings/{raw}", words("raw recording")))
    spans = "".join(f"<span>{item}</span>" for item in items if item)
    return f'<p class="kb-provenance">{spans}</p>\n'


def _link(address: str, text: str) -> str:
    return f'<a href="{SITE}{quote(address)}">{escape(text)}</a>'


def _changed_with(change: Change, words: Words) -> str:
    """What the book changed at the same time, so that nobody takes it for news of Kubernetes."""
    parts = (
        _say(words, "the code") if part == "code" else f"<code>{escape(part)}</code>"
        for part in change.inputs
    )
    along = f"{_say(words, 'Changed at the same time:')} {', '.join(parts)}."
    was, now = change.exits
    status = f" {_say(words, 'Exit status:')} {was} → {now}." if was != now else ""
    return (along if change.inputs else _say(words, "The code is the same.")) + status


def _at(cell: Cell, words: Words) -> str:
    """The one command that leads to the state before an output."""
    command = f"<code>kubebook shell --at {escape(cell.id)}</code>"
    return (
        f'<p class="kb-at" data-search-exclude>{_say(words, "Try it from here:")} {command}</p>\n'
    )


def _verified(verified: Mapping[str, str], words: Words) -> str:
    kubernetes = f"Kubernetes {verified.get('kubernetes') or '-'}"
    where = f"{kubernetes}, {_flavour(verified.get('flavour', ''), words)}".rstrip(", ")
    return _dated("verified {date}", datetime.fromisoformat(verified["at"]), words, where)


def _dated(text: str, moment: datetime, words: Words, more: str) -> str:
    title = escape(f"{words.moment(moment)}. {more}")
    day = escape(words.date(moment))
    date = f'<time datetime="{moment.isoformat()}" title="{title}">{day}</time>'
    return _say(words, text, date="\0").replace("\0", date)


def _say(words: Words, text: str, **values: str) -> str:
    return escape(words(text, **values))


def _flavour(flavour: str, words: Words) -> str:
    return words(FLAVOURS[flavour]) if flavour in FLAVOURS else flavour
