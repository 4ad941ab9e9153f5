"""Waiting for a cluster without sleeping. For snippets: from kubebook.waiting import until"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

from kubernetes.client import ApiException
from kubernetes.watch import Watch

GONE = 410  # the server no longer has the changes since that version: list again


def until(
    done: Callable[[list[Any]], object],
    listing: Callable[..., Any],
    *args: Any,
    timeout: float = 60,
    **options: Any,
) -> list[Any]:
    """Watch what a listing gives and return it as soon as it is as it should be.

        until(lambda pods: len(pods) == 3, core.list_namespaced_pod, "default")

    Args:
        done: is asked again after every change, with all objects by namespace and name.
        listing: a list method of the kubernetes client; `args` and `options` are handed to it.
        timeout: in seconds.

    Raises:
        TimeoutError: it was not so in time.
        kubernetes.client.ApiException: the cluster refused.
    """
    deadline = time.monotonic() + timeout
    while True:
        listed = listing(*args, **options)
        objects = {item.metadata.uid: item for item in listed.items}
        if done(found := _sorted(objects.values())):
            return found
        if (left := deadline - time.monotonic()) <= 0:
            raise TimeoutError(f"not so after {timeout} s: {len(found)} objects")
        since = {"resource_version": listed.metadata.resource_version}
        limit = {"timeout_seconds": math.ceil(left), "_request_timeout": left + 5}
        watch: Any = Watch()  # type: ignore[no-untyped-call]
        events = watch.stream(listing, *args, **options, **since, **limit)
        try:
            with closing(events):
                for event in events:
                    _apply(event, objects)
                    if done(found := _sorted(objects.values())):
                        return found
        except ApiException as error:
            if error.status != GONE:
                raise


def _apply(event: dict[str, Any], objects: dict[str, Any]) -> None:
    uid = event["object"].metadata.uid
    objects[uid] = event["object"]
    if event["type"] == "DELETED":
        del objects[uid]


def _sorted(objects: Iterable[Any]) -> list[Any]:
    return sorted(objects, key=lambda o: (o.metadata.namespace or "", o.metadata.name))
