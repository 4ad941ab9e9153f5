"""The canonical form: blocks of an output, and the types of their words and cells."""

from __future__ import annotations

import pytest

from kubebook.canonical import Output, canonical
from kubebook.canonical.cells import cell_tokens
from kubebook.canonical.document import Line, Tree, blocks
from kubebook.canonical.nodes import Value, leaves
from kubebook.canonical.paths import parse_path, show_path
from kubebook.canonical.tables import Sheet
from kubebook.canonical.words import line_tokens, scan

FIXED = [
    *("10.96.0.1", "10.96.0.10", "127.0.0.1:8080", "0.0.0.0", "255.255.0.0", "8.8.8.8", "::1"),
    *("10.244.0.0/16", "10.96.0.0/12", "0.0.0.0/0", "10.244.0.0/24", "169.254.169.254"),
    *("80:30000/TCP", "80:30085/TCP", "80/TCP", "http://localhost:8080", "port 30085"),
    *("timed out after 5s", "--timeout=60s", "timeout: 1.5s", "op=Exists for 300s", "every 10s"),
    *("nginx:1.27.3", "agnhost:2.53", "web:v1.0.1", "version=v1.2.3", "1.2.3"),
    *("kube-apiserver-book-control-plane", "web-0", "kube-system", "system:anonymous", "my-nginx"),
    *("0001-01-01T00:00:00Z", "<unknown>", "<invalid>", "12345 bytes", "64Mi", "403", "31509"),
    *("apps/v1", "std::vector", "a::b:c", "--lease-duration=15s", "period=10s #success=1"),
]
KINDS = [
    ("web-5b68464b84-k5tzq", ["template-hash", "suffix"]),
    ("pod/node-exporter-n2qmr", ["suffix"]),
    ("replicaset.apps/web-5b68464b84", ["template-hash"]),
    ("hello-29400123-x7k2p", ["cron-minute", "suffix"]),
    ("pvc-0a1b2c3d-1111-4222-8333-444455556666", ["uid"]),
    ("web.17f3a1b2c3d4e5f6", ["event"]),
    ("10.244.1.2:8080", ["pod-ip4"]),
    ("10.244.1.5/24", ["pod-ip4"]),
    ("10.244.1.0/24", ["node-cidr"]),
    ("10-244-1-5.default.pod.cluster.local", ["pod-ip4"]),
    ("10.244.1.2:43210", ["pod-ip4", "ephemeral-port"]),
    ("http://[fd00::2]:31509", ["ip6", "node-port"]),
    ("https://127.0.0.1:38211", ["local-port"]),
    ("80:30086/TCP,443:32767/TCP", ["node-port", "node-port"]),
    ("2026-11-23T12:00:00.5+09:00", ["time"]),
    ("Mon, 23 Nov 2026 13:00:00 +0900", ["time"]),
    ("Mon Nov 23 13:00:00 UTC 2026", ["time"]),
    ("I1123 12:00:00.123456       1 main.go:12] hi", ["time", "source-line"]),
    ("13:00:12 GET /", ["time"]),
    ("17:43:27 up 4:40, 0 users", ["age"]),
    ("1 (5m ago)", ["age"]),
    ("3분 전", ["age"]),
    ("(x3 over 5m)", ["event-count"]),
    ("took 12s, then 3.021s, in 124ms", ["duration", "duration", "duration"]),
    ("real 0m3.021s", ["duration"]),
    ("v1.37.2", ["patch"]),
    ("containerd://2.3.4", ["patch"]),
    ("registry.k8s.io/kube-proxy:v1.37.2", ["patch"]),
    ("Warning: port 31509 is taken", ["node-port"]),
]


@pytest.mark.parametrize("text", FIXED)
def test_a_fact_stays_as_it_is(text: str) -> None:
    assert scan(text) == (text,)


@pytest.mark.parametrize(("text", "kinds"), KINDS)
def test_what_chance_decides_is_typed(text: str, kinds: list[str]) -> None:
    assert [token.kind for token in scan(text) if isinstance(token, Value)] == kinds


def test_a_name_keeps_its_prefix_and_its_hash() -> None:
    assert scan("web-5b68464b84-k5tzq") == (
        *("web-", Value("template-hash", "5b68464b84")),
        *("-", Value("suffix", "web-5b68464b84-k5tzq")),
    )


def test_a_lone_number_in_the_dynamic_band_is_a_node_port() -> None:
    assert line_tokens("31509") == (Value("node-port", "31509"),)
    assert line_tokens("30001") == ("30001",)


@pytest.mark.parametrize(
    ("column", "text", "volatile"),
    [
        ("AGE", "3d4h", True),
        ("AGE", "<unknown>", False),
        ("LAST SEEN", "5m (x3 over 10m)", True),
        ("DURATION", "5s", True),
        ("TIMEOUT", "5s", False),
        ("REQUESTEDDURATION", "24h", False),
        ("CPU(cores)", "3m", True),
        ("READY", "1/1", False),
        ("RESTARTS", "12", False),
        ("SIZE", "31509", False),
        ("NODE PORT", "31509", True),
        ("CONTAINER ID", "3d6b0e26a7c1", True),
    ],
)
def test_a_column_tells_what_its_cells_are(column: str, text: str, volatile: bool) -> None:
    assert (cell_tokens(column, text) != (text,)) == volatile


