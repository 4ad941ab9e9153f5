"""Quoting one value of an output."""

from __future__ import annotations

import pytest

from kubebook.canonical import lookup

SERVICES = """\
┌─────────────┬────────────┬──────────────┬─────────────────────────┐
│  NAMESPACE  │    NAME    │ TARGET PORT  │           URL           │
├─────────────┼────────────┼──────────────┼─────────────────────────┤
│ default     │ kubernetes │ No node port │                         │
│ default     │ web        │ http/80      │ http://172.18.0.2:31509 │
│ shop        │ web        │ 80           │ http://172.18.0.2:30712 │
└─────────────┴────────────┴──────────────┴─────────────────────────┘
"""
PODS = (
    "NAME    READY   AGE\nweb-0   1/1     5s\n\nNAME    TYPE        AGE\nkube    ClusterIP   9s\n"
)
STATUS = (
    'HTTP 403\n{"code": 403, "ok": false, "details": {"kind": "services"}, "list": [{"n": null}]}\n'
)
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    a.b/c: '001'\n"


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        (SERVICES, "table[NAME=kubernetes].TARGET PORT", "No node port"),
        (SERVICES, "table[NAMESPACE=shop,NAME=web].URL", "http://172.18.0.2:30712"),
        (SERVICES, 'table[NAMESPACE="default", NAME="web"].TARGET PORT', "http/80"),
        (SERVICES, "table[NAME=kubernetes].URL", ""),
        (PODS, "table[NAME=kube].TYPE", "ClusterIP"),
        (PODS, "table[NAME=web-0].READY", "1/1"),
        (STATUS, "code", "403"),
        (STATUS, "ok", "false"),
        (STATUS, "details.kind", "services"),
        (STATUS, "list[0].n", "null"),
        (POD, "metadata.name", "web"),
        (POD, 'metadata.labels["a.b/c"]', "001"),
        ("pods: 3\nready: 2\n", "ready", "2"),
    ],
)
def test_one_value(text: str, path: str, value: str) -> None:
    assert lookup(text, path) == value


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        (SERVICES, "table[NAME=web].URL", "2 rows match"),
        (SERVICES, "table[NAME=nope].URL", "no row matches; NAME is kubernetes, web"),
        (SERVICES, "table[NAME=web].PORT", "no table with these columns; there is NAMESPACE"),
        (SERVICES, "table[NAME].URL", "as COLUMN=value"),
        (SERVICES, "table[].URL", "name a row"),
        (SERVICES, "table[NAME=web]", "write it as"),
        ("hello\n", "table[NAME=web].URL", "has no table"),
        ("hello\n", "status.code", "neither JSON nor YAML"),
        (STATUS, "details", "a list or mapping"),
        (STATUS, "details.nope", "there is kind"),
        (STATUS, "list[3]", "the list has 1 items"),
        (STATUS, "code.x", "'403' is a single value"),
    ],
)
def test_no_value_or_several_is_an_error(text: str, path: str, message: str) -> None:
    with pytest.raises(ValueError, match="(?s)" + message):
        lookup(text, path)
