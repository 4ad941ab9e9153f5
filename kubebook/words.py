"""The words around outputs, and their dates, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

LOCALE = Path(__file__).parent / "locale"

# Babel's own Korean formats print "PM 3:04", so the patterns are given and count 24 hours.
MOMENT = {"ko": "yyyy. M. d. HH:mm 'UTC'", "en": "MMMM d, yyyy, HH:mm 'UTC'"}

FLAVOURS = {
    "official": "official node image",
    "packages": "node image built from packages",
    "none": "no cluster",
}


@dataclass(frozen=True)
class Words:
    """The interface in one language. Moments are shown in UTC, so both languages give one date."""

    language: str
    catalog: Mapping[str, str]

    def __call__(self, text: str, /, **values: str) -> str:
        """The words for an English `text` of the catalog, with its {names} filled in.

        Raises:
            KeyError: the catalog has no such text.
        """
        return self.catalog[text].format(**values)

    def language_name(self, code: str) -> str:
        """What a language is called in this one: 영어, English."""
        return str(Locale.parse(code).get_display_name(self.language))

    def date(self, moment: datetime) -> str:
        """A day: 2026년 11월 23일, November 23, 2026."""
        return format_date(moment.astimezone(UTC), "long", locale=self.language)

    def month(self, moment: datetime) -> str:
        """A month: 2026년 11월, November 2026."""
        return format_skeleton("yMMMM", moment.astimezone(UTC), locale=self.language)

    def year(self, moment: datetime) -> str:
        """A year: 2026년, 2026."""
        return format_skeleton("y", moment.astimezone(UTC), locale=self.language)

    def moment(self, moment: datetime) -> str:
        """A day and its minute: 2026. 11. 23. 15:04 UTC."""
        return format_datetime(moment, MOMENT[self.language], tzinfo=UTC, locale=self.language)

    def seconds(self, duration: float) -> str:
        """How long something took, in seconds: 2.5초, 2.5 sec."""
        # Only "short" has Korean words.
        value = round(duration, 1)
        return format_unit(value, "duration-second", "short", locale=self.language)

    def span(self, duration: float) -> str:
        """A long time, in seconds, to the minute: 3시간 5분, 3 hr 5 min. At least one minute."""
        hours, minutes = divmod(max(1, round(duration / 60)), 60)
        parts = {"duration-hour": hours, "duration-minute": minutes}
        return " ".join(
            format_unit(count, unit, "short", locale=self.language)
            for unit, count in parts.items()
            if count
        )

    def number(self, count: int) -> str:
        """A count with the language's separators: 12,345."""
        return format_decimal(count, locale=self.language)


@lru_cache
def words(language: str) -> Words:
    """The words of a language; FileNotFoundError if locale/ has none for it."""
    with (LOCALE / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    return Words(language, {str(m.id): str(m.string) for m in catalog if m.id})
