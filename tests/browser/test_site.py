"""What a reader can do on the site: change the language, search, copy, and read on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from conftest import Served, Watched, go, until
from demo import HOSTILE, PODS, SERVICES, SNIPPETS
from playwright.sync_api import Browser, BrowserContext, Page, expect

PAGES = ("", "demo/", "demo/more/", "en/", "en/demo/", "en/demo/more/")
CSS, JS = "docs/theme/assets/kubebook.css", "docs/theme/assets/kubebook.js"
LANGUAGES, SWITCHER = "hooks/languages.py", "docs/theme/partials/alternate.html"
RENDER, PRINTED = "kubebook/render.py", "kubebook/printed.py"

DARK = """() => {
  const grey = colour => colour.match(/[0-9.]+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0)
  const { color, backgroundColor } = getComputedStyle(document.body)
  return grey(color) > grey(backgroundColor)
}"""
META = 'document.querySelector(".md-search-result__meta").textContent.trim()'


def switch(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_load_state()


def search(page: Page, words: str) -> list[str]:
    """The addresses that a search finds."""
    query = page.locator("[data-md-component=search-query]").first
    query.focus()
    until(page, f"/입력하세요|Type to start/.test({META})")
    query.fill(words)
    query.press("End")  # the search listens to keys
    items = 'document.querySelectorAll(".md-search-result__item").length'
    found = f"/일치|matching/.test({META}) && (parseInt({META}) || 0) === {items}"
    until(page, found)
    links = page.locator(".md-search-result__link")
    return [links.nth(n).get_attribute("href") or "" for n in range(links.count())]


# Two languages


@pytest.mark.fault(
    LANGUAGES, 'config.theme["language"] = language', 'config.theme["language"] = "ko"'
)
@pytest.mark.parametrize(("path", "language"), [("demo/", "ko"), ("en/demo/", "en")])
def test_each_language_is_declared(page: Page, served: Served, path: str, language: str) -> None:
    go(page, served.url + path)
    assert page.locator("html").get_attribute("lang") == language
    heading = {"ko": "둘러보기", "en": "Looking around"}[language]
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


@pytest.mark.fault(LANGUAGES, "url if (docs / language / source).exists() else first", "first")
@pytest.mark.fault(JS, "link.hash = location.hash", "link.hash = ''")
@pytest.mark.parametrize("anchor", ["", "#forbidden"])
@pytest.mark.parametrize(
    ("here", "there", "name"), [("demo/", "en/demo/", "English"), ("en/demo/", "demo/", "한국어")]
)
def test_the_switcher_keeps_page_and_anchor(
    page: Page, served: Served, *, here: str, there: str, name: str, anchor: str
) -> None:
    go(page, served.url + here + anchor)
    switch(page, name)
    expect(page).to_have_url(served.url + there + anchor)
    assert page.locator("html").get_attribute("lang") != ("ko" if here == "demo/" else "en")
    if anchor:
        expect(page.locator(anchor)).to_be_in_viewport()


@pytest.mark.fault(
    JS,
    "document$.subscribe(() => {\n  for (const link",
    'addEventListener("load", () => {\n  for (const link',
)
@pytest.mark.fault("docs/theme/main.html", 'rel="alternate "', 'rel="alternate"')
@pytest.mark.fault("mkdocs.yml", "    - navigation.instant\n", "")
@pytest.mark.parametrize(
    ("start", "link", "there", "name"),
    [("", "둘러보기", "en/demo/", "English"), ("en/", "looking around", "demo/", "한국어")],
)
def test_the_switcher_follows_instant_navigation(
    page: Page, served: Served, *, start: str, link: str, there: str, name: str
) -> None:
    with page.expect_response("**/sitemap.xml"):  # only its pages are opened at once
        go(page, served.url + start)
    page.evaluate("window.stillHere = true")
    page.locator("article").get_by_role("link", name=link).click()
    expect(page.locator("article #forbidden")).to_be_attached()
    page.locator("[data-md-type=toc] a[href='#forbidden'], [data-md-component=toc] a").last.click()
    assert page.evaluate("window.stillHere"), "the page was loaded anew"
    until(page, "location.hash === '#forbidden'")
    switch(page, name)
    expect(page).to_have_url(f"{served.url}{there}#forbidden")


@pytest.mark.fault(
    JS,
    "if (link) link.hash = location.hash",
    "if (link) location.replace(link.href) || event.preventDefault()",
)
def test_there_and_back_again(page: Page, served: Served) -> None:
    go(page, served.url + "demo/more/")
    switch(page, "English")
    switch(page, "한국어")
    expect(page).to_have_url(served.url + "demo/more/")
    page.go_back()
    expect(page).to_have_url(served.url + "en/demo/more/")
    assert page.locator("html").get_attribute("lang") == "en"


# Search


@pytest.mark.fault("hooks/book.py", "return placeholders.index(html)", "return html")
@pytest.mark.parametrize(
    ("path", "words", "found"),
    [
        ("", "클러스터", "/demo/"),
        ("", "서비스", "/demo/#services"),
        ("", "CrashLoopBackOff", "/demo/"),
        ("en/", "services", "/en/demo/#services"),
        ("en/", "CrashLoopBackOff", "/en/demo/"),
    ],
)
def test_a_search_finds_the_readers_language(
    page: Page, served: Served, path: str, words: str, found: str
) -> None:
    go(page, served.url + path)
    links = [link.split("?")[0] + "#" + link.partition("#")[2] for link in search(page, words)]
    links = [link.rstrip("#").removeprefix(served.url.rstrip("/")) for link in links]
    assert found in links
    assert all(link.startswith("/en/") == (path == "en/") for link in links)


@pytest.mark.fault(SWITCHER, ' target="_self"', "")
@pytest.mark.parametrize(
    ("start", "name", "there", "words"),
    [("en/", "한국어", "", "Looking"), ("", "English", "en/", "둘러보기")],
)
def test_a_search_does_not_find_the_language_that_a_reader_left(
    page: Page, served: Served, *, start: str, name: str, there: str, words: str
) -> None:
    with page.expect_response("**/sitemap.xml"):  # only its pages are opened at once
        go(page, served.url + start)
    switch(page, name)
    expect(page).to_have_url(served.url + there)
    assert search(page, words) == []


# Commands and outputs


@pytest.mark.fault(
    RENDER, "_code(title, cell.code, lexer,", '_code(title, "$ " + cell.code, lexer,'
)
@pytest.mark.fault("mkdocs.yml", "    - content.code.copy\n", "")
@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("bash pods.sh", SNIPPETS["pods.sh"].partition("# ///\n")[2]),
        ("python service-list.py", SNIPPETS["service-list.py"].partition("# ///\n")[2]),
        ("anonymous", "kubectl --as system:anonymous get --raw /api/v1/pods"),
    ],
)
def test_the_copy_button_copies_the_commands_alone(
    page: Page, context: BrowserContext, served: Served, title: str, code: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.url)
    go(page, served.url + "demo/")
    block = page.locator(".kb-code", has=page.locator(".filename", has_text=title))
    block.hover()
    block.locator("button[data-md-type=copy]").click()
    until(page, "navigator.clipboard.readText().then(text => text !== '')")
    assert page.evaluate("navigator.clipboard.readText()") == code.rstrip("\n")


@pytest.mark.fault(RENDER, "<samp>{_printed(record, words)}", "<code>{_printed(record, words)}")
def test_outputs_have_no_copy_button(page: Page, served: Served) -> None:
    go(page, served.url + "demo/")
    expect(page.locator(".kb-code button[data-md-type=copy]").first).to_be_attached()
    assert page.locator(".kb-output button").count() == 0


@pytest.mark.fault(RENDER, "return printed(text)", "return printed(escape(text))")
def test_outputs_are_shown_as_they_were_printed(page: Page, served: Served) -> None:
    go(page, served.url + "demo/")
    samples = page.locator(".kb-output samp")
    assert samples.nth(0).inner_text() == PODS.rstrip("\n")
    assert samples.nth(1).inner_text() == SERVICES.rstrip("\n")


@pytest.mark.fault(CSS, "--kb-good: #56d364", "--kb-good: #1a7f37")
@pytest.mark.fault(
    CSS, ".kb-output .ge { color: var(--kb-waiting)", ".kb-output .ge { color: var(--kb-good)"
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_have_colours_that_can_be_read(page: Page, served: Served, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    go(page, served.url + "demo/")
    sample = page.locator(".kb-output samp").first
    kinds = {"text": sample} | {
        kind: sample.locator(f".{kind}").first for kind in ("gh", "gi", "gr", "ge")
    }
    colours = {
        kind: part.evaluate("e => getComputedStyle(e).color") for kind, part in kinds.items()
    }
    assert len(set(colours.values())) == len(colours)
    ground = page.locator(".kb-output").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert min(contrast(colour, ground) for colour in colours.values()) >= 4.5


def contrast(one: str, other: str) -> float:
    """Contrast of two colours "rgb(r, g, b)" by WCAG 2, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = colour[colour.index("(") + 1 : -1].split(",")[:3]
        channels = [int(float(part)) / 255 for part in parts]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.fault(PRINTED, ' style="width:{wcswidth(run)}ch"', "")
