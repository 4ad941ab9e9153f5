"""Outputs as HTML: nothing is lost, first columns and equal values are found."""

from __future__ import annotations

import re
from html import unescape

import pytest
from demo import PODS, SERVICES
from hypothesis import given
from hypothesis import strategies as st

from kubebook.printed import first_columns, keep_columns, printed, same_values

PRINTED = "kubebook/printed.py"


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def firsts(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in first_columns(text)]


def same(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in same_values(text)]


@given(st.text(st.sampled_from("NAME AGE\n\t|-+이름😀<&>{}:1.2/ab\u200d"), max_size=200))
def test_without_tags_it_is_the_text(text: str) -> None:
    assert text_of(printed(text)) == text


@pytest.mark.parametrize("text", [PODS, SERVICES])
def test_tags_close_in_order(text: str) -> None:
    html = re.sub(r"<span[^>]*>", "(", printed(text).replace("(", "")).replace("</span>", ")")
    depth = 0
    for sign in re.findall(r"[()]", html):
        depth += 1 if sign == "(" else -1
        assert depth >= 0
    assert depth == 0


@pytest.mark.fault(PRINTED, "parts[1].screen if len(parts) > 1 else 0", "0")
def test_the_first_column_of_an_aligned_table() -> None:
    assert firsts(PODS) == [
        "NAME                     ",
        "hello-5b68464b84-k5tzq   ",
        "web-7c5ddbdf54-2xkqp     ",
        "new                      ",
    ]
    assert 'class="kb-first" style="--kb-first:25"' in printed(PODS)


@pytest.mark.fault(PRINTED, "last += 1  # the border below", "break")
@pytest.mark.fault(PRINTED, "return bars[1] if len(bars) > 1 else 0", "return edge")
def test_the_first_column_of_a_drawn_table_with_wide_letters() -> None:
    assert firsts(SERVICES) == [
        "|-----------|",
        "| NAMESPACE |",
        "|-----------|",
        "| default   |",
        "| default   |",
        "| 이름공간  |",
        "|-----------|",
    ]
    assert set(re.findall(r"--kb-first:(\d+)", printed(SERVICES))) == {"13"}


@pytest.mark.fault(PRINTED, "if wcswidth(line[:n]) >= edge", "if n >= edge")
@pytest.mark.fault(PRINTED, "wcswidth(lines[first + n][:end])", "end")
def test_wide_letters_in_an_aligned_table() -> None:
    text = "NAME         AGE\n이름공간들   12s\nweb          3s\n"
    assert firsts(text) == ["NAME         ", "이름공간들   ", "web          "]
    only_wide = printed("이름         AGE\n안녕         3s\n")
    assert re.findall(r"--kb-first:(\d+)", only_wide) == ["13", "13"]


@pytest.mark.parametrize("text", ["no table here\n", "a\tb\nc\td\n", '{"a": 1}\n', ""])
def test_what_is_no_table_has_no_first_column(text: str) -> None:
    assert firsts(text) == []


def test_values_that_name_something_are_the_same_wherever_they_stand() -> None:
    text = (
        "pod/web-7c5ddbdf54-2xkqp\nNAME                   IP\nweb-7c5ddbdf54-2xkqp   10.244.0.8\n"
    )
    assert same(text) == ["web-7c5ddbdf54-2xkqp", "web-7c5ddbdf54-2xkqp", "10.244.0.8"]


def test_ages_and_words_are_no_values() -> None:
    assert same("NAME   STATUS    AGE\nweb    Running   12s\n") == []


@pytest.mark.fault(PRINTED, r"(?![\w-]|\.\w)", "")
@pytest.mark.fault(PRINTED, r"(?<![\w.-])", "")
def test_a_part_of_a_name_is_not_the_same() -> None:
    text = "NAME                   IP\nweb-7c5ddbdf54-2xkqp   10.244.0.8\n10.244.0.81 v10.244.0.8\n"
    assert same(text).count("10.244.0.8") == 1


@pytest.mark.fault(PRINTED, "wcwidth(char) == 2 or", "")
def test_hangul_and_emoji_take_two_columns_each() -> None:
    html = keep_columns("| 안녕 | 😀 | <abc> |")
    assert '<span class="kb-wide" style="width:4ch">안녕</span>' in html
    assert '<span class="kb-wide" style="width:2ch">😀</span>' in html
    assert "&lt;abc&gt;" in html


def test_a_large_output_takes_no_quadratic_time() -> None:
    rows = "".join(
        f"web-7c5ddbdf54-{n:05d}   1/1     Running   10.244.{n // 250}.{n % 250}\n"
        for n in range(4000)
    )
    html = printed("NAME                   READY   STATUS    IP\n" + rows)
    assert html.count("kb-first") == 2 * 4001
