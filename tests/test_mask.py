"""Secrets never reach a file, and nothing else is hidden.

Values are put together here, so that no scanner of repositories takes them for real ones.
"""

from __future__ import annotations

import base64
import json
import subprocess
import time
from functools import cache
from pathlib import Path
from pprint import pformat

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from kubernetes import client
from mini import MiniBook
from test_runner import cell, fault_of, ran

from kubebook.judge import Result
from kubebook.mask import mask, mask_all
from kubebook.runs import run

A16, A36 = "a1B2c3D4e5F6g7H8", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def jwt(claims: dict[str, str]) -> str:
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "RS256", "kid": "x1"}, claims)
    )
    return f"{head}.{body}.{A36}{A36}"


ACCOUNT = jwt({"iss": "kubernetes", "sub": "system:serviceaccount:default:reader"})

# Told by their own form, wherever they stand
FORMS = {
    "service account token": ACCOUNT,
    "OpenID token": jwt({"iss": "https://login.example", "sub": "mina"}),
    "bootstrap token": "abcdef." + "0123456789abcdef",
    "AWS key id": "AKIA" + "IOSFODNN7EXAMPLE",
    "Google API key": "AIza" + A36[:35],
    "Google OAuth token": "ya29." + A36,
    "Azure client secret": "abc8Q~" + A36[:34],
    "GitHub token": "ghp_" + A36,
    "GitHub fine-grained token": "github_pat_" + A36,
    "GitLab token": "glpat-" + A36[:20],
    "Slack token": "xoxb-" + "1234567890-" + A16,
    "npm token": "npm_" + A36,
    "PyPI token": "pypi-" + A36 * 2,
    "Docker Hub token": "dckr_pat_" + A36,
    "Stripe key": "sk_live_" + A16,
    "SendGrid key": f"SG.{A16}.{A36}",
    "AI key": "sk-proj-" + A36,
    "Hugging Face token": "hf_" + A36,
    "DigitalOcean token": "dop_v1_" + "0123456789abcdef" * 4,
    "Vault token": "hvs." + A36,
    "Grafana token": "glsa_" + A36,
    "age key": "AGE-SECRET-KEY-1" + ("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" * 2)[:58],
    "bcrypt hash": "$2b$10$" + (A36 * 2)[:53],
    "SHA-512 crypt": "$6$salt$" + A36 * 2,
    "htpasswd of Apache": "$apr1$salt1234$" + A36[:22],
    "password in a URL": "postgres://web:" + "p4ss-w0rd" + "@db:5432/web",
}
# Told by their name
NAMED = {
    "password": "correct-horse-battery",
    "db_password": "tr0ub4dor&3",
    "token": "opaque-0123456789",
    "client-secret": "c1ient-s3cret",
    "apiKey": "0123456789abcdef0123456789abcdef",
    "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "refresh-token": "1//0abcdefgh",
    "private_key": "not-in-pem-but-private",
    "certificate-key": "f8902e114ef118304e561c3ecd4d0b543adc226b7a07f675f56564185ffe0c07",
}
LOG = 'I1123 16:00:00.000000       1 main.go:12] "Connected" user="mina" '


def kyaml(data: object) -> str:
    """KYAML: braces, quoted texts, plain keys, trailing commas."""
    if isinstance(data, dict):
        inner = "".join(f"  {key}: {kyaml(value)},\n" for key, value in data.items())
        return "{\n" + inner + "}"
    return json.dumps(data)


def carriers(value: str) -> dict[str, str]:
    """A secret that its own form tells in everything that can print it."""
    tree = {"name": "web", "spec": {"note": value, "replicas": 3}}
    return {
        "plain": f"before {value} after\n",
        "alone": value,
        "JSON": json.dumps(tree, indent=2),
        "one line of JSON": json.dumps(tree),
        "YAML": yaml.safe_dump(tree),
        "KYAML": "---\n" + kyaml({"name": "web", "note": value}) + "\n",
        "Python": pformat(tree, width=60),
        "bytes": repr({"note": value.encode(), "name": "web"}),
        "table": f"NAME   NOTE   AGE\nweb    {value}   5m\n",
        "describe": f"Name:    web\nNote:    {value}\n",
        "header": f"> authorization: Bearer {value}\r\n> accept: */*\n",
        "environment": f"HOME=/root\nNOTE={value}\n",
        "log": f"{LOG}note={value}\n",
        "base64": f"web\n{b64('some text: ' + value)}\n",
        "annotation": yaml.safe_dump({"note": json.dumps({"a": {"note": value}})}),
    }


