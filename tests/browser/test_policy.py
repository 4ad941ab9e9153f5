"""Nothing runs on a page but the theme's scripts, whatever outputs or authors put there."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator

import pytest
from conftest import Served, until
from demo import environment, make_book, mkdocs, record, write
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from published import PREFIX, serve
from test_site import go, search, switch

from kubebook.book import load_book
from kubebook.library import load_library
from kubebook.recording import CellRecord

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy".*?>')
INJECTED = """\
<script>window.hacked = "script"</script>
<img src="data:image/png," onerror="window.hacked = 'attribute'">
<style>body { --hacked: yes }</style>
<base href="https://elsewhere.example/">
<iframe srcdoc="<script>parent.hacked = 'frame'</script>"></iframe>
<script type="module" src="data:text/javascript,window.hacked = 'address'"></script>
<img src="https://elsewhere.example/pixel.png">
<iframe src="https://elsewhere.example/frame"></iframe>
"""
HACKED = """[window.hacked, document.baseURI !== location.href,
            getComputedStyle(document.body).getPropertyValue("--hacked")]"""


def inject(page: Page, url: str, *, policy: bool) -> list[str]:
    """Open a page as if something hostile had got into it; what it asked of another host."""
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    def answer(route: Route) -> None:
        html = route.fetch().text()
        assert len(POLICY.findall(html)) == 1
        html = html if policy else POLICY.sub("", html)
        route.fulfill(body=html.replace("</h1>", f"</h1>{INJECTED}", 1), content_type="text/html")

    page.route("https://elsewhere.example/**", refuse)
    page.route(url, answer)
    page.goto(url, wait_until="networkidle")
    return asked


@pytest.mark.fault("docs/theme/main.html", "{% if policy %}", "{% if not policy %}")
@pytest.mark.fault("hooks/policy.py", """["'self'", *hashes]""", """["'unsafe-inline'"]""")
@pytest.mark.fault("hooks/policy.py", """"default-src": "'none'\"""", """"default-src": "*\"""")
@pytest.mark.fault(
    "hooks/policy.py", """"style-src": "'self'\"""", """"style-src": "'unsafe-inline'\""""
)
@pytest.mark.fault("hooks/policy.py", """"img-src": "'self' data:\"""", """"img-src": "*\"""")
@pytest.mark.fault("hooks/policy.py", """"base-uri": "'none'\"""", """"base-uri": "*\"""")
def test_the_policy_blocks_what_gets_into_a_page(context: BrowserContext, published: str) -> None:
    page = context.new_page()
    assert inject(page, published + "demo/", policy=True) == []
    assert page.evaluate(HACKED) == [None, False, ""]
    expect(page.locator(".kb-code button[data-md-type=copy]").first).to_be_attached()


def test_without_the_policy_it_would_run(context: BrowserContext, published: str) -> None:
    """No fault to name: it shows that the test above can fail."""
    page = context.new_page()
    asked = inject(page, published + "demo/", policy=False)
    assert {"https://elsewhere.example/pixel.png", "https://elsewhere.example/frame"} <= {*asked}
    hacked, moved, styled = page.evaluate(HACKED)
    assert hacked and moved and styled


@pytest.mark.fault("hooks/policy.py", '"palette", "content")', '"palette")')
@pytest.mark.fault("hooks/policy.py", """"worker-src": "'self'\"""", """"worker-src": "'none'\"""")
@pytest.mark.fault(
    "hooks/policy.py", """"connect-src": "'self'\"""", """"connect-src": "'none'\""""
)
@pytest.mark.fault("hooks/policy.py", "'unsafe-inline'\"", "'none'\"")
@pytest.mark.fault(
    "hooks/languages.py", 'shared = ("shower", "lags", "scope")', 'shared = ("shower", "lags")'
)
def test_all_that_readers_use_works_under_the_policy(
    page: Page, context: BrowserContext, published: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=published)
    with page.expect_response("**/sitemap.xml"):  # only its pages are opened at once
        go(page, published)
    page.evaluate("window.stillHere = true")
    page.locator("article").get_by_role("link", name="둘러보기").click()  # a level deeper
    expect(page.locator("article #forbidden")).to_be_attached()
    assert page.evaluate("window.stillHere"), "the page was loaded anew"
    page.locator(".kb-code").first.hover()
    page.locator(".kb-code button[data-md-type=copy]").first.click()
    until(page, "navigator.clipboard.readText().then(text => text !== '')")
    page.locator("[data-md-component=palette] label:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-media", re.compile("light"))
    assert search(page, "클러스터")
    page.keyboard.press("Escape")
    switch(page, "English")
    expect(page).to_have_url(published + "en/demo/")
    expect(page.locator("body")).to_have_attribute("data-md-color-media", re.compile("light"))
    wide = page.locator(".kb-output .kb-wide").first
    assert wide.evaluate("e => e.style.width") and wide.bounding_box()["width"] > 0


