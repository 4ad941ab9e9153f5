"""Samples in Prometheus' text format: which are measurements and which are counts or states."""

from __future__ import annotations

import re

from kubebook.canonical.nodes import Tokens, Value
from kubebook.canonical.words import joined, scan

# prometheus.io/docs/instrumenting/exposition_formats: name, labels, value, milliseconds since 1970.
SAMPLE = re.compile(
    r"(?P<name>[a-zA-Z_:][\w:]*)(?P<labels>\{[^{}]*\})?"
    r" (?P<value>[+-]?(?:\d[\d.]*(?:e[+-]?\d+)?|Inf)|NaN)(?P<stamp> \d{13})?"
)
# prometheus.io/docs/practices/naming: the name ends with the unit of what was measured.
UNITS = r"(?:(?:milli|micro|nano)?seconds|bytes|celsius|joules|ratio|percent|cores|ms|us|ns)"
MEASURED = re.compile(rf".*_{UNITS}(?:_(?:total|sum|bucket|max|min|avg|created))?|.*_time")
# What a process or a part of Kubernetes counts about itself: a page that reads it has changed it.
OF_ITSELF = re.compile(
    r"(?:process|go|python|jvm|nodejs|promhttp|rest_client|workqueue|apiserver|authentication"
    r"|authorization|aggregator|etcd|grpc|kubelet|kubeproxy|scheduler|coredns|container|node|machine"
    r"|cadvisor|storage|volume_manager|endpoint_slice_controller|job_controller)_.*(?<!_info)"
)
# Sizes and times that somebody set; facts about a build.
SET = re.compile(r".*_(?:spec|limits?|capacity|quota|timeout|interval|period)_.*|.*_info")
LAST_BUCKET = 'le="+Inf"'  # holds every observation, as _count does: a count and no measurement


def is_sample(line: str) -> bool:
    """Whether the line is a sample: with labels, or with a name of several words."""
    match = SAMPLE.fullmatch(line)
    return match is not None and ("_" in match["name"] or match["labels"] is not None)


def sample_tokens(line: str) -> Tokens:
    """Tokens of a sample; a measurement is a value without identity, a count stands."""
    match = SAMPLE.fullmatch(line)
    if match is None:
        return scan(line)
    name, labels = match["name"], match["labels"] or ""
    stamp: Tokens = (Value("time"),) if match["stamp"] else ()
    value = Value("measurement") if _is_measured(name, labels) else match["value"]
    return joined((name, *scan(labels), " ", value, *stamp))


def _is_measured(name: str, labels: str) -> bool:
    if SET.fullmatch(name):
        return False
    if OF_ITSELF.fullmatch(name):
        return True
    return LAST_BUCKET not in labels and MEASURED.fullmatch(name) is not None