@pytest.mark.fault(
    "kubebook/mask.py", "    for what, pattern in FORMATS:", "    for what, pattern in ():"
)
@pytest.mark.fault(
    "kubebook/mask.py", "yield Masked(match.start(), match.end(), found[0].what)", "pass"
)
@pytest.mark.fault("kubebook/mask.py", "for m in JWT.finditer(text)]", "for m in ()]")
@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_what_its_own_form_tells_is_masked_everywhere(value: str) -> None:
    core = "p4ss-w0rd" if value.startswith("postgres:") else value
    for name, text in carriers(value).items():
        masked = mask(text)
        assert core not in masked, (name, masked)
        assert b64("some text: " + value) not in masked
        assert "<masked-" in masked
        for word in ("before", "after", "web", "mina", "accept: */*", "HOME=/root", "5m"):
            assert (word in masked) == (word in text.replace(value, "")) or word == "web"


def named(key: str, value: str) -> dict[str, str]:
    """A secret that its name tells in everything that can print names."""
    tree = {"name": "web", "spec": {key: value, "replicas": 3}}
    variable = "MY_" + key.replace("-", "_").upper().replace("APIKEY", "API_KEY")
    variable = variable.replace("MY_CERTIFICATE", "MY_SIGNING")
    return {
        "JSON": json.dumps(tree, indent=2),
        "one line of JSON": json.dumps(tree),
        "YAML": yaml.safe_dump(tree),
        "YAML, cut": yaml.safe_dump(tree)[:-4],
        "folded": f"name: web\n{key}: >-\n  first\n  {value}\n",
        "two lines of JSON": f'{{"{key}":\n  "{value}", "name": "web"}}\n',
        "JSON, cut": json.dumps(tree, indent=2)[: json.dumps(tree, indent=2).index("replicas")],
        "KYAML": "---\n" + kyaml({"name": "web", key: value}) + "\n",
        "Python": pformat(tree, width=60),
        "bytes": repr({key: value.encode(), "name": "web"}),
        "one line alone": f"  {key}: {value}\n",
        "flag": f"+ kubectl config set-credentials web --{key}={value}\n",
        "flag and word": f"+ kubectl config set-credentials web --{key} {value}\n",
        "arguments": json.dumps({"args": ["web", f"--{key}", value, "--v=2"]}),
        "environment": f"HOME=/root\n{variable}={value}\n",
        "described": f"    Environment:\n      PORT:  80\n      {variable}:  {value}\n",
        "Pod": yaml.safe_dump({"env": [{"name": variable, "value": value}]}),
        "Pod in JSON": json.dumps({"env": [{"name": variable, "value": value}]}),
        "log": f'{LOG}{key}="{value}"\n',
        "query": f"https://web.example/?user=mina&{key}={value.replace('&', '')}&x=1\n",
        "annotation": yaml.safe_dump({"note": json.dumps({"a": {key: value}})}),
        "literal": yaml.safe_dump({"config": f"name: web\n{key}: {value}\n"}, default_style="|"),
    }


@pytest.mark.fault(
    "kubebook/mask.py", "secrets_of_trees(text, lambda", "secrets_of_trees('', lambda"
)
@pytest.mark.fault(
    "kubebook/mask_trees.py", "isinstance(value, Scalar) and is_secret_name(key.value)", "False"
)
@pytest.mark.fault(
    "kubebook/mask_trees.py", 'if is_variable(node.text("name")) and', "if False and"
)
@pytest.mark.fault("kubebook/mask_trees.py", "and is_flag(before.value) and", "and False and")
@pytest.mark.parametrize(("key", "value"), NAMED.items(), ids=NAMED)
def test_what_its_name_tells_is_masked(key: str, value: str) -> None:
    for name, text in named(key, value).items():
        masked = mask(text)
        assert value.replace("&", "") not in masked.replace("&", ""), (name, masked)
        assert "<masked-" in masked, name
        assert "web" in masked or "web" not in text


