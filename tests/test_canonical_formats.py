"""One rule of a format each: what two honest runs may print, and what they may not."""

from __future__ import annotations

import pytest

from kubebook.canonical import Output
from kubebook.canonical.document import Tree, blocks
from kubebook.canonical.pythons import decode_python
from kubebook.drift import compare

CERTIFICATE = "-----BEGIN CERTIFICATE-----\n{}\n{}\n-----END CERTIFICATE-----"
ONE_KEY, OTHER_KEY = ("MIID" + "a1b2" * 15, "c3d4" * 16), ("MIIC" + "e5f6" * 15, "g7h8" * 15)
EVENTS = "Events:\n  Type     Age  Message\n  ----     ---  -------\n"
MADE = EVENTS.replace("Type     Age", "Type    Reason   Age").replace(
    "----     ---", "----    ------   ---"
)
MADE += (
    "  Normal  Created  3s   Created pod: many-{}\n  Normal  Created  3s   Created pod: many-{}\n"
)
CLAIMS = '{{"aud": ["{1}"], "exp": {0}, "iat": {0}}}'
STATIC = "metadata:\n  annotations:\n    kubernetes.io/config.hash: {}\n"
STATIC += "    kubernetes.io/config.mirror: {}\n"
HASHES = "fb03c96f4f7e74d4aa5187f78817afc3", "5aca22f44150d9f011c6d3db3404d487"
LOGS = "[pod/db-{}/c] {}\n" * 4
DIFF = "diff -u -N /tmp/LIVE-{}/v1.{2} /tmp/MERGED-{1}/v1.{2}\n".replace("{}", "{0}")
OCTETS = ":".join(["b5", "8b"] * 10), ":".join(["13", "fa"] * 10)
KEY = "Public-Key: ({} bit)\n    Modulus:\n        {}:\n        {}\n    Exponent: 65537\n"
PRINTS = "SHA1 Fingerprint={}\nsha1 Fingerprint={}\n"
METER = "100   205  100   205    0     0  {}      0 --:--:-- --:--:-- --:--:-- {}\n{}\n"
SLICE = "kind: EndpointSlice\nmetadata:\n  name: web-{}\n  generation: {}\nports:\n- port: {}\n"
ROLLOUT = (
    'Waiting for deployment "web" rollout to finish: {} of {} updated replicas are available...\n'
)
DONE = 'deployment "web" successfully rolled out\n'
HTTP = "HTTP/1.1 200 OK\nContent-Length: {}\n\n{}\n"
ENVIRONMENT = "MODE={2}\n{0}_SERVICE_HOST=10.96.140.7\n{1}_SERVICE_HOST=10.96.141.8\n"
PS = "PID   USER     TIME  COMMAND\n{:>5} root      0:{:02} /agnhost {}\n"
DF = "Filesystem      Size  Used Avail Use% Mounted on\noverlay         {}   {}   50G  {}% /\n"
EDGE = "+-----------+---------+\n"
ETCD = f"{EDGE}| RAFT TERM | DB SIZE |\n{EDGE}|         {{}} |  {{}} |\n{EDGE}"
LIMITS = "Type       Resource  Min  Max\n----       --------  ---  ---\n{}\n{}\n"
CPU, MEMORY = "Container  cpu       10m  {}", "Container  memory    1Mi  2Mi"
DESCRIBED = "Name:    web-7d4c8d8f6d-{}\nStatus:  {}\n"
LIST = "10.96.{}.7   services/shop/{}\n10.96.{}.8   services/shop/{}\n"
SECRET = "kind: Secret\ndata:\n  expiration: {}\n"
SORTED = "LAST SEEN   TYPE     REASON      OBJECT      MESSAGE\n"
WEB = "5s          Normal   {}     pod/web-0   a\n"
LAST = "5s          Normal   Scheduled   pod/web-1   b\n"
UPTIME = " 17:43:27 up  {},  {} users,  load average: 17.42, 25.49, 42.75\n"
QUOTA = "Resource  Used  Age\n--------  ----  ---\ncpu       {}   {}\n"
GOES_ON = '{{"continue": "{}", "remainingItemCount": {}}}'
ACTIVE = "Active: {} since Mon 2026-11-23 16:27:16 UTC; {} ago\n"

