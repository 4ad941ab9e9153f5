"""The hooks: placeholders, the two languages, and what an author sees after a mistake."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from demo import HOSTILE, OUTPUTS, PAGES, environment, forget, make_book, mkdocs, record, write

from hooks.languages import join_sitemaps
from hooks.placeholders import Placeholders
from hooks.shelf import Mark, Shelf, mark_of
from kubebook.library import Library
from kubebook.recording import CellRecord, write_recording
from kubebook.show import Shown
from kubebook.status import pending_folder

Build = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def book(tmp_path: Path) -> Library:
    return make_book(tmp_path / "book")


@pytest.fixture
def build(book: Library) -> Build:
    def run(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            mkdocs("build", *options), cwd=book.book.root, env=environment(**variables),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )  # fmt: skip

    return run


def site(book: Library, path: str) -> str:
    return (book.book.root / "site" / path).read_text(encoding="utf-8")


def edit(book: Library, path: str, old: str, new: str) -> None:
    file = book.book.root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    write(file, text.replace(old, new))


def add(book: Library, path: str, text: str) -> int:
    """Append to a page; the line on which `text` then stands."""
    file = book.book.root / path
    before = file.read_text(encoding="utf-8")
    write(file, f"{before}\n{text}\n")
    return before.count("\n") + 2


# Placeholders


@pytest.mark.fault(
    "hooks/placeholders.py", r're.sub(r"<p>\s*</p>", "", f"<p>{out}</p>")', 'f"<p>{out}</p>"'
)
def test_a_block_takes_the_place_of_its_paragraph() -> None:
    places = Placeholders()
    name = places.put(Shown("<div>x</div>"))
    assert places.fill(f"<p>{name}</p>") == "<div>x</div>"


@pytest.mark.fault("hooks/placeholders.py", 'f"</p>{name}<p>{text}"', 'f"{name}{text}"')
def test_a_block_in_a_sentence_ends_the_paragraph() -> None:
    places = Placeholders()
    name = places.put(Shown("<div>x</div>"))
    assert places.fill(f"<p>a {name} b</p>") == "<p>a </p><div>x</div><p> b</p>"


@pytest.mark.fault("hooks/placeholders.py", "name + text if self._shown[name].inline else ", "")
@pytest.mark.fault("hooks/placeholders.py", "return self.plain(tag[0])", "return tag[0]")
@pytest.mark.fault(
    "hooks/placeholders.py",
    "escape(self._shown[name[0]].text), text)",
    "self._shown[name[0]].text, text)",
)
def test_a_value_stays_in_its_sentence_and_in_attributes_is_plain() -> None:
    places = Placeholders()
    name = places.put(Shown("<code>&lt;</code>", text="<", inline=True))
    assert places.fill(f"<p>a {name} b</p>") == "<p>a <code>&lt;</code> b</p>"
    assert places.fill(f'<a href="/{name}">x</a>') == '<a href="/&lt;">x</a>'


@pytest.mark.fault(
    "hooks/placeholders.py",
    "lambda name: self._shown[name[0]].html, html)",
    "lambda name: self.fill(self._shown[name[0]].html), html)",
)
def test_a_placeholder_is_not_looked_for_in_what_it_stands_for() -> None:
    places = Placeholders()
    first = places.put(Shown("<i>one</i>"))
    second = places.put(Shown(f"<pre>{first}</pre>"))
    assert places.fill(f"<li>{second}</li>") == f"<li><pre>{first}</pre></li>"


@pytest.mark.fault("hooks/placeholders.py", "os.urandom(12).hex()", "0")
def test_names_of_another_build_mean_nothing() -> None:
    name = Placeholders().put(Shown("<i>one</i>"))
    assert Placeholders().fill(name) == name


# Builds


@pytest.mark.fault(
    "hooks/languages.py", 'config.theme["language"] = language', 'config.theme["language"] = "ko"'
)
def test_a_strict_build_has_no_warning_and_both_languages(book: Library, build: Build) -> None:
    done = build("--strict")
    assert (done.returncode, "WARNING" in done.stdout) == (0, False), done.stdout
    assert '<html lang="ko"' in site(book, "demo/index.html")
    assert '<html lang="en"' in site(book, "en/demo/index.html")
    assert not list((book.book.root / "site").glob("**/*.md"))


@pytest.mark.fault("hooks/languages.py", "section.title = pages[0].title", "pass")
def test_sections_are_called_what_their_first_page_is_called(book: Library, build: Build) -> None:
    build()
    section = r'md-nav__title"[^>]*>\s*<span class="md-nav__icon md-icon"></span>\s*(.*?)\s*<'
    assert "둘러보기" in re.findall(section, site(book, "index.html"))
    english = site(book, "en/index.html")
    assert "Looking around" in re.findall(section, english)
    assert not re.search("[가-힣]", english.replace("한국어", ""))


@pytest.mark.fault("mkdocs.yml", "font: false", "font: {text: Noto Sans}")
def test_nothing_is_fetched_from_elsewhere(book: Library, build: Build) -> None:
    build()
    for page in (book.book.root / "site").rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        tags = re.findall(r"<(?:link|script|img|iframe|source)\b[^>]*>", html)
        outside = [
            tag
            for tag in tags
            if re.search(r'(?:src|href)="(?!http://127\.0\.0\.1)(?:https?:)?//', tag)
        ]
        assert outside == []


@pytest.mark.fault(
    "docs/theme/main.html", 'href="{{ alternate.href }}"', 'href="{{ alternate.link }}"'
)
@pytest.mark.fault("docs/theme/main.html", 'rel="alternate "', 'rel="alternate"')
@pytest.mark.fault(
    "hooks/languages.py", "get_relative_url(path, paths[here])", "get_relative_url(path, url)"
)
def test_each_page_names_its_alternates(book: Library, build: Build) -> None:
    build(KUBEBOOK_SITE_URL="https://book.test/sub/")
    for page in ("demo/index.html", "en/demo/index.html"):
        found = re.findall(
            r'<link rel="alternate " href="([^"]+)" hreflang="(\w+)">', site(book, page)
        )
        assert found == [
            ("https://book.test/sub/demo/", "ko"),
            ("https://book.test/sub/en/demo/", "en"),
        ]
    assert 'href="../en/demo/" hreflang="en"' in site(book, "demo/index.html")
    assert 'href="../../demo/" hreflang="ko"' in site(book, "en/demo/index.html")


@pytest.mark.fault("hooks/languages.py", "{config.edit_uri}{language}/", "{config.edit_uri}ko/")
@pytest.mark.fault(
    "docs/theme/partials/source.html",
    'class="md-source">',
    'class="md-source" data-md-component="source">',
)
def test_each_page_can_be_edited_where_the_repository_is_known(book: Library, build: Build) -> None:
    build("--strict", KUBEBOOK_REPO_URL="https://github.com/o/book")
    for page, words, source in (
        ("demo/more/index.html", "이 페이지를 편집", "ko/demo/more.md"),
        ("en/demo/index.html", "Edit this page", "en/demo/index.md"),
    ):
        html = site(book, page)
        (link,) = re.findall(r'<a href="(\S+)" title="([^"]+)"[^>]* rel="edit"', html)
        assert link == (f"https://github.com/o/book/edit/main/docs/{source}", words)
        assert '<a href="https://github.com/o/book"' in html
        assert 'data-md-component="source"' not in html  # it would ask GitHub for stars
    assert 'rel="edit"' not in site(book, "404.html")


@pytest.mark.fault("hooks/languages.py", '" if config.repo_url else None', '"')
def test_an_unknown_repository_is_not_linked(book: Library, build: Build) -> None:
    build("--strict")
    for page in ("demo/index.html", "en/demo/index.html"):
        assert not re.search('rel="edit"|md-source"', site(book, page))


@pytest.mark.fault(
    "hooks/languages.py", "(url if (docs / language / source).exists() else first)", "url"
)
def test_a_page_without_translation_leads_to_the_first_page(book: Library, build: Build) -> None:
    (book.book.root / "docs/en/demo/more.md").unlink()
    build()
    assert 'href="../../en/" hreflang="en"' in site(book, "demo/more/index.html")


@pytest.mark.fault("hooks/languages.py", 'else "index.html"', 'else ""')
def test_also_from_disk_where_a_folder_shows_no_page(book: Library, build: Build) -> None:
    (book.book.root / "docs/en/demo/more.md").unlink()
    build("-f", "mkdocs.offline.yml")
    assert 'href="../en/index.html" hreflang="en"' in site(book, "demo/more.html")


@pytest.mark.fault("hooks/languages.py", "urls += URL.findall", "urls = URL.findall")
@pytest.mark.fault("hooks/languages.py", 'path.with_suffix(".xml.gz")', 'path.with_suffix(".gz")')
def test_one_sitemap_for_all_languages(book: Library, build: Build) -> None:
    build(KUBEBOOK_SITE_URL="https://book.test/sub/")
    text = site(book, "sitemap.xml")
    pages = ["", "demo/", "demo/more/"]
    assert re.findall("<loc>https://book.test/sub/(.*)</loc>", text) == [
        *pages,
        *(f"en/{p}" for p in pages),
    ]
    packed = (book.book.root / "site/sitemap.xml.gz").read_bytes()
    assert gzip.decompress(packed).decode() == text


@pytest.mark.fault("hooks/languages.py", " if not LOCATION.search(url)[1].startswith(others)]", "]")
def test_joining_sitemaps_twice_changes_nothing(tmp_path: Path) -> None:
    head = '<?xml version="1.0"?>\n<urlset xmlns="x">\n'
    write(tmp_path / "sitemap.xml", head + "<url><loc>http://h/</loc></url>\n</urlset>")
    write(tmp_path / "en/sitemap.xml", head + "<url><loc>http://h/en/</loc></url>\n</urlset>")
    join_sitemaps(tmp_path, "http://h/", {"ko": "", "en": "en"})
    once = (tmp_path / "sitemap.xml").read_text()
    join_sitemaps(tmp_path, "http://h/", {"ko": "", "en": "en"})
    assert (tmp_path / "sitemap.xml").read_text() == once
    assert once.count("<url>") == 2


@pytest.mark.fault("docs/theme/404.html", '<section lang="en">', "<section>")
@pytest.mark.fault(
    "hooks/languages.py", "[replace(one, link=urlsplit(one.href).path) for one in found]", "found"
)
def test_the_404_page_speaks_both_languages(book: Library, build: Build) -> None:
    build(KUBEBOOK_SITE_URL="https://book.test/sub/")
    page = site(book, "404.html")
    assert '<section lang="ko">' in page
    assert '<section lang="en">' in page
    starts = re.findall(r'<a href="(/sub/[^"]*)"[^>]* target="_self"', page)
    korean, english = ["/sub/en/", "/sub/", "/sub/en/"], ["/sub/", "/sub/en/", "/sub/"]
    assert starts == korean + english  # each in the head, then in the text; English as a template


@pytest.mark.fault(
    "hooks/placeholders.py", "words = escape(visible(shown.text))", "words = shown.html"
)
def test_each_language_searches_its_own_pages(book: Library, build: Build) -> None:
    build()
    korean = json.loads(site(book, "search/search_index.json"))
    english = json.loads(site(book, "en/search/search_index.json"))
    assert korean["config"]["pipeline"] == []
    assert english["config"]["pipeline"] == ["stopWordFilter"]
    assert "둘러보기" in {entry["title"] for entry in korean["docs"]}
    assert "Looking around" in {entry["title"] for entry in english["docs"]}
    assert "Looking around" not in json.dumps(korean, ensure_ascii=False)
    assert not re.search(
        "[가-힣]", re.sub("이름공간|안녕", "", json.dumps(english, ensure_ascii=False))
    )
    text = " ".join(entry["text"] for entry in korean["docs"])
    assert "CrashLoopBackOff" in text
    assert "프로필" not in text
    assert "&lt;script&gt;window.hacked" in text


@pytest.mark.fault("hooks/languages.py", "env.bytecode_cache =", "_ =")
def test_templates_are_compiled_once(book: Library, build: Build) -> None:
    build()
    compiled = book.book.root / ".kubebook/templates"
    before = {file.name: file.stat().st_mtime_ns for file in compiled.iterdir()}
    build()
    assert before == {file.name: file.stat().st_mtime_ns for file in compiled.iterdir()}
    assert len(before) > 10


@pytest.mark.fault(
    "hooks/book.py", "return self.pages[page.file.src_uri].put(shown)", "return shown.html"
)
def test_outputs_stand_in_lists_notes_and_tabs(book: Library, build: Build) -> None:
    build()
    page = site(book, "demo/more/index.html")
    assert re.search(
        r"<li>\s*<p>목록 안</p>\s*<div class=\"kb-output[^>]*>.*?</div>\s*</li>", page, re.DOTALL
    )
    assert re.search(
        r'<div class="admonition note">(?:(?!</div>).)*<div class="kb-code', page, re.DOTALL
    )
    assert re.search(r'<div class="tabbed-block">\s*<div class="kb-code language-yaml', page)


@pytest.mark.fault(
    "kubebook/printed.py",
    "if text.isascii():\n        return escape(text)",
    "if text.isascii():\n        return text",
)
def test_a_hostile_output_is_text(book: Library, build: Build) -> None:
    build()
    page = site(book, "demo/more/index.html")
    assert "<script>window.hacked" not in page
    assert "<img src=x" not in page
    assert "{{" in page
    assert "49" not in re.search(r"window\.hacked.*?</pre>", page, re.DOTALL)[0]
    assert HOSTILE.splitlines()[2].split()[0] in page


@pytest.mark.fault(
    "kubebook/show.py", "text, inline=True, warnings=warnings)", "text, warnings=warnings)"
)
def test_a_value_is_quoted(book: Library, build: Build) -> None:
    build()
    assert "<code>http://172.18.0.2:31509</code> 입니다." in site(book, "demo/index.html")


# Mistakes: a strict build ends cleanly; the page shows the error in its place.


def fails(done: subprocess.CompletedProcess[str], *messages: str) -> None:
    assert done.returncode == 1
    assert "Traceback" not in done.stdout
    assert "in strict mode" in done.stdout
    for message in messages:
        assert message in done.stdout


@pytest.mark.fault("kubebook/show.py", "else (self._warning(use, str(error)),)", "else ()")
@pytest.mark.fault("kubebook/show.py", "use = self.calls.find(use)", "pass")
@pytest.mark.fault("kubebook/show.py", 'return text.replace(f"{self.root}/", "")', "return text")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('{{ run("demo/pod") }}', 'no snippet "demo/pod"\n  did you mean "demo/pods"?'),
        ('{{ output("demo/whoami#x") }}', 'no cell "x" in "demo/whoami"'),
        ('{{ file("demo/x.yaml") }}', 'no snippet uses a file "demo/x.yaml"'),
        ('{{ value("demo/service-list", "table[NAME=x].URL") }}', "no row matches"),
        ('{{ value("demo/pods", "table[RESTARTS=0].NAME") }}', "2 rows match"),
        ('{{ value("demo/cloud", "a") }}', "no output is recorded yet"),
    ],
)
def test_a_wrong_name(book: Library, build: Build, call: str, message: str) -> None:
    line = add(book, "docs/en/demo/more.md", call)
    fails(build("--strict"), f"WARNING -  docs/en/demo/more.md:{line}: ", message)
    page = site(book, "en/demo/more/index.html")
    assert "kb-error" in page or "kb-note--error" in page
    assert str(book.book.root) not in page


@pytest.mark.fault("hooks/macros.py", "{(line or 1) + above}", "{line or 1}")
@pytest.mark.fault("hooks/macros.py", "if len(texts) != len(TAKES[name]):", "if False:")
@pytest.mark.fault("hooks/macros.py", "@format_error.register(TemplateSyntaxError)\n", "")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{{ rnu("demo/pods") }}', "'rnu' is undefined"),
        ("{{ run(pods) }}", "'pods' is undefined"),
        ('{{ run("demo/pods", "x") }}', "run() takes one id"),
        ('{{ value("demo/pods") }}', "value() takes an id and a path"),
        ("{{ run(", "unexpected 'end of template'"),
    ],
)
def test_a_wrong_macro(book: Library, build: Build, text: str, message: str) -> None:
    line = add(book, "docs/ko/demo/more.md", text)
    write(
        book.book.root / "docs/ko/demo/more.md",
        "---\ntitle: x\n---\n" + _read(book, "docs/ko/demo/more.md"),
    )
    done = build("--strict")
    fails(done, f"demo/more.md:{line + 3}", message)
    assert "Traceback" not in site(book, "demo/more/index.html")


def _read(book: Library, path: str) -> str:
    return (book.book.root / path).read_text(encoding="utf-8")


@pytest.mark.fault("kubebook/show.py", 'if missing and status.state != "skipped":', "if False:")
def test_a_missing_recording(book: Library, build: Build) -> None:
    forget(book, "demo/hostile")
    line = PAGES["ko/demo/more.md"].split('{{ run("demo/hostile")')[0].count("\n") + 1
    place = f"docs/ko/demo/more.md:{line}: "
    fails(build("--strict"), place + "no output is recorded of demo/hostile\n  kubebook run demo/")
    assert "아직 기록된 출력이 없습니다." in site(book, "demo/more/index.html")


@pytest.mark.fault("kubebook/show.py", 'if status.state == "stale":', "if False:")
def test_a_stale_recording(book: Library, build: Build) -> None:
    edit(book, "snippets/demo/hello.yaml", "hello", "hallo")
    fails(build("--strict"), "the output of demo/pods is stale (file hello.yaml changed)")
    assert "<code>file hello.yaml</code>" in site(book, "en/demo/index.html")


@pytest.mark.fault(
    "kubebook/recording.py",
    "        if stated != _checksum(data, shown):\n            message",
    "        if False:\n            message",
)
def test_a_recording_edited_by_hand(book: Library, build: Build) -> None:
    edit(book, "recordings/demo/pods.out", "Running", "Walking")
    fails(
        build("--strict"),
        "recordings/demo/pods.out: it or pods.json was edited by hand: the checksum does not fit",
    )
    assert "Walking" not in site(book, "demo/index.html")


@pytest.mark.fault("kubebook/show.py", "() if error is self.library else (self", "(self")
def test_a_broken_snippet_is_told_once_and_shown_everywhere(book: Library, build: Build) -> None:
    edit(book, "snippets/demo/pods.sh", "# files", "# flies")
    done = build("--strict")
    fails(done, 'snippets/demo/pods.sh:2: unknown key "flies"')
    assert done.stdout.count("unknown key") == 1
    assert site(book, "demo/index.html").count("kb-note--error") >= 3


@pytest.mark.fault("kubebook/mode.py", "if mode not in MODES:", "if False:")
def test_an_unknown_mode(build: Build) -> None:
    fails(
        build("--strict", KUBEBOOK_MODE="lvie"),
        'no mode KUBEBOOK_MODE=lvie\n  did you mean "live"?',
    )


@pytest.mark.fault(
    "kubebook/pages.py",
    "for use in found if use.macro in SHOWS}",
    "for uses in self.uses.values() for use in uses if use.macro in SHOWS}",
)
def test_a_snippet_that_no_page_shows(book: Library, build: Build) -> None:
    edit(book, "docs/en/demo/more.md", '{{ run("demo/cloud") }}', "")
    fails(build("--strict"), "snippets/demo/cloud.sh:1: no page in docs/en shows it")


@pytest.mark.fault("mkdocs.yml", "links: {not_found: warn", "links: {not_found: info")
@pytest.mark.fault("mkdocs.yml", "anchors: warn", "anchors: info")
@pytest.mark.parametrize(
    ("link", "missing"), [("nowhere.md", "target"), ("index.md#nowhere", "doc")]
)
def test_a_broken_english_link(book: Library, build: Build, link: str, missing: str) -> None:
    add(book, "docs/en/demo/more.md", f"[x]({link})")
    place = "WARNING -  Doc file 'demo/more.md'"
    fails(build("--strict"), f"{place} contains a link '{link}', but the {missing} ")


@pytest.mark.fault("mkdocs.yml", "omitted_files: warn", "omitted_files: info")
def test_a_page_outside_the_navigation(book: Library, build: Build) -> None:
    write(book.book.root / "docs/en/lost.md", "# Lost\n")
    done = build("--strict")
    fails(done)
    assert re.search(
        r"WARNING -  .* not included in the .nav. configuration:\n  - lost", done.stdout
    )


@pytest.mark.fault("hooks/book.py", "if placeholders.find(anchor.title):", "if False:")
def test_a_value_in_a_heading(book: Library, build: Build) -> None:
    add(
        book,
        "docs/ko/demo/more.md",
        '## {{ value("demo/service-list", "table[NAME=web].URL") }} {#url}',
    )
    fails(build("--strict"), "demo/more.md: a heading cannot quote a value: #url")


@pytest.mark.fault("kubebook/show.py", "if live and status.pending:", "if False:")
@pytest.mark.fault("hooks/book.py", 'mode == "live", calls', "False, calls")
def test_live_mode_shows_what_is_not_accepted_and_is_not_published(
    book: Library, build: Build
) -> None:
    write(book.book.root / "sitecustomize.py", _NO_CLUSTER)
    new = record(book, "demo/hostile", [CellRecord("", 0, 1.0, "something new\n")])
    record(book, "demo/hostile")
    write_recording(pending_folder(book.book), new)
    assert build("--strict").returncode == 0
    path = f"{book.book.root}:{environment()['PYTHONPATH']}"
    done = build("--strict", KUBEBOOK_MODE="live", PYTHONPATH=path)
    fails(done, "a new output of demo/hostile is not accepted\n  kubebook accept demo/hostile")
    page = site(book, "en/demo/more/index.html")
    assert "something new" in page
    assert "new, not accepted" in page


# Stands in for kubebook.refresh: this test is about pages, not about clusters.
_NO_CLUSTER = """
import sys, types
module = types.ModuleType("kubebook.refresh")
module.refresh = lambda library: None
sys.modules["kubebook.refresh"] = module
"""


# The shelf


def tree(folder: Path) -> dict[str, str]:
    return {str(f.relative_to(folder)): f.read_text() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    for name in ("index.html", "search/index.json", "en/index.html", "en/search/index.json"):
        write(tmp_path / "site" / name, name)
    return Shelf(tmp_path / "site", {"ko": "", "en": "en"})


@pytest.mark.fault("hooks/shelf.py", " if not folder else set()", " if folder else set()")
@pytest.mark.fault("hooks/shelf.py", "if old.is_dir():", "if False:")
def test_an_unchanged_language_is_kept(shelf: Shelf) -> None:
    before = tree(shelf.site)
    shelf.remember("ko", (1,))
    shelf.remember("en", (1,))
    assert shelf.take("ko", (1,))
    assert tree(shelf.site).keys() == {"en/index.html", "en/search/index.json"}
    assert shelf.take("en", (1,))
    write(shelf.site / "search/index.json", "of the empty build")
    shelf.put_back("en")
    shelf.put_back("ko")
    assert tree(shelf.site) == before


@pytest.mark.fault("hooks/shelf.py", "self._marks.pop(language, None)", "pass")
def test_a_changed_language_is_not_kept(shelf: Shelf) -> None:
    shelf.remember("ko", (1,))
    assert not shelf.take("ko", (2,))
    assert not shelf.take("ko", (1,))


@pytest.mark.fault("hooks/shelf.py", "if not self._place(language).exists():", "if True:")
def test_what_is_kept_outlives_a_failed_build(shelf: Shelf) -> None:
    shelf.remember("en", (1,))
    assert shelf.take("en", (1,))
    write(shelf.site / "en/index.html", "half a build")
    assert shelf.take("en", (1,))
    shelf.put_back("en")
    assert (shelf.site / "en/index.html").read_text() == "en/index.html"


@pytest.mark.fault("hooks/shelf.py", 'path.rglob("*")', 'path.glob("*")')
@pytest.mark.fault("hooks/shelf.py", "stat.st_mtime_ns, stat.st_size)", "stat.st_size)")
@pytest.mark.fault("hooks/shelf.py", "stat.st_mtime_ns, stat.st_size)", "stat.st_mtime_ns)")
@pytest.mark.fault("hooks/shelf.py", "(str(file), stat.", "(stat.")
def test_a_mark_sees_every_change(tmp_path: Path) -> None:
    page = tmp_path / "a/x.md"

    def mark(size: int, time: int) -> Mark:
        write(page, "x" * size)
        os.utime(page, (time, time))
        return mark_of([tmp_path])

    first = mark(1, 1)
    assert mark(1, 1) == first
    seen = {first, mark(2, 1), mark(1, 2)}
    page = page.rename(tmp_path / "a/y.md")
    seen |= {mark(1, 1)}
    page.unlink()
    assert len(seen | {mark_of([tmp_path])}) == 5


def test_the_demo_records_every_snippet_it_runs(book: Library) -> None:
    assert set(OUTPUTS) == {s.id for s in book.snippets.values() if not s.skip}
