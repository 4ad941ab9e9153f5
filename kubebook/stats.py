"""A book in figures: what is run, where its code comes from, how old its outputs are.

The site has them as report.json, and `kubebook stats` prints the same: an object whose `version`
says which shape it has. 1 has these keys:

    version     1
    book        its name
    kubernetes  the minor version that it is about
    snippets    how many there are, of these `run` and `not_run`; of those that are run the `cells`,
                the `chains`, as few as run them all, and the `seconds` that their recording took
    chapters    the same for each chapter, in reading order, with its `name`
    skipped     what is not run: `id`, `reason` (`reason_in` by language), and the `address` of the
                page section that shows it
    code        how many code blocks the pages show: `run` of snippets, `files` that a snippet uses,
                `tested` fences, which pytest-codeblocks runs, code that is `not_run` with a reason,
                and fences that were `typed`, which nobody runs
    pages       the same for each page that shows some: its file is `page`, in the site `address`
    fences      those that nobody runs: `page`, `line`, `address`, `language`, `text` (first line)
    recorded    the `count` of snippets that are recorded, by `days`; the `oldest`, `median` and
                `newest` day
    verified    the same for when a cluster last printed what is recorded
    longest     the snippets that took longest: `id`, `seconds`
    versions    for how many snippets `what` was `recorded` and `verified` with which `version`;
                null where verifications do not note it
    kind        the version of kind that the recipes of the node image pin, "" if they do not
    checks      null, or what is known of checks of the whole book: how many passed `in_a_row` until
                `date`, and the `seconds` of the last one
    flakes      null, or how many of some `runs` disagreed with their recordings, in per cent, until
                `date`; `source` of both is the file that says so

Pages are those of the book's first language. Days are UTC. Within a version keys are only added.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from kubebook.book import Book
from kubebook.errors import BookError
from kubebook.library import Library
from kubebook.nav import Way, address, anchors, section
from kubebook.pages import Calls, Use
from kubebook.status import Status
from kubebook.text import read_text

VERSION = 1
IMAGE = "node image"
NOTED = ("Kubernetes", IMAGE)  # with a verification; what else was installed then is not
MOST = 10  # of the snippets that took longest
RESULTS = "bench/results.json"  # of `make bench`; git has it
IN_A_ROW = "whole checks passed in a row"
WHOLE = "the book checked, slow chains too"
DISAGREE = re.compile(r"runs that disagree, of (\d+) of (.+)")
FENCE = re.compile(r"^( *)(`{3,}|~{3,}) *([^\n]*)\n(.*?)^ *\2", re.MULTILINE | re.DOTALL)
EXPECTED = "<!--pytest-codeblocks:expected-output-->"  # the fence before it is run by the tests
KIND = re.compile(r"^\s*sigs\.k8s\.io/kind (v\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Snippets:
    """How much a book or a chapter has to run."""

    snippets: int
    run: int
    not_run: int
    cells: int
    chains: int
    seconds: float
    name: str = ""


@dataclass(frozen=True)
class Skipped:
    """A snippet that is not run, and why."""

    id: str
    reason: str
    address: str
    reason_in: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Blocks:
    """The code blocks of a page, or of all, by where they come from."""

    run: int = 0
    files: int = 0
    tested: int = 0
    not_run: int = 0
    typed: int = 0
    page: str = ""
    address: str = ""

    @property
    def all(self) -> int:
        return self.run + self.files + self.tested + self.not_run + self.typed

    @property
    def checked(self) -> int:
        """Those that a machine runs, or uses in what it runs."""
        return self.run + self.files + self.tested

    @property
    def share(self) -> float:
        """The part of them that is checked; 1 where there are none."""
        return self.checked / self.all if self.all else 1.0


@dataclass(frozen=True)
class Fence:
    """A code block typed into a page."""

    page: str
    line: int
    address: str
    language: str
    text: str


@dataclass(frozen=True)
class Days:
    """On which days something happened how often; days are ISO 8601, "" if it never did."""

    count: int
    oldest: str
    median: str
    newest: str
    days: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Took:
    """How long a snippet took when it was recorded."""

    id: str
    seconds: float


@dataclass(frozen=True)
class Version:
    """How many snippets were recorded, and last verified, with a version of something."""

    what: str
    version: str
    recorded: int
    verified: int | None


@dataclass(frozen=True)
class Checks:
    """How many checks of the whole book passed one after the other."""

    in_a_row: int
    date: str
    seconds: float
    source: str


@dataclass(frozen=True)
class Flakes:
    """How many of so many runs, in per cent, disagreed with what is recorded."""

    percent: float
    runs: int
    date: str
    source: str


@dataclass(frozen=True)
class Stats:
    """A book in figures, in the shape that this module's head describes."""

    book: str
    kubernetes: str
    snippets: Snippets
    chapters: tuple[Snippets, ...]
    skipped: tuple[Skipped, ...]
    code: Blocks
    pages: tuple[Blocks, ...]
    fences: tuple[Fence, ...]
    recorded: Days
    verified: Days
    longest: tuple[Took, ...]
    versions: tuple[Version, ...]
    kind: str
    checks: Checks | None
    flakes: Flakes | None


