"""Which value of one run stands for which of the other: a bijection, kind by kind."""

from __future__ import annotations

from collections.abc import Sequence

from kubebook.canonical.nodes import Token, Tokens, Value

Match = tuple[Value, Value]


class Identity:
    """A one-to-one relation between the values of two runs that grows and can be taken back."""

    def __init__(self) -> None:
        self._forward: dict[Value, Value] = {}
        self._backward: dict[Value, Value] = {}
        self._order: list[Match] = []

    def mark(self) -> int:
        """A point to go back to with `undo`."""
        return len(self._order)

    def undo(self, mark: int) -> None:
        """Forget every pair bound since `mark`."""
        while len(self._order) > mark:
            expected, actual = self._order.pop()
            del self._forward[expected], self._backward[actual]

    def bind(self, expected: Tokens, actual: Tokens) -> bool:
        """Bind the values of two texts pairwise; on a contradiction bind nothing, return False."""
        mark = self.mark()
        if len(expected) == len(actual) and all(map(self._pair, expected, actual)):
            return True
        self.undo(mark)
        return False

    def conflicts(self, expected: Tokens, actual: Tokens) -> Sequence[tuple[Token, Token]]:
        """The pairs of tokens that contradict each other or what is bound; nothing is bound."""
        mark = self.mark()
        if len(expected) != len(actual):
            return [("", "")]
        pairs = zip(expected, actual, strict=True)
        found = [(e, a) for e, a in pairs if not self._pair(e, a)]
        self.undo(mark)
        return found

    def is_bound(self, expected: Value) -> bool:
        """Whether it is known what `expected` is in the other run."""
        return expected in self._forward

    def partner(self, expected: Value) -> Value | None:
        """What `expected` is in the other run, if that is known."""
        return self._forward.get(expected)

    def origin(self, actual: Value) -> Value | None:
        """What `actual` was in the expected run, if that is known."""
        return self._backward.get(actual)

    def _pair(self, expected: Token, actual: Token) -> bool:
        if isinstance(expected, str) or isinstance(actual, str):
            return expected == actual
        if expected.kind != actual.kind or bool(expected.key) != bool(actual.key):
            return False
        if not expected.key:
            return True
        if expected in self._forward or actual in self._backward:
            return self._forward.get(expected) == actual
        self._forward[expected] = actual
        self._backward[actual] = expected
        self._order.append((expected, actual))
        return True
