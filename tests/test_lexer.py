"""The lexer of outputs: what is coloured how, and that nothing is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Generic, Keyword, Literal, Name, Number, String, Token, _TokenType

from kubebook.lexer import BAD, GOOD, WAITING, KubeOutputLexer

LEXER = "kubebook/lexer.py"
PIECES = (  # of which outputs consist
    "NAMESPACE  NAME", "NAME", "READY", "  ", " ", "\t", "|", "-", "+--", "{", "}", '"',
    ":", "<none>", "/", ".", "403", "HTTP/2 403 ", "1m", "web-0", "Running", "Error", "no", "한글",
    "😀", "Name: ", '"code": 403', "Error from server", "http://10.0.0.1:80",
)  # fmt: skip
LINES = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)


def tokens(text: str) -> list[tuple[_TokenType, str]]:
    lexer = KubeOutputLexer(stripnl=False, ensurenl=False)
    return list(lexer.get_tokens(text))


def kinds(text: str) -> dict[str, _TokenType]:
    return {value: kind for kind, value in tokens(text) if kind is not Token.Text}


@pytest.mark.fault(
    LEXER, r'(\d+)/\1(?![\w./-])", Generic.Inserted', r'(\d+)/\1(?![\w./-])", Generic.Emph'
)
@pytest.mark.fault(LEXER, 'Generic.Heading, "named")', "Generic.Heading)")
@pytest.mark.fault(LEXER, r"\d+[dhms](?:\d+[hms])?", r"\d+[dhms]")
def test_a_kubectl_table() -> None:
    found = kinds(
        "NAME                     READY   STATUS             RESTARTS      AGE    IP\n"
        "hello-5b68464b84-k5tzq   1/1     Running            0             2m30s  10.244.0.7\n"
        "web-0                    0/1     CrashLoopBackOff   3 (20s ago)   5d     <none>\n"
    )
    header = "NAME                     READY   STATUS             RESTARTS      AGE    IP"
    assert found[header] is Generic.Heading
    assert found["hello-5b68464b84-k5tzq"] is found["web-0"] is Name.Entity
    assert found["1/1"] is found["Running"] is Generic.Inserted
    assert found["0/1"] is Generic.Emph
    assert found["CrashLoopBackOff"] is Generic.Error
    assert found["2m30s"] is found["20s"] is found["5d"] is Literal.Date
    assert found["10.244.0.7"] is Number.Hex
    assert found["<none>"] is Generic.Output


@pytest.mark.fault(LEXER, 'Generic.Heading, "namespaced"', 'Generic.Heading, "named"')
def test_a_table_with_namespaces() -> None:
    found = kinds("NAMESPACE     NAME      AGE\nkube-system   coredns   1m\n")
    assert (found["kube-system"], found["coredns"]) == (Name.Namespace, Name.Entity)


@pytest.mark.fault(
    LEXER,
    '(rf"^{HEADING}(?:{GAP}{HEADING})+ *$", Generic.Heading)',
    '(rf"^{HEADING}(?:{GAP}{HEADING})+ *$", Generic.Heading, "named")',
)
def test_events_have_no_name_in_front() -> None:
    found = kinds(
        "LAST SEEN   TYPE      REASON   OBJECT   MESSAGE\n12s   Warning   BackOff   pod/x   Back\n"
    )
    assert found["12s"] is Literal.Date
    assert (found["Warning"], found["BackOff"], found["pod/x"]) == (
        Generic.Emph,
        Generic.Error,
        Name.Entity,
    )


@pytest.mark.fault(LEXER, 'Name.Entity),\n            (r"^", Text, "#pop"),', "Name.Entity),")
def test_a_table_ends_where_something_else_begins() -> None:
    found = kinds(
        "NAME   AGE\nweb    1m\n"
        'Error from server (NotFound): pods "x" not found\n403\npod/web created\n'
    )
    assert found['Error from server (NotFound): pods "x" not found'] is Generic.Error
    assert found["403"] is Generic.Error
    assert found["created"] is Generic.Inserted


@pytest.mark.fault("kubebook/lexer.py", "(?:{WORD}|{NUMBER})", "{WORD}")
@pytest.mark.parametrize(
    "header",
    ["ADDON           NOTES 2018   HERE", "PORTS  LOWEST  HIGHEST  BELOW 30086  BY CHANCE"],
)
def test_a_heading_may_hold_a_year_or_a_port(header: str) -> None:
    assert kinds(f"{header}\nx  1  y\n")[header] is Generic.Heading


@pytest.mark.fault("kubebook/lexer.py", r"\d{4,}", r"\d+")
@pytest.mark.fault(
    "kubebook/lexer.py",
    'HEADING}(?:{GAP}{HEADING})+ *$", Generic.Heading),\n            (r"^NAME$"',
    'HEADING}(?:{GAP}{HEADING})* *$", Generic.Heading),\n            (r"^NAME$"',
)
@pytest.mark.parametrize("line", ["HTTP 200", "POST 403  GET 200", "GET new 404", "PORT 30086"])
def test_a_line_of_capitals_is_no_header(line: str) -> None:
    assert Generic.Heading not in kinds(f"{line}\n").values()


@pytest.mark.fault(LEXER, r'(rf"^\|(?: +{HEADING} +\|)+ *$", Generic.Heading),', "")
@pytest.mark.fault(LEXER, r"""[^\s|\"'<>]+""", r"""[^|\"'<>]+""")
def test_a_box_table() -> None:
    found = kinds("|------|-----|\n| NAME | URL |\n|------|-----|\n| web | http://10.0.0.1:80 |\n")
    assert found["| NAME | URL |"] is Generic.Heading
    assert found["http://10.0.0.1:80"] is String.Other