@cache
def pem(kind: str) -> str:
    """A private key fresh from openssl."""
    command = {
        "RSA": ["genrsa", "-traditional", "1024"],
        "EC": ["ecparam", "-name", "prime256v1", "-genkey", "-noout"],
        "PKCS8": ["genpkey", "-algorithm", "ED25519"],
        "ENCRYPTED": ["genpkey", "-algorithm", "ED25519", "-aes256", "-pass", "pass:x1y2z3"],
    }[kind]
    done = subprocess.run(["openssl", *command], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.fault("kubebook/mask.py", "for pattern in (PEM, PEM_TAIL):", "for pattern in ():")
@pytest.mark.parametrize("kind", ["RSA", "EC", "PKCS8", "ENCRYPTED"])
def test_private_keys(kind: str) -> None:
    key = pem(kind)
    lines = [line for line in key.splitlines() if not line.startswith("-----")]
    for name, text in {
        "plain": f"before\n{key}after\n",
        "YAML": yaml.safe_dump({"name": "web", "key": key}, default_style="|"),
        "JSON": json.dumps({"name": "web", "key": key}),
        "Python": repr({"key": key, "bytes": key.encode()}),
        "base64": b64(key) + "\n",
        "wrapped base64": base64.encodebytes(key.encode()).decode(),
        "cut": key[: len(key) // 2],
        "beheaded": "\n".join(key.splitlines()[1:]),
        "nested": json.dumps({"config": yaml.safe_dump({"key": key})}),
    }.items():
        masked = mask(text)
        assert not [line for line in lines if line in masked], (name, masked)
        assert "<masked-private-key>" in masked, (name, masked)
    assert mask(f"before\n{key}after\n").startswith("before\n-----BEGIN ")
    assert yaml.safe_load(mask(yaml.safe_dump({"a": key, "b": 1}, default_style="|")))


SECRET = {
    "apiVersion": "v1",
    "data": {"username": b64("admin"), "level": b64("3"), "password": b64("s3cr3t-value")},
    "kind": "Secret",
    "metadata": {"name": "web", "uid": "0b8f8d5e-6a4c-4c35-a4ac-6a1b4a4a1b1c"},
    "type": "Opaque",
}
APPLIED = json.dumps({**SECRET, "stringData": {"pin": "31337-42"}}) + "\n"
WITH_APPLIED = SECRET | {
    "metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": APPLIED}}
}
LIST = {"apiVersion": "v1", "items": [SECRET], "kind": "List"}
HIDDEN = [*SECRET["data"].values(), "31337-42"]  # type: ignore[attr-defined]


def model() -> client.V1Secret:
    meta = client.V1ObjectMeta(name="web")
    return client.V1Secret(data=SECRET["data"], metadata=meta, type="Opaque")


SECRETS = {
    "YAML": yaml.safe_dump(SECRET),
    "JSON": json.dumps(SECRET, indent=4),
    "KYAML": "---\n" + kyaml(SECRET),
    "list": yaml.safe_dump(LIST),
    "list in JSON": json.dumps(LIST, indent=4),
    "applied": yaml.safe_dump(WITH_APPLIED),
    "applied, in JSON": json.dumps(WITH_APPLIED, indent=4),
    "applied, folded": yaml.safe_dump(WITH_APPLIED, width=60),
    "applied, as a text": yaml.safe_dump(WITH_APPLIED, default_style="|"),
    "after messages": "secret/web created\n\n" + yaml.safe_dump(SECRET) + "web is there\n",
    "two documents": yaml.safe_dump_all([{"kind": "Pod"}, SECRET]),
    "cut above its kind": yaml.safe_dump(SECRET).split("kind:")[0],
    "cut in JSON": json.dumps(SECRET, indent=4).split('"kind"')[0],
    "string data": yaml.safe_dump({"kind": "Secret", "stringData": {"pin": "31337-42"}}),
    "repr": repr(model()),
    "str": str(model()),
    "dict": pformat(model().to_dict()),
    "dict of a list": str(client.V1SecretList(items=[model()]).to_dict()),
    "bytes": repr({"kind": "Secret", "data": {"pin": b"31337-42"}}),
    "Python with escapes": str(SECRET | {"note": """it's "mine\""""}) + "\n",
    "go template": f"map[{' '.join(f'{k}:{v}' for k, v in SECRET['data'].items())}]\n",  # type: ignore[attr-defined]
}