def sheet(text: str) -> Sheet:
    (found,) = blocks(text)
    assert isinstance(found, Sheet)
    return found


def test_a_table_with_empty_and_long_cells() -> None:
    found = sheet(
        "NAME   STATUS   LAST SEEN   REASON   AGE\n"
        "web    Bound    2m ago               5s\n"
        "api    Lost     1 day       Failed   5s\n"
    )
    assert found.columns == ("NAME", "STATUS", "LAST SEEN", "REASON", "AGE")
    assert [row.cells[3] for row in found.rows] == ["", "Failed"]


def test_hangul_cells_stand_under_their_column() -> None:
    found = sheet("NAME       상태     AGE\n-----      ----     ---\n웹서버              5s\n")
    assert found.rows[0].cells == ("웹서버", "", "5s")


def test_a_describe_table_is_headed_by_its_rule() -> None:
    text = "Events:\n  Type    Age  Message\n  ----    ---  -------\n  Normal  5s   Pulled it\n"
    line, found = blocks(text)
    assert isinstance(line, Line)
    assert isinstance(found, Sheet)
    assert found.rows[0].cells == ("Normal", "5s", "Pulled it")


ASCII_HEAD = "| NAME | URL |"
ASCII_ROWS = "| web  | a   |\n|      | b   |"
DRAWN_ROWS = ASCII_ROWS.replace("|", "│")


@pytest.mark.parametrize(
    "text",
    [
        f"|------|-----|\n{ASCII_HEAD}\n|------|-----|\n{ASCII_ROWS}\n|------|-----|",
        f"+------+-----+\n{ASCII_HEAD}\n+------+-----+\n{ASCII_ROWS}\n+------+-----+",
        f"┌──────┬─────┐\n│ NAME │ URL │\n├──────┼─────┤\n{DRAWN_ROWS}\n└──────┴─────┘",
        f"┏━━━━━━┳━━━━━┓\n┃ NAME ┃ URL ┃\n┡━━━━━━╇━━━━━┩\n{DRAWN_ROWS}\n└──────┴─────┘",
        f"{ASCII_HEAD}\n|:-----|-----|\n{ASCII_ROWS}",
    ],
)
def test_a_drawn_table_in_any_style(text: str) -> None:
    found = sheet(text)
    assert found.columns == ("NAME", "URL")
    assert [row.cells for row in found.rows] == [("web", "a\nb")]


def test_an_output_of_several_blocks() -> None:
    text = 'Warning: old\nNAME   AGE\nweb    5s\n\nNAME   AGE\napi    5s\n{"a": 1}\ndone\n'
    kinds = [type(block) for block in blocks(text)]
    assert kinds == [Line, Sheet, Sheet, Tree, Line]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"a": [1, 2]}', Tree),
        ("apiVersion: v1\nkind: Pod\n", Tree),
        ("rules:\n- verbs:\n  - get\n", Tree),
        ('{"a": 1, "a": 2}', Line),
        ("web: 1\nweb: 2\n", Line),
        ("Error: no such thing\n", Line),
        ("Name:         web\nNamespace:    default\n", Line),
        ("a: &x [1]\nb:\n- *x\n", Line),
    ],
)
def test_only_a_tree_is_read_as_one(text: str, kind: type) -> None:
    assert isinstance(blocks(text)[0], kind)


def test_places_have_names_for_people() -> None:
    text = 'one\nNAMESPACE   NAME   AGE\nshop        web    5s\n{"a": {"b/c": [1]}}\n'
    places = [leaf.where for leaf in leaves(canonical(Output("a/b", text)))]
    assert places[0] == "line 1"
    assert places[-2] == "table row 1 (shop/web), column AGE"
    assert places[-1] == "a.b/c[0]"


def test_escape_codes_and_line_ends_do_not_count() -> None:
    plain = canonical(Output("a/b", "one\ntwo\n"))
    coloured = canonical(Output("a/b", "\x1b[1mone\x1b[0m  \r\n\x1b]0;title\x07two\r\n"))
    assert [leaf.tokens for leaf in leaves(plain)] == [leaf.tokens for leaf in leaves(coloured)]


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("status.code", ("status", "code")),
        ("items[0].metadata.name", ("items", 0, "metadata", "name")),
        ("items[*].ip", ("items", "*", "ip")),
        ('labels["a.b/c"]', ("labels", "a.b/c")),
        (r"labels.a\.b/c", ("labels", "a.b/c")),
    ],
)
def test_paths(path: str, steps: tuple[str | int, ...]) -> None:
    assert parse_path(path) == steps


def test_a_path_is_shown_as_it_is_written() -> None:
    assert show_path(("items", 0, "a.b", "c")) == 'items[0]["a.b"].c'
    assert show_path(()) == "."


@pytest.mark.parametrize("path", ["", "a..b", "a[", "a[x]"])
def test_a_malformed_path_is_an_error(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        parse_path(path)
