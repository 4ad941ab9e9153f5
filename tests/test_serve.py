"""`make serve`: the port, the mode, the address."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

SERVE = Path(__file__).parent.parent / "hooks" / "serve.py"


@pytest.mark.fault("hooks/serve.py", "PORT={port + 1} make serve", "PORT={port} make serve")
@pytest.mark.fault("hooks/serve.py", "            return True\n", "            return False\n")
def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, SERVE, "--port", str(port)], capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 1
    assert f"port {port} is taken; choose another: PORT={port + 1} make serve" in done.stderr


@pytest.mark.fault("hooks/serve.py", "{address} {address}en/", "{address}")
@pytest.mark.fault(
    "hooks/serve.py",
    'os.environ.setdefault("KUBEBOOK_MODE", "live" if cluster_up() else "replay")',
    '"live"',
)
@pytest.mark.fault(
    "hooks/languages.py", 'config.site_url and f"{config.site_url}{folder}/"', "config.site_url"
)
def test_both_languages_answer_and_the_address_is_printed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = os.environ | {"KUBEBOOK_MODE": "replay", "NO_MKDOCS_2_WARNING": "1"}
    env.pop("KUBEBOOK_SITE_URL", None)
    site = f"http://127.0.0.1:{port}/"
    command = [sys.executable, str(SERVE), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        assert server.stdout
        assert server.stdout.readline() == f"replay: {site} {site}en/\n"
        assert "kubebook" in fetch(site)
        page = fetch(f"{site}en/monitoring/service-list/")
        assert 'lang="en"' in page
        assert f'<link rel="canonical" href="{site}en/monitoring/service-list/">' in page
    finally:
        server.terminate()
        server.wait(20)


def fetch(address: str) -> str:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address) as answer:
                return answer.read().decode()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
