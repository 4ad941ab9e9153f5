"""No page says in its own words what an output could say, or a source has to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kubebook.prose import main, typed_figures

DOCS = Path(__file__).parent.parent / "docs"


def found(tmp_path: Path, text: str) -> list[tuple[int | None, str]]:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    return [(fault.line, fault.message.partition(": ")[2]) for fault in typed_figures(page)]


@pytest.mark.parametrize(
    "text",
    [
        "The Pod has 10.244.0.7 now.",
        "The address is `172.18.0.3`.",
        "`web-7c5ddbdf54-2xkqp` answered.",
        "It took 49.5 s.",
        "It took 49.5s until then.",
        "두 노드가 50초 뒤에 바뀌었습니다.",
        "CPU를 12% 씁니다.",
        "The node port is 31578.",
        "All of 809,916 of them.",
        "| worker | 12 seconds |",
    ],
)
def test_figures_are_found(tmp_path: Path, text: str) -> None:
    assert [line for line, _ in found(tmp_path, f"# Title\n\nFine.\n\n{text}\n")] == [5]


@pytest.mark.parametrize(
    "text",
    [
        'It took {{ value("a/b", "table[NAME=x].TIME") }}.',
        "Kubernetes 1.37 of 2026, kind v0.33.0 and 3.5 of chapter 4.",
        "The kubelet renews it every 10 s.[^lease]",
        "| renewed | 10 s[^lease] |",
        "The kubelet renews it [every 10 s](https://kubernetes.io/docs/).",
        "`kubectl proxy` listens on `127.0.0.1:8001`.",
        "Status 200, 403 and 503; two 404s.",
        '"heapster is at http://192.168.99.100:31578", say the notes.',
        "    ```\n    10.244.0.7 12 s\n    ```",
        '{{ file("a/b") }} {#anchor-1234567}',
        "[^lease]: [Leases last 40 s](https://kubernetes.io/docs/)",
        "[the page](page.md#after-4000)",
    ],
)
def test_quotes_sources_and_literals_are_fine(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, f"{text}\n") == []


@pytest.mark.fault("kubebook/prose.py", "if begins and lines:", "if not line.strip() and lines:")
def test_a_source_counts_for_its_own_row_and_item(tmp_path: Path) -> None:
    text = "- 10 s[^a]\n- 20 s\n\n| 30 s[^a] |\n| 40 s |\n"
    assert found(tmp_path, text) == [(2, "20 s"), (5, "40 s")]


@pytest.mark.fault("kubebook/prose.py", "return bool(found)", "return False")
def test_the_command_fails_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "page.md").write_text("one\n\ntwo 10 s\n")
    assert main([str(tmp_path)]) == 1
    assert "page.md:3: a figure was typed: 10 s" in capsys.readouterr().out


def test_the_book_types_no_figures() -> None:
    assert [str(f) for page in sorted(DOCS.rglob("*.md")) for f in typed_figures(page)] == []


@pytest.mark.fault("docs/en/guide/site.md", "make zensical\n", "$ make zensical\n")
def test_commands_are_typed_without_a_prompt_which_would_be_copied() -> None:
    pages = {page: page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md")}
    assert [str(page) for page, text in pages.items() if re.search(r"(?m)^ *\$ ", text)] == []