@pytest.mark.fault(CSS, ".kb-wide {\n  display: inline-block;", ".kb-wide {")
def test_hangul_and_emoji_keep_their_columns(page: Page, served: Served) -> None:
    go(page, served.url + "demo/")
    ends = (
        page.locator(".kb-output samp")
        .nth(1)
        .evaluate(
            """samp => {
          const walker = document.createTreeWalker(samp, NodeFilter.SHOW_TEXT)
          const lines = [[]]
          while (walker.nextNode()) {
            [...walker.currentNode.data].reduce((offset, character) => {
              if (character === "\\n") lines.push([])
              if (character === "|") {
                const range = document.createRange()
                range.setStart(walker.currentNode, offset)
                range.setEnd(walker.currentNode, offset + 1)
                lines.at(-1).push(range.getBoundingClientRect().left)
              }
              return offset + character.length
            }, 0)
          }
          return lines
        }"""
        )
    )
    assert all(len(line) == 4 for line in ends)
    for line in ends:
        assert all(abs(here - first) < 1 for here, first in zip(line, ends[0], strict=True))


@pytest.mark.fault(RENDER, '"failed": bool(record.exit)', '"failed": False')
@pytest.mark.fault(RENDER, "    if record.exit:", "    if False:")
def test_a_failed_command_looks_failed(page: Page, served: Served) -> None:
    go(page, served.url + "demo/")
    failed = page.locator(".kb-output--failed")
    assert failed.count() == 1
    expect(failed.get_by_text("exit 1")).to_be_visible()


