"""What must never be written down: tokens, private keys, passwords, the data of Secrets.

Own patterns: detect-secrets looks at lines, not at YAML, JSON or base64, and knows no Kubernetes.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from kubebook.mask_formats import FORMATS, PLAIN, is_plain, kind_of
from kubebook.mask_trees import Found, secrets_of_trees

SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSWORD|KEY")
DEPTH = 3  # of what is encoded in what
BASE64 = re.compile(r"(?<![\w+/=.-])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/=.-])")
WRAPPED = re.compile(r"^(?:[A-Za-z0-9+/]{60,76}\n)+[A-Za-z0-9+/]{1,76}={0,2}$", re.MULTILINE)
JWT = re.compile(r"(?<![\w.-])eyJ[\w-]{5,}(?:\.[\w-]*){2,4}")
PEM = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\+n|\\+\n)*"
    r"(?P<s>.*?)(?:\s|\\+n|\\+\n)*(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
PEM_TAIL = re.compile(
    r"\A\s*(?P<s>[A-Za-z0-9+/=\s]{8,}?)\s*-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
)
# A line of code that reads the data of a Secret: what it prints alone is that data
READS = re.compile(r"secrets?\b.*\bdata\b|\bdata\b.*\bsecrets?\b", re.IGNORECASE)
DECODES = re.compile(r"base64 +(?:-d|-D|--decode)|b64decode|base64decode|@base64d")
WORD = re.compile(r"(?<=[\s'\":,{\[])[A-Za-z0-9+/]{4,}={0,2}(?=[\s'\",}\]])")
ALONE = re.compile(r"^[ \t]*(?P<s>\S{4,})[ \t]*$", re.MULTILINE)
SHORTEST = 8  # characters of a secret that is looked for wherever else it may stand


@dataclass(frozen=True)
class Masked:
    """Where a secret stands in a text, and what it is."""

    start: int
    end: int
    what: str


def mask(text: str, known: Iterable[str] = (), code: str = "") -> str:
    """`text` with `<masked-WHAT>` in place of every secret in it.

    Args:
        known: values that are secrets, known beforehand.
        code: what printed the text; it tells when the bare data of a Secret was printed.
    """
    return mask_all([text], known, [code])[0]


def mask_all(
    texts: Sequence[str], known: Iterable[str] = (), codes: Sequence[str] = ()
) -> list[str]:
    """Outputs of one snippet: a secret that one of them tells as such is masked in all."""
    found = [_find(text) for text in texts]
    values = {value: "secret" for value in known if value}
    for text, places in zip(texts, found, strict=True):
        for place in places:
            told = dict.fromkeys(_spellings(text[place.start : place.end]), place.what)
            values = told | values
    result = []
    for number, (text, places) in enumerate(zip(texts, found, strict=True)):
        printed = _printed(text, codes[number]) if number < len(codes) else []
        whole = [*places, *_again(text, values, set(known)), *printed]
        result.append(_replace(text, whole))
    return result


def _find(text: str, depth: int = 0) -> list[Masked]:
    """Every place in a text where its own form tells that a secret stands."""
    found = [Masked(*place) for place in secrets_of_trees(text, lambda t: _inside(t, depth))]
    found += [Masked(m.start(), m.end(), _kind_of_token(m[0])) for m in JWT.finditer(text)]
    for pattern in (PEM, PEM_TAIL):
        found += [Masked(*m.span("s"), "private-key") for m in pattern.finditer(text) if m["s"]]
    for what, pattern in FORMATS:
        found += [
            Masked(*match.span("s"), what or kind_of(match["n"]))
            for match in pattern.finditer(text)
            if match["s"] and not is_plain(match["s"])
        ]
    if depth < DEPTH:
        found += list(_encoded(text, depth))
    return found


def _inside(text: str, depth: int) -> list[Found]:
    """The same for a text that is a value in another one."""
    if depth >= DEPTH:
        return []
    return [Found(place.start, place.end, place.what) for place in _find(text, depth + 1)]


def _encoded(text: str, depth: int) -> Iterator[Masked]:
    """Base64 of a text that holds a secret; a certificate's or a hash's is none."""
    for pattern in (WRAPPED, BASE64):
        for match in pattern.finditer(text):
            inner = _decoded(match[0])
            if inner and (found := _find(inner, depth + 1)):
                yield Masked(match.start(), match.end(), found[0].what)


def _decoded(word: str) -> str:
    """The text that base64 stands for, "" if it stands for none."""
    plain = re.sub(r"\s", "", word).rstrip("=").translate(str.maketrans("-_", "+/"))
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]  # cut
    try:
        text = base64.b64decode(plain + "=" * (-len(plain) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text if all(c.isprintable() or c in "\t\r\n" for c in text) else ""


def _kind_of_token(token: str) -> str:
    """Service account tokens say in their second part whose they are (RFC 7519, "sub")."""
    try:
        claims = json.loads(_decoded(token.split(".")[1]))
        subject = str(claims.get("sub", ""))
    except (ValueError, AttributeError):
        subject = ""
    return "service-account-token" if subject.startswith("system:serviceaccount:") else "token"


def _spellings(value: str) -> list[str]:
    """A secret as it may stand elsewhere: as it is, decoded, encoded."""
    forms = [value, _decoded(value), base64.b64encode(value.encode()).decode()]
    return [form for form in forms if len(form) >= SHORTEST and not PLAIN.fullmatch(form)]


def _again(text: str, values: dict[str, str], known: set[str]) -> Iterator[Masked]:
    """Where secrets stand that are known by now; those told by their name only as whole words."""
    for value, what in values.items():
        edge = "" if value in known else r"(?<![\w-]){}(?![\w-])"
        pattern = edge.format(re.escape(value)) if edge else re.escape(value)
        yield from (Masked(m.start(), m.end(), what) for m in re.finditer(pattern, text))


def _printed(text: str, code: str) -> Iterator[Masked]:
    """Data of a Secret that stands alone, because a jsonpath or a decoder printed it."""
    lines = code.replace("\\\n", " ").splitlines()
    if not any(READS.search(line) for line in lines):
        return
    if DECODES.search(code):
        yield from (Masked(*m.span("s"), "secret-data") for m in ALONE.finditer(text))
    for match in WORD.finditer(f" {text} "):
        if len(match[0]) % 4 == 0 and _decoded(match[0]):
            yield Masked(match.start() - 1, match.end() - 1, "secret-data")


def _replace(text: str, places: Iterable[Masked]) -> str:
    """From the end to the front; of two places that overlap the longer one tells what it is."""
    whole: list[Masked] = reduce(_joined, sorted(places, key=lambda p: (p.start, -p.end)), [])
    for place in reversed(whole):
        if not is_plain(text[place.start : place.end]):
            text = f"{text[: place.start]}<masked-{place.what}>{text[place.end :]}"
    return text


def _joined(done: list[Masked], place: Masked) -> list[Masked]:
    if done and place.start < done[-1].end:
        last = done[-1]
        longer = max(last, place, key=lambda p: p.end - p.start)
        return [*done[:-1], Masked(last.start, max(last.end, place.end), longer.what)]
    return [*done, place]
