"""Version numbers: major and minor must agree, the patch level may differ between two nodes."""

from __future__ import annotations

import re

from kubebook.canonical.nodes import Tokens, Value

VERSION = r"v?\d+\.\d+\.\d+(?:[-+~][\w.+~-]*\w)?(?![\w.]*\w)"
PARTS = re.compile(r"(v?\d+\.\d+\.)(\d+)(.*)", re.DOTALL)
# Images of the control plane follow the cluster's patch level; any other tag is a manifest's.
CLUSTER_IMAGE = re.compile(
    r"(?:.*/)?(?:kube-(?:apiserver|controller-manager|scheduler|proxy)|etcd|coredns|kindest/node)"
)


def version_tokens(text: str) -> Tokens:
    """Tokens of `v1.37.2` or `2.3.4-rc.1`: the patch level is a value without identity."""
    match = PARTS.fullmatch(text)
    if match is None:
        return (text,)
    head, _, tail = match.groups()
    return (head, Value("patch"), tail) if tail else (head, Value("patch"))


def tag_tokens(image: str, tag: str) -> Tokens:
    """Tokens of an image reference with a version as its tag."""
    if CLUSTER_IMAGE.fullmatch(image):
        return (f"{image}:", *version_tokens(tag))
    return (f"{image}:{tag}",)
