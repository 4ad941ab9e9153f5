"""Servers that write down who calls: a trap that nobody may reach, and an API that is ours."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{{name: {name}, cluster: {{server: "{server}", {trust}}}}}]
contexts: [{{name: {name}, context: {{cluster: {name}, user: {name}}}}}]
users: [{{name: {name}, user: {{token: {name}}}}}]
current-context: {name}
"""
# With these a plain `kubectl get --raw` fails: it shows that a reader's settings are read
KUBERC = """\
apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
defaults:
- command: get
  options: [{name: output, default: wide}]
"""


class Trap:
    """A port of this machine; `calls` are the first lines of all that was said to it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            caller.settimeout(2)
            with caller, suppress(OSError):
                self.calls.append(repr(caller.recv(200).split(b"\r\n")[0]))

    def environment(self, home: Path, proxies: bool = True) -> dict[str, str]:
        """Variables and a home folder that all lead here."""
        config = home / ".kube/config"
        config.parent.mkdir(parents=True, exist_ok=True)
        server, trust = f"https://127.0.0.1:{self.port}", "insecure-skip-tls-verify: true"
        config.write_text(KUBECONFIG.format(name="prod", server=server, trust=trust))
        (home / ".kube/kuberc").write_text(KUBERC)
        names = PROXIES if proxies else ()
        found = {f"{name}_proxy": f"http://127.0.0.1:{self.port}" for name in names}
        return {
            "HOME": str(home),
            "KUBECONFIG": str(config),
            "KUBERNETES_SERVICE_HOST": "127.0.0.1",
            "KUBERNETES_SERVICE_PORT": str(self.port),
            "KUBERNETES_SERVICE_PORT_HTTPS": str(self.port),
            "KUBERNETES_MASTER": f"http://127.0.0.1:{self.port}",
            "NO_PROXY": "",
            **found,
            **{name.upper(): value for name, value in found.items()},
        }


PROXIES = ("http", "https", "all")


@contextmanager
def open_trap(home: Path, *, proxies: bool = True) -> Iterator[dict[str, str]]:
    """An environment that leads to a trap, which nobody may have called when the block ends.

    Nor may anyone have changed the kubeconfig in `home`.
    """
    trap = Trap()
    env = trap.environment(home, proxies)
    config = Path(env["KUBECONFIG"])
    before = config.read_text()
    try:
        yield env
        assert trap.calls == []
        assert config.read_text() == before
    finally:
        trap.socket.close()


class Api:
    """An API server with a certificate of its own that knows one namespace, kube-system."""

    def __init__(self, folder: Path, uid: str = "our-uid") -> None:
        self.calls: list[str] = []
        api = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                api.calls.append("GET " + self.path.partition("?")[0])
                body = json.dumps({"kind": "Namespace", "metadata": {"uid": uid}}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        folder.mkdir(parents=True, exist_ok=True)
        self.certificate, key = folder / "ca.crt", folder / "ca.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1", "-out", self.certificate, "-keyout", key],
            check=True, capture_output=True,
        )  # fmt: skip
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.address = f"https://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def kubeconfig(self, path: Path) -> Path:
        """A kubeconfig that leads here."""
        trust = f"certificate-authority: {self.certificate}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(KUBECONFIG.format(name="mini", server=self.address, trust=trust))
        return path
