"""What must never be written down: tokens, private keys, passwords."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"
JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
PEM = re.compile(
    r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END [A-Z ]*PRIVATE KEY-----)", re.DOTALL
)
DATA = re.compile(r"((?:client-key-data|password|token|secret)\"?: \"?)([^\s\",]{8,})")
BOOTSTRAP = re.compile(r"\b[a-z0-9]{6}\.[a-z0-9]{16}\b")
SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSWORD|KEY")


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with every secret it shows replaced; `secrets` are values known beforehand."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = JWT.sub(HIDDEN, text)
    text = PEM.sub(rf"\1 {HIDDEN} \2", text)
    text = DATA.sub(rf"\1{HIDDEN}", text)
    return BOOTSTRAP.sub(HIDDEN, text)
