"""Secrets never reach a file."""

from __future__ import annotations

import pytest

from kubebook.mask import HIDDEN, mask

JWT = "eyJhbGciOiJSUzI1NiIs.eyJpc3MiOiJrdWJlcm5l.c2lnbmF0dXJlLXRleHQ"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"token: {JWT}", f"token: {HIDDEN}"),
        (f"Authorization: Bearer {JWT}\n", f"Authorization: Bearer {HIDDEN}\n"),
        ("client-key-data: LS0tLS1CRUdJTg==", f"client-key-data: {HIDDEN}"),
        ('"password": "hunter2hunter2"', f'"password": "{HIDDEN}"'),
        ("kubeadm join --token abcdef.0123456789abcdef", f"kubeadm join --token {HIDDEN}"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nx\n-----END RSA PRIVATE KEY-----",
            f"-----BEGIN RSA PRIVATE KEY----- {HIDDEN} -----END RSA PRIVATE KEY-----",
        ),
    ],
)
def test_secrets_are_hidden(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text", ["web-6f77bc9b8b-8tgvg", "sha256:55b0d1ee01c509c6", "token: <none>", "10.244.0.5"]
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text) == text


def test_values_known_beforehand() -> None:
    assert mask("a pa55 b", ["pa55"]) == f"a {HIDDEN} b"
