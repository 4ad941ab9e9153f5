"""Reads a snippet file: settings in comment blocks, cells between marks, faults with their line."""

from __future__ import annotations

import ast
import os
import re
import tokenize
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

from kubebook.errors import BookError, did_you_mean
from kubebook.expect import Expect
from kubebook.kept import Kept
from kubebook.modules import PACKAGE, Imports
from kubebook.shellcheck import shell_fault
from kubebook.snippet import Cell, Snippet, Volatile
from kubebook.spans import bounds
from kubebook.text import decode, read_text

LANGUAGES = {".py": "python", ".sh": "bash"}
OPEN, CLOSE = "# /// kubebook", "# ///"
MARK = re.compile(r"#\s*%%(.*)$")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")

Keys = dict[str, type | tuple[type, ...]]
ShellCheck = Callable[[str], str]

FILE_KEYS: Keys = {
    "needs": list,
    "files": list,
    "cluster": str,
    "timeout": (int, float),
    "volatile": list,
    "tools": list,
    "skip": (str, dict),
    "slow": str,
}
CELL_KEYS: Keys = {
    "exit": int,
    "expect": dict,
    "unordered": bool,
    "settle": int,
}
LIMITS = {"exit": (0, 255), "timeout": (1, 3600), "settle": (2, 20)}
EXPECT_KEYS: Keys = {
    "contains": list,
    "absent": list,
    "matches": list,
    "json": dict,
    "within": dict,
}


@dataclass(frozen=True)
class Reader:
    """Reads the snippets of a book; what is `kept` of their syntax is not asked again."""

    kept: Kept = field(default_factory=Kept)

    @cached_property
    def imports(self) -> Imports:
        """Shared by all snippets: what several of them import is looked at once."""
        return Imports(self.kept)

    def read(self, path: Path, check: ShellCheck | None = None) -> Snippet | None:
        """The snippet in a file, None if it has no settings block: a module or a helper script.

        Args:
            check: what looks at the syntax of shell code; bash itself, if none is given.

        Raises:
            BookError: for anything an author got wrong, with file and line.
        """
        raw = path.read_bytes() if path.suffix in LANGUAGES else b""
        if OPEN.encode() not in raw:
            return None
        return _Parser(path, decode(raw, path), self, check or self.shell_fault).snippet()

    def shell_fault(self, source: str) -> str:
        return self.kept(shell_fault, source)


def is_snippet(path: Path) -> bool:
    """Whether the file has a settings block; a module or a helper script has none."""
    return path.suffix in LANGUAGES and OPEN.encode() in path.read_bytes()


def parse_snippet(path: Path) -> Snippet:
    """Read one snippet file by itself, as a Reader does."""
    reader = Reader()
    return _Parser(path, read_text(path), reader, reader.shell_fault).snippet()


def python_fault(source: str) -> str:
    """Why `source` is no Python by itself; "" if it is."""
    try:
        list(tokenize.generate_tokens(StringIO(source).readline))
        ast.parse(source)
    except (SyntaxError, tokenize.TokenError) as error:
        return str(error.args[0])
    return ""


