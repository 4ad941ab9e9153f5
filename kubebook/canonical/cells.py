"""Cells and scalars: the typed rules that need the name of the column or key."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Sequence

from kubebook.canonical.addresses import IP_KINDS
from kubebook.canonical.listings import MEASURED, PIDS, TELLING
from kubebook.canonical.names import NAME_KINDS
from kubebook.canonical.nodes import Group, Leaf, Node, Tokens, Value, shape
from kubebook.canonical.paths import Step
from kubebook.canonical.times import is_age, is_age_column
from kubebook.canonical.versions import VERSION, version_tokens
from kubebook.canonical.words import joined, line_tokens, scan

QUANTITY = re.compile(r"\d+(?:\.\d+)?(?:[numkKMGTPE]i?)?%?")
# kubectl top prints what the kubelet measured; an autoscaler's TARGETS is measured/wanted.
USAGE_COLUMNS = frozenset({"CPU(CORES)", "CPU(%)", "CPU%", "MEMORY(BYTES)", "MEMORY(%)", "MEMORY%"})
# etcdctl endpoint status: what grows with every write.
MEASURED_TEXT = re.compile(r"\d[\d.:]*(?: ?[KMGTP]?i?B?|%)|[A-Z][a-z]{2}\d\d|-|\?|pts/\d+|tty\d+")
GROWING_COLUMNS = frozenset({"DB SIZE", "IN USE", "PERCENTAGE NOT IN USE"}) | {
    *("RAFT INDEX", "RAFT APPLIED INDEX")
}
TARGET = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[numkKMG]i?)?%?(?=(?: \(avg\))?/)")
REVISION_COLUMNS = frozenset({"RESOURCEVERSION", "RESOURCE VERSION", "RESOURCE-VERSION", "RV"})
SHORT_ID = re.compile(r"[0-9a-f]{12}")
DIGITS = re.compile(r"\d+")
BARE_VERSION = re.compile(VERSION)

MEASURED_KEYS = frozenset(
    {"age", "uptime", "elapsed", "took", "latency", "elapsedseconds"}
    | {"durationseconds", "tookseconds", "durationms", "elapsedms", "latencyms"}
)
# kubelet's stats summary.
MEASURED_KEY = re.compile(
    r"(?:usage|workingset|rss|available|used|[rt]x)bytes|usage(?:nanocores|corenanoseconds)"
    r"|(?:major)?pagefaults|inodes(?:free|used)|curproc"
)
NUMBER_OR_SPAN = re.compile(r"\d+(?:\.\d+)?")
# RFC 7519: seconds since 1970 in the claims of a token; Kubernetes adds when to warn.
TIME_CLAIMS = frozenset({"exp", "iat", "nbf", "warnafter"})
EPOCH = re.compile(r"1[5-9]\d{8}")
CONFIG_HASH_KEYS = frozenset({"kubernetes.io/config.hash", "kubernetes.io/config.mirror"})
KEY_KEYS = frozenset({"kid", "n", "x", "y"})  # RFC 7517, JSON Web Key
BASE64_URL = re.compile(r"[\w-]{40,}")
CONFIG_HASH = re.compile(r"[0-9a-f]{32}")
# Keys as in Go, JSON and Python: compared in lower case without underscores.
MACHINE_KEYS = frozenset({"imageid", "gitcommit", "machineid", "kernelversion"})
LABEL_PARENTS = frozenset({"labels", "matchlabels", "selector", "nodeselector", "annotations"})
CELL_KEYS = frozenset({"", "cells"})  # of a meta.k8s.io Table, or of one that a program printed
FIXED_PORT_KEYS = frozenset({"containerport", "hostport", "targetport"})
DATE = re.compile(r"\d{4}-\d\d-\d\d")  # no Kubernetes type has a bare date: somebody wrote it
CERTIFICATE_KEYS = re.compile(r"cabundle|[\w-]*-(?:certificate|key|authority)-data")
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){3,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")

WORD = re.compile(r"[^\s,\[\](){}'\"]+")
BETWEEN = re.compile(r"[\s,'\"]+")
LISTED_KINDS = NAME_KINDS | IP_KINDS | {"uid"}


def cell_tokens(column: str, text: str, columns: Sequence[str] = ()) -> Tokens:
    """Tokens of a table cell; the column names tell what its numbers are."""
    name = column.upper()
    if name == "ENDPOINTS":
        return endpoint_tokens(text)
    if name == "TARGETS":
        return _targets(text)
    if column in MEASURED | PIDS and not TELLING.isdisjoint(columns):
        return _of_system(column, text)
    return _counted(name, text, columns) or _identified(name, text) or scan(text)


def endpoint_tokens(text: str) -> Tokens:
    """Tokens of `10.244.1.2:8080,…`: the ports are those that a container listens on."""
    ports = {"node-port", "ephemeral-port", "local-port"}
    tokens = scan(text)
    return joined(t.key if isinstance(t, Value) and t.kind in ports else t for t in tokens)


def _of_system(column: str, text: str) -> Tokens:
    """What ps, df or free measured; the first process of a container is always 1."""
    if column in MEASURED:
        return (Value("measurement"),) if MEASURED_TEXT.fullmatch(text) else (text,)
    return (text,) if text in {"0", "1"} else (Value("pid", text),)


def _targets(text: str) -> Tokens:
    pieces: list[str | Value] = []
    end = 0
    for match in TARGET.finditer(text):
        pieces += [text[end : match.start()], Value("quantity")]
        end = match.end()
    return joined([*pieces, text[end:]])


def _counted(name: str, text: str, columns: Sequence[str]) -> Tokens:
    """What grows with time; how often an event was seen depends on when one looks."""
    if (name.isdecimal() or is_age_column(name)) and is_age(text):
        return (Value("age"),)
    if name in USAGE_COLUMNS and QUANTITY.fullmatch(text):
        return (Value("quantity"),)
    if name in GROWING_COLUMNS and MEASURED_TEXT.fullmatch(text):
        return (Value("measurement"),)
    events = name == "COUNT" and any(c.upper() == "LAST SEEN" for c in columns)
    return (Value("event-count"),) if events and DIGITS.fullmatch(text) else ()


def _identified(name: str, text: str) -> Tokens:
    if name in REVISION_COLUMNS and DIGITS.fullmatch(text):
        return (Value("resource-version", text),)
    if name == "CONTAINER ID" and SHORT_ID.fullmatch(text):
        return (Value("id", text),)
    if "VERSION" in name and BARE_VERSION.fullmatch(text):
        return version_tokens(text)
    return line_tokens(text) if "PORT" in name or name.isdecimal() else ()


def scalar_tokens(path: Sequence[Step], text: str, tag: str) -> Tokens:
    """Tokens of a JSON or YAML scalar; its path tells what it is."""
    keys = [step.replace("_", "").lower() for step in path if isinstance(step, str)]
    key = keys[-1] if keys else ""
    parent = keys[-2] if len(keys) > 1 else ""
    if tag == "null" or not text:
        return (text,) if text else ()
    if (parent in LABEL_PARENTS and key.endswith("version")) or DATE.fullmatch(text):
        return (text,)
    return _measured(parent, key, text) or _keyed(parent, key, text) or scan(text)


def _measured(parent: str, key: str, text: str) -> Tokens:
    if parent == "usage" and QUANTITY.fullmatch(text):
        return (Value("quantity"),)
    if key in TIME_CLAIMS and EPOCH.fullmatch(text):
        return (Value("time"),)
    if key in CELL_KEYS and is_age(text):
        return (Value("age"),)
    if MEASURED_KEY.fullmatch(key) and DIGITS.fullmatch(text):
        return (Value("measurement"),)
    if key in MEASURED_KEYS and (is_age(text) or NUMBER_OR_SPAN.fullmatch(text)):
        return (Value("duration"),)
    return ()


def _keyed(parent: str, key: str, text: str) -> Tokens:
    if key == "resourceversion" and DIGITS.fullmatch(text):
        return (Value("resource-version", text),)
    if key.endswith("-template-hash") or key == "controller-revision-hash":
        return _hash(text)
    if key in MACHINE_KEYS:
        return (Value("machine"),)
    if CERTIFICATE_KEYS.fullmatch(key) or key == "continue":
        return (Value("certificate", text),)
    if parent == "data" and (inside := _decoded(text)):
        return scan(inside)
    return _made(key, text) or _port(key, text)


def _made(key: str, text: str) -> Tokens:
    """What a cluster makes when it is made: keys, and the hash of a manifest with its address."""
    if key in CONFIG_HASH_KEYS and CONFIG_HASH.fullmatch(text):
        return (Value("config-hash", text),)
    of_key = key in KEY_KEYS and BASE64_URL.fullmatch(text)
    return (Value("public-key", text),) if of_key else ()


def _port(key: str, text: str) -> Tokens:
    if key in FIXED_PORT_KEYS:
        return (text,)
    return line_tokens(text) if key.endswith("port") or not key.strip("(){}") else ()


def _decoded(text: str) -> str:
    """What a Secret's value says; "" if it is no text in base64."""
    if not BASE64.fullmatch(text):
        return ""
    try:
        inside = b64decode(text).decode()
    except ValueError:
        return ""
    return inside if inside.isprintable() else ""


