"""A reader with nothing but a keyboard, on a desktop and on a phone."""

from __future__ import annotations

import re

import pytest
from conftest import until
from playwright.sync_api import BrowserContext, Page, expect
from test_site import go

SCREENS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
CSS, JS = "docs/theme/assets/kubebook.css", "docs/theme/assets/kubebook.js"
SETTLED = "Promise.allSettled(document.getAnimations().map(change => change.finished))"

# Notes what the keyboard has reached; says where it stands if that cannot be seen.
STOP = f"""async () => {{
  const at = document.activeElement
  if (at === document.body) return null
  at.dataset.reached = ""
  const search = at.matches(".md-search__input") && document.querySelector("#__search")
  while (search && !search.checked) await new Promise(requestAnimationFrame)
  await {SETTLED}
  const marked = at.matches(".md-option") ? at.nextElementSibling : at
  const box = marked.getBoundingClientRect()
  const inside = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight
  const outlined = search || getComputedStyle(marked).outlineStyle !== "none"
  const seen = marked.checkVisibility({{ opacityProperty: true, visibilityProperty: true }})
  return inside && outlined && seen && box.width * box.height ? "" : at.outerHTML.slice(0, 200)
}}"""

# What can be used and was not reached.
LEFT = """() => [...document.querySelectorAll("a[href], button, input, summary, label, article *")]
  .filter(place => place.checkVisibility({ visibilityProperty: true }))
  .filter(place => !place.matches("[data-reached], .md-option, .md-search__options *"))
  .filter(place =>
    place.matches("a[href], button, input, summary, [role=button], [tabindex='0']") ||
    place.scrollWidth > place.clientWidth + 1 && getComputedStyle(place).overflowX === "auto")
  .map(place => place.outerHTML.slice(0, 200))"""


def walk(page: Page) -> list[str]:
    """Press Tab from the top of a page to its end; the stops that a reader could not see."""
    unseen = []
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return unseen
        unseen += [stop] if stop else []
    pytest.fail(f"no end of the page in sight: {unseen[:3]}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.evaluate(SETTLED)


def reach(page: Page, selector: str) -> None:
    """Press Tab until the keyboard stands on an element."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


@pytest.mark.fault(CSS, ".md-top[hidden],\n", "")
@pytest.mark.fault(CSS, '[data-md-toggle="search"]:not(:checked) ~ .md-header', ".md-header .no")
@pytest.mark.fault(CSS, '[data-md-toggle="drawer"]:not(:checked) ~ .md-container', ".no")
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("path", ["clusters/offline-image/", "monitoring/dashboard/"])
def test_tab_reaches_all_that_is_seen_and_nothing_else(
    page: Page, audited: str, *, path: str, language: str, screen: str
) -> None:
    page.set_viewport_size(SCREENS[screen])
    go(page, audited + language + path)
    assert walk(page) == []
    assert page.evaluate(LEFT) == []


@pytest.mark.fault(JS, "label.tabIndex = 0", "label.tabIndex = 1")
@pytest.mark.parametrize("language", ["", "en/"])
def test_the_first_key_skips_to_the_text(page: Page, audited: str, language: str) -> None:
    go(page, audited + language + "glossary/")
    press(page, "Tab", "Enter", "Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


@pytest.mark.fault(JS, '".md-header__button[for=__drawer], ', '"')
def test_a_phones_drawer_opens_and_leads_to_other_pages(page: Page, audited: str) -> None:
    page.set_viewport_size(SCREENS["phone"])
    go(page, audited + "clusters/minikube/")
    reach(page, "[for=__drawer]")
    press(page, " ")
    reach(page, ".md-nav__title")  # back to the list of chapters
    press(page, "Enter")
    reach(page, ".md-nav__container > label[for=__nav_5]")
    press(page, " ")
    reach(page, "[href*=self-healing]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(audited + "reliability/self-healing/")
    expect(page.locator("#__drawer")).not_to_be_checked()


@pytest.mark.fault(JS, 'event.key === "Escape" && drawer.checked', "false")
@pytest.mark.fault(JS, ".md-nav__link[for=__toc], ", "")
def test_a_phones_drawer_shows_the_contents_and_closes(page: Page, audited: str) -> None:
    page.set_viewport_size(SCREENS["phone"])
    go(page, audited + "en/clusters/minikube/")
    reach(page, "[for=__drawer]")
    press(page, "Enter")
    reach(page, "[for=__toc]")
    press(page, "Enter")
    reach(page, ".md-nav--secondary a")
    assert page.evaluate(STOP) == ""
    press(page, "Escape")
    expect(page.locator("#__drawer")).not_to_be_checked()
    expect(page.locator("label.md-header__button[for=__drawer]")).to_be_focused()


@pytest.mark.fault(JS, 'event.key === " "', 'event.key === "Spacebar"')
@pytest.mark.fault(JS, " .md-nav__container > label, ", " ")
def test_keys_do_all_that_the_mouse_does(page: Page, context: BrowserContext, audited: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=audited)
    go(page, audited + "monitoring/dashboard/")
    reach(page, ".md-option")
    press(page, "ArrowDown")
    expect(page.locator("body")).to_have_attribute("data-md-color-media", re.compile("light"))
    reach(page, ".md-search__input")
    press(page, *"kubectl", "ArrowDown")
    page.wait_for_selector(".md-search-result__item")
    press(page, "Escape")
    reach(page, ".md-nav__container > label[for=__nav_5]")
    press(page, " ")
    expect(page.locator("#__nav_5")).to_be_checked()
    reach(page, ".md-code__button")
    press(page, "Enter")
    until(page, "navigator.clipboard.readText().then(text => text !== '')")
    reach(page, "summary")
    press(page, "Enter")
    expect(page.locator("details:has(> summary:focus)")).to_have_attribute("open", "")


@pytest.mark.fault(
    CSS,
    '[data-md-toggle="search"]:not(:checked) ~ .md-header .md-search__output',
    ".md-header .md-search__output",
)
def test_a_search_leads_to_what_it_found(page: Page, audited: str) -> None:
    go(page, audited + "en/")
    reach(page, ".md-search__input")
    press(page, *"idempotency")
    page.wait_for_selector(".md-search-result__item")
    press(page, "ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("en/reliability/"))


@pytest.mark.fault(
    "docs/theme/partials/alternate.html",
    ' target="_self" class',
    ' tabindex="-1" target="_self" class',
)
def test_the_language_link_takes_a_key(page: Page, audited: str) -> None:
    go(page, audited + "glossary/")
    reach(page, ".kb-language a")
    page.keyboard.press("Enter")
    expect(page).to_have_url(audited + "en/glossary/")
