"""Names with a generated suffix: Pods, ReplicaSets, Jobs of a CronJob, `generateName`."""

from __future__ import annotations

import re

from kubebook.canonical.nodes import Tokens, Value

# k8s.io/apimachinery/pkg/util/rand: no vowels (no words) and no 0, 1, 3 (look like o, l, e).
SAFE = "bcdfghjklmnpqrstvwxz2456789"
SUFFIX = re.compile(rf"(?=\d*[a-z])[{SAFE}]{{5}}")
# The hash of a Pod template is a decimal number in that alphabet (SafeEncodeString): 4 to f, so
# that a number without 0 to 3 may be one.
HASH = re.compile(rf"[4-9]{{8,10}}|(?=\d*[a-z])[{SAFE}]{{8,10}}")
# Between a Deployment's name and a Pod's suffix there is no doubt, so look less closely: hashes
# may be shorter, and other generators than Kubernetes' own use all letters.
POD_HASH = re.compile(rf"[{SAFE}]{{6,10}}|(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{{8,10}}")
POD_SUFFIX = re.compile(rf"[{SAFE}]{{5}}|(?=[a-z]*\d)[a-z0-9]{{5}}")
# A CronJob names its Jobs by the scheduled minute since 1970: 2014 to 2046.
CRON_MINUTE = re.compile(r"2[4-9]\d{6}|3\d{7}|40\d{6}")
NAME_KINDS = frozenset({"suffix", "template-hash", "cron-minute"})


def name_tokens(label: str) -> Tokens:
    """Tokens of one hyphenated DNS label, e.g. `web-5b68464b84-k5tzq`; the label itself if fixed.

    The suffix stands for the whole name, the hash for the Pod template it is made of: two Pods
    of one ReplicaSet share the hash, and a suffix never matches under another prefix.
    """
    head, _, last = label.rpartition("-")
    before, _, middle = head.rpartition("-")
    if before and _is_pod(middle, last):
        return (f"{before}-", Value("template-hash", middle), "-", Value("suffix", label))
    if SUFFIX.fullmatch(last):
        return (*_cron_tokens(head), "-", Value("suffix", label))
    if CRON_MINUTE.fullmatch(last):
        return _cron_tokens(label)
    if HASH.fullmatch(last):
        return (f"{head}-", Value("template-hash", last))
    return (label,)


def has_generated_name(tokens: Tokens) -> bool:
    """Whether the tokens hold a name that was made up at random."""
    return any(isinstance(t, Value) and t.kind in NAME_KINDS for t in tokens)


def _is_pod(middle: str, last: str) -> bool:
    if not POD_HASH.fullmatch(middle) or not POD_SUFFIX.fullmatch(last):
        return False
    return not CRON_MINUTE.fullmatch(middle)


def _cron_tokens(label: str) -> Tokens:
    head, _, last = label.rpartition("-")
    if head and CRON_MINUTE.fullmatch(last):
        return (f"{head}-", Value("cron-minute", label))
    return (label,)
