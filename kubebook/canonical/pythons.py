"""What Python prints: dicts, lists and model objects, however pprint broke their lines."""

from __future__ import annotations

import ast
import re

from kubebook.canonical.trees import DEPTH, Data, Scalar

START = re.compile(r"[{\[(]['\"\w{\[(<]|[A-Za-z_][\w.]*(?:\(|=['\"{\[\w])")
SPACE = re.compile(r"\s*")
STRING = re.compile(r"[rbu]?(?:'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")")
# A moment is one value; `<Phase.RUNNING: 'x'>` and `<object at 0x7f>` are what repr() made of them.
MOMENT = re.compile(r"datetime\.(?:datetime|date|timedelta)\((?:[^()]|\([^()]*\))*\)")
OBJECT = re.compile(r"<[^<>\n]*>")
NUMBER = re.compile(r"[+-]?(?:\d+\.\d*(?:e[+-]?\d+)?|\d+)(?![\w.])")
NAME = re.compile(r"[A-Za-z_][\w.]*")
WORDS = {"None": ("null", "null"), "True": ("true", "bool"), "False": ("false", "bool")}
CLOSING = {"{": "}", "[": "]", "(": ")"}


def decode_python(text: str, start: int = 0) -> tuple[Data, int]:
    """The container or object that Python printed at `start` and the index after it.

    Objects are mappings of their keyword arguments, with the class name under ""; a tuple stands
    under "()", a set under "{}". A ValueError if there is none.
    """
    if not START.match(text, start):
        raise ValueError("nothing that Python prints")
    reader = _Reader(text, start)
    data = reader.fields("") if reader.at_field() else reader.value(0)
    if isinstance(data, Scalar):
        raise ValueError("a scalar is a message")
    return data, reader.index


class _Reader:
    def __init__(self, text: str, index: int) -> None:
        self.text = text
        self.index = index

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.index)
        self.index = match.end() if match else self.index
        return match[0] if match else ""

    def _next(self, wanted: str) -> bool:
        before = self.index
        self._take(SPACE)
        if self.text.startswith(wanted, self.index):
            self.index += len(wanted)
            return True
        self.index = before
        return False

    def at_field(self) -> bool:
        """Whether `name=` comes next."""
        match = NAME.match(self.text, self.index)
        return bool(match) and self.text.startswith("=", match.end() if match else 0)

    def fields(self, end: str) -> dict[str, Data]:
        """`a=1, b=2` to `end`, or pydantic's `a=1 b=2` with no end."""
        found: dict[str, Data] = {}
        while not (end and self._next(end)):
            self._take(SPACE)
            if not self.at_field():
                if end or not found:
                    raise ValueError("no field")
                break
            name = self._take(NAME)
            self.index += 1
            found[name] = self.value(0)
            self._next(",")
        return found

    def value(self, depth: int) -> Data:
        if depth > DEPTH:
            raise ValueError("nested too deeply")
        self._take(SPACE)
        lead = self.text[self.index : self.index + 1]
        if lead and lead in CLOSING:
            self.index += 1
            items = self._container(CLOSING[lead], depth + 1)
            return {"()": items} if lead == "(" else items
        return self._scalar() or self._named()

    def _scalar(self) -> Scalar | None:
        if STRING.match(self.text, self.index):
            return Scalar(self._strings(), "str")
        for pattern, tag in ((MOMENT, "time"), (OBJECT, "object"), (NUMBER, "")):
            if text := self._take(pattern):
                return Scalar(text, tag or ("float" if "." in text or "e" in text else "int"))
        return None

    def _strings(self) -> str:
        """A text, in as many pieces as pprint made of it."""
        text = ""
        while piece := self._take(STRING):
            value = ast.literal_eval(piece)
            text += value if isinstance(value, str) else piece
            before = self.index
            self._take(SPACE)
            if not STRING.match(self.text, self.index):
                self.index = before
                break
        return text

    def _named(self) -> Data:
        name = self._take(NAME)
        if not name:
            raise ValueError("no value")
        if self._next("("):
            return {"": Scalar(name, "object"), **self._arguments()}
        return Scalar(*WORDS.get(name, (name, "object")))

    def _arguments(self) -> dict[str, Data]:
        self._take(SPACE)
        if self.at_field():
            return self.fields(")")
        return {"()": self._container(")", 1)}

    def _container(self, end: str, depth: int) -> Data:
        items: list[Data] = []
        found: dict[str, Data] = {}
        while not self._next(end):
            item = self.value(depth)
            if end == "}" and self._next(":"):
                if not isinstance(item, Scalar) or item.text in found:
                    raise ValueError("a key is repeated or no scalar")
                found[item.text] = self.value(depth)
            else:
                items.append(item)
            if not self._next(",") and not self._next(end):
                raise ValueError("no comma")
            if self.text[self.index - 1] == end:
                break
        if found and items:
            raise ValueError("a dict and a set at once")
        if end == "}":
            return {"{}": items} if items else found
        return items
