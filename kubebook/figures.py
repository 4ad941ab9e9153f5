"""A book's figures in the words of a page: what {{ report() }} gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from babel.numbers import format_decimal, format_percent

from kubebook.charts import bars
from kubebook.stats import IMAGE, Days, Skipped, Stats
from kubebook.text import REFERENCES
from kubebook.words import FLAVOURS, Words

MOST_BARS = 12  # of a chart; of more days there is one for each month, of more months for each year


@dataclass(frozen=True)
class Figures:
    """What is known of a book (`kubebook.stats` says what that is), and how a page says it.

    Texts are safe in Markdown, in cells of tables too.
    """

    stats: Stats
    words: Words

    def number(self, value: float) -> str:
        """A count, or a share in per cent that is given as such."""
        return str(format_decimal(value, locale=self.words.language))

    def percent(self, part: float) -> str:
        """A part of one; what is not all is never rounded up to it: 99.9 %, not 100 %."""
        shown = min(round(part, 3), 0.999) if part < 1 else part
        return str(format_percent(shown, "#,##0.#%", locale=self.words.language))

    def date(self, day: str) -> str:
        """A day; a dash for none."""
        return self.words.date(_moment(day)) if day else "–"

    def span(self, seconds: float) -> str:
        """A long time, to the minute."""
        return self.words.span(seconds)

    def text(self, text: str) -> str:
        """Words of a file, such as a reason."""
        return " ".join(text.split()).translate(REFERENCES)

    def reason(self, row: Skipped) -> str:
        """Why a snippet is not run."""
        return self.text(row.reason_in.get(self.words.language, row.reason))

    def code(self, text: str) -> str:
        """Code, or an id."""
        return f"<code>{self.text(text)}</code>"

    def link(self, address: str) -> str:
        """The file of a page section that has code, for a link: monitoring/token.md#account."""
        place, mark, anchor = address.partition("#")
        page = next((row.page for row in self.stats.pages if row.address == place), "index.md")
        return page + mark + anchor

    def versions(self) -> Iterator[tuple[str, str, str, str]]:
        """What, which version, with how many outputs recorded and last verified."""
        for row in self.stats.versions:
            image = row.what == IMAGE
            what = self.words("node image") if image else row.what
            version = self.words(FLAVOURS[row.version]) if image else row.version
            verified = "–" if row.verified is None else self.number(row.verified)
            yield self.text(what), self.text(version), self.number(row.recorded), verified

    def days(self, days: Days, title: str) -> str:
        """Bars of how many outputs are of which day; of many days, of which month or year."""
        for length, name in ((10, self.words.date), (7, self.words.month), (4, self.words.year)):
            rows = Counter[str]()
            for day, count in days.days:
                rows[name(_moment(day[:length]))] += count
            if len(rows) <= MOST_BARS:
                break
        return bars([(text, str(count)) for text, count in rows.items()], title)

    def longest(self, title: str) -> str:
        """Bars of the snippets that took longest, in seconds."""
        return bars([(took.id, f"{took.seconds:.1f}") for took in self.stats.longest], title)


def _moment(day: str) -> datetime:
    """The moment at which a day, a month or a year begins."""
    return datetime.fromisoformat(f"{day}-01-01"[:10]).replace(tzinfo=UTC)