def _hash(text: str) -> Tokens:
    head, dash, last = text.rpartition("-")
    return joined((head + dash, Value("template-hash", last)))


def text_node(
    where: str, line: int, text: str, tokens: Tokens, read: Callable[[str], Tokens] = scan
) -> Node:
    """A leaf, or a group if the text lists names or addresses, which were sorted by chance.

    `10.244.1.2:8080,10.244.2.3:8080` is a set: which Pod got the lower address is no meaning.
    """
    run = _listed(text, read) if _may_list(tokens) else None
    if run is None:
        return Leaf(where, line, text, tokens)
    first, last = run[0].start(), run[-1].end()
    cut = re.match(r" \+ \d+ more\.\.\.", text[last:]) is not None
    items = tuple(_item(where, line, read(match[0]), match[0], cut) for match in run)
    listing = Group(where, line, text[first:last], items, "free")
    ends = ((text[:first], scan(text[:first])), (text[last:], scan(text[last:])))
    before, after = (Leaf(where, line, part, found) for part, found in ends)
    return Group(where, line, text, (before, listing, after))


def _item(where: str, line: int, tokens: Tokens, text: str, cut: bool) -> Leaf:
    """An item of a list; of a list cut short, any part may be shown, so nothing is known."""
    return Leaf(where, line, text, shape(tokens) if cut else tokens)


def _may_list(tokens: Tokens) -> bool:
    kinds = [t.kind for t in tokens if isinstance(t, Value) and t.kind in LISTED_KINDS]
    return len(kinds) > len(set(kinds))


def _listed(text: str, read: Callable[[str], Tokens]) -> list[re.Match[str]] | None:
    """The first longest run of two or more words of one shape with an identity of their own."""
    best: list[re.Match[str]] = []
    run: list[re.Match[str]] = []
    for match in WORD.finditer(text):
        follows = run and BETWEEN.fullmatch(text, run[-1].end(), match.start())
        alike = follows and shape(read(run[-1][0])) == shape(read(match[0]))
        if alike:
            run.append(match)
        else:
            run = [match] if _is_listed(read(match[0])) else []
        best = run if len(run) > len(best) else best
    return best if len(best) > 1 else None


def _is_listed(tokens: Tokens) -> bool:
    kinds = {token.kind for token in tokens if isinstance(token, Value)}
    return bool(kinds) and kinds <= LISTED_KINDS
