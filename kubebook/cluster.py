"""kind clusters of ours: create, prove ready, delete. Never anyone else's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from kubebook.book import Book, Profile
from kubebook.engine import cgroup_version, docker, missing_sys_resource, require_engine
from kubebook.environment import check_kubeconfig, for_kind, for_kubectl
from kubebook.errors import BookError
from kubebook.gobuild import build_programs
from kubebook.leftovers import scratch
from kubebook.machine import machine_trouble
from kubebook.mask import mask
from kubebook.network import network
from kubebook.nodeimage import NodeImage, ensure_image
from kubebook.thaw import thaw

LABEL = "io.x-k8s.kind.cluster"
LENT = ".lent.kubeconfig"
ENDPOINT = "control-plane:6443"  # of the API inside a cluster; the same name in every one
SHIM = Path(__file__).parent / "drivers" / "docker.bash"
# The controller manager asks the API some 300 things when it starts: 20 a second take it 6 s.
QUICK_START = {
    "kind": "ClusterConfiguration",
    "controllerManager": {
        "extraArgs": [
            {"name": "kube-api-qps", "value": "200"},
            {"name": "kube-api-burst", "value": "400"},
        ]
    },
}
KIND_TIMEOUT = 600  # seconds; kubeadm itself gives up after 240
ANSWER = 10  # seconds for an answer of the API
NAMESPACE = "/api/v1/namespaces/kube-system"


@dataclass(frozen=True)
class Cluster:
    """A cluster of ours; `uid` is kube-system's.

    `state` is clean (nothing ran on it), used, or put back (as if nothing had run on it).
    """

    name: str
    profile: str
    kubeconfig: str
    image: NodeImage
    uid: str
    created: str
    state: str = "clean"


def read_cluster(book: Book, name: str) -> Cluster | None:
    """What is known of a cluster; None if it was never finished or is gone from the engine."""
    path = _state(book, name)
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text())
        cluster = Cluster(**data | {"image": NodeImage(**data["image"])})
    except (ValueError, KeyError, TypeError):  # cut short, or of another version of ours
        return None
    profile = book.profiles.get(cluster.profile)
    whole = profile and set(node_containers(name)) == set(profile.nodes)
    return cluster if whole else None


def half_up(book: Book, name: str) -> bool:
    """Whether containers of this name exist that no finished `create_cluster` stands behind."""
    return bool(_containers(name)) and read_cluster(book, name) is None


def create_cluster(book: Book, profile: Profile, name: str) -> Cluster:
    """Create a kind cluster and wait until its DNS answers.

    Raises:
        BookError: no engine, no image, or kind failed; nothing of the cluster is left then.
    """
    require_engine()
    image = ensure_image(book)
    kubeconfig = _state(book, name).with_suffix(".kubeconfig")
    kubeconfig.parent.mkdir(parents=True, exist_ok=True)
    try:
        with network(profile, name, ours=image.flavour == "packages"):
            _create_with_kind(book, profile, name, kubeconfig, image)
        _rename_context(kubeconfig, book.name)
        uid = cluster_uid(kubeconfig)
    except BookError as fault:
        cause = machine_trouble()
        with suppress(BookError):  # without an engine nothing can be removed; the next run does it
            delete_cluster(book, name)
        raise cause or fault from None
    except BaseException:
        delete_cluster(book, name)
        raise
    cluster = Cluster(name, profile.name, str(kubeconfig), image, uid, _now())
    write_cluster(book, cluster)
    return cluster


def delete_cluster(book: Book, name: str) -> bool:
    """Remove a cluster's containers and what is known of it; True if there were any."""
    _state(book, name).unlink(missing_ok=True)
    for suffix in (".kubeconfig", ".baseline", LENT):
        _state(book, name).with_suffix(suffix).unlink(missing_ok=True)
    shutil.rmtree(_state(book, name).with_suffix(".bin"), ignore_errors=True)
    if containers := _containers(name):
        _remove(name, containers)
    docker("network", "rm", name, check=False)
    return bool(containers)


def _remove(name: str, containers: list[str]) -> None:
    """Remove a cluster's nodes, those that died half frozen too."""
    try:
        docker("rm", "-f", "-v", *containers)
    except BookError as error:
        ids = docker("inspect", "--format", "{{.Id}}", *containers, check=False).split()
        try:
            thawed = sum(map(thaw, ids))
        except PermissionError:
            raise BookError(error.message, hint="as root: kubebook cluster down") from None
        if not thawed:
            raise
        if left := _containers(name):
            docker("rm", "-f", "-v", *left)


