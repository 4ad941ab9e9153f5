"""The whole book on a phone: nothing is cut, too small, or under a button."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from published import addresses
from test_site import go

CSS = "docs/theme/assets/kubebook.css"
FRAME = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

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
  for (const text of document.querySelectorAll("article svg text")) {
    const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a
    if (size < 9.9) fault(`${size} px`, text)
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


@pytest.mark.fault("kubebook/diagrams.py", "READABLE = 10 / 11", "READABLE = 1 / 11")
@pytest.mark.fault("kubebook/charts.py", "READABLE = 10 / 13", "READABLE = 1 / 13")
@pytest.mark.fault(
    CSS, "  padding-right: 2.4rem;\n}\n\n.md-typeset .kb-code > pre", "}\n\n.no > pre"
)
@pytest.mark.fault(CSS, "pre > code {\n  padding-right: 2.4rem;", "pre > code {")
@pytest.mark.fault(CSS, "  max-width: 100%;\n  overflow-x: auto;", "")
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
