"""Surroundings of what the engine itself starts: nothing in them leads to another cluster."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from kubebook.errors import BookError

# What finds the container engine; all else that a caller may have set is left out
ENGINE = re.compile(r"PATH|HOME|TMPDIR|XDG_RUNTIME_DIR|DOCKER_\w+")
PROXY = re.compile(r"(?:https?|all)_proxy", re.IGNORECASE)
LOOPBACK = re.compile(r"(?:\w+://)?(?:[^@/]*@)?(?:localhost|127\.|\[::1\]|0\.0\.0\.0)")
OURS = re.compile(r"https://(?:127\.0\.0\.1|\[::1\]):[1-9]\d*")
# Where clusters of ours are: this machine, and the ranges that Docker takes its networks from
NEAR = ("localhost", "127.0.0.1", "::1", "172.16.0.0/12", "192.168.0.0/16")


def for_kubectl() -> dict[str, str]:
    """Built from nothing: no kubeconfig, proxy, preference or cluster variable of the caller's."""
    return {"PATH": os.defpath, "HOME": "/nonexistent", "KUBERC": "off"}


def for_kind(nodes: Iterable[str]) -> dict[str, str]:
    """What finds the engine, and the proxies by which nodes pull images.

    kind hands proxies on to the nodes. One on this machine's loopback would lead a node to itself,
    and nodes must not look for each other behind a proxy.
    """
    kept = {name: value for name, value in os.environ.items() if ENGINE.fullmatch(name)}
    proxies = {
        name: value
        for name, value in os.environ.items()
        if PROXY.fullmatch(name) and not LOOPBACK.match(value)
    }
    return kept | proxies | (direct(nodes) if proxies else {})


def for_readers(env: Mapping[str, str]) -> dict[str, str]:
    """What a reader's shell adds to `env` so that no proxy stands before a cluster of ours."""
    return direct(NEAR) if any(PROXY.fullmatch(name) for name in env) else {}


def direct(hosts: Iterable[str]) -> dict[str, str]:
    """NO_PROXY in both spellings with `hosts` added: programs differ in which one they read."""
    known = (os.environ.get(name, "") for name in ("NO_PROXY", "no_proxy"))
    words = [word.strip() for value in known for word in value.split(",")]
    value = ",".join(dict.fromkeys([*filter(None, words), *hosts]))
    return {"NO_PROXY": value, "no_proxy": value}


def check_kubeconfig(path: Path) -> None:
    """Raise BookError unless a kubeconfig of the engine's own still leads to one cluster here.

    kubectl takes an empty one for leave to ask localhost:8080, or the cluster that it runs in.
    """
    try:
        config: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        (server,) = [entry["cluster"]["server"] for entry in config["clusters"]]
        (context,) = [entry["name"] for entry in config["contexts"]]
        whole = OURS.fullmatch(server) and config["current-context"] == context
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        whole = None
    if not whole:
        raise BookError(
            "this kubeconfig was changed or is cut short, so nothing is asked through it",
            path=path,
            hint="kubebook cluster reset",
        )


def direct_client(kubeconfig: str) -> Any:
    """The kubernetes client's ApiClient of a kubeconfig of ours, through no proxy."""
    from kubernetes import client, config  # half a second, and only for what asks clusters

    check_kubeconfig(Path(kubeconfig))
    settings = client.Configuration()
    config.load_kube_config(kubeconfig, client_configuration=settings)  # type: ignore[no-untyped-call]
    settings.proxy = None
    return client.ApiClient(settings)