def stats(library: Library, way: Way, calls: Calls, status: Callable[[str], Status]) -> Stats:
    """The figures of a book as git holds it: the same on every machine and on every day.

    Args:
        status: gives the Status of a snippet by its id.

    Raises:
        BookError: a recording, a page or bench/results.json cannot be read.
    """
    every = [status(name) for name in way.snippets]
    took = {one.snippet.id: _seconds(one) for one in every}
    reasons = {name: _reason(library, name) for name in way.snippets}
    pages, fences = _code(library, way, calls, reasons)
    recorded = [one.recording.provenance.recorded for one in every if one.recording]
    verified = [datetime.fromisoformat(one.verified["at"]) for one in every if one.verified]
    checks, flakes = _bench(library.book)
    return Stats(
        book=library.book.name,
        kubernetes=library.book.kubernetes,
        snippets=_count(library, reasons, took),
        chapters=tuple(_chapters(library, reasons, took)),
        skipped=tuple(
            Skipped(name, reason, way.addresses.get(name, ""), _reasons(library, name))
            for name, reason in reasons.items()
            if reason
        ),
        code=_sum(pages),
        pages=tuple(pages),
        fences=tuple(fences),
        recorded=_days(recorded),
        verified=_days(verified),
        longest=tuple(
            Took(name, took[name]) for name in sorted(took, key=lambda n: (-took[n], n))[:MOST]
        ),
        versions=tuple(_versions(every)),
        kind=_kind(library.book),
        checks=checks,
        flakes=flakes,
    )


def to_json(found: Stats) -> str:
    """The figures as text, in the shape that this module's head describes."""
    return json.dumps({"version": VERSION, **asdict(found)}, indent=2, ensure_ascii=False) + "\n"


# Snippets


def _chapters(
    library: Library, reasons: Mapping[str, str], took: Mapping[str, float]
) -> Iterator[Snippets]:
    for chapter in dict.fromkeys(name.partition("/")[0] for name in reasons):
        own = {name: why for name, why in reasons.items() if name.startswith(f"{chapter}/")}
        yield _count(library, own, took, chapter)


def _count(
    library: Library, reasons: Mapping[str, str], took: Mapping[str, float], name: str = ""
) -> Snippets:
    ran = tuple(snippet_id for snippet_id, reason in reasons.items() if not reason)
    return Snippets(
        snippets=len(reasons),
        run=len(ran),
        not_run=len(reasons) - len(ran),
        cells=sum(len(library[snippet_id].cells) for snippet_id in ran),
        chains=len(library.chains(ran)) if ran else 0,
        seconds=round(sum(took[snippet_id] for snippet_id in reasons), 2),
        name=name,
    )


def _reason(library: Library, snippet_id: str) -> str:
    """Why a snippet is not run: its own reason, or that of what it needs; "" if it is."""
    return next((one.skip for one in library.chain(snippet_id) if one.skip), "")


def _reasons(library: Library, snippet_id: str) -> Mapping[str, str]:
    """The same in each language that the book says it in."""
    return next((dict(one.skip_in) for one in library.chain(snippet_id) if one.skip), {})


def _seconds(status: Status) -> float:
    cells = status.recording.cells if status.recording else ()
    return round(sum(cell.duration for cell in cells), 2)


# Code blocks


def _code(
    library: Library, way: Way, calls: Calls, reasons: Mapping[str, str]
) -> tuple[list[Blocks], list[Fence]]:
    """The code blocks of each page that has some, and the fences that nobody runs."""
    pages, fences, used = [], list[Fence](), _used(library, reasons)
    for root in library.book.pages[:1]:
        for page in way.pages:
            text = calls.text(root / page)
            kinds = Counter(_kinds(library, used, calls.on(root / page)))
            typed = [*_typed(page, text)]
            kinds["typed"] = len(typed)
            kinds["tested"] = len(FENCE.findall(text)) - len(typed) if _has_fences(text) else 0
            if kinds.total():
                pages.append(Blocks(page=page, address=address(page), **kinds))
            fences += typed
    return pages, fences


