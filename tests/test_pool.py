"""The pool with clusters that nobody has to create: which are lent, which are replaced."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from mini import MiniBook

from kubebook import pool as module
from kubebook.book import Book, Profile
from kubebook.cluster import Cluster, delete_cluster, read_cluster, write_cluster
from kubebook.errors import BookError
from kubebook.nodeimage import NodeImage
from kubebook.pool import NODE_MEMORY, Need, Pool, open_pool, pool_size
from kubebook.putback import PutBack

IMAGE = NodeImage("node", "packages", "v1.37.2", "sha256:0")


@dataclass
class Engine:
    """The clusters of an engine; `silent` ones run, but nobody answers there."""

    clusters: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    put_back: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    asked: int = 0


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()

    def our_clusters(book: Book, prefix: str = "") -> list[str]:
        engine.asked += 1
        return [name for name in engine.clusters if name.startswith(prefix)]

    def create(book: Book, profile: object, name: str) -> Cluster:
        cluster = Cluster(name, "single", f"{name}.kubeconfig", IMAGE, "uid", now())
        engine.clusters.append(name)
        engine.made.append(name)
        note(book, cluster)
        return cluster

    def delete(book: Book, name: str) -> bool:
        path = book.state / "clusters" / f"{name}.json"
        path.unlink(missing_ok=True)
        there = name in engine.clusters
        engine.clusters = [other for other in engine.clusters if other != name]
        engine.silent = [other for other in engine.silent if other != name]
        return there

    def put_back(book: Book, cluster: Cluster) -> PutBack:
        engine.put_back.append(cluster.name)
        return PutBack()

    fakes = {
        "our_clusters": our_clusters,
        "create_cluster": create,
        "delete_cluster": delete,
        "read_cluster": noted,
        "answers": lambda cluster: cluster.name not in engine.silent,
        "ensure_image": lambda book: IMAGE,
        "remember": lambda book, cluster: None,
        "put_back": put_back,
    }
    for name, fake in fakes.items():
        monkeypatch.setattr(module, name, fake)
    return engine


def serve(book: Book, *needs: Need) -> None:
    """Lend a cluster for one need after the other, all of which are known beforehand."""
    with open_pool(book, 1, needs) as pool:
        for need in needs:
            with pool.cluster(need):
                pass


def soon(condition: Callable[[], bool]) -> bool:
    """Whether something becomes true within seconds."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def note(book: Book, cluster: Cluster) -> None:
    (book.state / "clusters").mkdir(parents=True, exist_ok=True)
    write_cluster(book, cluster)


def noted(book: Book, name: str) -> Cluster | None:
    path = book.state / "clusters" / f"{name}.json"
    return Cluster(**json.loads(path.read_text()) | {"image": IMAGE}) if path.exists() else None


@pytest.mark.fault("kubebook/pool.py", "return fit and answers(cluster)", "return fit")
def test_a_kept_cluster_that_no_longer_answers_is_replaced(mini: MiniBook, engine: Engine) -> None:
    book = mini.book
    need = Need(book.default_profile)
    with open_pool(book, 1) as pool, pool.cluster(need) as first:
        pass
    engine.silent = [first.name]
    with open_pool(book, 1) as pool, pool.cluster(need):
        assert engine.silent == []


