"""What the copy buttons of the whole book give: text to paste into a shell or a file as it is."""

from __future__ import annotations

import re

import pytest
from conftest import go
from playwright.sync_api import Page
from published import addresses

PROMPTED = re.compile(r"^\$ ", re.MULTILINE)

# Opens what is folded, presses every button as a reader does, and reads what came of it.
COPY = """async () => {
  const copied = []
  for (const folded of document.querySelectorAll("details")) folded.open = true
  for (const button of document.querySelectorAll("button[data-md-type=copy]")) {
    await navigator.clipboard.writeText("")
    button.click()
    copied.push(await navigator.clipboard.readText())
  }
  return copied
}"""


@pytest.mark.fault("kubebook/render.py", "<code>{_highlight(", "<code>$ {_highlight(")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_copied_with_its_prompt(visitor: Page, audited: str, language: str) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=audited)
    texts: list[tuple[str, str]] = []
    for path in addresses():
        if path.startswith("en/") == (language == "en"):
            go(visitor, audited + path)
            texts += [(path, text) for text in visitor.evaluate(COPY)]
    assert len(texts) > 200
    assert [path for path, text in texts if not text] == []
    assert [(path, text) for path, text in texts if PROMPTED.search(text)] == []