@pytest.mark.fault(
    PRINTED,
    'return keep_columns("".join(str(piece[0]) for piece in pieces))',
    'return "".join(str(piece[0]) for piece in pieces)',
)
def test_a_hostile_output_is_inert(page: Page, served: Served) -> None:
    go(page, served.url + "demo/more/")
    sample = page.locator(".kb-output samp", has_text="window.hacked")
    assert sample.inner_text() == HOSTILE.rstrip("\n")
    assert page.evaluate("window.hacked") is None
    assert page.locator("article img, article script, #anchor").count() == 0


@pytest.mark.fault(
    RENDER,
    '<pre tabindex="0" role="region" aria-label="{label}">',
    '<pre role="region" aria-label="{label}">',
)
@pytest.mark.fault(RENDER, ' aria-label="{label}">', ">")
@pytest.mark.fault(
    CSS, "  overflow-x: auto;\n  background: none;", "  overflow-x: hidden;\n  background: none;"
)
def test_outputs_can_be_reached_and_scrolled_by_keyboard(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, served.url + "demo/")
    output = page.get_by_role("region", name="bash pods.sh의 출력")
    assert output.evaluate("e => e.tabIndex") == 0, "not every browser stops at what scrolls"
    output.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.activeElement.scrollLeft > 0")


@pytest.mark.fault(RENDER, "if made.kubernetes:", "if False:")
@pytest.mark.fault(RENDER, "day = escape(words.date(moment))", "day = moment.date()")
def test_provenance_can_be_seen(page: Page, served: Served) -> None:
    go(page, served.url + "demo/")
    line = page.locator(".kb-provenance").first
    expect(line).to_contain_text("2026년 11월 23일 기록")
    expect(line).to_contain_text("Kubernetes v1.37.2")


# Looks