@pytest.mark.fault("kubebook/mask_trees.py", "if secret and key.value in DATA:", "if False:")
@pytest.mark.fault("kubebook/mask_trees.py", 'return kind == "Secret"', 'return kind == "Sealed"')
@pytest.mark.fault("kubebook/mask_trees.py", "return node.get(*DATA) is not None", "return False")
@pytest.mark.fault(
    "kubebook/mask_trees.py",
    'yield Map(((Scalar("string_data", 0, 0), tree),)) if model else tree',
    "yield tree",
)
@pytest.mark.fault(
    "kubebook/mask_trees.py",
    "yield from (_go_map(match) for match in GO_MAP.finditer(text))",
    "yield from ()",
)
@pytest.mark.fault(
    "kubebook/mask_trees.py", "source = text[start:end] + closing", "source = text[start:end]"
)
@pytest.mark.fault(
    "kubebook/mask_trees.py",
    "        return _from_python(source, start)\n",
    "        return None\n",
)
@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_the_data_of_secrets(text: str) -> None:
    masked = mask(text)
    assert not [value for value in HIDDEN if f"{value}" in masked.replace("v1", "")], masked
    assert "<masked-secret-data>" in masked
    assert masked.count("\n") == text.count("\n") or "masked-secret-data" in masked
    for word in ("username", "web", "0b8f8d5e-6a4c-4c35-a4ac-6a1b4a4a1b1c", "Opaque"):
        assert (word in masked) == (word in text)


@pytest.mark.parametrize("name", ["YAML", "JSON", "KYAML", "list", "applied", "applied, in JSON"])
def test_what_was_masked_can_still_be_read(name: str) -> None:
    before, after = (yaml.safe_load(text) for text in (SECRETS[name], mask(SECRETS[name])))
    assert before.keys() == after.keys()
    assert "<masked-secret-data>" in str(after)


KUBECONFIG = {
    "users": [
        {"name": "a", "user": {"client-certificate-data": b64("-----BEGIN CERTIFICATE-----\nMIIB"),
                               "client-key-data": b64("-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIA==")}},
        {"name": "b", "user": {"token": "opaque-0123456789"}},
        {"name": "c", "user": {"username": "mina", "password": "correct-horse"}},
        {"name": "d", "user": {"exec": {"command": "aws", "args": ["--token", "t0ken-of-exec"],
                                        "env": [{"name": "AWS_SECRET_ACCESS_KEY", "value": "wJalr+x"}]}}},
        {"name": "e", "user": {"auth-provider": {"config": {"id-token": "id-0123", "refresh-token": "re-0123"}}}},
    ],
    "clusters": [{"name": "a", "cluster": {"certificate-authority-data": b64("-----BEGIN CERTIFICATE-----\nMIIC")}}],
}  # fmt: skip
IN_KUBECONFIG = ("MHcCAQEE", "TUhjQ0FR", "opaque-0123456789", "correct-horse", "t0ken-of-exec", "wJalr+x", "id-0123", "re-0123")  # fmt: skip


@pytest.mark.parametrize(
    "write", [yaml.safe_dump, json.dumps, kyaml, pformat, lambda d: b64(yaml.safe_dump(d))]
)
def test_kubeconfigs(write: object) -> None:
    text = write(KUBECONFIG)  # type: ignore[operator]
    masked = mask(text)
    assert not [secret for secret in IN_KUBECONFIG if secret in masked], masked
    if "users" in text:  # certificates are public
        assert b64("-----BEGIN CERTIFICATE-----\nMIIC") in masked
        assert b64("-----BEGIN CERTIFICATE-----\nMIIB") in masked
        assert "mina" in masked


@pytest.mark.fault(
    "kubebook/mask_trees.py", 'elif key.value == "auths":', 'elif key.value == "none":'
)
def test_registry_credentials() -> None:
    auths = json.dumps(
        {"auths": {"registry.example": {"auth": b64("mina:pa55"), "email": "a@b.c"}}}
    )
    for text in (
        auths,
        b64(auths),
        yaml.safe_dump({"config.json": auths}),
        f"web   {b64(auths)}   5m",
    ):
        masked = mask(text)
        assert "<masked-registry-credentials>" in masked
        assert b64("mina:pa55") not in masked
        assert b64(auths) not in masked