class _Parser:
    def __init__(self, path: Path, text: str, reader: Reader, check: ShellCheck) -> None:
        self.path, self.text, self.reader, self.check = path, text, reader, check
        self.lines = self.text.split("\n")
        self.language = LANGUAGES[path.suffix]

    def snippet(self) -> Snippet:
        chapter, name = self.path.parent.name, self.path.stem
        for part in (chapter, name):
            if not NAME.match(part):
                raise BookError(
                    f'"{part}" cannot be part of an id',
                    path=self.path,
                    hint="use lower-case letters, digits and single hyphens",
                )
        self.id = f"{chapter}/{name}"
        self.check_syntax()
        marks = list(self.marks())
        head = self.settings(0, marks[0][0] if marks else len(self.lines))
        self.check_keys(head, FILE_KEYS if marks else FILE_KEYS | CELL_KEYS)
        if marks:
            self.check_before_cells(marks[0][0], head)
        self.skipped = bool(head.data.get("skip"))
        cells = self.named_cells(marks) if marks else (self.only_cell(head),)
        return self.with_settings(head, cells)

    def with_settings(self, head: _Settings, cells: tuple[Cell, ...]) -> Snippet:
        data = head.data
        imported = self.reader.imports.of(self.path, self.text) if self.language == "python" else ()
        ours = [path for path in imported if path.is_relative_to(PACKAGE)]
        skip, skip_in = self.skip(head)
        return Snippet(
            id=self.id,
            path=self.path,
            language=self.language,
            text=self.text,
            cells=cells,
            needs=self.words(head, "needs"),
            files=self.words(head, "files"),
            modules=tuple(os.path.relpath(p, self.path.parent) for p in imported if p not in ours),
            helpers=tuple(str(p.relative_to(PACKAGE)) for p in ours),
            cluster=data.get("cluster", ""),
            timeout=data.get("timeout"),
            volatile=self.volatile(head),
            tools=self.words(head, "tools"),
            skip=skip,
            skip_in=skip_in,
            slow=data.get("slow", ""),
        )

    def skip(self, settings: _Settings) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The reason for tools, and the one in each language."""
        reason = settings.data.get("skip", "")
        if isinstance(reason, str):
            return reason, ()
        texts = [text for text in reason.values() if isinstance(text, str) and text]
        if not texts or len(texts) != len(reason):
            hint = '{ ko = "…", en = "…" }'
            self.fail(
                self.line_of(settings, "skip"), '"skip" must hold a text for a language', hint
            )
        return reason.get("en", texts[0]), tuple(reason.items())

    # Cells

    def marks(self) -> Iterator[tuple[int, str]]:
        """Index and name of every cell mark, in order; a bad or repeated name is an error."""
        seen: set[str] = set()
        for index, line in enumerate(self.lines):
            if not (mark := MARK.match(line)):
                continue
            name = mark[1].strip()
            if not line.startswith("# %% "):
                self.fail(index, f'a cell mark is written "# %% NAME", not "{line}"')
            if index and self.lines[index - 1].endswith("\\"):
                self.fail(index, "a cell mark after a line that goes on", "end the command first")
            if not NAME.match(name) or name in seen:
                what = (
                    "used twice" if name in seen else "not lower-case letters, digits and hyphens"
                )
                self.fail(
                    index, f'cell name "{name}" is {what}', "give each cell a name of its own"
                )
            seen.add(name)
            yield index, name

    def only_cell(self, head: _Settings) -> Cell:
        cell = self.cell("", 0, len(self.lines), head)
        return replace(cell, source=self.text)

    def named_cells(self, marks: list[tuple[int, str]]) -> tuple[Cell, ...]:
        ends = [index for index, _ in marks[1:]] + [len(self.lines)]
        return tuple(
            self.named_cell(name, start, end)
            for (start, name), end in zip(marks, ends, strict=True)
        )

    def named_cell(self, name: str, start: int, end: int) -> Cell:
        settings = self.settings(start + 1, end)
        self.check_keys(settings, CELL_KEYS)
        cell = self.cell(name, start + 1, end, settings)
        if fault := self.cell_fault(cell.source):
            self.fail(
                start,
                f'the cell mark "{name}" cuts code in two: {fault}',
                "move the mark to a line of its own between two commands",
            )
        return cell

    def cell_fault(self, source: str) -> str:
        if self.language == "bash":
            return self.check(source).partition(": ")[2]
        return self.reader.kept(python_fault, source)

    def cell(self, name: str, start: int, end: int, settings: _Settings) -> Cell:
        data = settings.data
        shown = self.lines[start : settings.start] + self.lines[settings.end : end]
        if start == 0 and "".join(shown[:1]).startswith("#!"):
            del shown[0]
        expect = self.expect(settings)
        if not expect and not self.skipped:
            line = settings.start if settings.data else max(start - 1, 0)
            self.fail(
                line,
                '"expect" is missing',
                'say what a reader must see: # expect = { contains = ["…"] }',
            )
        return Cell(
            id=f"{self.id}#{name}" if name else self.id,
            name=name,
            line=start + 1,
            source="\n".join(self.lines[start:end]) + "\n",
            code="\n".join(shown).strip("\n") + "\n",
            exit=data.get("exit", 0),
            expect=expect,
            unordered=data.get("unordered", False),
            settle=data.get("settle", 0),
        )

    def check_before_cells(self, first: int, head: _Settings) -> None:
        rest = self.lines[: head.start] + self.lines[head.end : first]
        for line in rest:
            if line.strip() and not line.startswith("#!"):
                index = self.lines.index(line)
                self.fail(index, "code before the first cell", "put a line `# %% NAME` above it")

    # Settings

    def settings(self, start: int, end: int) -> _Settings:
        """The settings block between two lines, empty if there is none."""
        first = next((i for i in range(start, end) if self.lines[i].rstrip() == OPEN), None)
        if first is None:
            return _Settings(start, start, {})
        last = next((i for i in range(first + 1, end) if self.lines[i].rstrip() == CLOSE), None)
        if last is None:
            self.fail(first, "the settings block is not closed", f"end it with a line `{CLOSE}`")
        again = next((i for i in range(last, end) if self.lines[i].rstrip() == OPEN), None)
        if again is not None:
            self.fail(again, "a second settings block", f"put it into the one in line {first + 1}")
        block = [line.removeprefix("#").removeprefix(" ") for line in self.lines[first + 1 : last]]
        try:
            return _Settings(first, last + 1, tomllib.loads("\n".join(block)))
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"at line (\d+)", str(error))
            offset = int(at[1]) if at else min(len(block), 1)
            self.fail(first + offset, f"the settings are not valid TOML: {error}")

    def check_keys(self, settings: _Settings, types: Keys) -> None:
        for key, value in settings.data.items():
            line = self.line_of(settings, key)
            if key not in types:
                elsewhere = "settings of the whole file stand in the block at its top; "
                hint = elsewhere if key in FILE_KEYS else ""
                if key in CELL_KEYS:
                    hint = "in a file with cells this stands in a block under the cell's mark; "
                self.fail(line, f'unknown key "{key}"', hint + did_you_mean(key, list(types)))
            if not isinstance(value, types[key]) or (
                isinstance(value, bool) and types[key] is not bool
            ):
                self.fail(line, f'"{key}" must be {_type_name(types[key])}, not {value!r}')
            low, high = LIMITS.get(key, (0, 0))
            if key in LIMITS and not low <= float(settings.data[key]) <= high:
                self.fail(line, f'"{key}" must lie between {low} and {high}, not {value!r}')

    def line_of(self, settings: _Settings, key: str) -> int:
        pattern = re.compile(rf"#\s*\W?{re.escape(key)}\b")
        block = range(settings.start, settings.end)
        return next((i for i in block if pattern.match(self.lines[i])), settings.start)

    def words(self, settings: _Settings, key: str) -> tuple[str, ...]:
        values = settings.data.get(key, [])
        if any(not isinstance(value, str) or not value for value in values):
            self.fail(self.line_of(settings, key), f'"{key}" must be a list of words')
        return tuple(values)

    def expect(self, settings: _Settings) -> Expect:
        data: dict[str, Any] = settings.data.get("expect", {})
        line = self.line_of(settings, "expect")
        if not isinstance(data, dict):
            self.fail(line, '"expect" must be a table', '{ contains = ["…"] }')
        value: Any
        for key, value in data.items():
            if key not in EXPECT_KEYS:
                self.fail(line, f'unknown key "{key}" in expect', did_you_mean(key, [*EXPECT_KEYS]))
            fits = isinstance(value, EXPECT_KEYS[key])
            if not fits or not value or "" in value:
                self.fail(line, f'"expect.{key}" must be {_type_name(EXPECT_KEYS[key])}, not empty')
            if isinstance(value, list) and not all(isinstance(fact, str) for fact in value):
                self.fail(line, f'"expect.{key}" must be a list of texts', "put each in quotes")
        for pattern in data.get("matches", ()):
            self.check_pattern(line, pattern)
        for pattern, bound in data.get("within", {}).items():
            self.check_bound(line, pattern, bound)
        facts: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return Expect(**facts)

    def check_pattern(self, line: int, pattern: str) -> None:
        try:
            re.compile(pattern)
        except re.error as error:
            self.fail(line, f"{pattern!r} is no regular expression: {error}")

    def check_bound(self, line: int, pattern: str, bound: object) -> None:
        self.check_pattern(line, pattern)
        if not re.compile(pattern).groups:
            self.fail(line, f"{pattern!r} has no group", "put what is a span of time in brackets")
        try:
            bounds(str(bound))
        except ValueError as error:
            self.fail(line, str(error), 'within = { "took (.*)" = "5s" }, or "2s..10s"')

    def volatile(self, settings: _Settings) -> tuple[Volatile, ...]:
        entries = []
        for entry in settings.data.get("volatile", []):
            if not isinstance(entry, dict) or set(entry) != {"where", "reason"}:
                self.fail(
                    self.line_of(settings, "volatile"),
                    '"volatile" needs where and reason',
                    'volatile = [{ where = "COLUMN", reason = "…" }]',
                )
            entries.append(Volatile(str(entry["where"]), str(entry["reason"])))
        return tuple(entries)

    # Syntax

    def check_syntax(self) -> None:
        if self.language == "python":
            self.reader.imports.names(self.path, self.text)
            return
        line, _, fault = self.check(self.text).partition(": ")
        if fault and "here-document" not in fault:
            self.fail(int(line) - 1, fault, "try it: bash -n " + self.path.name)

    def fail(self, index: int, message: str, hint: str = "") -> NoReturn:
        raise BookError(message, path=self.path, line=index + 1, hint=hint)


@dataclass(frozen=True)
class _Settings:
    """A settings block: lines [start, end) of the file and what they say."""

    start: int
    end: int
    data: dict[str, Any]


def _type_name(types: type | tuple[type, ...]) -> str:
    names = {
        list: "a list",
        dict: "a table",
        str: "text",
        int: "a whole number",
        bool: "true or false",
        float: "a number",
    }
    return " or ".join(names[t] for t in (types if isinstance(types, tuple) else (types,)))