def mark_used(book: Book, cluster: Cluster) -> Cluster:
    """Note, before anything runs on it, that a cluster is no longer clean."""
    used = replace(cluster, state="used")
    write_cluster(book, used)
    return used


def write_cluster(book: Book, cluster: Cluster) -> None:
    """Note what is known of a cluster, whole or not at all."""
    path = _state(book, cluster.name)
    half = path.with_suffix(".half")
    half.write_text(json.dumps(asdict(cluster), indent=2) + "\n")
    half.replace(path)


def check_identity(cluster: Cluster) -> None:
    """Raise BookError unless the kubeconfig leads to the very cluster that was created."""
    if (uid := cluster_uid(Path(cluster.kubeconfig))) != cluster.uid:
        raise BookError(
            f"{cluster.name} is not the cluster it was: {uid} answers, not {cluster.uid}",
            hint="kubebook cluster reset",
        )


def lend_kubeconfig(book: Book, cluster: Cluster) -> Path:
    """A fresh copy for people, who may switch contexts in it; the engine goes by its own."""
    lent = _state(book, cluster.name).with_suffix(LENT)
    shutil.copy(cluster.kubeconfig, lent)
    return lent


def answers(cluster: Cluster) -> bool:
    """Whether anybody answers where a cluster was; who it is tells `check_identity`."""
    try:
        return bool(cluster_uid(Path(cluster.kubeconfig)))
    except BookError:
        return False


def cluster_uid(kubeconfig: Path) -> str:
    """UID of the kube-system namespace, which no two clusters share."""
    return str(json.loads(ask_api(kubeconfig, NAMESPACE))["metadata"]["uid"])


def ask_api(kubeconfig: Path, path: str) -> str:
    """What the API answers to a GET of a path.

    Raises:
        BookError: it does not answer within ANSWER seconds, or with an error.
    """
    # --raw asks for nothing else, so that kubectl leaves no cache in the reader's home
    command = [kubectl(), "--kubeconfig", str(kubeconfig), f"--request-timeout={ANSWER}s"]
    command += ["get", "--raw", path]
    check_kubeconfig(kubeconfig)
    env = for_kubectl()
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=2 * ANSWER)
        why = done.stderr.strip().rpartition("\n")[2] if done.returncode else ""
    except subprocess.TimeoutExpired:
        why = f"nothing came within {2 * ANSWER} s"
    if why:
        raise BookError(f"the cluster does not answer: {why}", hint="kubebook cluster reset")
    return done.stdout


def node_containers(cluster_name: str) -> dict[str, str]:
    """Names of the running containers of a cluster, by the node's name."""
    return {
        name.removeprefix(f"{cluster_name}-"): name
        for name in _containers(cluster_name, running=True)
    }


def known_clusters(book: Book) -> list[str]:
    """Names of the clusters that this machine has notes of, whether they still exist or not."""
    return sorted(path.stem for path in _state(book, "").parent.glob("*.*"))


def our_clusters(book: Book, prefix: str = "") -> list[str]:
    """Names of the clusters of this checkout that the engine has, finished or not."""
    names = docker(
        "ps", "-a", "--filter", f"label={LABEL}", "--format", f'{{{{.Label "{LABEL}"}}}}'
    )
    prefix = prefix or f"{book.tag}-"
    return sorted({name for name in names.splitlines() if name.startswith(prefix)})


def kubectl() -> str:
    """The project's own kubectl, beside its Python; never whatever PATH holds."""
    beside = Path(sys.prefix) / "bin" / "kubectl"
    if beside.exists():
        return str(beside)
    raise BookError(f"no kubectl in {beside.parent}", hint="pip install -r requirements.txt")