HTTP = {
    "> Authorization: Basic dXNlcjpwYXNz": "> Authorization: Basic <masked-authorization>",
    "* [HTTP/2] [1] [authorization: Bearer abc-def]": "* [HTTP/2] [1] [authorization: Bearer <masked-authorization>]",
    "-H 'Authorization: token xyz'": "-H 'Authorization: token <masked-authorization>'",
    '{"Authorization": "Bearer abc"}': '{"Authorization": "Bearer <masked-authorization>"}',
    "< Set-Cookie: sid=31d4d96e; Path=/; HttpOnly": "< Set-Cookie: sid=<masked-cookie>; Path=/; HttpOnly",
    "Cookie: sid=31d4d96e; theme=dark": "Cookie: <masked-cookie>",
    "X-Vault-Token: s.abcdef": "X-Vault-Token: <masked-header>",
    "https://mina:pa55@git.example/web.git": "https://mina:<masked-password>@git.example/web.git",
    "+ curl -u mina:pa55 https://web.example": "+ curl -u mina:<masked-password> https://web.example",
    "https://x.blob.example/a?sv=1&sig=abcdefgh%3D&se=2": "https://x.blob.example/a?sv=1&sig=<masked-signature>&se=2",
    "kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef --discovery-token-ca-cert-hash sha256:12": "kubeadm join 10.0.0.1:6443 --token <masked-bootstrap-token> --discovery-token-ca-cert-hash sha256:12",
    "mina:{SHA}" + "W6ph5Mm5Pz8GgiULbPgzG37mj9g=": "mina:{SHA}<masked-password-hash>",
}


@pytest.mark.parametrize(("text", "masked"), HTTP.items())
def test_headers_urls_and_command_lines(text: str, masked: str) -> None:
    assert mask(text) == masked


CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIBdzCCAR2gAwIBAgIBADAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhrM3Mtc2Vy\n-----END CERTIFICATE-----\n"
HONEST = [
    "web-6f77bc9b8b-8tgvg",
    "sha256:55b0d1ee01c509c6e1a0c5f1b0e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0",
    "docker.io/library/nginx@sha256:55b0d1ee01c509c6e1a0c5f1b0e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0",
    "containerd://55b0d1ee01c509c6e1a0c5f1b0e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0",
    "commit 2d9a7372652eeb93f63f348081140eadbf185121",
    "uid: 0b8f8d5e-6a4c-4c35-a4ac-6a1b4a4a1b1c",
    "resourceVersion: \"123456789\"",
    "pod-template-hash: 6f77bc9b8b",
    "pod-template-hash=6f77bc9b8b",
    'ETag: "5f3759df-1a2b3c"',
    "md5  d41d8cd98f00b204e9800998ecf8427e",
    "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
    "Serial Number: 7a:3f:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd",
    "SHA256 Fingerprint=AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89",
    "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8 key.pub (ED25519)",
    "csr-8x7vq   5s    kubernetes.io/kube-apiserver-client   kubernetes-admin",
    "credential-id   [X509SHA256=435ab9d7bdeb64006928b5f6ae7186134d35af0b223e9908754402659715bbaa]",
    CERTIFICATE,
    json.dumps({"ca.crt": CERTIFICATE}),
    b64(CERTIFICATE),
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE REQUEST-----\nMIIBdzCCAR2gAwIBAgIBADAKBggqhkjOPQQDAjAj\n-----END CERTIFICATE REQUEST-----",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl mina@web",
    yaml.safe_dump({"kind": "ConfigMap", "data": {"a": "dGVzdA==", "b": b64("a text")}, "binaryData": {"c": b64("\x7f\x00x")}}),
    yaml.safe_dump({"data": {"mode": "test", "level": "info"}}),
    str(client.V1ConfigMap(data={"a": b64("a text")})),
    "쿠버네티스는 비밀을 Secret에 둡니다: 이름은 web, 토큰은 없습니다.",
    "token: <none>", "token: <unset>", "password:  7 bytes", "token: \"\"", "password: null",
    "Tokens:              <none>\nMountable secrets:   <none>",
    "client-key-data: DATA+OMITTED", "    user: {token: REDACTED}",
    "DB_PASSWORD:  <set to the key 'password' in secret 'web'>  Optional: false",
    "env:\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: web, key: password}\n",
    "env:\n- name: DB_PASSWORD\n  value: $(OTHER)\n",
    "volumes:\n- name: v\n  secret:\n    secretName: web-tls\n    defaultMode: 420\n",
    "automountServiceAccountToken: true\nimagePullSecrets:\n- name: regcred\nsecretName: web-tls\n",
    "    --token='':\n        Bearer token for authentication to the API server",
    "      --token string   Bearer token for authentication",
    "--service-account-key-file=/etc/kubernetes/pki/sa.pub --token-auth-file=/etc/tokens.csv",
    "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key --image-pull-secret=regcred",
    "--authorization-mode=Node,RBAC --discovery-token-ca-cert-hash=sha256:0123abcd",
    "authorization:\n  mode: Webhook\n", 'www-authenticate: Bearer realm="registry",service="x"',
    "error: invalid bearer token: authentication failed", "Error: password: authentication failed",
    "secret/web created", "secrets   []   []   [get list]", "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D",
    "token\t<string>\n  a bearer token", "serviceaccount/token-reader created",
    "docker.applicationlayer web.example.internal golang.org/x/net@v0.30.0",
    "http://10.0.0.1:8080/api?key=web&page=2", "git@github.com:web/web.git", "ssh://git@web.example/a.git",
    "docker run -u 1000:1000 web", "map[app:web tier:front]", "map[app:test]", "I'm [here] {now}",
    "kubectl get pods -l secret=yes --field-selector=type=Opaque".replace("secret=", "app="),
    "controller-revision-hash: 5d9c7f9b5d\nkubernetes.io/change-cause: kubectl apply --filename=web.yaml",
    "a-very-long-identifier-that-goes-on-and-on-and-on-with-0123456789-in-it",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/certificaterequests.cert-manager.io",
]  # fmt: skip


