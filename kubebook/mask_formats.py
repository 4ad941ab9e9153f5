"""Secrets that their own form or the word before them tells: keys of vendors, headers, URLs."""

from __future__ import annotations

import re

# Names whose value is a secret; a longer name may end with the first ones
ENDINGS = (
    "password", "passwd", "passphrase", "secret_key", "secret_access_key", "api_key", "apikey",
    "private_key", "access_token", "refresh_token", "id_token", "auth_token", "bearer_token",
    "session_token", "security_token", "identity_token", "registry_token", "client_secret",
    "client_key_data", "encryption_key", "signing_key", "certificate_key", "account_key",
    "token_secret", "shared_key",
)  # fmt: skip
EXACT = ("token", "secret", "pwd")
WHOLE = rf"(?:[\w.-]*?(?:{'|'.join(w.replace('_', '[_-]?') for w in ENDINGS)})|{'|'.join(EXACT)})"
VARIABLE = (
    r"[A-Z][A-Z0-9_]*?(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|"
    r"(?:API|ACCESS|SECRET|PRIVATE|ENCRYPTION|SIGNING|MASTER|AUTH)_?KEY|SECRET_KEY_BASE)"
)
# What stands where a secret would: nothing, a reference, a note, a size, our own mark
PLAIN = re.compile(
    r"\s*|<[^>]*>.*|[\[{].*|\$(?:[({].*|[A-Za-z_]\w*)|null|nil|None|~|true|false|True|False|\*+|x{3,}|X{3,}"
    r"|DATA\+OMITTED|REDACTED|\d+ bytes|string|STRING|(?:no|un)set|\.\.\.|…",
    re.DOTALL,
)


def is_plain(value: str) -> bool:
    """Whether a value stands for a secret without being one."""
    return PLAIN.fullmatch(value.strip("'\"")) is not None


def is_secret_name(name: str) -> bool:
    """Whether the value under such a key of a mapping is a secret."""
    return _WHOLE.fullmatch(name) is not None


def is_variable(name: str) -> bool:
    """Whether an environment variable of that name holds a secret."""
    return _VARIABLE.fullmatch(name) is not None


def is_flag(word: str) -> bool:
    """Whether the word after this one on a command line is a secret."""
    return _FLAG.fullmatch(word) is not None


def kind_of(name: str) -> str:
    """What the value under a name is, in one word for people."""
    words = {"pass": "password", "pwd": "password", "token": "token", "key": "key"}
    return next((kind for part, kind in words.items() if part in name.lower()), "secret")