def _used(library: Library, reasons: Mapping[str, str]) -> set[str]:
    """What is run: the ids of snippets, and the files that they are or use, below snippets/."""
    ran = [library[snippet_id] for snippet_id, reason in reasons.items() if not reason]
    files = (
        os.path.normpath(f"{snippet.folder.name}/{name}")
        for snippet in ran
        for name in (snippet.path.name, *snippet.files, *snippet.modules)
    )
    return {*files, *(snippet.id for snippet in ran)}


def _kinds(library: Library, used: set[str], uses: Iterable[Use]) -> Iterator[str]:
    """Where each code block comes from that a macro shows."""
    for use in uses:
        name, _, cell = use.id.partition("#")
        if use.macro == "file":
            yield "files" if os.path.normpath(name) in used else "not_run"
        elif use.macro in ("run", "code"):
            count = 1 if cell else len(library[name].cells)
            yield from ["run" if name in used else "not_run"] * count


def _has_fences(text: str) -> bool:
    return "```" in text or "~~~" in text


def _typed(page: str, text: str) -> Iterator[Fence]:
    """The fences on a page but for those that are tested, and for the outputs expected of them."""
    found = [*FENCE.finditer(text)] if _has_fences(text) else []
    above = anchors(text) if found else []
    expected = [text[: fence.start()].rstrip().endswith(EXPECTED) for fence in found]
    for fence, is_output, is_tested in zip(found, expected, [*expected[1:], False], strict=False):
        if not is_output and not is_tested:
            line = text.count("\n", 0, fence.start()) + 1
            words = re.findall(r"\w+", fence[3])
            first = fence[4].strip().partition("\n")[0]
            yield Fence(page, line, section(page, above, line), words[0] if words else "", first)


def _sum(pages: Iterable[Blocks]) -> Blocks:
    counts = (f.name for f in fields(Blocks) if f.type == "int")
    rows = [*pages]
    return Blocks(**{name: sum(getattr(row, name) for row in rows) for name in counts})


# Recordings


def _days(moments: Sequence[datetime]) -> Days:
    days = sorted(moment.astimezone(UTC).date().isoformat() for moment in moments)
    oldest, median, newest = (days[0], days[(len(days) - 1) // 2], days[-1]) if days else [""] * 3
    return Days(len(days), oldest, median, newest, tuple(Counter(days).items()))


def _versions(every: Iterable[Status]) -> Iterator[Version]:
    """What is named with its version in recordings, and in the record of verifications."""
    recorded, verified = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in every:
        if made := one.recording and one.recording.provenance:
            recorded.update(_named(made.kubernetes, made.flavour))
            recorded.update(made.versions.items())
        if seen := one.verified:
            verified.update(_named(seen["kubernetes"], seen["flavour"]))
    for what, version in sorted({*recorded, *verified}):
        key = (what, version)
        yield Version(what, version, recorded[key], verified[key] if what in NOTED else None)


def _named(kubernetes: str, flavour: str) -> list[tuple[str, str]]:
    if not kubernetes:  # without a cluster
        return []
    return [*zip(NOTED, (kubernetes, flavour), strict=True)]


def _kind(book: Book) -> str:
    """The version of kind that makes the clusters, "" if the recipes do not pin it."""
    path = book.images / "go" / "kind" / "go.mod"
    pinned = KIND.search(read_text(path)) if path.exists() else None
    return pinned[1] if pinned else ""


# Checks


def _bench(book: Book) -> tuple[Checks | None, Flakes | None]:
    """What `make bench` wrote of checks of the whole book, and of runs that disagree."""
    path = book.root / RESULTS
    if not path.exists():
        return None, None
    try:
        sections = json.loads(read_text(path))
        return _checks(sections), _flakes(sections, book.name)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        hint = "make bench writes it anew"
        raise BookError(f"no results of a bench: {error!r}", path=path, hint=hint) from None


def _checks(sections: dict[str, Any]) -> Checks | None:
    part = sections.get("book", {})
    seen = {figure["what"]: figure["seen"] for figure in part.get("figures", ())}
    if IN_A_ROW not in seen:
        return None
    return Checks(seen[IN_A_ROW], part["date"], float(seen.get(WHOLE, 0)), RESULTS)


def _flakes(sections: dict[str, Any], book: str) -> Flakes | None:
    part = sections.get("live", {})
    for figure in part.get("figures", ()):
        match = DISAGREE.fullmatch(figure["what"])
        if match and match[2] == book:
            return Flakes(float(figure["seen"]), int(match[1]), part["date"], RESULTS)
    return None
