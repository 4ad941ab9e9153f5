"""Clean clusters for chains: one is taken, the next is made meanwhile, used ones are removed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from kubebook.book import Book, Profile
from kubebook.cluster import (
    Cluster,
    create_cluster,
    delete_cluster,
    mark_used,
    our_clusters,
    read_cluster,
)
from kubebook.nodeimage import ensure_image
from kubebook.progress import say, step


@dataclass
class Pool:
    """Clusters of one book for one run; `expected` counts the chains still to come, by profile."""

    book: Book
    expected: dict[str, int]
    _workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    _spares: dict[str, list[Future[Cluster]]] = field(default_factory=lambda: defaultdict(list))
    _removals: list[Future[bool]] = field(default_factory=list)
    _number: int = 0

    @contextmanager
    def cluster(self, profile: Profile) -> Iterator[Cluster]:
        """A clean cluster, marked as used before the caller sees it and removed afterwards."""
        cluster = mark_used(self.book, self._next(profile))
        say(f"{cluster.name}: Kubernetes {cluster.image.kubernetes}, {cluster.image.flavour} image")
        self.expected[profile.name] -= 1
        try:
            if self.expected[profile.name] > 0 and not self._spares[profile.name]:
                self._spares[profile.name].append(self._workers.submit(self._create, profile))
            yield cluster
        finally:
            self._removals.append(self._workers.submit(delete_cluster, self.book, cluster.name))

    def close(self) -> None:
        """Wait for removals, say which failed; a spare that nobody took stays for the next run."""
        self._workers.shutdown(wait=True)
        for error in filter(None, (removal.exception() for removal in self._removals)):
            say(f"a used cluster was not removed: {error}")

    def _next(self, profile: Profile) -> Cluster:
        if spares := self._spares[profile.name]:
            return spares.pop().result()
        if left := self._left_over(profile):
            return left
        with step(f"creating a cluster with {profile.size}"):
            return self._create(profile)

    def _left_over(self, profile: Profile) -> Cluster | None:
        """A clean cluster of an earlier run; those that are not clean are removed."""
        image = ensure_image(self.book)
        for name in our_clusters(self.book):
            if name.rpartition("-")[0] != _prefix(self.book, profile):
                continue
            cluster = read_cluster(self.book, name)
            if cluster and cluster.state == "clean" and cluster.image == image:
                return cluster
            delete_cluster(self.book, name)
        return None

    def _create(self, profile: Profile) -> Cluster:
        self._number += 1
        taken = set(our_clusters(self.book))
        while (name := f"{_prefix(self.book, profile)}-{self._number}") in taken:
            self._number += 1
        return create_cluster(self.book, profile, name)


@contextmanager
def open_pool(book: Book, expected: dict[str, int]) -> Iterator[Pool]:
    """A pool for as many chains of each profile as `expected` says."""
    pool = Pool(book, expected)
    try:
        yield pool
    finally:
        pool.close()


def _prefix(book: Book, profile: Profile) -> str:
    return f"{book.tag}-run-{profile.name}"