@pytest.mark.fault("kubebook/pool.py", "except BookError as error:", "except OSError as error:")
def test_a_cluster_that_cannot_be_removed_ends_no_run(
    mini: MiniBook, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = Need(mini.book.default_profile)
    with open_pool(mini.book, 1) as pool, pool.cluster(need) as first:
        pass
    engine.silent = [first.name]

    def refuse(book: Book, name: str) -> bool:
        raise BookError("docker rm: did not receive an exit event")

    monkeypatch.setattr(module, "delete_cluster", refuse)
    with open_pool(mini.book, 1) as pool, pool.cluster(need) as second:
        assert second.name != first.name


@pytest.mark.fault("kubebook/pool.py", "self._condemned[cluster.name] = reason", "pass")
def test_a_broken_cluster_is_not_put_back(mini: MiniBook, engine: Engine) -> None:
    book = mini.book
    with open_pool(book, 1) as pool, pool.cluster(Need(book.default_profile)) as cluster:
        pool.condemn(cluster, "its node is paused")
    assert engine.put_back == []
    assert engine.clusters == []


@pytest.mark.fault("kubebook/pool.py", "with self._turn:", "with ExitStack():")
def test_who_has_waited_for_a_cluster_is_next(mini: MiniBook, engine: Engine) -> None:
    """Also if who gave it back asks again at once, before anybody who waits has looked."""
    need, served = Need(mini.book.default_profile), []

    def ask(pool: Pool, name: str) -> None:
        with pool.cluster(need):
            served.append(name)

    with open_pool(mini.book, 1) as pool:
        with pool.cluster(need):
            other = Thread(target=ask, args=(pool, "waited"))
            other.start()
            time.sleep(0.3)
        ask(pool, "came later")
        other.join()
    assert served == ["waited", "came later"]


@pytest.mark.fault("kubebook/pool.py", "place.enter_context(turn)", "pass")
def test_no_more_clusters_are_created_at_once_than_the_cores_carry(
    mini: MiniBook, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even by those who wait side by side: each would wait for all of them."""
    need, both, busy, most = Need(mini.book.default_profile), Barrier(2), [], []
    create = module.create_cluster

    def slow(book: Book, profile: Profile, name: str) -> Cluster:
        busy.append(name)
        most.append(len(busy))
        time.sleep(0.2)
        busy.remove(name)
        return create(book, profile, name)

    def ask(pool: Pool) -> None:
        with pool.cluster(need):
            both.wait(10)

    monkeypatch.setattr(module, "create_cluster", slow)
    monkeypatch.setattr(module, "creations", lambda: 1)
    with open_pool(mini.book, 2) as pool:
        threads = [Thread(target=ask, args=(pool,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [1, 1]


@pytest.mark.fault("kubebook/pool.py", "place.callback(self._out.remove, need)", "pass")
@pytest.mark.fault("kubebook/pool.py", "if idle := self._find(after):", "if True:")
def test_the_cluster_of_the_next_chain_is_made_while_another_runs(
    mini: MiniBook, engine: Engine
) -> None:
    plain = Need(mini.book.default_profile)
    need = replace(plain, wears=True)
    with open_pool(mini.book, 1, (plain, need, need)) as pool:
        with pool.cluster(plain):
            pass
        with pool.cluster(need):
            assert soon(lambda: len(engine.made) == 2)
        with pool.cluster(need):
            pass
    assert len(engine.made) == 2


@pytest.mark.fault("kubebook/pool.py", "any(not need.wears for need in same)", "False")
def test_no_cluster_is_made_where_one_comes_back(mini: MiniBook, engine: Engine) -> None:
    need = Need(mini.book.default_profile)
    serve(mini.book, need, need, need)
    assert len(engine.made) == 1


@pytest.mark.fault("kubebook/pool.py", "if idle := self._find(after):", "if idle := None:")
def test_no_cluster_is_made_where_one_is_idle(mini: MiniBook, engine: Engine) -> None:
    """And the one that was found so serves the next chain."""
    plain = Need(mini.book.default_profile)
    other = Need(replace(plain.profile, name="other"), wears=True)
    serve(mini.book, plain, other, plain, other)
    assert len(engine.made) == 3


@pytest.mark.fault("kubebook/pool.py", "sorted(noted | {", "sorted(set() | {")
def test_notes_of_clusters_that_are_gone_are_removed(mini: MiniBook, engine: Engine) -> None:
    book = mini.book
    gone = Cluster(f"{book.tag}-run-single-7", "single", "", IMAGE, "uid", now())
    note(book, gone)
    with open_pool(book, 1) as pool, pool.cluster(Need(book.default_profile)):
        pass
    assert noted(book, gone.name) is None


@pytest.mark.fault("kubebook/pool.py", "if self._lent:", "if True:")
def test_a_pool_that_lent_nothing_asks_no_engine(mini: MiniBook, engine: Engine) -> None:
    with open_pool(mini.book, 1):
        pass
    assert engine.asked == 0


@pytest.mark.fault(
    "kubebook/cluster.py", "except (ValueError, KeyError, TypeError):", "except OSError:"
)
@pytest.mark.parametrize("text", ["", '{"name": "x"', '{"name": "x"}', "[]"])
def test_a_note_that_was_cut_short_counts_for_nothing(mini: MiniBook, text: str) -> None:
    mini.write(".kubebook/clusters/x.json", text)
    assert read_cluster(mini.book, "x") is None


@pytest.mark.fault(
    "kubebook/cluster.py",
    '    docker("network", "rm", name',
    '        docker("network", "rm", name',
)
def test_the_network_of_a_cluster_goes_without_containers_too(
    mini: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def docker(*args: str, check: bool = True) -> str:
        asked.append(args)
        return ""

    monkeypatch.setattr("kubebook.cluster.docker", docker)
    assert not delete_cluster(mini.book, "half")
    assert asked[-1] == ("network", "rm", "half")


@pytest.mark.parametrize(
    ("cores", "nodes_that_fit", "workers", "chains"),
    [(1, 99, 0, 1), (2, 99, 0, 3), (4, 99, 2, 6), (4, 7, 2, 2), (4, 1, 2, 1)],
)
@pytest.mark.fault("kubebook/pool.py", "cores + cores // 2", "cores")
@pytest.mark.fault("kubebook/pool.py", "(NODE_MEMORY * nodes)", "NODE_MEMORY")
def test_as_many_chains_as_cores_and_memory_carry(
    monkeypatch: pytest.MonkeyPatch, cores: int, nodes_that_fit: int, workers: int, chains: int
) -> None:
    """Three for two cores, unless the nodes of their clusters need more memory than there is."""
    memory = SimpleNamespace(available=NODE_MEMORY * nodes_that_fit)
    monkeypatch.setattr("psutil.virtual_memory", lambda: memory)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cores)))
    assert pool_size((Need(Profile("any", workers)),)) == chains