def _any(what: str, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> tuple[str, re.Pattern[str]]:
    return what, re.compile(pattern, flags)


def _word(what: str, *patterns: str) -> tuple[str, re.Pattern[str]]:
    """Keys that begin in a way of their own, as their makers publish it."""
    return _any(what, rf"(?<![\w-])(?P<s>{'|'.join(patterns)})(?![\w-])")


_WHOLE = re.compile(WHOLE, re.IGNORECASE)
_VARIABLE = re.compile(VARIABLE)
_FLAG = re.compile(rf"--?{WHOLE}", re.IGNORECASE)
_QUOTED = r"b?(?P<q>\\*[\"'])(?P<s>(?:(?!(?P=q)).)+)"

FORMATS = (
    # Vendors
    _word("aws-key", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    _word("google-key", r"AIza[\w-]{35}", r"ya29\.[\w-]{20,}", r"GOCSPX-[\w-]{28}"),
    _word("azure-key", r"[\w~.]{3}\dQ~[\w~.-]{31,34}"),
    _word("github-token", r"gh[pousr]_[A-Za-z0-9]{36,}", r"github_pat_\w{22,}"),
    _word("gitlab-token", r"gl(?:pat|ptt|dt|rt|cbt|ft|imt|agent|soat|oas|ffct)-[\w-]{20,}"),
    _word("slack-token", r"xox[abeoprs]-[\w-]{10,}", r"xapp-[\w-]{20,}"),
    _any("slack-hook", r"hooks\.slack\.com/services/(?P<s>T\w+/B\w+/\w+)"),
    _word("npm-token", r"npm_[A-Za-z0-9]{36}"),
    _word("pypi-token", r"pypi-[\w-]{50,}"),
    _word("docker-token", r"dckr_(?:pat|oat)_[\w-]{20,}"),
    _word("stripe-key", r"(?:sk|rk)_(?:live|test)_\w{16,}", r"whsec_[\w+/=]{24,}"),
    _word("sendgrid-key", r"SG\.[\w-]{16,}\.[\w-]{16,}"),
    _word("ai-key", r"sk-(?:proj-|ant-|svcacct-)?[\w-]*\d[\w-]{20,}", r"hf_[A-Za-z0-9]{34,}"),
    _word("cloud-token", r"do[opr]_v1_[0-9a-f]{64}", r"dapi[0-9a-f]{32}", r"shp(?:at|ss)_\w{32}"),
    _word("vault-token", r"hv[sbr]\.[\w-]{20,}", r"\w{14}\.atlasv1\.[\w-]{60,}"),
    _word("grafana-token", r"gl(?:sa|c)_[\w=+/]{32,}"),
    _word("telegram-token", r"\d{8,10}:AA[\w-]{33}"),
    _word("age-key", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    _any("azure-key", r"\bAccountKey=(?P<s>[A-Za-z0-9+/]{40,}={0,2})"),
    # Kubernetes: bootstrap tokens, https://kubernetes.io/docs/reference/access-authn-authz
    _any(
        "bootstrap-token",
        r"(?<![\w./@-])(?P<s>[a-z0-9]{6}\.(?=[a-z]{0,15}\d)[a-z0-9]{16})(?![\w-]|\.\w)",
    ),
    # crypt(5) and htpasswd
    _any(
        "password-hash",
        r"(?<![\w$])(?P<s>\$(?:2[abxy]|1|5|6|7|y|gy|apr1|argon2\w+)\$[^\s:\"',]{20,})",
    ),
    _any("password-hash", r"\{SHA\}(?P<s>[A-Za-z0-9+/]{27}=)"),
    # HTTP
    _any(
        "authorization",
        r"\bAuthorization[\"']?[ \t]*[:=][ \t]*\\*[\"']?"
        r"(?:(?:Bearer|Basic|Digest|Negotiate|Token|ApiKey)[ \t]+)?"
        r"(?P<s>[^\s\"'\]\\<][^\"'\]\\\n]*)",
        re.IGNORECASE,
    ),
    _any("authorization", r"\bBearer[ :]+(?P<s>(?=[\w.~+/-]*\d)[\w.~+/=-]{16,})", re.IGNORECASE),
    _any("cookie", r"\bSet-Cookie[\"']?:[ \t]*[\"']?[\w.-]+=(?P<s>[^;\s\"']+)", re.IGNORECASE),
    _any("cookie", r"(?<!-)\bCookie[\"']?:[ \t]*[\"']?(?P<s>[\w.-]+=[^\n\"']+)", re.IGNORECASE),
    _any(
        "header",
        r"\b(?:X-(?:Api-Key|Auth-Token|Vault-Token|Amz-Security-Token|Goog-Api-Key|Gitlab-Token"
        r"|Registry-Auth|Access-Token)|Private-Token|Job-Token)[\"']?:[ \t]*[\"']?(?P<s>[^\s\"']+)",
        re.IGNORECASE,
    ),
    _any("password", r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"']*:(?P<s>[^\s/@\"']+)@"),
    _any("token", r"\b[a-z][a-z0-9+.-]*://(?P<s>[\w-]{20,})@"),
    _any("signature", r"[?&](?:sig|signature|X-Amz-Signature|code|key)=(?P<s>[^&\s\"'#]{8,})"),
    _any("password", r"\b(?:curl|wget|http)\b.*(?:-u|--user)[ =][\"']?[^\s:\"']+:(?P<s>[^\s\"']+)"),
    # What is called a secret: in mappings, on command lines, in the environment
    _any("", rf"(?<![\w.-])(?P<n>{WHOLE})\\*[\"']?[ \t]*[:=][ \t]*{_QUOTED}", re.IGNORECASE),
    _any("", rf"^[\s+>|*-]*(?P<n>{WHOLE}):[ \t]+(?P<s>\S+)[ \t]*$", re.IGNORECASE | re.MULTILINE),
    _any("", rf"(?<![\w.$-])(?:--?)?(?P<n>{WHOLE})=(?P<s>[^\s\"'&;,)\]}}]+)", re.IGNORECASE),
    _any("", rf"(?<![\w-])--(?P<n>(?i:{WHOLE}))[ \t](?P<s>(?![A-Z_]+\b)[^\s\"'-]\S*+)(?! {{2}})"),
    _any("", rf"^(?:export |declare -x )?(?P<n>{VARIABLE})=(?P<s>.+)$", re.MULTILINE),
    _any("", rf"(?<![\w$])(?P<n>{VARIABLE})=(?P<s>[^\s\"']+)"),
    _any("", rf"^\s*(?P<n>{VARIABLE}):[ \t]+(?P<s>\S.*)$", re.MULTILINE),
)  # fmt: skip
