"""Moments and spans of time: which were measured and which somebody set."""

from __future__ import annotations

import re

MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?"
ZONE = r"(?:Z|\ ?[+-]\d\d:?\d\d(?:\ [A-Z]{3,4})?|\ (?:UTC|GMT|KST|[A-Z]{3,4}T))"
# RFC 3339 and Go's String(), Go's log, Apache, a day, a clock.
MOMENT = "|".join(
    (
        rf"\d{{4}}-\d\d-\d\d[T\ ]{CLOCK}{ZONE}?(?:\ m=[+-][\d.]+)?",
        rf"\d{{4}}/\d\d/\d\d\ {CLOCK}",
        rf"\d\d/{MONTH}/\d{{4}}:{CLOCK}{ZONE}?",
        r"\d{4}-[01]\d-[0-3]\d(?![\w-])",
        rf"{CLOCK}(?![\w:])",
    )
)
# RFC 1123, ctime, openssl, syslog, ls; after `datetime.` what Python's repr() prints.
MOMENT_WORD = "|".join(
    (
        rf"{DAY},\ \d\d?\ {MONTH}\ \d{{4}}\ {CLOCK}{ZONE}?",
        rf"{DAY}\ {MONTH}\ [\ \d]?\d\ {CLOCK}(?:\ [A-Z]{{3,4}})?\ \d{{4}}",
        rf"{MONTH}\ [\ \d]?\d,\ \d{{4}}\ \d\d:\d\d(?:\ [A-Z]{{3,4}})?",
        rf"{MONTH}\ [\ \d]?\d\ {CLOCK}(?:\ \d{{4}})?(?:\ (?:GMT|UTC))?",
        rf"{MONTH}\ [\ \d]?\d\ \ ?(?:\d\d:\d\d|\d{{4}})(?![\w:])",
    )
)
MOMENT_OBJECT = r"date(?:time)?\((?:[^()]|\([^()]*\))*\)"
ZERO_MOMENT = re.compile(r"(?:0001-01-01|1970-01-01)(?!\d).*", re.DOTALL)

# apimachinery duration.HumanDuration, and Go's Duration.String().
UNIT = r"(?:ns|us|µs|μs|ms|[smhdyw])"
SPAN = rf"(?:\d+(?:\.\d+)?{UNIT})+(?![\w%])"
AGE = r"(?:\d+[smhdwy])+(?![\w%])"
UNIT_WORD = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|secs?|mins?)"
LONG_SPAN = rf"(?:\d+|[Aa]bout\ an?|[Ll]ess\ than\ a|an?)\ {UNIT_WORD}"
SYSTEMD_SPAN = r"(?:\d+(?:month|min|[smhdwy])\ ?)+(?=\ ago)"
KOREAN_SPAN = r"\d+\ ?(?:초|분|시간|일|주|개월|달|년)"
# A fraction, a unit below a second: read off a clock. Round seconds are somebody's setting.
MEASURED = "|".join(
    (
        r"(?:\d+[smhd])*\d+\.\d+(?:ns|us|µs|μs|ms|[smh])(?!\w)",
        r"(?:\d+[smh])*\d+(?:ns|us|µs|μs|ms)(?!\w)",
        r"\d+(?:\.\d+)?(?:/\d+\.\d+)*\ (?:ms|milliseconds|µs|us)\b",
        r"\d+\.\d+\ ?(?:s|secs?|seconds?|minutes?|초|분)(?!\w)",
    )
)
SETTING_WORD = (
    r"(?:[\w-]{0,40}(?:time-?out|interval|period|grace|deadline|ttl|delay|window|expir|backoff)"
    r"[\w-]{0,40}|every|within|wait|sleep)"
)
MEASURING_WORD = (
    r"(?:took|elapsed|duration|uptime|age|lasted|latency"
    r"|(?:completed|complete|finished|ready|done|started|pulled|built|deployed)\ (?:in|after))"
)
WHOLE_AGE = re.compile(rf"(?:{AGE}|{SPAN})(?:\ \(x\d+\ over\ {AGE}\))?|{KOREAN_SPAN}")

MEASURED_COLUMN_WORDS = frozenset(
    {"AGE", "SEEN", "LAST", "FIRST", "SINCE", "AGO", "DURATION", "ELAPSED", "UPTIME", "CREATED"}
    | {"STARTED", "UPDATED", "COMPLETED", "RESIDUAL", "TOOK", "LATENCY", "나이", "경과", "수명"}
)
# A CRD's date column is printed as an age (apiextensions tableconvertor.go): RENEWED, BAKED …
DONE = re.compile(r"(?:\w+\s)?\w{2,}ED(?:[\s_-]?(?:AT|TIME))?")
SET_COLUMN_WORDS = frozenset(
    {"TIMEOUT", "INTERVAL", "PERIOD", "GRACE", "DEADLINE", "TTL", "DELAY", "WINDOW"}
    | {"EVERY", "REQUESTED", "USED", "ALLOCATED", "RESERVED", "LIMITED", "CONSUMED", "NEEDED"}
)


def is_age_column(column: str) -> bool:
    """Whether a column of that name holds ages: AGE, LAST SEEN, DURATION, but not TIMEOUT."""
    words = frozenset(re.split(r"[\s_-]+", column.upper()))
    measured = words & MEASURED_COLUMN_WORDS or DONE.fullmatch(column.upper())
    return bool(measured) and not words & SET_COLUMN_WORDS


def is_age(text: str) -> bool:
    """Whether the whole text is an age or a span of time, with an event count or without."""
    return WHOLE_AGE.fullmatch(text) is not None