@pytest.mark.fault("hooks/policy.py", ' and not config.extra["serves"]', "")
def test_served_pages_have_no_policy(page: Page, served: Served) -> None:
    """`mkdocs serve` adds a script that is new at every build: test_live_reload sees it run."""
    go(page, served.url)
    assert page.locator("meta[http-equiv]").count() == 0


# Hostile outputs and names, with the policy out of the way


QUOTED = """<img src=x onerror='hacked=1'>"</a></title><script>hacked = 2</script>"""
FILE = "<img src=x onerror=hacked=3>'.yaml"
SNIPPET = f"""\
# /// kubebook
# files = ["{FILE}"]
# expect = {{ contains = ["hacked"] }}
# ///
cat "{FILE}"
"""
PAGE = """
# {{ value("demo/evil", "name") }} {#evil}

{{ file("demo/NAME") }}

## A value in a heading: {{ value("demo/evil", "name") }} {#heading}

[a link]({{ value("demo/evil", "name") }} "{{ value("demo/evil", "name") }}")
![a picture](../assets/x.png "{{ value("demo/evil", "name") }}")
<span title="{{ value("demo/evil", "name") }}">an attribute</span>

| {{ value("demo/evil", "name") }} | b |
| --- | --- |
| {{ value("demo/evil", "name") }} | b |

{{ value("demo/evil", "name") }}
:   {{ value("demo/evil", "name") }}

!!! note "{{ value("demo/evil", "name") }}"
    {{ run("demo/evil") }}

=== "{{ value("demo/evil", "name") }}"
    {{ output("demo/evil") }}
""".replace("NAME", FILE)


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A book whose author quotes a hostile output wherever Markdown lets him."""
    folder = tmp_path_factory.mktemp("evil")
    root = folder / "book"
    make_book(root)
    write(root / "snippets/demo" / FILE, f"kind: {QUOTED}\n")
    write(root / "snippets/demo/evil.sh", SNIPPET)
    for language in ("ko", "en"):
        write(root / f"docs/{language}/demo/more.md", PAGE)
    library = load_library(load_book(root))
    record(library, "demo/evil", [CellRecord("", 0, 0.1, json.dumps({"name": QUOTED}))])
    with serve(folder / "www") as url:
        subprocess.run(
            mkdocs("build", "--quiet", "--site-dir", str(folder / "www" / PREFIX)),
            cwd=root, env=environment(KUBEBOOK_SITE_URL=f"{url}{PREFIX}/"), check=True,
        )  # fmt: skip
        yield f"{url}{PREFIX}/"


@pytest.fixture
def free(chromium: Browser) -> Iterator[Page]:
    """A page on which the policy does not hold."""
    context = chromium.new_context(bypass_csp=True, locale="ko-KR")
    yield context.new_page()
    context.close()


@pytest.mark.fault("kubebook/printed.py", "return escape(text)", "return text")
@pytest.mark.fault("kubebook/render.py", "return _code(escape(name)", "return _code(name")
@pytest.mark.fault(
    "hooks/placeholders.py", "escape(self._shown[name[0]].text)", "self._shown[name[0]].text"
)
@pytest.mark.parametrize("language", ["", "en/"])
def test_a_hostile_output_is_inert_wherever_it_is_quoted(
    free: Page, evil: str, language: str
) -> None:
    go(free, f"{evil}{language}demo/more/")
    article = free.locator("article")
    assert article.inner_text().count("<script>hacked = 2</script>") >= 7
    assert article.locator(".filename").first.inner_text() == FILE
    assert free.locator("[onerror], article script, img[src=x]").count() == 0
    assert free.get_by_text("an attribute").get_attribute("title") == QUOTED
    found = search(free, "hacked")
    assert found and free.locator(".md-search-result [onerror]").count() == 0
    assert free.evaluate("window.hacked") is None