# What the rule is; a run, another honest run, a run that says something else; the fault it catches.
RULES = [
    (
        "a date column of a CRD is an age",
        ("NAME    LAYERS   BAKED\nchoco   3        {}\n", ("41s",), ("2m3s",)),
        ("NAME    LAYERS   SHELFLIFE\nchoco   3        {}\n", ("41s",), ("2m3s",)),
        ("times.py", r"\w{2,}ED(?:", r"\w{2,}(?:"),
    ),
    (
        "a node port of describe, a port of a container",
        ("NodePort:    http  {}/TCP\n", ("31509",), ("32001",)),
        ("Port:        http  {}/TCP\n", ("31509",), ("32001",)),
        ("words.py", r"NodePort:\s+\S+\s+", r"Port:\s+\S+\s+"),
    ),
    (
        "a certificate is one value, and its authority another",
        ("{}\n" + CERTIFICATE, ("ca", *ONE_KEY), ("ca", *OTHER_KEY)),
        ("{}\n" + CERTIFICATE, ("ca", *ONE_KEY), ("crt", *ONE_KEY)),
        ("words.py", r"[A-Za-z0-9+/=\s]|\\n){100,}", r"[A-Za-z0-9+/=]|\\n){100,}"),
    ),
    (
        "the claims of a token: when, and for whom",
        (CLAIMS, (1795469972, "api"), (1795470109, "api")),
        (CLAIMS, (1795469972, "api"), (1795469972, "vault")),
        ("cells.py", '{"exp", "iat", "nbf", "warnafter"}', '{"iat"}'),
    ),
    (
        "the hash of a static Pod's manifest, and its mirror's",
        (STATIC, (HASHES[0], HASHES[0]), (HASHES[1], HASHES[1])),
        (STATIC, (HASHES[0], HASHES[0]), (HASHES[1], HASHES[0])),
        ("cells.py", '"kubernetes.io/config.mirror"})', '"kubernetes.io/mirror"})'),
    ),
    (
        "the same as describe shows it",
        ("Annotations:  kubernetes.io/config.hash: {}\n", (HASHES[0],), (HASHES[1],)),
        ("Annotations:  kubernetes.io/config.file: {}\n", (HASHES[0],), (HASHES[1],)),
        ("words.py", r"(?<=config\.hash:\ )", r"(?<=config\.none:\ )"),
    ),
    (
        "what a controller made at once is told in any order",
        (MADE, ("0-k5tzq", "1-9fzzd"), ("1-b7ld2", "0-x8wmp")),
        (MADE, ("0-k5tzq", "1-9fzzd"), ("1-b7ld2", "2-x8wmp")),
        ("rows.py", 'found = rows if order == "free" else _alike(rows)', "found = rows"),
    ),
    (
        "logs of several Pods one after the other, in any order",
        (LOGS, ("0", "a", "0", "b", "1", "a", "1", "b"), ("1", "a", "1", "b", "0", "a", "0", "b")),
        (LOGS, ("0", "a", "0", "b", "1", "a", "1", "b"), ("1", "b", "1", "a", "0", "a", "0", "b")),
        ("build.py", "if len(logs) > 1 else found", "if len(logs) > 9 else found"),
    ),
    (
        "kubectl diff's folders, and what stands in them",
        (DIFF, (2822467590, 1263910450, "web"), (166127, 282749329, "web")),
        (DIFF, (2822467590, 1263910450, "web"), (2822467590, 1263910450, "api")),
        ("words.py", "(?:LIVE|MERGED)-", "(?:LIVE|NONE)-"),
    ),
    (
        "a key's bytes over several lines, and its length",
        (KEY, (2048, OCTETS[0], "3f:25"), (2048, OCTETS[1], "a0:07")),
        (KEY, (2048, OCTETS[0], "3f:25"), (3072, OCTETS[1], "a0:07")),
        ("document.py", 'while lines[end - 1].endswith(":")', "while not lines"),
    ),
    (
        "a fingerprint that is seen twice",
        (PRINTS, (OCTETS[0], OCTETS[0]), (OCTETS[1], OCTETS[1])),
        (PRINTS, (OCTETS[0], OCTETS[0]), (OCTETS[1], OCTETS[0])),
        ("words.py", 're.sub(r"[:\\s]", "", match[0]).lower()', '""'),
    ),
    (
        "a serial number in both spellings",
        ("serial={}\nSerial Number: 31 (0x{})\n", ("01F", "1f"), ("2E", "2e")),
        ("serial={}\nSerial Number: 31 (0x{})\n", ("01F", "1f"), ("2E", "1f")),
        ("words.py", '.lower().lstrip("0")', ".lower()"),
    ),
    (
        "a modulus, and of what",
        ("{}: Modulus={}\n", ("a", "E15008AE31" * 8), ("a", "D073C416BC" * 8)),
        ("{}: Modulus={}\n", ("a", "E15008AE31" * 8), ("b", "D073C416BC" * 8)),
        ("words.py", r"|[0-9A-F]{40,}(?!\w)", ""),
    ),
    (
        "how long a key is in PEM, and anything else",
        ("tls.key:  {} bytes\nnote:  {} bytes\n", (1704, 5), (1708, 5)),
        ("tls.key:  {} bytes\nnote:  {} bytes\n", (1704, 5), (1708, 6)),
        ("words.py", r"(?:(?<=\.key:\ )|", "(?:"),
    ),
    (
        "a node port that is taken",
        ("duplicate nodePort: {{TCP {}}}\n", (31643,), (31835,)),
        ("duplicate nodePort: {{TCP {}}}\n", (80,), (81,)),
        ("words.py", "(?<={{TCP", "(?<={{UDP"),
    ),
    (
        "curl's progress, and what comes after it",
        (METER, ("19321", "20588", "OK"), ("7498", "8127", "OK")),
        (METER, ("19321", "20588", "OK"), ("7498", "8127", "404")),
        ("document.py", ' or METER.match(line)', ""),
    ),
    (
        "two values of JSON on one line",
        ('{{"issuer":"a"}}{{"kid":"{}","alg":"{}"}}\n', ("k" * 43, "RS"), ("m" * 43, "RS")),
        ('{{"issuer":"a"}}{{"kid":"{}","alg":"{}"}}\n', ("k" * 43, "RS"), ("m" * 43, "ES")),
        ("document.py", "if not rest.strip():", "if True:"),
    ),
    (
        "a certificate that the kubelet rotated",
        ("kubelet-{}-2026-11-{}-21-16-17.pem\n", ("client", 23), ("client", 24)),
        ("kubelet-{}-2026-11-{}-21-16-17.pem\n", ("client", 23), ("server", 24)),
        ("words.py", "kubelet-(?:client", "kubelet-(?:none"),
    ),
    (
        "an authority that the kubelet made for itself",
        ("Issuer: CN = {}-ca@{}\n", ("node", 1795468577), ("node", 1795468831)),
        ("Issuer: CN = {}-ca@{}\n", ("node", 1795468577), ("other", 1795468831)),
        ("words.py", r"(?<=@)1[5-9]", r"(?<=@@)1[5-9]"),
    ),
    (
        "the fingerprint of an SSH key, and its length",
        ("{} SHA256:{} (RSA)\n", (256, "By4I" * 10 + "x/8"), (256, "yWPm" * 10 + "M+s")),
        ("{} SHA256:{} (RSA)\n", (256, "By4I" * 10 + "x/8"), (384, "yWPm" * 10 + "M+s")),
        ("words.py", "SHA256:[A-Za-z0-9+/]{43}", "SHA256:[A-Z]{43}"),
    ),
    (
        "a lone hash may be digits only, if no digit is below 4",
        ("web-{}\n", ("96566457",), ("8d65f8f9",)),
        ("web-{}\n", ("20261123",), ("20261124",)),
        ("names.py", r"[4-9]{{8,10}}|", r"\d{{8,10}}|"),
    ),
    (
        "a Service's address from the static band is somebody's",
        ("{}\n", ("10.96.140.7",), ("10.99.1.7",)),
        ("{}\n", ("10.96.0.50",), ("10.96.0.51",)),
        ("addresses.py", '("10.96.0.0/24", ', '("10.96.0.0/32", '),
    ),
    (
        "an address of another network is another kind of thing",
        ("IP: {}\n", ("10.244.1.7",), ("10.244.2.9",)),
        ("IP: {}\n", ("10.244.1.7",), ("172.18.0.3",)),
        ("addresses.py", '"pod-ip4": ("10.244.0.0/16",)', '"pod-ip4": ("10.244.1.0/24",)'),
    ),
    (
        "an address after a colon is no image",
        ("podIP:{} podIPs:[map[ip:{}]]\n", ("10.244.0.7",) * 2, ("10.244.0.9",) * 2),
        ("image: web:{}\n", ("1.2.7",), ("1.2.9",)),
        ("words.py", r"(?!\d+(?:\.\d+){3}(?!\w|\.\w))v?", "v?"),
    ),
    (
        "how often an EndpointSlice was written is chance, its port is not",
        (SLICE, ("x7k2p", 5, 8080), ("b9d4f", 6, 8080)),
        (SLICE, ("x7k2p", 5, 8080), ("b9d4f", 5, 8081)),
        ("branches.py", 'name == "EndpointSlice"', 'name == "Endpoints"'),
    ),
    (
        "which waiting lines appear is timing, how many are wanted is not",
        ("{}" + DONE, ("",), (ROLLOUT.format(1, 3),)),
        (ROLLOUT + DONE, (1, 3), (1, 4)),
        ("progress.py", '("what", "new", "available")', '("what", "new")'),
    ),
    (
        "a waiting line is no end",
        ("{}" + DONE, (ROLLOUT.format(0, 3),), (ROLLOUT.format(0, 3) + ROLLOUT.format(2, 3),)),
        ("{}\n", (DONE,), ("error: timed out waiting for the condition\n",)),
        ("progress.py", '"" if WAITING.fullmatch(line) else line', "line"),
    ),
    (
        "a length that is true says no more than the body",
        (HTTP, (11, "10.244.1.1"), (12, "10.244.1.17")),
        (HTTP, (11, "10.244.1.1"), (12, "10.244.1.1")),
        ("messages.py", "in (0, 1)", "in (0, 1, 2)"),
    ),
    (
        "a container's environment is a set",
        (ENVIRONMENT, ("API", "WEB", "fast"), ("WEB", "API", "fast")),
        (ENVIRONMENT, ("API", "WEB", "fast"), ("API", "WEB", "slow")),
        ("messages.py", r"\w+_SERVICE_HOST=", r"\w+_SERVICE_PORT="),
    ),
    (
        "times and process ids of ps, but not the first process and no command",
        (PS, (17, 3, "pause"), (24, 9, "pause")),
        (PS, (1, 3, "pause"), (7, 3, "pause")),
        ("cells.py", 'in {"0", "1"}', 'in {"0"}'),
    ),
    (
        "what df measured, but not a size",
        (DF, ("95G", "40G", 43), ("95G", "41G", 46)),
        (DF, ("95G", "40G", 43), ("90G", "40G", 43)),
        ("listings.py", '*("Used", ', '*("Size", "Used", '),
    ),
    (
        "what grows in etcd, but no term",
        (ETCD, (2, "3.0 MB"), (2, "3.3 MB")),
        (ETCD, (2, "3.0 MB"), (3, "3.0 MB")),
        ("cells.py", '{"DB SIZE", ', '{"DB SIZE", "RAFT TERM", '),
    ),
    (
        "limits come in the order of a Go map",
        (LIMITS, (CPU.format("1"), MEMORY), (MEMORY, CPU.format("1"))),
        (LIMITS, (CPU.format("1"), MEMORY), (MEMORY, CPU.format("2"))),
        ("rows.py", '("Type", "Resource", "Min")', '("Type", "Resource", "Max")'),
    ),
    (
        "described objects are sorted by their names",
        ("{}\n\n{}", (DESCRIBED.format("2xkqp", "Running"), DESCRIBED.format("9wz6t", "Failed")),
         (DESCRIBED.format("4bd7c", "Failed"), DESCRIBED.format("k5tzq", "Running"))),
        ("{}\n\n{}", (DESCRIBED.format("2xkqp", "Running"), DESCRIBED.format("9wz6t", "Failed")),
         (DESCRIBED.format("4bd7c", "Failed"), DESCRIBED.format("k5tzq", "Failed"))),
        ("build.py", "_with_records(_with_environments(", "list(_with_environments("),
    ),
    (
        "lines that begin with an address are sorted by it",
        (LIST, (17, "lb", 99, "web"), (20, "web", 41, "lb")),
        (LIST, (17, "lb", 99, "web"), (20, "web", 41, "api")),
        ("build.py", "tokens[0].kind in IP_KINDS", "not IP_KINDS"),
    ),
    (
        "a Secret says what it says in base64",
        (SECRET, ("MjAyNi0xMS0yNFQxNjoyNzoxNVo=",), ("MjAyNi0xMS0yNFQxNjozMDoyNlo=",)),
        (SECRET, ("YWRtaW5pc3RyYXRvcg==",), ("YWRtaW5pc3RyYXRvcnM=",)),
        ("cells.py", 'parent == "data" and', 'parent == "stringdata" and'),
    ),
    (
        "a repeated event moves to where it was last seen",
        (EVENTS + "{}\n{}\n", ("  Warning  5s (x3 over 9s)  failed twice", "  Normal   7s  pulled"),
         ("  Normal   5s  pulled", "  Warning  7s (x2 over 9s)  failed twice")),
        (EVENTS + "{}\n{}\n", ("  Warning  5s  failed twice", "  Normal   7s  pulled"),
         ("  Normal   5s  pulled", "  Warning  7s  failed twice")),
        ("rows.py", 'any(" (x" in cell', 'any(" " in cell'),
    ),
    (
        "events of one second, sorted by time, may change places",
        (SORTED + WEB + LAST + WEB, ("Created", "Started"), ("Started", "Created")),
        (SORTED + WEB + WEB + LAST, ("Created", "Started"), ("Started", "Created")),
        ("rows.py", "by_time and len(ages) < len(rows)", "by_time and len(ages) > len(rows)"),
    ),
    (
        "a measurement of Prometheus, and a count of observations",
        ("took_seconds_sum {}\ntook_seconds_count {}\n", (0.5, 3), (0.7, 3)),
        ("took_seconds_sum {}\ntook_seconds_count {}\n", (0.5, 3), (0.5, 4)),
        ("metrics.py", "(?:total|sum|", "(?:total|count|sum|"),
    ),
    (
        "the last bucket holds every observation",
        ('took_seconds_bucket{{le="{}"}} {}\n', ("0.5", 3), ("0.5", 4)),
        ('took_seconds_bucket{{le="{}"}} {}\n', ("+Inf", 3), ("+Inf", 4)),
        ("metrics.py", "LAST_BUCKET not in labels", "LAST_BUCKET != labels"),
    ),
    (
        "a limit in bytes was set",
        ("container_memory_usage_bytes {}\n", ("6.1e+07",), ("6.2e+07",)),
        ("container_spec_memory_limit_bytes {}\n", ("6.1e+07",), ("6.2e+07",)),
        ("metrics.py", "(?:spec|limits?|", "(?:"),
    ),
    (
        "a port that curl came from, and one that it went to by name",
        ("* Connected to 127.0.0.1 (127.0.0.1) port {} (#0)\n", (43323,), (34269,)),
        ("* Connected to web (10.96.140.7) port {} (#0)\n", (80,), (81,)),
        ("words.py", r"(?<=[)\d]\ )port\ ", r"(?<=[>]\ )port\ "),
    ),
    (
        "endpoints keep the port that a container listens on",
        ("NAME   ENDPOINTS\nweb    {}\n", ("10.244.1.7:50051",), ("10.244.1.9:50051",)),
        ("NAME   ENDPOINTS\nweb    {}\n", ("10.244.1.7:50051",), ("10.244.1.7:50052",)),
        ("cells.py", 'name == "ENDPOINTS"', 'name == "ENDPOINT"'),
    ),
    (
        "a bare date in an object was written by somebody",
        ("released at {}\n", ("2026-11-23T10:00:00Z",), ("2026-11-24T11:00:00Z",)),
        ("kind: ConfigMap\ndata:\n  released: {}\n", ("2026-11-23",), ("2026-11-24",)),
        ("cells.py", "or DATE.fullmatch(text)", "or DATE.fullmatch(key)"),
    ),
    (
        "the link that a ConfigMap's files hang on",
        ("lrwxrwxrwx 1 root root {} Nov 23 17:07 ..data -> ..2026_11_23_17_07_13.{}\n",
         (31, "818192974"), (32, "4135516974")),
        ("lrwxrwxrwx 1 root root {} Nov 23 17:07 mode -> ..data/{}\n", (11, "mode"), (12, "modes")),
        ("words.py", r"(?<=\.\.)\d{4}(?:_\d\d){5}", r"(?<=\.\.)\d{4}(?:_\d\d){6}"),
    ),
    (
        "interfaces are numbered by the kernel, addresses of a port keep theirs",
        ("{}: veth{}@if2: <UP> mtu 1500\n", (9, "863c00fc"), (10, "1dcfac0e")),
        ("{}: veth863c00fc@if2: <UP> mtu {}\n", (9, 1500), (9, 1400)),
        ("words.py", r"(?!lo:)[\w.-]+(?:@\w+)?:\ <", r"(?!lo:)[\w.-]+:\ <"),
    ),
    (
        "what the API server counts of itself, and what an application counts",
        ("apiserver_request_total{{code=\"200\"}} {}\n", (11,), (14,)),
        ("http_requests_total{{code=\"200\"}} {}\n", (11,), (14,)),
        ("metrics.py", "workqueue|apiserver|", "workqueue|"),
    ),
    (
        "a Table's cells in JSON",
        ('["web","{}","0","{}"]\n', ("1/1", "4m44s"), ("1/1", "5m45s")),
        ('["web","{}","0","{}"]\n', ("1/1", "4m44s"), ("0/1", "4m44s")),
        ("cells.py", 'frozenset({"", "cells"})', 'frozenset({"cells"})'),
    ),
    (
        "where a list goes on, and how much is left",
        (GOES_ON, ("eyJ2IjoibWV0", 3), ("eyJydiI6MjE", 3)),
        (GOES_ON, ("eyJ2IjoibWV0", 3), ("eyJ2IjoibWV0", 7)),
        ("cells.py", 'or key == "continue"', 'or parent == "continue"'),
    ),
    (
        "how long a machine is up, and who is on it",
        (UPTIME, ("4:40", 0), ("2 min", 0)),
        (UPTIME, ("4:40", 0), ("4:40", 3)),
        ("words.py", r"(?=\ \d+\ users?)", r"(?=\ \d+\ user\b)"),
    ),
    (
        "a service's port and its node port in a column of ports",
        ("| Name | Port |\n|---|---|\n| web | {} |\n", ("80:31509",), ("80:32001",)),
        ("| Name | Port |\n|---|---|\n| web | {} |\n", ("80:31509",), ("81:31509",)),
        ("words.py", r"(?:[,:]\d{2,5})*", r"(?:[,]\d{2,5})*"),
    ),
    (
        "used of a quota is a quantity, no age",
        (QUOTA, ("10m", "5m"), ("10m", "9m")),
        (QUOTA, ("10m", "5m"), ("11m", "5m")),
        ("times.py", '"USED", "ALLOCATED"', '"ALLOCATED"'),
    ),
    (
        "a caller's port may be any, a server's is its own",
        ("{}\nfrom 10.244.1.7:{}\n", ("10.244.0.1:2752", 5001), ("10.244.0.1:47362", 6001)),
        ("{}\nto 10.244.1.7:{}\n", ("10.244.0.1:2752", 5001), ("10.244.0.1:2752", 6001)),
        ("words.py", "GATEWAY.fullmatch(match[\"v4\"]) or ", ""),
    ),
    (
        "a systemd unit runs since some time",
        (ACTIVE, ("active", "2min 39s"), ("active", "5min")),
        (ACTIVE, ("active", "5min"), ("failed", "5min")),
        ("times.py", "month|min|[smhdwy]", "month|[smhdwy]"),
    ),
]  # fmt: skip