def _create_with_kind(
    book: Book, profile: Profile, name: str, kubeconfig: Path, image: NodeImage
) -> None:
    """Run the project's kind; BookError with the lines of its output that say why it failed."""
    program = build_programs(book.images, "kind") / "kind"
    # kind must not outlive us: it would remove what the next run makes under the same name
    command = ["setpriv", "--pdeathsig", "KILL", str(program), "create", "cluster"]
    command += ["--name", name, "--config", "-", "--kubeconfig", str(kubeconfig)]
    text, limit = yaml.safe_dump(kind_config(book, profile, image)), KIND_TIMEOUT
    with _docker_for_kind(book, name, for_kind(profile.nodes)) as env:
        try:
            done = subprocess.run(
                command, input=text, capture_output=True, text=True, env=env, timeout=limit
            )
        except subprocess.TimeoutExpired:
            raise BookError(f"kind create did not end within {limit} s") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        last = (
            "\n  ".join(line for line in lines if "ERROR" in line or "error" in line) or lines[-1]
        )
        raise BookError("kind create failed", hint=mask(last))  # kubeadm prints its tokens


def kind_config(book: Book, profile: Profile, image: NodeImage) -> dict[str, Any]:
    """kind's configuration: the same names in every cluster, and what this machine needs."""
    config: dict[str, Any] = {"kind": "Cluster", "apiVersion": "kind.x-k8s.io/v1alpha4"}
    names = {"clusterName": book.name, "controlPlaneEndpoint": ENDPOINT}
    config["kubeadmConfigPatches"] = [yaml.safe_dump(QUICK_START | names)]
    config["nodes"] = [_node(book, name, image) for name in profile.nodes]
    if image.flavour == "packages":
        config["networking"] = {"disableDefaultCNI": True}
    if cgroup_version() == 1:
        config["kubeadmConfigPatches"].append("kind: KubeletConfiguration\nfailCgroupV1: false\n")
    if missing_sys_resource():
        section = '[plugins."io.containerd.grpc.v1.cri"]'
        config["containerdConfigPatches"] = [f"{section}\n  restrict_oom_score_adj = true\n"]
    return config


def _node(book: Book, name: str, image: NodeImage) -> dict[str, Any]:
    first = name == "control-plane"
    patch: dict[str, Any] = {"nodeRegistration": {"name": name}}
    patch["kind"] = "InitConfiguration" if first else "JoinConfiguration"
    if not first:
        patch["discovery"] = {"bootstrapToken": {"apiServerEndpoint": ENDPOINT}}
    provider = "/nodeRegistration/kubeletExtraArgs/1"  # kind writes it as the second
    replace_provider = [
        {"op": "test", "path": f"{provider}/name", "value": "provider-id"},
        {
            "op": "replace",
            "path": f"{provider}/value",
            "value": f"kind://docker/{book.name}/{name}",
        },
    ]
    target = {"group": "kubeadm.k8s.io", "version": "v1beta4", "kind": patch["kind"]}
    return {
        "role": "control-plane" if first else "worker",
        "image": image.name,
        "kubeadmConfigPatches": [yaml.safe_dump(patch)],
        "kubeadmConfigPatchesJSON6902": [target | {"patch": yaml.safe_dump(replace_provider)}],
    }


@contextmanager
def _docker_for_kind(book: Book, name: str, outer: dict[str, str]) -> Iterator[dict[str, str]]:
    """An environment in which kind finds the engine that answers, behind our shim."""
    with scratch(book, uuid.uuid4().hex) as folder:
        shim = folder / "docker"
        shutil.copy(SHIM, shim)
        shim.chmod(0o755)
        yield outer | {
            "PATH": f"{folder}:{outer['PATH']}",
            "KUBEBOOK_DOCKER": require_engine().client,
            "KIND_EXPERIMENTAL_PROVIDER": "docker",
            "KIND_EXPERIMENTAL_DOCKER_NETWORK": name,
        }


# What this machine knows of its clusters


def _containers(name: str, *, running: bool = False) -> list[str]:
    flags = [] if running else ["-a"]
    listed = docker("ps", *flags, "--filter", f"label={LABEL}={name}", "--format", "{{.Names}}")
    return sorted(listed.split())


def _rename_context(kubeconfig: Path, name: str) -> None:
    """One name for context, cluster and user, the same for every cluster of the book."""
    config = yaml.safe_load(kubeconfig.read_text())
    config["clusters"][0]["name"] = config["users"][0]["name"] = name
    config["contexts"] = [{"name": name, "context": {"cluster": name, "user": name}}]
    config["current-context"] = name
    kubeconfig.write_text(yaml.safe_dump(config, sort_keys=False))
    kubeconfig.chmod(0o600)


def _state(book: Book, name: str) -> Path:
    return book.state / "clusters" / f"{name}.json"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
