"""Outputs in the browser: fixed columns, folds, marks, looks and links, on the real book."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from conftest import Site, go
from demo import REPOSITORY
from playwright.sync_api import Browser, Locator, Page, Route, expect

CSS = "docs/theme/assets/kubebook.css"
SCRIPT = "docs/theme/assets/outputs.js"
PHONE = {"width": 390, "height": 844}
GROUPS = "architecture/api-paths/"  # its table is wide and long
PORTS = "monitoring/service-list/"  # a node port in several outputs

WIDE = ".kb-output:has(samp > .kb-first)"


def left_of(place: Locator) -> float:
    return float(place.evaluate("e => e.getBoundingClientRect().left"))


def scroll(block: Locator, by: int) -> None:
    """Scroll sideways, and wait until the page has taken notice."""
    block.evaluate("(e, by) => { e.scrollLeft = by }", by)
    block.evaluate("e => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


@pytest.mark.fault(CSS, "position: sticky;\n  left: min", "left: min")
@pytest.mark.fault(CSS, "  width: max-content;\n  min-width: 100%;", "")
@pytest.mark.fault(CSS, "box-shadow: -1.2em 0 var(--kb-output);", "")
@pytest.mark.parametrize("path", ["", "en/"])
def test_the_first_column_stays_while_the_rest_scrolls(page: Page, site: Site, path: str) -> None:
    page.set_viewport_size(PHONE)
    go(page, site.url + path + GROUPS)
    block = page.locator(f"{WIDE} pre").first
    scroll(block, 130)
    row = block.locator(".kb-first").nth(3)
    ground = left_of(block)
    assert ground <= left_of(row) <= ground + 20
    row.scroll_into_view_if_needed()
    over = """row => {
      const { left, top, height } = row.getBoundingClientRect()
      return row.contains(document.elementFromPoint(left + 8, top + height / 2))
    }"""
    assert row.evaluate(over), "something scrolls over the first column"
    assert row.evaluate("e => getComputedStyle(e).boxShadow") != "none", "or left of it"


@pytest.mark.fault(CSS, "  display: inline-block;  /* as high as", "  /* as high as")
@pytest.mark.fault(CSS, "  border-right: .05rem solid var(--kb-output-line);", "")
@pytest.mark.parametrize("path", [PORTS, f"en/{PORTS}", GROUPS])
def test_nothing_shows_through_between_the_rows(page: Page, site: Site, path: str) -> None:
    page.set_viewport_size(PHONE)
    go(page, site.url + path)
    blocks = page.locator(f"{WIDE} > pre:visible")
    assert blocks.count()
    for block in blocks.all():
        scroll(block, 60)
        block.scroll_into_view_if_needed()
        through = """block => {
          const rows = [...block.querySelectorAll(".kb-first")]
          const { left, top } = rows[0].getBoundingClientRect()
          const { bottom } = block.getBoundingClientRect()
          const end = Math.min(rows.at(-1).getBoundingClientRect().bottom, bottom, innerHeight)
          for (let y = top; y < end; y += 0.5) {
            const seen = document.elementFromPoint(left + 4, y)
            if (seen && !seen.closest(".kb-first")) return `${y - top} px: ${seen.outerHTML}`
          }
        }"""
        assert block.evaluate(through) is None
        if block.evaluate("e => e.scrollLeft > 0"):
            edge = "e => getComputedStyle(e, '::after').borderRightStyle"
            assert block.locator(".kb-first").first.evaluate(edge) == "solid"


@pytest.mark.fault(SCRIPT, "block.scrollLeft > 0", "false")
def test_a_wide_first_column_leaves_room_for_the_rest(page: Page, site: Site) -> None:
    page.set_viewport_size(PHONE)
    go(page, site.url + GROUPS)
    block = page.locator(f"{WIDE} pre").first
    first = block.locator(".kb-first").first
    clipped = "e => parseFloat(getComputedStyle(e).clipPath.split(' ')[1]) || 0"
    assert first.evaluate(clipped) == 0, "nothing is cut before the rest is scrolled"
    scroll(block, 130)
    width = first.evaluate("e => e.getBoundingClientRect().width") - first.evaluate(clipped)
    assert width <= 0.6 * block.evaluate("e => e.clientWidth")
    assert width >= 0.4 * block.evaluate("e => e.clientWidth")


@pytest.mark.fault(CSS, "left: min(0px, var(--kb-wider) * -99);", "left: 0;")
def test_without_scripts_a_wide_first_column_covers_nothing(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url + GROUPS)
    block = page.locator(f"{WIDE} pre").first
    block.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)  # scrolling is smooth, and no script can tell when it ends
    head = block.locator(".kb-first").first.bounding_box()
    ground = block.bounding_box()
    assert head and ground
    assert head["x"] < ground["x"]
    context.close()


@pytest.mark.fault(CSS, "max-height: calc(14 * 1.45em + .7722em);", "")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_long_output_is_folded_until_it_is_opened(
    chromium: Browser, site: Site, scripts: bool
) -> None:
    context = chromium.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(site.url + GROUPS)
    output = page.locator(".kb-output:has(> .kb-fold)").first
    summary = output.locator(".kb-fold > summary")
    expect(summary).to_have_text("24줄 모두")
    block = output.locator("> pre")
    box = block.bounding_box()
    assert box and box["height"] < 340
    summary.focus()
    page.keyboard.press("Enter")
    opened = block.bounding_box()
    assert opened and opened["height"] > box["height"] + 100
    context.close()


@pytest.mark.fault(SCRIPT, 'place.addEventListener("pointerenter", () => mark(name))', "")
@pytest.mark.fault(SCRIPT, 'place.addEventListener("pointerleave", () => mark(held))', "")
def test_pointing_at_a_value_marks_it_everywhere(page: Page, site: Site) -> None:
    go(page, site.url + PORTS)
    port = page.locator(".kb-same[tabindex]").first
    name = port.get_attribute("data-same")
    everywhere = page.locator(f'article [data-same="{name}"]')
    assert everywhere.count() >= 2
    port.hover()
    assert page.locator(".kb-met").count() >= everywhere.count()
    assert {met.inner_text() for met in page.locator(".kb-met").all()} == {name}
    page.mouse.move(0, 0)
    expect(page.locator(".kb-met")).to_have_count(0)


@pytest.mark.fault(SCRIPT, "held = held === name ? undefined : name", "undefined")
@pytest.mark.fault(SCRIPT, 'place.addEventListener("focus", () => mark(name))', "")
def test_a_tap_holds_the_marks_and_the_keyboard_sets_them(page: Page, site: Site) -> None:
    page.set_viewport_size(PHONE)
    go(page, site.url + PORTS)
    port = page.locator(".kb-same[tabindex]").first
    port.click()
    page.mouse.move(0, 0)
    expect(page.locator(".kb-met").first).to_be_attached()
    port.click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    expect(page.locator(".kb-met")).to_have_count(0)
    port.focus()
    expect(page.locator(".kb-met").first).to_be_attached()


@pytest.mark.fault(SCRIPT, "if (places.size) wrapValues([...places.keys()], add)", "")
@pytest.mark.fault(SCRIPT, "`(?<![\\\\w.-])(", "`(")
@pytest.mark.fault(SCRIPT, "(?![\\\\w-]|\\\\.\\\\w)`", "`")
def test_a_part_of_code_in_the_text_is_marked_if_it_is_a_whole_value(
    page: Page, site: Site
) -> None:
    inside = "<p id=codes><code>80:{0}/TCP http://10.0.0.1:{0} {0}</code> <code>1{0} {0}1</code>"
    page.route(f"**/{PORTS}", lambda route: add_codes(route, inside))
    go(page, site.url + PORTS)
    port = page.locator(".kb-same[tabindex]").first
    port.hover()
    name = port.inner_text()
    assert page.locator("#codes .kb-met").all_inner_texts() == [name] * 3
    assert page.locator("#codes").inner_text() == (
        f"80:{name}/TCP http://10.0.0.1:{name} {name} 1{name} {name}1"
    )
    page.locator("#codes .kb-met").first.hover()
    assert "kb-met" in (port.get_attribute("class") or "")


def add_codes(route: Route, inside: str) -> None:
    """Put more code into the text of a page, with the first value that stands there twice."""
    html = route.fetch().text()
    name = re.search(r'data-same="(.*?)"(?=.*data-same="\1")', html, re.DOTALL)
    assert name
    route.fulfill(body=html.replace("</article>", inside.format(name[1]) + "</article>"))


@pytest.mark.fault(SCRIPT, "if (all.length < 2) continue", "")
def test_a_value_that_stands_once_is_not_marked(page: Page, site: Site) -> None:
    go(page, site.url + PORTS)
    names = [one.get_attribute("data-same") for one in page.locator("article .kb-same").all()]
    once = {name for name in names if names.count(name) == 1}
    codes = " ".join(page.locator("article :not(pre) > code").all_inner_texts())
    alone = {name for name in once if name and name not in codes}
    assert alone
    for name in alone:
        place = page.locator(f'article [data-same="{name}"]')
        assert place.get_attribute("tabindex") is None


@pytest.mark.fault(CSS, ".kb-output--stale { border-style: dashed;", ".kb-output--x { border: 0;")
@pytest.mark.fault(
    CSS, ".kb-output--unverified { border-style: dotted;", ".kb-output--x { border: 0;"
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_kinds_of_outputs_look_different(page: Page, site: Site, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    go(page, site.url + PORTS)
    looks = page.evaluate(
        """kinds => kinds.map(kind => {
          const output = document.querySelector(".kb-output").cloneNode(true)
          output.className = `kb-output ${kind}`
          document.querySelector("article").append(output)
          const { borderLeftColor, borderLeftStyle, borderTopStyle } = getComputedStyle(output)
          return [borderLeftColor, borderLeftStyle, borderTopStyle].join(" ")
        })""",
        ["", *(f"kb-output--{kind}" for kind in ("failed", "unverified", "stale", "new"))],
    )
    assert len(set(looks)) == len(looks)


@pytest.mark.fault("hooks/book.py", 'f"{self.folder}/{page.url}".lstrip("/")', "page.url")
@pytest.mark.fault("hooks/downloads.py", "if recording.exists():", "if False:")
@pytest.mark.parametrize("path", ["", "en/"])
def test_an_output_leads_to_its_source_and_recording(page: Page, site: Site, path: str) -> None:
    go(page, site.url + path + PORTS)
    links = page.locator(".kb-provenance").first.get_by_role("link")
    for number, file in enumerate(
        ("snippets/monitoring/hello.sh", "recordings/monitoring/hello.json")
    ):
        address = str(links.nth(number).evaluate("e => e.href"))
        assert address == site.url + file
        assert page.request.get(address).body() == (REPOSITORY / file).read_bytes()


@pytest.mark.fault(CSS, 'content: "▶" / "";', "")
def test_commands_are_marked_runnable(page: Page, site: Site) -> None:
    go(page, site.url + PORTS)
    mark = "e => getComputedStyle(e, '::before').content"
    assert "▶" in page.locator(".kb-code--run > .filename").first.evaluate(mark)
    plain = page.locator(".kb-code:not(.kb-code--run) > .filename").first
    assert "▶" not in plain.evaluate(mark)


@pytest.mark.fault(CSS, "  column-gap: 1.4em;", "")
@pytest.mark.fault(
    CSS,
    ".kb-provenance time {",
    '.kb-provenance span::after { content: "·" }\n.kb-provenance time {',
)
@pytest.mark.parametrize("path", ["", "en/"])
def test_no_mark_between_what_is_known_of_an_output_begins_or_ends_a_line(
    page: Page, site: Site, path: str
) -> None:
    page.set_viewport_size(PHONE)
    go(page, site.url + path + PORTS)
    spans = page.locator(".kb-provenance").first.locator("span")
    marks = """e => ["::before", "::after"].map(of => getComputedStyle(e, of).content)"""
    assert {mark for span in spans.all() for mark in span.evaluate(marks)} == {"none"}
    boxes = [span.bounding_box() or {} for span in spans.all()]
    pairs = [(one, two) for one, two in pairwise(boxes) if one["y"] == two["y"]]
    assert 0 < len(pairs) < len(boxes) - 1, "some on a line, and more than one line"
    assert all(two["x"] - one["x"] - one["width"] >= 10 for one, two in pairs)
