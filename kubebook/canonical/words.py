"""Messages into tokens: fixed words, and typed values that another run may print anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from kubebook.canonical import times
from kubebook.canonical.addresses import NODE_PORTS, ip_tokens, port_token
from kubebook.canonical.names import SAFE, name_tokens
from kubebook.canonical.nodes import Token, Tokens, Value
from kubebook.canonical.versions import VERSION, tag_tokens, version_tokens

Match = re.Match[str]

# Cheap test before the long one: nothing volatile is without a digit or one of these.
INTERESTING = re.compile(rf"\d|-[{SAFE}]{{5}}|::|eyJ|LS0|\bago\b|\bUp\b")
UID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
PORT = r"3[0-2]\d{3}"
PROTOCOL = r"(?:TCP|UDP|SCTP)\b"

# One alternative a type, tried in this order at every start of a word, but only where a guard
# lets it pass: most words are no more than letters. Counted repetitions keep the search linear on
# text without spaces.
WITH_CLOCK = {
    "uptime": rf"{times.CLOCK}\ up\ .{{1,30}}?,(?=\ \d+\ users?)",
    "moment": times.MOMENT,
}
WITH_HEX = {
    "octets": r"(?:[0-9a-fA-F]{2}:\ ?){7,}(?:[0-9a-fA-F]{2}(?![\w:])|$)|[0-9A-F]{40,}(?!\w)",
    "uuid": rf"(?=[0-9a-fA-F]{{8}}-){UID.pattern}(?![0-9A-Za-z])",
    "object_id": r"(?<!sha256:)[0-9a-f]{64}(?![0-9A-Za-z])",
    "mac": r"(?!ff:ff:ff:ff:ff:ff|00:00:00:00:00:00)[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![\w:])",
    "ip6": r"(?=[0-9a-fA-F]{0,4}:)(?P<v6>(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4})"
    r"(?:/(?P<len6>\d{1,3}))?(?![\w:]|\.\d)",
}
WITH_DIGIT = {
    "klog_line": r"(?<=\.go:)\d+(?=\])",
    "pid": r"(?<=\w\[)\d+(?=\]:)",
    "atomic": r"(?<=\.\.)\d{4}(?:_\d\d){5}\.\d+",
    "snapshot": r"(?<=snapshots/)\d+(?!\w)",
    "link_size": r"\d+(?=\ [A-Z][a-z]{2}\ [\ \d]?\d\ \d\d:\d\d\ \.\.data\ ->)",
    "counters": r"(?<=\[)\d+:\d+(?=\](?!\S))",
    "link_index": r"\d+(?=:\ (?!lo:)[\w.-]+(?:@\w+)?:\ <)",
    "port6": r"(?<=\]:)\d{4,5}(?!\w)",
    "dashed": r"\d{1,3}(?:-\d{1,3}){3}(?=\.)",
    "ip4": r"(?P<v4>\d{1,3}(?:\.\d{1,3}){3})(?:/(?P<len4>\d{1,2})(?!\d))?"
    r"(?::(?P<port4>\d{1,5})(?!\d))?(?!\w|\.\d)",
    "node_port": rf"(?P<target>\d{{1,5}}):(?P<mapped>{PORT})/(?={PROTOCOL})",
    "forwarded": r"(?<=[Cc]onnection\ for\ )\d{5}(?!\w)",
    "counted_age": rf"{times.AGE}\ \(x\d+\ over\ {times.AGE}\)",
    "ago": rf"(?:{times.SPAN}|{times.LONG_SPAN}|{times.SYSTEMD_SPAN})(?=\ ago\b)"
    rf"|{times.KOREAN_SPAN}(?=\ ?전)",
    "meter": r"(?:[\d.]+[kMG]?\ ){8}(?:[\d-]+:[\d-]+:[\d-]+\ ){3}[\d.]+[kMG]?(?!\d)",
    "key_size": r"(?:(?<=\.key:\ )|(?<=\.crt:\ )|(?<=\.pem:\ ))\d{3,4}(?=\ bytes)"
    r"|\d{3,4}(?=\ [A-Z][a-z]{2}\ [\ \d]?\d\ \d\d:\d\d\ \S+\.(?:key|crt|pem)(?!\S))"
    r"|(?<=[{}]\ \[)\d+(?=\ bytes\ data\])",
    "pair_port": rf"(?<={{TCP\ ){PORT}(?=}})",
    "load": r"(?<=load\ average:\ )\d+\.\d+(?:,?\ \d+\.\d+){2}",
    "up": rf"(?<=\bUp\ ){times.LONG_SPAN}",
    "measured": times.MEASURED,
    "version": rf"(?<=containerd://){VERSION}|(?<=\bgo)1\.\d+\.\d+",
    "event": r"(?<=\.)1[5-9a-f][0-9a-f]{14}(?!\w)",
    "authority": r"(?<=@)1[5-9]\d{8}(?!\w)",
    "pointer": r"0x[0-9a-f]{8,16}(?!\w)",
    "epoch": r"1[7-9]\d{8}\.\d+(?![\w.])",
}
WITH_CAPITAL = {
    "klog": rf"(?=[IWEF]\d)[IWEF]\d{{4}}\ {times.CLOCK}\s+\d+\ (?=\S+:\d+\])",
    "moment_word": times.MOMENT_WORD,
    "ago_words": rf"{times.LONG_SPAN}(?=\ ago\b)",
    "up_words": rf"(?<=\bUp\ ){times.LONG_SPAN}",
}
WITH_BEGINNING = {
    "token": r"eyJ[\w-]{10,}\.[\w-]*\.[\w-]*",
    "pem": r"LS0tLS1[A-Za-z0-9+/=]{20,}|MI[A-Za-z0-9]{2}(?:[A-Za-z0-9+/=\s]|\\n){100,}",
    "chain": r"KUBE-SEP-[A-Z2-7]{16}(?!\w)",
    "labelled_port": rf"NodePort:\s+\S+\s+(?P<labelled>\d+)/(?={PROTOCOL})",
    "image_id": r"(?i:image\ ?id)[\"']?:\s*[\"']?[\w./:@-]{0,300}",
    "machine": r"(?P<machine_key>(?i:machine\ ?id)[\"']?:\s*[\"']?)[0-9a-f]{32}(?!\w)",
    "hash_label": r"(?P<hash_key>(?:pod-template|controller-revision)-hash[\"']?[:=]\ ?[\"']?)"
    r"(?P<hash_name>(?:[a-z0-9]+-)*)(?P<hash>[a-z0-9]{5,10})(?![\w-])",
    "count": rf"x\d+\ over\ {times.AGE}",
    "version_word": rf"(?=v\d){VERSION}",
    "go_version": r"go(?P<go>1\.\d+\.\d+)(?!\w)",
    "serial_number": r"Serial\ Number:\ \d+\ \(0x(?P<serial>[0-9a-f]+)\)",
    "rotated": r"(?P<rotated_of>kubelet-(?:client|server)-)\d{4}(?:-\d\d){5}(?=\.pem)",
    "key_print": r"SHA256:[A-Za-z0-9+/]{43}(?!\w)",
    "link": r"veth[0-9a-f]{7,8}(?!\w)",
    "peer": r"if(?P<peer_index>\d+)(?=:)",
    "object": rf"datetime\.(?:{times.MOMENT_OBJECT})",
}
BEGINNINGS = (
    r"eyJ|LS0|MI|KUBE-SEP|NodePort:|(?<=@)if\d|[iIMm](?:mage|achine)|Serial|SHA256:|kubelet-|pod-t|cont|x\d|v\d|go1|veth"
    r"|datetime\."
)
WITH_PREFIX = {
    "url": r"(?:(?<=://)[\w.-]{1,253}|localhost):(?P<url_port>\d{4,5})(?![\w.])",
    "bootstrap": r"(?<=token[\ =])[a-z0-9]{6}\.[a-z0-9]{16}(?![\w.-])",
    "ca_hash": r"(?<=ca-cert-hash[\ =])sha256:[0-9a-f]{64}",
    "config_hash": r"(?:(?<=config\.hash:\ )|(?<=config\.mirror:\ ))[0-9a-f]{32}(?!\w)",
    "serial_hex": r"(?<=serial=)[0-9A-F]{2,40}(?!\w)",
    "bundle": r"(?<=:kube-apiserver-serving:)[0-9a-f]{24}(?!\w)",
    "temporary": r"(?<=/tmp/)(?:tmp[.\w]{6,12}|(?:LIVE|MERGED)-\d{1,10})(?![\w-])",
}
# A word that says what the number after it is.
BEFORE_NUMBER = {
    "client_port": r"(?<=[)\d]\ )port\ (?P<client>\d{4,5})(?!\w)",
    "inode": r"Inode:\ (?P<inode_number>\d+)",
    "process": r"(?:Main\ PID|Process|pid|PID)[=:]\s*(?P<process_id>\d+)",
    "named_port": rf"(?i:(?:node|[ds])?port)[\"']?[\s:=]+[\"']?(?P<named>{PORT})(?![\w.])",
    "revision": r"(?i:resource\ ?version)[\"']?[\s:=]+[\"']?(?P<rv>\d+)",
    "label_version": r"version=[\"']?v?\d+\.\d+\.\d+",
    "setting": rf"(?i:{times.SETTING_WORD})[\"'\s:=]+{times.SPAN}",
    "measuring": rf"(?<![\w-])(?P<verb>(?i:{times.MEASURING_WORD})[\s:=]+)"
    rf"(?:{times.MEASURED}|{times.SPAN}|{times.LONG_SPAN}|\d+\.\d+(?!\w))",
    "timing": r"(?<![\w-])(?P<clock>(?i:time(?:_\w{1,30})?|real|user|sys)[\s:=]+)\d+\.\d+(?![.\w])",
    "named_version": rf"(?<![/.-])(?P<of>(?i:version)[\"']?[\s:]+[\"']?)(?P<named_v>{VERSION})",
}
ENDING = {
    "image": r"(?=[^\s:]+:\w)(?<![\w./:@-])(?P<repository>[\w./-]{1,200}(?::\d+/[\w./-]{1,200})?)"
    r":(?P<tag>(?!\d+(?:\.\d+){3}(?!\w|\.\w))v?\d+\.\d+\.\d+[\w.-]*)",
    "pod_slice": r"kube[\w-]*-pod(?P<pod_uid>[0-9a-f]{8}(?:_[0-9a-f]{4}){3}_[0-9a-f]{12})\.slice",
    "name": r"[a-z0-9]{1,63}(?:-[a-z0-9]{1,63}){1,20}(?!-?[A-Za-z0-9])",
}


def _guarded(guard: str, alternatives: dict[str, str]) -> str:
    inner = "|".join(f"(?P<{name}>{pattern})" for name, pattern in alternatives.items())
    return f"(?={guard})(?:{inner})"


VOLATILE = re.compile(
    r"(?<![A-Za-z0-9])(?=[\w:])(?:"
    + "|".join(
        (
            _guarded(r"\d{2}[\d:/]", WITH_CLOCK),
            _guarded(r"[0-9a-fA-F]{0,8}[-:]|[0-9a-f]{64}|[0-9A-F]{40}", WITH_HEX),
            _guarded(r"\d", WITH_DIGIT),
            _guarded(r"[A-Z][\da-z]", WITH_CAPITAL),
            _guarded(BEGINNINGS, WITH_BEGINNING),
            _guarded(r"(?<=[/=:\ ])\w|localhost:", WITH_PREFIX),
            _guarded(
                r"[A-Za-z][\w-]*+(?:\ (?i:in|after|version|pid))?[\"'\s:=]++v?\d", BEFORE_NUMBER
            ),
            _guarded(r"[\w./-]+[-:]\w", ENDING),
        )
    )
    + ")",
    re.VERBOSE,
)
# Masquerading gives a caller any port from 1024 on (nf_nat_core.c, kube-proxy's --random-fully):
# behind a node's own address on the Pod network no Pod listens.
GATEWAY = re.compile(r"10\.244\.\d+\.1")
CALLER = re.compile(r"(?i:\b(?:from|client|caller|peer|remote_?addr(?:ess)?)[\"']?[\s:=]+[\"']?)\Z")
LONE_NUMBERS = re.compile(r"\s*(?=.*\d{5})\d{2,5}(?:[,:]\d{2,5})*\s*")


@lru_cache(maxsize=8192)
def scan(text: str) -> Tokens:
    """`text` as tokens: fixed text with single spaces, and values in between."""
    text = " ".join(text.split())
    if not INTERESTING.search(text):
        return (text,) if text else ()
    return joined(_pieces(text))


def line_tokens(text: str) -> Tokens:
    """Tokens of a whole line or cell: as `scan`, and lone numbers may be node ports."""
    if LONE_NUMBERS.fullmatch(text):
        return joined(_lone(part) for part in re.split(r"(\D)", text.strip()))
    return scan(text)


def _lone(number: str) -> Token:
    is_port = number.isdecimal() and int(number) in NODE_PORTS
    return Value("node-port", number) if is_port else number


def joined(pieces: Iterable[Token]) -> Tokens:
    """The pieces with neighbouring fixed texts put together."""
    tokens: list[Token] = []
    fixed = ""
    for piece in pieces:
        if isinstance(piece, str):
            fixed += piece
            continue
        if fixed:
            tokens.append(fixed)
            fixed = ""
        tokens.append(piece)
    return (*tokens, fixed) if fixed else tuple(tokens)


def _pieces(text: str) -> list[Token]:
    pieces: list[Token] = []
    end = 0
    for match in VOLATILE.finditer(text):
        pieces.append(text[end : match.start()])
        handler = HANDLERS.get(match.lastgroup or "")
        pieces += handler(match) if handler else (match[0],)
        end = match.end()
    return [*pieces, text[end:]]


def _moment(match: Match) -> Tokens:
    return (match[0],) if times.ZERO_MOMENT.match(match[0]) else (Value("time"),)


def _plain(kind: str) -> Callable[[Match], Tokens]:
    return lambda _: (Value(kind),)


def _same(kind: str) -> Callable[[Match], Tokens]:
    return lambda match: (Value(kind, match[0].lower()),)


def _part(kind: str, group: str) -> Callable[[Match], Tokens]:
    def tokens(match: Match) -> Tokens:
        before, after = _around(match, group)
        return (before, Value(kind, match[group]), after)

    return tokens


def _address(match: Match, address: str, prefix: str | None) -> Tokens:
    try:
        return ip_tokens(address, prefix)
    except ValueError:
        return (match.string[match.start() : match.start() + len(address)],) + (
            (f"/{prefix}",) if prefix else ()
        )


def _ip4(match: Match) -> Tokens:
    tokens = _address(match, match["v4"], match["len4"])
    if port := match["port4"]:
        start = match.start()
        caller = GATEWAY.fullmatch(match["v4"]) or CALLER.search(
            match.string[max(0, start - 24) : start]
        )
        if caller and int(port) >= 1024:
            return (*tokens, ":", Value("ephemeral-port", port))
        tokens = (*tokens, ":", port_token(port, loopback=match["v4"].startswith("127.")))
    return tokens


def _ip6(match: Match) -> Tokens:
    if not any(map(str.isdigit, match["v6"])):  # `a::b` is more likely a name in a program
        return (match[0],)
    return _address(match, match["v6"], match["len6"])


def _dashed(match: Match) -> Tokens:
    return _address(match, match[0].replace("-", "."), None)


def _url(match: Match) -> Tokens:
    host, _, port = match[0].rpartition(":")
    return (*name_tokens(host), ":", port_token(port, loopback=host == "localhost"))


def _node_port(match: Match) -> Tokens:
    return (f"{match['target']}:", port_token(match["mapped"]), "/")


def _port(group: str, *, loopback: bool = False) -> Callable[[Match], Tokens]:
    def tokens(match: Match) -> Tokens:
        before, after = _around(match, group)
        return (before, port_token(match[group], loopback=loopback), after)

    return tokens


def _around(match: Match, group: str) -> tuple[str, str]:
    start, end = match.span(group)
    return match.string[match.start() : start], match.string[end : match.end()]


def _hash_label(match: Match) -> Tokens:
    return (match["hash_key"], match["hash_name"], Value("template-hash", match["hash"]))


def _klog(match: Match) -> Tokens:
    return (match[0][0], Value("time"), " ")


def _image_id(match: Match) -> Tokens:
    key, separator, _ = match[0].partition(":")
    return (key, separator, Value("image-id"))


def _named_version(match: Match) -> Tokens:
    return (match["of"], *version_tokens(match["named_v"]))


def _name(match: Match) -> Tokens:
    """A label; one made with a UUID in it (`pvc-…`) has that as its generated part."""
    label = match[0]
    if uid := UID.search(label):
        return (label[: uid.start()], Value("uid", uid[0].lower()), label[uid.end() :])
    return name_tokens(label)


def _pod_slice(match: Match) -> Tokens:
    before, after = _around(match, "pod_uid")
    return (before, Value("uid", match["pod_uid"].replace("_", "-")), after)


HANDLERS: dict[str, Callable[[Match], Tokens]] = {
    "klog": _klog,
    "klog_line": _plain("source-line"),
    "pid": _plain("pid"),
    "process": _part("pid", "process_id"),
    "atomic": _plain("time"),
    "uptime": _plain("age"),
    "load": _plain("measurement"),
    "inode": _part("inode", "inode_number"),
    "snapshot": _plain("snapshot"),
    "link_size": _plain("length"),
    "counters": _plain("counters"),
    "link_index": _plain("link-index"),
    "peer": _part("link-index", "peer_index"),
    "chain": _same("endpoint-chain"),
    "bundle": _same("certificate"),
    "moment": _moment,
    "moment_word": _moment,
    "object": _moment,
    "token": _same("token"),
    "bootstrap": _same("token"),
    "ca_hash": _same("token"),
    "pem": lambda match: (Value("certificate", re.sub(r"\s|\\n", "", match[0])),),
    "uuid": _same("uid"),
    "image_id": _image_id,
    "object_id": _same("id"),
    "mac": _same("mac"),
    "ip6": _ip6,
    "port6": lambda match: (port_token(match[0]),),
    "dashed": _dashed,
    "ip4": _ip4,
    "image": lambda match: tag_tokens(match["repository"], match["tag"]),
    "url": _url,
    "node_port": _node_port,
    "labelled_port": _port("labelled"),
    "client_port": _port("client", loopback=True),
    "named_port": _port("named"),
    "forwarded": lambda match: (port_token(match[0], loopback=True),),
    "revision": _part("resource-version", "rv"),
    "hash_label": _hash_label,
    "counted_age": _plain("age"),
    "count": _plain("event-count"),
    "measuring": lambda match: (match["verb"], Value("duration")),
    "timing": lambda match: (match["clock"], Value("duration")),
    "machine": lambda match: (match["machine_key"], Value("machine")),
    "ago": _plain("age"),
    "ago_words": _plain("age"),
    "up": _plain("age"),
    "up_words": _plain("age"),
    "measured": _plain("duration"),
    "version": lambda match: version_tokens(match[0]),
    "version_word": lambda match: version_tokens(match[0]),
    "go_version": lambda match: ("go", *version_tokens(match["go"])),
    "named_version": _named_version,
    "event": _same("event"),
    "pointer": _same("pointer"),
    "temporary": _same("temporary"),
    "link": _same("link"),
    "config_hash": _same("config-hash"),
    "octets": lambda match: (Value("octets", re.sub(r"[:\s]", "", match[0]).lower()),),
    "serial_number": lambda match: ("Serial Number: ", Value("serial", match["serial"])),
    "serial_hex": lambda match: (Value("serial", match[0].lower().lstrip("0")),),
    "authority": _plain("time"),
    "rotated": lambda match: (match["rotated_of"], Value("time")),
    "key_print": lambda match: (Value("octets", match[0]),),
    "meter": _plain("progress"),
    "key_size": _plain("size"),
    "pair_port": lambda match: (port_token(match[0]),),
    "epoch": _plain("time"),
    "pod_slice": _pod_slice,
    "name": _name,
}