@pytest.mark.fault(
    LEXER,
    "(words(WAITING, prefix=BEFORE, suffix=AFTER), Generic.Emph)",
    "(words(WAITING, prefix=BEFORE, suffix=AFTER), Generic.Error)",
)
@pytest.mark.fault(LEXER, "GOOD = (\n", 'GOOD = (\n    "Unknown",')
@pytest.mark.parametrize(
    ("words", "kind"), [(GOOD, Generic.Inserted), (WAITING, Generic.Emph), (BAD, Generic.Error)]
)
def test_states(words: tuple[str, ...], kind: _TokenType) -> None:
    assert {word: kinds(f"- {word} -").get(word) for word in words} == dict.fromkeys(words, kind)


@pytest.mark.fault(LEXER, r"(?![\w/-]|\.\w)", r"(?![\w/-])")
@pytest.mark.fault(LEXER, r"(?![\w/-]|\.\w)", r"(?!\w|\.\w)")
def test_a_state_stands_alone() -> None:
    found = kinds("NotReady,SchedulingDisabled Ready-check Running.example my/Failed ReadyReplicas")
    assert (found.pop("NotReady"), found.pop("SchedulingDisabled")) == (Generic.Error, Generic.Emph)
    assert not {Generic.Inserted, Generic.Error} & set(found.values())


@pytest.mark.fault(LEXER, r"( )([45]\d\d)( ?.*)", r"( )(5\d\d)( ?.*)")
@pytest.mark.fault(LEXER, r""""(?=\s*:)', Name.Tag""", r""""(?=\s*:)', String.Double""")
def test_http_and_json() -> None:
    found = kinds('HTTP/2 403 Forbidden\n{\n  "kind": "Status",\n  "code": 403,\n  "ok": true\n}\n')
    assert found["HTTP/2"] is Keyword
    assert found["403"] is Generic.Error
    assert (found['"kind"'], found['"Status"']) == (Name.Tag, String.Double)
    assert found["true"] is Keyword.Constant
    assert kinds("HTTP/1.1 200 OK")["200"] is Generic.Inserted


@pytest.mark.fault(LEXER, r"^[45]\d\d(?: [A-Z][A-Za-z ]+)?$", r"\b[45]\d\d\b")
def test_403_is_an_error_only_where_it_is_a_status() -> None:
    assert "403" not in {
        v for k, v in tokens("port 403/TCP, 403 items, 10.0.0.1:403\n") if k in Generic.Error
    }


@pytest.mark.fault(LEXER, "(^[ -]*)", "(^ *)")
def test_keys_of_yaml_and_describe() -> None:
    found = kinds("Name:         web\n  Ready:      True\n- image: nginx\n")
    assert found["Name"] is found["Ready"] is found["image"] is Name.Tag


@pytest.mark.fault(LEXER, "^no(?: - .*)?$", "^no$")
@pytest.mark.fault(LEXER, '(r"^yes$", Generic.Inserted),', "")
@pytest.mark.parametrize("answer", ["yes", "no", "no - no RBAC policy matched"])
def test_can_i(answer: str) -> None:
    assert kinds(answer + "\n")[answer] is (Generic.Inserted if answer == "yes" else Generic.Error)


@pytest.mark.fault(LEXER, "groups(Text, Name.Tag, Punctuation)", "groups(Text, Name.Tag)")
@pytest.mark.fault(LEXER, "groups(Keyword, Text, Generic.Error, Generic.Error)", "groups(Keyword)")
@given(st.lists(LINES, max_size=12).map("\n".join))
def test_no_character_is_lost_or_changed(text: str) -> None:
    assert "".join(value for _, value in tokens(text)) == text


@pytest.mark.fault(LEXER, '(r".", Text)', '(r".", None)')
@given(st.text(max_size=300))
def test_any_text_comes_out_whole(text: str) -> None:
    expected = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    assert "".join(value for _, value in tokens(text)) == expected