@pytest.mark.fault(
    CSS, "  overflow-x: auto;\n  background: none;", "  overflow-x: visible;\n  background: none;"
)
@pytest.mark.parametrize("path", PAGES)
def test_a_phone_page_does_not_scroll_sideways(page: Page, served: Served, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, served.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.fault("mkdocs.yml", "scheme: slate", "scheme: default")
@pytest.mark.parametrize("path", ["", "en/"])
def test_pages_are_as_dark_as_the_reader_likes(page: Page, served: Served, path: str) -> None:
    go(page, served.url + path)
    for scheme in ("light", "dark", "light"):
        page.emulate_media(color_scheme=scheme)
        until(page, f"(({DARK})() === {str(scheme == 'dark').lower()})")


# Published under a path, as on GitHub Pages


@pytest.mark.fault(LANGUAGES, "href=base + path", 'href="/" + path')
def test_under_a_path_the_switcher_keeps_page_and_anchor(page: Page, published: str) -> None:
    with page.expect_response("**/sitemap.xml"):
        go(page, published)
    page.evaluate("window.stillHere = true")
    page.locator("article").get_by_role("link", name="둘러보기").click()
    expect(page.locator("article #forbidden")).to_be_attached()
    assert page.evaluate("window.stillHere")
    page.evaluate("location.hash = '#forbidden'")
    switch(page, "English")
    expect(page).to_have_url(published + "en/demo/#forbidden")
    switch(page, "한국어")
    expect(page).to_have_url(published + "demo/#forbidden")


LOST = "docs/theme/assets/lost.js"
nowhere = pytest.mark.parametrize("folder", ["", "en/"], ids=["ko", "en"])
LOST_WORDS = {  # what a reader in a language is told and asked
    "": ("ko", "찾는 쪽이 없습니다", "첫 쪽", "검색", "둘러보기"),
    "en/": ("en", "There is no such page", "first page", "Search", "looking around"),
}


@pytest.fixture
def lost(context: BrowserContext) -> Iterator[Page]:
    """A page whose address leads nowhere, which alone may be missing."""
    page = context.new_page()
    watched = Watched(page)
    yield page
    assert [fault for fault in watched.faults if "404" not in fault] == []


@pytest.mark.fault("docs/theme/404.html", "reverse=true", "reverse=false")
@pytest.mark.fault("docs/theme/404.html", "missing[config.theme.language]", "missing.ko")
@pytest.mark.fault(LOST, "lang = own.lang", "lang ||= own.lang")
@pytest.mark.fault(LOST, "startsWith(own.dataset.below)", 'startsWith("/")')
@pytest.mark.fault("hooks/lost.py", 'f"{base}{folder}/"', 'f"/{folder}/"')
@nowhere
def test_the_404_page_speaks_the_language_that_was_looked_in(
    lost: Page, published: str, folder: str
) -> None:
    language, title, first, ask, _ = LOST_WORDS[folder]
    go(lost, f"{published}{folder}no/such/page/")
    expect(lost).to_have_title(re.compile(f"^{title} - "))
    assert lost.locator("html").get_attribute("lang") == language
    assert lost.locator("[data-md-component=search-query]").get_attribute("placeholder") == ask
    sections = lost.locator("article section")
    assert sections.first.get_attribute("lang") == language
    expect(sections.first).to_contain_text(title)
    expect(sections).to_have_count(2)
    assert lost.locator("#__config").count() == 1
    lost.get_by_role("link", name=first, exact=True).click()
    expect(lost).to_have_url(published + folder)
    assert lost.locator("html").get_attribute("lang") == language


@pytest.mark.fault(LOST, "document.body.replaceChildren(own.content)", "")
@nowhere
def test_a_search_from_the_404_page_finds_the_readers_language(
    lost: Page, published: str, folder: str
) -> None:
    *_, chapter = LOST_WORDS[folder]
    go(lost, f"{published}{folder}no/such/page/")
    links = search(lost, "CrashLoopBackOff")
    assert links
    assert all(link.startswith(f"{published}{folder}demo/") for link in links)
    lost.locator(".md-search-result__link").first.click()
    expect(lost.locator(".md-content h1")).to_contain_text(re.compile(chapter, re.IGNORECASE))


@pytest.mark.fault(LANGUAGES, "link=urlsplit(one.href).path", "link=one.link")
@nowhere
def test_the_404_page_leads_to_the_other_language(lost: Page, published: str, folder: str) -> None:
    other = "" if folder else "en/"
    go(lost, f"{published}{folder}no/such/page/")
    lost.get_by_role("link", name=LOST_WORDS[other][2], exact=True).click()
    expect(lost).to_have_url(published + other)
    go(lost, f"{published}{folder}no/such/page/")
    switch(lost, {"": "한국어", "en/": "English"}[other])
    expect(lost).to_have_url(published + other)


@pytest.mark.fault("docs/theme/404.html", "reverse=true) %}", "reverse=true) if one.here %}")
@nowhere
def test_without_scripts_the_404_page_can_be_read_in_both_languages(
    chromium: Browser, published: str, folder: str
) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{published}{folder}no/such/page/")
    for _, title, first, *_ in LOST_WORDS.values():
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        expect(page.get_by_role("link", name=first, exact=True)).to_be_visible()
    page.close()


@pytest.mark.fault("hooks/redirects.py", "(location.hash || {anchor})", "{anchor}")
@pytest.mark.parametrize("folder", ["", "en/"])
def test_an_old_address_leads_to_the_page_with_the_readers_anchor(
    page: Page, published: str, folder: str
) -> None:
    page.goto(f"{published}{folder}past/old/?h=x#services")
    expect(page).to_have_url(re.compile(f"{published}{folder}demo/.*#services"))
    expect(page.locator("#services")).to_be_in_viewport()
    page.goto(f"{published}{folder}past/old/")
    expect(page).to_have_url(f"{published}{folder}demo/#forbidden")


@pytest.mark.fault("hooks/redirects.py", "0; url={link}", "0; url={page}")
@pytest.mark.parametrize("folder", ["", "en/"])
def test_also_without_scripts(chromium: Browser, published: str, folder: str) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{published}{folder}past/old/")
    expect(page).to_have_url(f"{published}{folder}demo/#forbidden")
    page.close()
