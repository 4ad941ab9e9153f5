"""The whole book as its readers get it: no page complains, and none leaves a reader out."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from published import addresses
from test_site import go

# Words of one class look the same in all places of a kind: of those seen, one is measured.
RUN = """options => {
  const seen = new Set()
  const places = options.runOnly ? document.querySelectorAll("pre span, .md-nav__item") : []
  const exclude = [...places].filter(place => {
    if (!place.checkVisibility({ visibilityProperty: true })) return false
    if (place.querySelector(".md-nav__item")) return false
    const around = place.closest("pre, .md-sidebar").parentElement
    const kind = [place, place.parentElement, place.firstElementChild, around]
    const name = kind.map(part => part?.className).join("|")
    return seen.has(name) || !seen.add(name)
  })
  return axe.run({ exclude }, options).then(results => results.violations)
}"""
CSS, JS = "docs/theme/assets/kubebook.css", "docs/theme/assets/kubebook.js"
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
@pytest.mark.fault(CSS, "#0000009c", "#0000008a")
@pytest.mark.fault(CSS, "#7aa2f2", "#5488e8")
@pytest.mark.fault(CSS, "a:not([class])", "a:not([href])")
@pytest.mark.fault(JS, ".md-typeset__scrollwrap, ", "")
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


# Weight


MOST = 300_000  # bytes that come before a page can be read
PACKED = {".html", ".css", ".js", ".json", ".xml", ".svg"}  # sent compressed by GitHub Pages


def sent(site: Path, path: str) -> int:
    """The bytes that a server sends for an address of the site."""
    file = site / path / "index.html" if not Path(path).suffix else site / path
    content = file.read_bytes()
    return len(gzip.compress(content) if file.suffix in PACKED else content)


@pytest.mark.fault("mkdocs.yml", "extra_css: [", "extra_css: [assets/javascripts/lunr/wordcut.js, ")
@pytest.mark.fault("mkdocs.yml", "extra_javascript: [", "extra_javascript: [assets/gone.js, ")
@pytest.mark.fault("mkdocs.yml", "font: false", "font: {text: Roboto}")
@every_page
def test_a_page_is_light(visitor: Page, audited: str, built: Path, path: str) -> None:
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    go(visitor, audited + path)
    paths = {url.removeprefix(audited).partition("?")[0] for url in asked if "data:" not in url}
    assert {path, ("en/" if path.startswith("en/") else "") + "sitemap.xml"} <= paths
    weights = {path: sent(built, path) for path in paths}
    assert sum(weights.values()) < MOST, f"/{path} sends {sum(weights.values())} bytes: {weights}"
    assert [
        path for path in paths if Path(path).suffix in (".woff", ".woff2", ".ttf", ".otf")
    ] == []


# Nothing moves under a reader's eyes


WATCH = """window.shift = 0
new PerformanceObserver(list => list.getEntries().forEach(entry => shift += entry.value))
  .observe({ type: "layout-shift", buffered: true })"""


@pytest.mark.fault(
    JS,
    "// Labels",
    "setTimeout(() => document.querySelector('h1').append('x y '.repeat(99)), 200) //",
)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["", "en/"])
def test_nothing_moves_while_a_page_loads(
    page: Page, audited: str, built: Path, *, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(WATCH)
    ours = [path for path in addresses() if path.startswith("en/") == bool(language)]
    outputs = {path: (built / path / "index.html").read_text().count("kb-output") for path in ours}
    for path in sorted(ours, key=outputs.get)[-3:]:
        page.goto(audited + path, wait_until="networkidle")
        assert page.evaluate("shift") < 0.01, path


# Without scripts


@pytest.fixture(scope="module")
def still(chromium: Browser) -> Iterator[Page]:
    """A browser whose reader has turned scripts off."""
    context = chromium.new_context(java_script_enabled=False, locale="ko-KR")
    yield context.new_page()
    context.close()


def read(page: Page) -> list[str]:
    """The words of a page that can be seen, its folded blocks and tabs opened by hand."""
    folded = page.locator("article details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()
    words = page.locator("article").inner_text().split()
    for tab in page.locator("article .tabbed-labels > label").all():
        tab.click()
        words += page.locator("article .tabbed-content").all_inner_texts()
    return words


@pytest.mark.fault(CSS, "  visibility: hidden;\n}\n\n", "}\n\n")
@pytest.mark.fault(
    CSS,
    ".md-typeset .kb-chart {",
    ".no-js .kb-chart { display: none }\n{",
)
@every_page
def test_a_page_reads_the_same_without_scripts(
    visitor: Page, still: Page, audited: str, path: str
) -> None:
    go(visitor, audited + path)
    still.goto(audited + path)
    assert read(still) == read(visitor)
    assert still.locator("button:visible, [for=__search]:visible").count() == 0
    assert still.locator("[data-md-component=palette] label:visible").count() == 0


@pytest.mark.fault(
    CSS,
    ".md-nav--primary .md-nav__toggle:not(:checked) ~ .md-nav,",
    ".md-nav--primary .md-nav__toggle ~ .md-nav,",
)
@pytest.mark.fault("hooks/languages.py", "link=get_relative_url(path, paths[here])", "link=path")
@pytest.mark.fault("mkdocs.yml", "    - navigation.footer\n", "")
@pytest.mark.parametrize("language", ["", "en/"])
def test_without_scripts_a_phone_leads_through_the_book(
    still: Page, audited: str, language: str
) -> None:
    still.set_viewport_size({"width": 390, "height": 844})
    still.goto(audited + language)
    still.locator("label[for=__drawer]:visible").first.click()
    still.locator(".md-nav__container > label:visible").last.click()
    still.locator(".md-nav__link[href*=self-healing]").click()
    expect(still).to_have_url(f"{audited}{language}reliability/self-healing/")
    expect(still.locator("article h1")).to_be_visible()
    still.locator(".md-footer__link--prev").click()
    still.locator(".kb-language a").click()
    other = "" if language else "en/"
    expect(still).to_have_url(f"{audited}{other}reliability/idempotency/")
    still.set_viewport_size({"width": 1280, "height": 900})
