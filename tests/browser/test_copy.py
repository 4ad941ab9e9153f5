"""What the copy buttons of the whole book give: text to paste into a shell or a file as it is."""

from __future__ import annotations

import re

import pytest
from conftest import go
from playwright.sync_api import Page
from published import addresses

PROMPTED = re.compile(r"^\$ ", re.MULTILINE)

BUTTONS = 'document.querySelectorAll("button[data-md-type=copy]")'
OPEN = 'for (const folded of document.querySelectorAll("details")) folded.open = true'
# One at a time: a browser lets a script copy only for a moment after the reader did something.
PRESS = f"""async number => {{
  await navigator.clipboard.writeText("")
  {BUTTONS}[number].click()
  return navigator.clipboard.readText()
}}"""


def copied(page: Page) -> list[str]:
    """What each copy button of a page gives."""
    page.evaluate(OPEN)
    count = page.evaluate(f"{BUTTONS}.length")
    return [page.evaluate(PRESS, number) for number in range(count)]


@pytest.mark.fault("kubebook/render.py", "<code>{_highlight(", "<code>$ {_highlight(")
def test_nothing_is_copied_with_its_prompt(visitor: Page, audited: str) -> None:
    """English pages have the same blocks, which tests/test_parity.py sees."""
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=audited)
    texts: list[tuple[str, str]] = []
    for path in addresses():
        if not path.startswith("en/"):
            go(visitor, audited + path)
            texts += [(path, text) for text in copied(visitor)]
    assert len(texts) > 200
    assert [path for path, text in texts if not text] == []
    assert [(path, text) for path, text in texts if PROMPTED.search(text)] == []
