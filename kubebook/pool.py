"""Clean clusters for chains that run side by side: lent, put back, or replaced."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock

import psutil
from filelock import FileLock

from kubebook.book import Book, Profile
from kubebook.cluster import (
    Cluster,
    answers,
    create_cluster,
    delete_cluster,
    known_clusters,
    our_clusters,
    read_cluster,
    write_cluster,
)
from kubebook.errors import BookError
from kubebook.nodeimage import ensure_image
from kubebook.progress import say, step
from kubebook.putback import PutBack, put_back, remember
from kubebook.slots import slot, try_lock

NODE_MEMORY = 1.5 * 1024**3  # bytes that a node and what runs on it may take
# Kubernetes removes events and signing requests after an hour: what is older is not as new
LIFE = timedelta(minutes=40)


@dataclass(frozen=True)
class Need:
    """What a chain asks of a cluster: `new` is one that nothing ran on, `wears` spoils it."""

    profile: Profile
    new: bool = False
    wears: bool = False


@dataclass(frozen=True)
class Lease:
    """A cluster that nobody else may take while `lock` is held."""

    cluster: Cluster
    lock: FileLock


@dataclass
class Pool:
    """The clusters of a book for chains of several threads and processes.

    Args:
        size: chains that may hold a cluster at the same time, over all processes.
        kind: what the clusters are for; runs and shells do not wait for each other.
        needs: of the chains to come, in their order; they say what spare is worth making.
        stop: set to give up waiting.
    """

    book: Book
    size: int
    kind: str = "run"
    needs: list[Need] = field(default_factory=list)
    stop: Event = field(default_factory=Event)
    _aside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    _lock: Lock = field(default_factory=Lock)
    _turn: Lock = field(default_factory=Lock)
    _spares: dict[str, Future[Lease]] = field(default_factory=dict)
    _work: list[Future[None]] = field(default_factory=list)
    _condemned: dict[str, str] = field(default_factory=dict)
    _lent: bool = False
    _out: list[Need] = field(default_factory=list)

    @contextmanager
    def cluster(self, need: Need, chain: str = "") -> Iterator[Cluster]:
        """A clean cluster for a chain; afterwards it is put back, or removed if it cannot be.

        Raises:
            BookError: there is none and none can be made.
        """
        with ExitStack() as place:
            with self._turn:  # who has waited for a place gets it before who comes later
                place.enter_context(
                    slot(self.book.state / "pool" / self.kind, self.size, self.stop)
                )
            self._lent = True
            self._out.append(need)
            place.callback(self._out.remove, need)
            lease = self._take(need)
            self._set_state(lease, "used")
            try:
                yield lease.cluster
            except BaseException:
                self._discard(lease)
                raise
            self._give_back(lease, need, chain)

    def condemn(self, cluster: Cluster, reason: str) -> None:
        """Have a cluster replaced after its chain: it is no use to try to put it back."""
        self._condemned[cluster.name] = reason

    def close(self) -> None:
        """End what goes on aside, say what failed, keep one clean cluster of each profile."""
        self._aside.shutdown(wait=True)
        for spare in self._spares.values():
            if not spare.exception():
                spare.result().lock.release()
        for work in self._work:
            work.result()
        if self._lent:  # else there may be no engine to ask, and no need of one
            self._keep_one()

    # Taking

    def _take(self, need: Need) -> Lease:
        with self._lock:
            if need in self.needs:
                self.needs.remove(need)
            lease = self._find(need)
            spare = None if lease else self._spares.pop(need.profile.name, None)
            self._make_spare()
        if spare:
            return spare.result()
        return lease or self._create(need.profile)

    def _find(self, need: Need) -> Lease | None:
        """A clean cluster that is there; those that can serve nobody are removed."""
        for name in our_clusters(self.book, prefix := self._prefix(need.profile)):
            if not name.removeprefix(prefix).isdigit():  # of a profile whose name is longer
                continue
            lock = try_lock(self.book.state / "pool" / f"{name}.lock")
            if not lock:
                continue
            cluster = read_cluster(self.book, name)
            if not cluster or not self._serves(cluster):
                self._delete(name)
            elif not need.new or cluster.state == "clean":
                return Lease(cluster, lock)
            lock.release()
        return None

    def _serves(self, cluster: Cluster) -> bool:
        age = datetime.now(UTC) - datetime.fromisoformat(cluster.created)
        image = ensure_image(self.book)
        fit = cluster.state in ("clean", "put back") and cluster.image == image and age < LIFE
        return fit and answers(cluster)

    def _make_spare(self) -> None:
        """Begin a spare aside if the next chain would have to wait for its cluster."""
        if not self.needs or (after := self.needs[0]).profile.name in self._spares:
            return
        same = (need for need in self._out if need.profile == after.profile)
        if not after.new and any(not need.wears for need in same):  # that one comes back
            return
        if idle := self._find(after):
            idle.lock.release()
        else:
            spare = self._aside.submit(self._create, after.profile, aside=True)
            self._spares[after.profile.name] = spare

    def _create(self, profile: Profile, *, aside: bool = False) -> Lease:
        lock = self._free_name(profile)
        name = Path(lock.lock_file).stem
        turn = slot(self.book.state / "pool" / "creating", creations(), self.stop)
        try:
            with ExitStack() as place:
                place.enter_context(turn)
                with step(f"creating a {'spare ' * aside}cluster with {profile.size}"):
                    cluster = create_cluster(self.book, profile, name)
                    place.close()  # what is left is to wait
                    remember(self.book, cluster)
        except BaseException:
            lock.release()
            raise
        return Lease(cluster, lock)

    def _free_name(self, profile: Profile) -> FileLock:
        """The lock of the first name that no cluster has; more than `size` are seldom needed."""
        taken = set(our_clusters(self.book))
        number = 1
        while True:
            name = f"{self._prefix(profile)}{number}"
            lock = None if name in taken else try_lock(self.book.state / "pool" / f"{name}.lock")
            if lock:
                return lock
            number += 1

    # Giving back

    def _give_back(self, lease: Lease, need: Need, chain: str) -> None:
        what = f"{lease.cluster.name} after {chain}"
        if reason := self._condemned.pop(lease.cluster.name, ""):
            done = PutBack(reason=reason)
        elif need.wears:
            done = PutBack(reason="its snippets reach into the nodes")
        else:
            with step(f"putting back {what}"):
                done = put_back(self.book, lease.cluster)
        if done.reason:
            say(f"replaced: {what}: {done.reason}")
            self._discard(lease)
        else:
            say(f"put back: {what}: {done.removed} objects removed")
            self._set_state(lease, "put back")
            lease.lock.release()

    def _discard(self, lease: Lease) -> None:
        """Remove a cluster aside; its name is free when it is gone."""

        def remove() -> None:
            try:
                self._delete(lease.cluster.name)
            finally:
                lease.lock.release()

        self._work.append(self._aside.submit(remove))

    def _delete(self, name: str) -> None:
        """Remove a cluster; one that cannot be removed is said, and no chain waits for it."""
        try:
            delete_cluster(self.book, name)
        except BookError as error:
            say(f"a used cluster was not removed: {error}")

    def _keep_one(self) -> None:
        kept: Counter[str] = Counter()
        prefix = f"{self.book.tag}-{self.kind}-"
        noted = {name for name in known_clusters(self.book) if name.startswith(prefix)}
        for name in sorted(noted | {*our_clusters(self.book, prefix)}):
            if not (lock := try_lock(self.book.state / "pool" / f"{name}.lock")):
                continue
            cluster = read_cluster(self.book, name)
            profile = cluster.profile if cluster and self._serves(cluster) else ""
            if not profile or kept[profile]:
                self._delete(name)
            kept[profile] += 1
            lock.release()

    def _prefix(self, profile: Profile) -> str:
        return f"{self.book.tag}-{self.kind}-{profile.name}-"

    def _set_state(self, lease: Lease, state: str) -> None:
        write_cluster(self.book, replace(lease.cluster, state=state))


@contextmanager
def open_pool(
    book: Book,
    size: int = 0,
    needs: tuple[Need, ...] = (),
    stop: Event | None = None,
    kind: str = "run",
) -> Iterator[Pool]:
    """A pool of `size` clusters, by default as many as this machine carries."""
    pool = Pool(book, size or pool_size(needs), kind, list(needs), stop or Event())
    try:
        yield pool
    finally:
        pool.close()


def creations() -> int:
    """How many clusters may be created at once: each keeps more than a core busy."""
    return max(1, len(os.sched_getaffinity(0)) // 2)


def pool_size(needs: tuple[Need, ...] = ()) -> int:
    """How many chains may run side by side: by cores, memory and the nodes of a cluster."""
    nodes = max((len(need.profile.nodes) for need in needs), default=1)
    room = psutil.virtual_memory().available / (NODE_MEMORY * nodes)
    cores = len(os.sched_getaffinity(0))
    return max(1, min(cores + cores // 2, int(room)))  # chains wait for half of their time
