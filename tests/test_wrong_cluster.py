"""No call reaches a cluster that is not ours, whatever the caller's environment says.

A trap stands behind every variable, proxy and file that could lead a client elsewhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from mini import MiniBook
from recorder import Api, open_trap

from kubebook import cluster, engine, shell
from kubebook.book import load_book
from kubebook.cli import main
from kubebook.cluster import Cluster, check_identity, cluster_uid, our_clusters
from kubebook.environment import direct_client, for_kind
from kubebook.errors import BookError
from kubebook.inventory import connect
from kubebook.nodeimage import NodeImage
from kubebook.runner import run_snippet
from kubebook.sandbox import open_sandbox

IDENTITY = "GET /api/v1/namespaces/kube-system"
CLIENT = """\
from kubernetes import client, config
config.load_kube_config()
print(client.CoreV1Api().read_namespace("kube-system").metadata.uid)
"""


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The caller's environment leads to a trap in every way that it can; the trap's address."""
    with open_trap(tmp_path / "callers-home") as env:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        yield env["KUBERNETES_MASTER"]


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    found = Api(tmp_path / "api")
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def ours(mini: MiniBook, api: Api, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """A cluster of the mini book whose API is `api`; no engine is asked for it."""
    image = NodeImage("kubebook/node", "packages", "v1.37.2", "sha256:1")
    name = f"{mini.book.tag}-single"
    path = api.kubeconfig(mini.root / f".kubebook/clusters/{name}.kubeconfig")
    found = Cluster(name, "single", str(path), image, "our-uid", "2026-11-23T00:00:00+00:00")
    for module in (shell, sys.modules["kubebook.cli_machine"]):
        monkeypatch.setattr(module, "read_cluster", lambda book, name: found)
    monkeypatch.setattr("kubebook.sandbox.find_engine", lambda: engine.Engine("docker", "28"))
    return found


def printed(mini: MiniBook, name: str, kubeconfig: str) -> str:
    with open_sandbox(mini.book, kubeconfig) as sandbox:
        return run_snippet(mini.library[f"one/{name}"], sandbox)[0].output


@pytest.mark.fault("kubebook/cluster.py", "env = for_kubectl()", "env = None")
def test_the_engine_asks_our_cluster_alone(ours: Cluster, api: Api, trap: str) -> None:
    check_identity(ours)
    assert api.calls == [IDENTITY]


@pytest.mark.fault(
    "kubebook/cluster.py",
    "Path(cluster.kubeconfig))) != cluster.uid",
    "Path(cluster.kubeconfig))) is None",
)
def test_our_name_but_not_our_uid(ours: Cluster, api: Api, trap: str, tmp_path: Path) -> None:
    other = Api(tmp_path / "other", uid="not-ours")
    other.kubeconfig(Path(ours.kubeconfig))
    with pytest.raises(BookError, match="is not the cluster it was: not-ours answers"):
        check_identity(ours)


@pytest.mark.fault("kubebook/cluster.py", "    check_kubeconfig(kubeconfig)\n", "")
@pytest.mark.fault("kubebook/environment.py", "OURS.fullmatch(server) and ", "")
@pytest.mark.fault("kubebook/environment.py", ' and config["current-context"] == context', "")
@pytest.mark.parametrize("change", ["empty", "kind's", "elsewhere", "no context", "gone", "binary"])
def test_a_kubeconfig_that_was_changed_is_not_used(
    ours: Cluster, api: Api, trap: str, change: str
) -> None:
    path = Path(ours.kubeconfig)
    text = path.read_text()
    merged = text.replace(
        "clusters: [",
        f'clusters: [{{name: x, cluster: {{server: "{trap}"}}}}, ',
    )
    changed = {
        "empty": "",
        "kind's": merged.replace("current-context: mini", "current-context: x"),
        "elsewhere": text.replace("127.0.0.1", "192.0.2.1"),
        "no context": text.replace("current-context: mini", "current-context: gone"),
        "binary": "\0",
    }
    if change == "gone":
        path.unlink()
    else:
        path.write_text(changed[change])
    with pytest.raises(BookError, match="was changed or is cut short") as fault:
        cluster_uid(path)
    assert fault.value.hint == "kubebook cluster reset"
    assert api.calls == []


@pytest.mark.fault("kubebook/environment.py", "    settings.proxy = None\n", "")
def test_the_client_goes_through_no_proxy(ours: Cluster, api: Api, trap: str) -> None:
    from kubernetes import client

    with direct_client(ours.kubeconfig) as found:
        client.CoreV1Api(found).read_namespace("kube-system")
    assert api.calls == [IDENTITY]


def test_the_inventory_goes_through_no_proxy(ours: Cluster, api: Api, trap: str) -> None:
    with connect(ours.kubeconfig) as found:
        found.call("GET", "/api/v1/namespaces/kube-system")
    assert api.calls == [IDENTITY]


@pytest.mark.fault(
    "kubebook/sandbox.py",
    '"KUBECONFIG": str(self.root / "kubeconfig")',
    '"KUBECONFIG": os.environ["KUBECONFIG"]',
)
@pytest.mark.parametrize("client", ["kubectl", "python"])
def test_a_snippet_asks_our_cluster_alone(
    ours: Cluster, api: Api, trap: str, mini: MiniBook, client: str
) -> None:
    mini.snippet("kubectl.sh", "kubectl get --raw /api/v1/namespaces/kube-system")
    mini.snippet("python.py", CLIENT)
    assert "our-uid" in printed(mini, client, ours.kubeconfig)
    assert set(api.calls) == {IDENTITY}


@pytest.mark.fault(
    "kubebook/sandbox.py",
    '(root / "kubeconfig").write_text(text)',
    '(root / "kubeconfig").symlink_to(kubeconfig)',
)
def test_a_context_switched_in_a_snippet_stays_in_its_chain(
    ours: Cluster, api: Api, mini: MiniBook
) -> None:
    elsewhere = "kubectl config set-cluster mini --server=https://127.0.0.1:1\n"
    mini.snippet("x.sh", f"{elsewhere}kubectl config use-context mini")
    before = Path(ours.kubeconfig).read_text()
    assert "Switched" in printed(mini, "x", ours.kubeconfig)
    assert Path(ours.kubeconfig).read_text() == before
    check_identity(ours)


@pytest.mark.fault("kubebook/sandbox.py", "kubeconfig or NO_CLUSTER", "kubeconfig or os.devnull")
def test_without_a_cluster_none_is_found(trap: str, mini: MiniBook) -> None:
    """kubectl would ask localhost:8080, the Python client what it finds in the environment."""
    mini.snippet("x.sh", "kubectl get pods", "exit = 1\n")
    mini.snippet("y.py", CLIENT, "exit = 1\n")
    assert "server 127.0.0.1:0 was refused" in printed(mini, "x", "")
    assert "port=0" in printed(mini, "y", "")


@pytest.mark.fault("kubebook/shell.py", " | for_readers(os.environ)", "")
def test_a_readers_shell_reaches_our_cluster_past_the_proxies(
    ours: Cluster, api: Api, trap: str, mini: MiniBook
) -> None:
    env = shell._harmless(os.environ) | shell.variables(mini.book, ours)
    commands = (
        ["kubectl", "get", "--raw", "/api/v1/namespaces/kube-system"],
        ["curl", "-sk", f"{api.address}/api/v1/namespaces/kube-system"],
        [sys.executable, "-c", CLIENT],
    )
    for command in commands:
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        assert "our-uid" in done.stdout, (command, done.stderr)
    assert set(api.calls) == {IDENTITY}


@pytest.mark.fault("kubebook/shell.py", '"KUBERNETES_", ', "")
def test_a_shell_does_not_look_as_if_it_ran_in_a_cluster(trap: str) -> None:
    assert not [name for name in shell._harmless(os.environ) if name.startswith("KUBERNETES_")]


@pytest.mark.fault("kubebook/shell.py", "str(lend_kubeconfig(book, cluster))", "cluster.kubeconfig")
def test_a_context_switched_by_a_reader_misleads_neither_engine_nor_the_next_shell(
    ours: Cluster, mini: MiniBook
) -> None:
    lent = Path(shell.variables(mini.book, ours)["KUBECONFIG"])
    lent.write_text("current-context: prod\n")
    check_identity(ours)
    assert shell.variables(mini.book, ours)["KUBECONFIG"] == str(lent)
    assert lent.read_text() == Path(ours.kubeconfig).read_text()


@pytest.mark.fault("kubebook/cli_machine.py", "    check_identity(found)\n", "")
def test_no_variables_of_a_cluster_that_is_not_ours(
    ours: Cluster, trap: str, mini: MiniBook, tmp_path: Path
) -> None:
    Api(tmp_path / "other", uid="not-ours").kubeconfig(Path(ours.kubeconfig))
    done = CliRunner().invoke(main, ["cluster", "env", "--book", str(mini.root)])
    assert done.exit_code == 2
    assert "is not the cluster it was" in done.output
    assert "export" not in done.output


@pytest.mark.fault("kubebook/environment.py", " and not LOOPBACK.match(value)", "")
@pytest.mark.fault("kubebook/environment.py", "(direct(nodes) if proxies else {})", "{}")
def test_kind_gets_what_finds_the_engine_and_the_proxies_that_nodes_can_use(
    trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIND_EXPERIMENTAL_DOCKER_NETWORK", "elsewhere")
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/user/1000/docker.sock")
    env = for_kind(("control-plane", "worker"))
    assert set(env) <= {
        "PATH",
        "HOME",
        "TMPDIR",
        "XDG_RUNTIME_DIR",
        *filter(lambda n: n.startswith("DOCKER_"), env),
    }
    assert env["DOCKER_HOST"] == "unix:///run/user/1000/docker.sock"
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", ".example")
    env = for_kind(("control-plane", "worker"))
    assert env["https_proxy"] == "http://proxy.example:3128"
    assert "http_proxy" not in env
    assert env["NO_PROXY"] == env["no_proxy"] == ".example,control-plane,worker"


@pytest.mark.fault("kubebook/cluster.py", "if name.startswith(prefix)}", "if name}")
def test_clusters_of_others_are_neither_listed_nor_removed(
    mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = mini.book.tag
    asked: list[tuple[str, ...]] = []

    def docker(*args: str, **_: object) -> str:
        asked.append(args)
        mine = f"{tag}-single"
        listing = f"{mine}\nkind\n{mini.book.name}-0000-single\n{tag}x-single"
        return listing if "label=io.x-k8s.kind.cluster" in args else f"{mine}-control-plane"

    monkeypatch.setattr(cluster, "docker", docker)
    assert our_clusters(mini.book) == [f"{tag}-single"]
    done = CliRunner().invoke(main, ["cluster", "down", "--book", str(mini.root)])
    assert done.output == f"{tag}-single is gone\n"
    removed = [args for args in asked if "rm" in args]
    assert removed
    assert all(args[-1].startswith(f"{tag}-single") for args in removed)


@pytest.mark.fault("kubebook/book.py", "if ASTRAY.fullmatch(name)", "if not name")
@pytest.mark.parametrize(
    "name", ["KUBECONFIG", "https_proxy", "NO_PROXY", "PATH", "BASH_ENV", "DOCKER_HOST"]
)
def test_a_book_cannot_pass_on_what_leads_elsewhere(mini: MiniBook, name: str) -> None:
    toml = (mini.root / "kubebook.toml").read_text()
    mini.write("kubebook.toml", f'env = ["{name}"]\n{toml}')
    with pytest.raises(BookError, match=f'"env" may not pass {name} on') as fault:
        load_book(mini.root)
    assert fault.value.line == 1


@pytest.mark.fault("kubebook/engine.py", "if ELSEWHERE.match(address)", "if not address")
@pytest.mark.parametrize(
    ("host", "fault"),
    [
        ("ssh://build.example", "the Docker engine is on another machine: ssh://build.example"),
        ("tcp://192.0.2.7:2375", "the Docker engine is on another machine: tcp://192.0.2.7:2375"),
        ("tcp://localhost:2375", ""),
        ("unix:///run/user/1000/docker.sock", ""),
    ],
)
def test_an_engine_elsewhere_is_refused(tmp_path: Path, host: str, fault: str) -> None:
    client = tmp_path / "docker"
    client.write_text(f'#!/bin/sh\n[ "$1" = version ] && echo 28.0 || echo {host}\n')
    client.chmod(0o755)
    found = engine._ask(str(client))
    assert found.fault == fault
    assert found.host == ("" if fault else host)


@pytest.mark.fault("kubebook/sandbox.py", 'env["DOCKER_HOST"] = self.engine', "pass")
def test_snippets_ask_the_engine_that_has_the_cluster(
    ours: Cluster, mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    rootless = engine.Engine("docker", "28", host="unix:///run/user/1000/docker.sock")
    monkeypatch.setattr("kubebook.sandbox.find_engine", lambda: rootless)
    mini.snippet("x.sh", "echo $DOCKER_HOST")
    assert printed(mini, "x", ours.kubeconfig) == "unix:///run/user/1000/docker.sock\n"
