"""pytest plugin: a book's snippets as tests, by their recordings or, live, on clean clusters."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # every pytest run loads this module, the engine only where a book is met
    from kubebook.items import Trial

TRIALS = pytest.StashKey[dict[Path, "Trial"]]()
LOCKS = pytest.StashKey[dict[Path, ExitStack]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """--kubebook-live does the same as KUBEBOOK_MODE=live."""
    parser.getgroup("kubebook").addoption(
        "--kubebook-live",
        action="store_true",
        help="run the snippets of books on clean clusters (as KUBEBOOK_MODE=live)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is known of any book yet."""
    config.stash[TRIALS], config.stash[LOCKS] = {}, {}


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """A snippet is a SnippetFile and nothing else, so that nobody imports it."""
    collectors = yield
    if root := _book_of(file_path):
        from kubebook.parse import is_snippet

        if is_snippet(file_path):
            trial = _trial(parent.config, root)
            return [SnippetFile.from_parent(parent, path=file_path, trial=trial)]
    return collectors


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Live, snippets run in the order of their chains; other tests stay where they are."""
    if not _live(config):
        return
    snippets = (item for item in items if isinstance(item, SnippetItem))
    order = iter(sorted(snippets, key=lambda item: item.trial.ranks.get(item.name, 0)))
    items[:] = [next(order) if isinstance(item, SnippetItem) else item for item in items]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was not deselected is tried."""
    for trial in session.config.stash[TRIALS].values():
        items = (item for item in session.items if isinstance(item, SnippetItem))
        trial.select(item.name for item in items if item.trial is trial)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: Sequence[str]) -> None:
    """Workers run under the lock of the process that gives them their work."""
    if _live(node.config):
        for root, names in _snippets(node.config, ids).items():
            _lock(node.config, root)
            _trial(node.config, root).select(names)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A chain stays on one worker, with --dist loadgroup or where only -n was given.

    Not by marks: what pytest-xdist 3.8 writes into node ids for them, pytest 9.2 does not read.
    """
    if not _live(config) or config.getoption("dist") not in ("load", "loadgroup"):
        return None
    from xdist.scheduler import LoadGroupScheduling

    scheduling = LoadGroupScheduling(config, log)
    scheduling._split_scope = partial(_group, config, scheduling._split_scope)
    return scheduling


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Clusters go back before a worker says that it is done, for then it may be ended."""
    for trial in session.config.stash[TRIALS].values():
        trial.close()


class SnippetFile(pytest.File):
    """A file in a book's snippets/ that has a settings block."""

    def __init__(self, *, trial: Trial, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.trial = trial

    def collect(self) -> Iterable[SnippetItem]:
        """The snippet; an error with file and line if it is malformed."""
        if fault := self.trial.book_fault(self.path):
            raise self.CollectError(fault)
        name = f"{self.path.parent.name}/{self.path.stem}"
        yield SnippetItem.from_parent(self, name=name, trial=self.trial)


class SnippetItem(pytest.Item):
    """One snippet of a book."""

    def __init__(self, *, trial: Trial, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.trial = trial
        if reason := trial.skip_reason(self.name):
            self.add_marker(pytest.mark.skip(reason=reason))

    def runtest(self) -> None:
        """Fail with what a reader would see go wrong."""
        if self.trial.live and not hasattr(self.config, "workerinput"):
            _lock(self.config, _book_of(self.path))
        if fault := self.trial.fault(self.name):
            raise Fault(fault)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A drift or an unmet expectation is its own text, without a traceback."""
        if isinstance(excinfo.value, Fault):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands, and what it is called."""
        return self.path, 0, self.name


class Fault(Exception):
    """What is wrong with a snippet."""


def _live(config: pytest.Config) -> bool:
    return bool(config.getoption("--kubebook-live")) or os.environ.get("KUBEBOOK_MODE") == "live"


def _book_of(path: Path) -> Path | None:
    """The book in whose snippets/ a .py or .sh file lies."""
    if path.suffix not in (".py", ".sh"):
        return None
    folders = (folder for folder in path.resolve().parents if folder.name == "snippets")
    roots = (folder.parent for folder in folders)
    return next((root for root in roots if (root / "kubebook.toml").is_file()), None)


def _snippets(config: pytest.Config, nodeids: Iterable[str]) -> dict[Path, list[str]]:
    """The ids of the snippets among the items of these names, by their books."""
    found: dict[Path, list[str]] = {}
    for path, _, name in (nodeid.partition("::") for nodeid in nodeids):
        if root := _book_of(config.rootpath / path):
            found.setdefault(root, []).append(name)
    return found


def _group(config: pytest.Config, others: Callable[[str], str], nodeid: str) -> str:
    """What an item has in common with those that must go to the same worker."""
    for root, (name,) in _snippets(config, [nodeid]).items():
        return f"{root}: {_trial(config, root).ends.get(name, name)}"
    return others(nodeid)


def _trial(config: pytest.Config, root: Path) -> Trial:
    from kubebook.items import Trial

    trials = config.stash[TRIALS]
    if root not in trials:
        trials[root] = Trial(root, live=_live(config))
    return trials[root]


def _lock(config: pytest.Config, root: Path | None) -> None:
    """Let no other run work on the book until this one is done."""
    from kubebook.book import load_book
    from kubebook.errors import BookError
    from kubebook.runs import alone

    if not root or root in config.stash[LOCKS]:
        return
    stack = config.stash[LOCKS][root] = ExitStack()
    try:
        stack.enter_context(alone(load_book(root)))
    except BookError as error:
        pytest.exit(str(error), returncode=2)
    config.add_cleanup(stack.close)
