"""Whether two runs say the same: a search for one identity under which all of it agrees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kubebook.canonical.colours import Colours, colour_node, colour_values
from kubebook.canonical.identity import Identity
from kubebook.canonical.nodes import Fields, Group, Leaf, Node, Table, Value, values

Pair = tuple[Node, Node]
Task = tuple[tuple[Node, ...], tuple[Node, ...]]  # nodes to be matched in some order
BUDGET = 20_000  # steps of the search; real tables need about one for each row
SEARCHED = 1_000  # more interchangeable rows than this are taken in order


def same(expected: Node, actual: Node) -> bool:
    """Whether some one-to-one renaming of the volatile values turns one tree into the other.

    Where names are generated, rows may be permuted, and the search finds a permutation that
    agrees with every other output. It is bounded: with thousands of interchangeable rows it may
    give up and say False.
    """
    search = _Search()
    if not search.unify(expected, actual):
        return False
    if not search.groups:
        return True
    return search.solve(colour_values(expected), colour_values(actual))


def permutable(expected: Group, actual: Group) -> bool:
    """Whether the children of two groups may be matched in another order than printed.

    Sorting by name explains a new order if the names differ in their random parts only, or if
    both are sorted.
    """
    if expected.order == "free" or actual.order == "free":
        return True
    if "fixed" in (expected.order, actual.order):
        return False
    return expected.shapes == actual.shapes or (_is_sorted(expected) and _is_sorted(actual))


def _is_sorted(group: Group) -> bool:
    return list(group.keys) == sorted(group.keys)


class _Search:
    def __init__(self) -> None:
        self.identity = Identity()
        self.groups: list[tuple[Group, Group]] = []
        self._seen: dict[int, frozenset[Value]] = {}

    def unify(self, expected: Node, actual: Node) -> bool:
        """Match all that stands in a fixed order; put groups that may be permuted aside."""
        match expected, actual:
            case Leaf(), Leaf():
                same_tag = expected.tag == actual.tag
                return same_tag and self.identity.bind(expected.tokens, actual.tokens)
            case Fields(), Fields():
                return expected.fields.keys() == actual.fields.keys() and self._all(
                    (node, actual.fields[key]) for key, node in expected.fields.items()
                )
            case Table(), Table():
                same_columns = expected.columns == actual.columns
                return same_columns and self.unify(expected.rows, actual.rows)
            case Group(), Group():
                return self._group(expected, actual)
        return False

    def _group(self, expected: Group, actual: Group) -> bool:
        if len(expected.children) != len(actual.children):
            return False
        if permutable(expected, actual):
            self.groups.append((expected, actual))
            return True
        return self._all(zip(expected.children, actual.children, strict=True))

    def _all(self, pairs: Iterable[Pair]) -> bool:
        return all(self.unify(expected, actual) for expected, actual in pairs)

    def solve(self, expected: Colours, actual: Colours) -> bool:
        """Find an order for the groups put aside; rows of different colours never match."""
        tasks = self._tasks(expected, actual)
        if not tasks:
            return tasks is not None
        stack = [self._steps(tasks, expected, actual)]
        for _ in range(BUDGET):
            if not stack:
                return False
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
            elif not following:
                return True
            else:
                stack.append(self._steps(following, expected, actual))
        return False

    def _tasks(self, expected: Colours, actual: Colours) -> list[Task] | None:
        """The groups put aside as sets of rows of one colour; None if the colours differ."""
        tasks: list[Task] = []
        groups, self.groups = self.groups, []
        for left, right in groups:
            ours, theirs = _by_colour(left.children, expected), _by_colour(right.children, actual)
            if {c: len(n) for c, n in ours.items()} != {c: len(n) for c, n in theirs.items()}:
                return None
            for colour, nodes in ours.items():
                tasks += _split(tuple(nodes), tuple(theirs[colour]))
        return tasks

    def _steps(
        self, tasks: Sequence[Task], expected: Colours, actual: Colours
    ) -> Iterator[list[Task]]:
        """What is left after each way to do the next task: all that is certain, or one row."""
        mark = self.identity.mark()
        certain = [task for task in tasks if len(task[0]) == 1]
        for matched, left in self._ways(tasks) if not certain else [(certain, _open(tasks))]:
            pairs = [(ours[0], theirs[0]) for ours, theirs in matched]
            more = self._tasks(expected, actual) if self._all(pairs) else None
            if more is not None:
                yield [*more, *left]
            self.groups = []
            self.identity.undo(mark)

    def _ways(self, tasks: Sequence[Task]) -> Iterator[tuple[list[Task], list[Task]]]:
        """The ways to match the row of which most is known, and the tasks left after each."""
        number, row = self._best_known(tasks)
        ours, theirs = tasks[number]
        others = [task for index, task in enumerate(tasks) if index != number]
        rest = (*ours[:row], *ours[row + 1 :])
        wanted = set(filter(None, map(self.identity.partner, self._values(ours[row]))))
        for index, candidate in enumerate(theirs):
            if wanted <= self._values(candidate):
                left = (rest, (*theirs[:index], *theirs[index + 1 :]))
                yield [((ours[row],), (candidate,))], [left, *others]

    def _best_known(self, tasks: Sequence[Task]) -> tuple[int, int]:
        """The task and row with the most values bound already, of the smallest task if several."""
        known = self.identity.is_bound
        scored = (
            (sum(map(known, self._values(node))), -len(ours), -number, -row)
            for number, (ours, _) in enumerate(tasks)
            for row, node in enumerate(ours)
        )
        *_, number, row = max(scored)
        return -number, -row

    def _values(self, node: Node) -> frozenset[Value]:
        """The values below a node; nodes are asked again and again and live as long as this."""
        found = self._seen.get(id(node))
        if found is None:
            found = self._seen[id(node)] = frozenset(values(node))
        return found


def _split(ours: tuple[Node, ...], theirs: tuple[Node, ...]) -> list[Task]:
    """One task for rows of one colour; nothing if equal colours already mean equal rows."""
    if not any(True for _ in values(ours[0])):
        return []
    if len(ours) <= SEARCHED:
        return [(ours, theirs)]
    return [((left,), (right,)) for left, right in zip(ours, theirs, strict=True)]


def _open(tasks: Sequence[Task]) -> list[Task]:
    return [task for task in tasks if len(task[0]) > 1]


def _by_colour(nodes: Sequence[Node], colours: Colours) -> dict[int, list[Node]]:
    found: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        found[colour_node(node, colours)].append(node)
    return found
