"""Interface words: both languages say everything, and dates are those of the reader."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kubebook.words import LOCALE, words

ROOT = Path(__file__).parent.parent
MOMENT = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)


def catalog(language: str) -> dict[str, str]:
    with (LOCALE / f"{language}.po").open("rb") as file:
        messages = [m for m in read_po(file, locale=language, abort_invalid=True) if m.id]
    assert not any(message.fuzzy for message in messages)
    return {str(message.id): str(message.string) for message in messages}


@pytest.mark.fault("kubebook/locale/ko.po", '"{command}의 출력"', '"{comand}의 출력"')
@pytest.mark.fault("kubebook/locale/ko.po", '"출력이 없습니다."', '""')
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_text_is_translated_with_the_same_placeholders(language: str) -> None:
    for text, translation in catalog(language).items():
        assert translation
        assert sorted(re.findall(r"{\w*}", text)) == sorted(re.findall(r"{\w*}", translation))


@pytest.mark.fault("kubebook/locale/en.po", 'msgid "source"', 'msgid "sources"')
def test_languages_know_the_same_texts() -> None:
    assert list(catalog("ko")) == list(catalog("en"))


@pytest.mark.fault("kubebook/locale/en.po", 'msgstr "source"', 'msgstr "origin"')
def test_english_says_the_texts_as_they_are() -> None:
    assert all(text == said for text, said in catalog("en").items())


@pytest.mark.fault("kubebook/locale/ko.po", '"출력이 없습니다."', '"It prints nothing."')
def test_korean_is_korean() -> None:
    assert all(re.search("[가-힣]", said) for said in catalog("ko").values())


@pytest.mark.fault("kubebook/render.py", "'It prints nothing.'", "'It is silent.'")
def test_no_text_is_left_over() -> None:
    sources = [*ROOT.glob("kubebook/*.py"), *ROOT.glob("hooks/*.py"), ROOT / "mkdocs.yml"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert [text for text in catalog("ko") if text not in code] == []


def said(path: Path) -> set[str]:
    """The texts that a module asks a catalog for: words("…"), say("…"), _say(words, "…")."""
    calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
    names = ("words", "say", "_say")
    asked = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in names]
    asked += [c for c in calls if ast.unparse(c.func).endswith("desk.words")]
    # The text comes first, after the catalog where one is handed over
    first = [next((a for a in c.args if not isinstance(a, ast.Name)), None) for c in asked]
    texts = [arg.value for arg in first if isinstance(arg, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and text not in ("ko", "en")}


@pytest.mark.fault("kubebook/locale/ko.po", 'msgid "source"', 'msgid "sources"')
def test_no_text_is_missing() -> None:
    modules = [*ROOT.glob("kubebook/*.py"), *ROOT.glob("hooks/*.py")]
    asked = set().union(*map(said, modules))
    assert len(asked) > 15
    assert asked - set(catalog("ko")) == set()


@pytest.mark.fault("kubebook/locale/en.po", '\nmsgid "source"', '\n#, fuzzy\nmsgid "source"')
@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_text_is_fuzzy(language: str) -> None:
    assert catalog(language)


@pytest.mark.fault("kubebook/words.py", "self.catalog[text]", "self.catalog.get(text, text)")
def test_an_unknown_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        words("ko")("Bananas")


@pytest.mark.fault(
    "kubebook/words.py", 'f"{language}.po"', "f\"{'ko' if language == 'ko' else 'en'}.po\""
)
def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        words("fr")


@pytest.mark.fault(
    "kubebook/words.py", 'moment.astimezone(UTC), "long"', 'moment.astimezone(UTC), "medium"'
)
def test_dates() -> None:
    assert words("ko").date(MOMENT) == "2026년 11월 23일"
    assert words("en").date(MOMENT) == "November 23, 2026"


@pytest.mark.fault("kubebook/words.py", "M. d. HH:mm", "M. d. a h:mm")
@pytest.mark.fault("kubebook/words.py", "yyyy, HH:mm", "yyyy, h:mm a")
def test_moments_count_24_hours_in_both_languages() -> None:
    assert words("ko").moment(MOMENT) == "2026. 11. 23. 15:04 UTC"
    assert words("en").moment(MOMENT) == "November 23, 2026, 15:04 UTC"


@pytest.mark.fault("kubebook/words.py", 'moment.astimezone(UTC), "long"', 'moment, "long"')
@pytest.mark.fault("kubebook/words.py", "tzinfo=UTC", "tzinfo=moment.tzinfo")
def test_a_moment_elsewhere_is_shown_in_utc() -> None:
    seoul = MOMENT.replace(hour=1).astimezone(timezone(timedelta(hours=9)))
    new_york = MOMENT.replace(hour=1).astimezone(timezone(timedelta(hours=-5)))
    assert words("ko").moment(seoul) == words("ko").moment(new_york) == "2026. 11. 23. 01:04 UTC"
    assert words("en").date(new_york) == "November 23, 2026"


@pytest.mark.fault("kubebook/words.py", "round(duration, 1)", "duration")
@pytest.mark.fault(
    "kubebook/words.py", "return format_decimal(count, locale=self.language)", "return str(count)"
)
def test_durations_and_counts() -> None:
    assert (words("ko").seconds(2.54), words("en").seconds(2.54)) == ("2.5초", "2.5 sec")
    assert (words("ko").number(12345), words("en").number(12345)) == ("12,345", "12,345")


@pytest.mark.fault("kubebook/words.py", "max(1, round(duration / 60))", "int(duration / 60)")
def test_long_times_in_hours_and_minutes() -> None:
    times = (1, 90, 3599, 3600, 11100)
    assert [words("ko").span(time) for time in times] == [
        "1분",
        "2분",
        "1시간",
        "1시간",
        "3시간 5분",
    ]
    assert words("en").span(11100) == "3 hr 5 min"