@pytest.mark.fault("kubebook/mask_formats.py", "[a-z0-9]{6}\\.(?=[a-z]{0,15}\\d)", "[a-z0-9]{6}\\.")
@pytest.mark.fault(
    "kubebook/mask_formats.py",
    'return PLAIN.fullmatch(value.strip("\'\\"")) is not None',
    "return False",
)
@pytest.mark.fault(
    "kubebook/mask_trees.py",
    "            secret and key.value in DATA".strip(),
    "key.value in DATA",
)
@pytest.mark.fault(
    "kubebook/mask.py",
    "if inner and (found := _find(inner, depth + 1)):",
    "if found := [Masked(0, 1, 'x')]:",
)
@pytest.mark.parametrize("text", HONEST)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text) == text


def test_real_outputs_stay_but_for_the_one_that_is_a_token() -> None:
    """The book's recordings, and the pairs from real clusters that the comparison is tried on."""
    here = Path(__file__).parent
    outputs = [*(here.parent / "recordings").rglob("*.out"), *(here / "corpus").rglob("*.txt")]
    assert len(outputs) > 500
    changed = [path for path in outputs if mask(text := path.read_text()) != text]
    assert {path.parent.name for path in changed} <= {"token"}, changed


@pytest.mark.fault(
    "kubebook/mask.py", 'values = {value: "secret" for value in known if value}', "values = {}"
)
def test_values_known_beforehand() -> None:
    assert mask("a pa55 b", ["pa55", ""]) == "a <masked-secret> b"


CODE = {
    "kubectl get secret web -o jsonpath='{.data.pin}'": (b64("31337"), "<masked-secret-data>"),
    "kubectl get secret web \\\n  -o go-template='{{index .data \"pin\"}}' | base64 -d": ("31337", "<masked-secret-data>"),
    "kubectl get secret web -o jsonpath='{.data}'": (f'{{"pin":"{b64("31337")}"}}', '{"pin":"<masked-secret-data>"}'),
    "secret = v1.read_namespaced_secret('web', 'default')\nprint(b64decode(secret.data['pin']))": ("31337\n", "<masked-secret-data>\n"),
    "kubectl get cm web -o jsonpath='{.data.pin}'": (b64("31337"), b64("31337")),
    "kubectl get secret web -o jsonpath='{.metadata.name}'": ("d2ViMQ==", "d2ViMQ=="),
}  # fmt: skip


