"""The whole book on a phone: nothing is cut, too small, or under a button."""

from __future__ import annotations

import base64
from typing import Literal

import pytest
from playwright.sync_api import FloatRect, Locator, Page
from published import addresses
from test_site import go

CSS = "docs/theme/assets/kubebook.css"
FRAME = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

DRAWN = ("/request-path/", "/offline-image/", "/node-silent/", "/report/")  # the widest drawings
RED = """async address => {
  const picture = await createImageBitmap(await (await fetch(address)).blob())
  const canvas = new OffscreenCanvas(1, 1).getContext("2d")
  canvas.drawImage(picture, 0, 0)
  return canvas.getImageData(0, 0, 1, 1).data[0]
}"""

# All that is wrong, in words.
FAULTS = """() => {
  const faults = []
  const fault = (what, place) => faults.push(`${what}: ${place.outerHTML.slice(0, 120)}`)
  const scrolls = place => /auto|scroll/.test(getComputedStyle(place).overflowX)
  const frame = place => {
    while (place !== document.body && !scrolls(place)) place = place.parentElement
    return place
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways")
  for (const place of document.querySelectorAll("article *")) {
    const box = place.getBoundingClientRect()
    if (box.right > innerWidth + 1 && frame(place) === document.body) fault("cut", place)
    const hides = /hidden|clip/.test(getComputedStyle(place).overflowX) && place.clientWidth
    if (hides && place.scrollWidth > place.clientWidth + 1) fault("cut", place)
  }
  for (const drawing of document.querySelectorAll("article .kb-chart svg")) {
    const frame = drawing.parentElement
    const texts = [...drawing.querySelectorAll("text")]
    const smallest = Math.min(...texts.map(text => parseFloat(getComputedStyle(text).fontSize)))
    const readable = smallest * frame.clientWidth / drawing.viewBox.baseVal.width >= 10
    if (readable && frame.scrollWidth > frame.clientWidth + 1) fault("half in sight", drawing)
  }
  for (const nav of document.querySelectorAll(".md-code__nav")) {
    const code = nav.parentElement.querySelector("code"), button = nav.getBoundingClientRect()
    code.scrollLeft = code.scrollWidth
    const words = document.createRange()
    words.selectNodeContents(code)
    for (const line of words.getClientRects()) {
      const under = line.right > button.left && line.left < button.right &&
        line.bottom > button.top && line.top < button.bottom
      if (under && line.width) fault("under the copy button", code)
    }
    code.scrollLeft = 0
  }
  return faults
}"""


@pytest.mark.fault("kubebook/diagrams.py", "READABLE = 10 / 12", "READABLE = 12 / 12")
@pytest.mark.fault(
    CSS, "  padding-right: 2.4rem;\n}\n\n.md-typeset .kb-code > pre", "}\n\n.no > pre"
)
@pytest.mark.fault(CSS, "pre > code {\n  padding-right: 2.4rem;", "pre > code {")
@pytest.mark.parametrize("path", addresses())
def test_a_page_fits_a_phone(visitor: Page, audited: str, path: str) -> None:
    visitor.set_viewport_size({"width": 390, "height": 844})
    go(visitor, audited + path)
    visitor.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    visitor.evaluate(FRAME)
    assert visitor.evaluate(FAULTS) == []


@pytest.mark.fault(
    CSS, "td:last-child { flex-basis: 100%; }", "td:last-child { min-width: 30rem; }"
)
@pytest.mark.parametrize("path", ["glossary/", "en/glossary/"])
def test_a_term_and_its_meaning_are_read_without_scrolling(
    visitor: Page, audited: str, path: str
) -> None:
    visitor.set_viewport_size({"width": 390, "height": 844})
    go(visitor, audited + path)
    cells = visitor.locator(".kb-terms td")
    ends = cells.evaluate_all("cells => cells.map(cell => cell.getBoundingClientRect().right)")
    assert len(ends) > 100
    assert max(ends) <= 390


@pytest.mark.fault("kubebook/diagrams.py", "READABLE = 10 / 12", "READABLE = 1 / 12")
@pytest.mark.fault("kubebook/charts.py", "READABLE = 10 / 13", "READABLE = 1 / 13")
@pytest.mark.fault(CSS, "  max-width: 100%;\n  overflow-x: auto;", "")
@pytest.mark.parametrize("path", [path for path in addresses() if path.endswith(DRAWN)])
def test_a_narrow_phone_scrolls_a_drawing_rather_than_make_its_letters_too_small(
    visitor: Page, audited: str, path: str
) -> None:
    visitor.set_viewport_size({"width": 300, "height": 844})
    go(visitor, audited + path)
    sizes = visitor.locator("article svg text").evaluate_all(
        "all => all.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"
    )
    assert min(sizes) >= 9.9
    scrolls = "all => all.some(frame => frame.scrollWidth > frame.clientWidth)"
    assert visitor.locator(".kb-chart").evaluate_all(scrolls)
    assert visitor.evaluate("document.documentElement.scrollWidth") == 300


@pytest.mark.fault(
    CSS, "var(--kb-more), transparent) 0 / .7rem 100%,", "transparent, transparent),"
)
@pytest.mark.fault(
    CSS, "var(--kb-more), transparent) 100% / .7rem", "transparent, transparent) 0 / 1px"
)
@pytest.mark.fault(CSS, "50%, transparent) 0 / 1.4rem 100% local,", "0, transparent) 0 / 0 0,")
@pytest.mark.fault(CSS, "--kb-more: #ffffff59;", "--kb-more: #00000001;")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_drawing_shows_on_which_side_there_is_more(
    visitor: Page, audited: str, scheme: Literal["light", "dark"]
) -> None:
    visitor.emulate_media(color_scheme=scheme)
    visitor.set_viewport_size({"width": 300, "height": 844})
    go(visitor, f"{audited}architecture/request-path/")
    frame = visitor.locator(".kb-chart").first
    frame.evaluate("e => [...e.children].forEach(part => part.style.visibility = 'hidden')")
    assert shadows(frame) == (False, True)
    frame.evaluate("e => { e.scrollLeft = (e.scrollWidth - e.clientWidth) / 2 }")
    assert shadows(frame) == (True, True)
    frame.evaluate("e => { e.scrollLeft = e.scrollWidth }")
    assert shadows(frame) == (True, False)
    visitor.set_viewport_size({"width": 1280, "height": 844})
    assert shadows(frame) == (False, False)


def shadows(frame: Locator) -> tuple[bool, bool]:
    """Whether the left and the right edge of an empty frame look other than its middle."""
    frame.evaluate("e => e.scrollIntoView({ block: 'center' })")
    box = frame.bounding_box()
    assert box
    places = (box["x"], box["x"] + box["width"] // 2, box["x"] + box["width"] - 2)
    left, middle, right = (red(frame.page, x, box["y"] + box["height"] / 2) for x in places)
    return abs(left - middle) > 9, abs(right - middle) > 9  # gradients are dithered


def red(page: Page, x: float, y: float) -> int:
    """How red a page is at a place, from 0 to 255."""
    clip = FloatRect(x=x, y=y, width=1, height=1)
    shot = base64.b64encode(page.screenshot(clip=clip, animations="disabled")).decode()
    blank = page.context.new_page()  # without a policy
    value = blank.evaluate(RED, f"data:image/png;base64,{shot}")
    blank.close()
    return int(value)
