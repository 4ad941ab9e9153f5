"""The whole book as its readers get it: no page complains, and none leaves a reader out."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from published import addresses
from test_site import go

# Words of one class look the same in all blocks of a kind: one of them is measured.
RUN = """options => {
  const seen = new Set()
  const exclude = [...document.querySelectorAll("pre span")].filter(span => {
    const places = [span, span.parentElement, span.closest("pre").parentElement]
    const kind = places.map(place => place.className).join("|")
    return seen.has(kind) || !seen.add(kind)
  })
  return axe.run({ exclude }, options).then(results => results.violations)
}"""
COLOURS = ["color-contrast", "link-in-text-block"]  # what depends on the colour scheme
SHAPE = {"rules": {rule: {"enabled": False} for rule in COLOURS}}
every_page = pytest.mark.parametrize("path", addresses())


def axe(page: Page, options: dict[str, object]) -> list[str]:
    """What axe-core finds on a page: its rule, where, and how to mend it."""
    found = page.evaluate(RUN, options | {"resultTypes": ["violations"], "preload": False})
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.fault("docs/theme/main.html", """ aria-label="' ~""", """ id="' ~""")
@pytest.mark.fault("docs/theme/assets/kubebook.css", "#0000009c", "#0000008a")
@pytest.mark.fault("docs/theme/assets/kubebook.css", "#7aa2f2", "#5488e8")
@pytest.mark.fault("docs/theme/assets/kubebook.css", "a:not([class])", "a:not([href])")
@pytest.mark.fault("docs/theme/assets/kubebook.js", ".md-typeset__scrollwrap, ", "")
@every_page
def test_axe_finds_nothing_serious(visitor: Page, audited: str, path: str) -> None:
    page = visitor
    go(page, audited + path)
    page.evaluate(Axe().axe_script)
    found = axe(page, SHAPE) + axe(page, {"runOnly": COLOURS})
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    page.evaluate("Promise.all(document.getAnimations().map(change => change.finished))")
    found += axe(page, {"runOnly": COLOURS})
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found += axe(page, SHAPE)
    assert found == []