@pytest.mark.fault(
    "kubebook/mask.py", "if not any(READS.search(line) for line in lines):", "if True:"
)
@pytest.mark.fault("kubebook/mask.py", "if DECODES.search(code):", "if False:")
@pytest.mark.fault("kubebook/mask.py", 'code.replace("\\\\\\n", " ")', "code")
@pytest.mark.parametrize("code", CODE)
def test_bare_data_is_told_by_the_command_that_printed_it(code: str) -> None:
    text, masked = CODE[code]
    assert mask(text, code=code) == masked


@pytest.mark.fault("kubebook/mask.py", "values = told | values", "pass")
def test_a_secret_that_one_cell_tells_is_masked_in_all() -> None:
    first, second, third = mask_all(
        [yaml.safe_dump(SECRET), "s3cr3t-value\n", f"{b64('s3cr3t-value')} admin\n"]
    )
    assert "masked-secret-data" in first
    assert second == "<masked-secret-data>\n"
    assert third == "<masked-secret-data> admin\n"


def test_a_private_key_that_is_split_over_two_cells() -> None:
    lines = pem("RSA").splitlines(keepends=True)
    masked = "".join(mask_all(["".join(lines[:5]), "".join(lines[5:])]))
    assert not [line for line in lines[1:-1] if line.strip() in masked]


MANY_TREES = "k: v\n  - x: [1\n" * 40_000


@given(st.text())
def test_masking_never_fails_and_masks_nothing_twice(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@pytest.mark.fault("kubebook/mask_trees.py", " or opened > MOST_OPEN", "")
@pytest.mark.fault(
    "kubebook/mask_trees.py", "while index < end and effort > 0:", "while index < end:"
)
def test_time_grows_with_the_length_and_not_faster() -> None:
    pods = [{"name": f"web-{n}", "labels": {"app": "web"}} for n in range(500)]
    for text in (json.dumps(pods, indent=1), "[1] {x\n" * 3000, "a" * 50_000, MANY_TREES):
        start = time.process_time()
        mask(text)
        assert time.process_time() - start < 5, text[:20]


# What is written: recordings, errors, results


@pytest.mark.fault("kubebook/runner.py", "mask_all(", "(lambda texts, *_: texts)(")
def test_neither_recordings_nor_errors_nor_results_hold_a_secret(mini: MiniBook) -> None:
    secret = yaml.safe_dump(SECRET)
    show = f"cat <<'E'\n{secret}E\n"
    mini.snippet("good.sh", cell("show", show) + cell("again", "echo s3cr3t-value"))
    mini.snippet("bad.sh", f"{show}echo s3cr3t-value >&2\nexit 3\n")
    results: list[Result] = run(mini.library)
    assert {r.id: r.outcome for r in results} == {"one/good": "recorded", "one/bad": "broken"}
    written = [
        p.read_text(errors="replace")  # what is kept of results is a database
        for p in mini.root.rglob("*")
        if p.is_file() and p.parent.name != "one"
    ]
    written += [p.read_text() for p in (mini.root / "recordings").rglob("*") if p.is_file()]
    written += [str(result) for result in results]
    assert "masked-secret-data" in "".join(written)
    for value in (b64("s3cr3t-value"), "s3cr3t-value"):
        assert value not in "".join(written)


@pytest.mark.fault(
    "kubebook/runner.py",
    "left a process behind: {mask(left[0])}",
    "left a process behind: {left[0]}",
)
def test_a_process_left_behind_does_not_tell_its_arguments(mini: MiniBook) -> None:
    mini.snippet(
        "x.sh", "setsid python3 -c 'import time; time.sleep(99)' --token=opaque-0123 >&- 2>&- &"
    )
    message = fault_of(mini, "x")
    assert "opaque-0123" not in message
    assert "--token=<masked-token>" in message


def test_output_of_a_snippet_is_masked_by_its_code(mini: MiniBook) -> None:
    mini.snippet(
        "x.sh", f"echo {b64('31337')} # kubectl get secret web -o jsonpath='{{.data.pin}}'"
    )
    assert ran(mini, "x")[0].output == "<masked-secret-data>\n"