def drift(template: str, one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    left, right = (Output("a/x", template.format(*filling)) for filling in (one, other))
    return bool(compare([left], [right]))


@pytest.mark.parametrize(
    ("honest", "harmful"),
    [
        pytest.param(
            honest,
            harmful,
            id=name,
            marks=pytest.mark.fault(f"kubebook/canonical/{file}", old, new),
        )
        for name, honest, harmful, (file, old, new) in RULES
    ],
)
def test_a_rule(honest: tuple, harmful: tuple) -> None:
    assert not drift(*honest)
    assert drift(*harmful)


PYTHON = [
    ("{'name': 'web', 'ok': True, 'none': None}", "ok", "true"),
    ("[{'ip': '10.244.1.7'}, {'ip': '10.244.1.8'}]", "[1].ip", "10.244.1.8"),
    ("V1Pod(kind='Pod', spec=V1Spec(node='a'))", "spec.node", "a"),
    ("kind='Pod' spec={'node': 'a '\n                       'b'}", "spec.node", "a b"),
]


@pytest.mark.fault("kubebook/canonical/pythons.py", "text += value if", "text = value if")
@pytest.mark.parametrize(("text", "path", "value"), PYTHON)
def test_what_python_prints_is_a_tree(text: str, path: str, value: str) -> None:
    from kubebook.canonical import lookup

    assert lookup(text, path) == value


@pytest.mark.fault("kubebook/canonical/pythons.py", 'raise ValueError("no comma")', "pass")
@pytest.mark.parametrize(
    "text", ["[INFO] ready", "{'a' 1}", "f(x", "{'a': 1, 2}", "(", "<a at 0x7>"]
)
def test_what_is_none_of_pythons_values(text: str) -> None:
    found = [block for block in blocks(text) if isinstance(block, Tree)]
    assert not found


def test_a_moment_in_python_is_one_value() -> None:
    data, _ = decode_python("{'at': datetime.datetime(2026, 11, 23, 4, 0, tzinfo=tzutc())}")
    assert isinstance(data, dict)
    one, other = (f"[{{'at': datetime.datetime(2026, 11, {day})}}]" for day in (23, 24))
    assert not compare([Output("a/x", one)], [Output("a/x", other)])


@pytest.mark.fault("kubebook/canonical/document.py", 'lines[start] != "{"', 'lines[start] != "["')
def test_kyaml_is_a_tree() -> None:
    kyaml = '---\n{\n  kind: "Pod",\n  metadata: {\n    name: "web",\n  },\n}\n'
    other = '---\n{\n  metadata: {\n    name: "web",\n  },\n  kind: "Pod",\n}\n'
    assert not compare([Output("a/x", kyaml)], [Output("a/x", other)])
    assert compare([Output("a/x", kyaml)], [Output("a/x", kyaml.replace("web", "api"))])


@pytest.mark.fault("kubebook/canonical/matching.py", "SEARCHED = 1_000", "SEARCHED = 10")
def test_many_rows_are_matched_by_what_they_relate_to() -> None:
    """Names and addresses are sorted apart from each other; only a search finds who is who."""

    def listing(salt: int, wrong: str = "") -> Output:
        ips = [f"10.244.{n % 3}.{n + 2}" for n in range(90)]
        order = sorted(range(90), key=lambda n: (n * 37 + salt) % 91)
        rows = [f"web-7d4c8d8f6d-{n:05}".translate(LETTERS) for n in range(90)]
        lines = [f"{name}   1/1     {ips[i]}" for name, i in zip(rows, order, strict=True)]
        listed = ",".join(f"{ip}:80" for ip in sorted(ips)[1:]) + wrong
        head = "NAME                   READY   IP\n"
        return Output("a/x", f"{head}{chr(10).join(lines)}\n\nNAME   ENDPOINTS\nweb    {listed}\n")

    assert not compare([listing(1)], [listing(5)])
    assert compare([listing(1)], [listing(5, ",10.244.9.9:80")])


LETTERS = str.maketrans("0123456789", "bcdfghjkln")
