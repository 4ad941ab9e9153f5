"""A book: a folder with a kubebook.toml."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from kubebook.errors import BookError, did_you_mean

SETTINGS = "kubebook.toml"
MOST_WORKERS = 8
# What leads a snippet to another cluster, other programs, a home folder or a proxy
ASTRAY = re.compile(
    r"KUBE.*|(?:https?|all|no|ftp)_proxy|PATH|HOME|TMPDIR|BASH_ENV|LD_.*|PYTHON.*|DOCKER_.*",
    re.IGNORECASE,
)
IMAGES = (Path(__file__).parent / "images").resolve()  # the recipes that kubebook itself comes with


@dataclass(frozen=True)
class Profile:
    """A kind of cluster: one control plane and `workers` more nodes."""

    name: str
    workers: int = 0

    @property
    def nodes(self) -> tuple[str, ...]:
        """Node names as every reader sees them, the same on every cluster."""
        workers = ["worker", *(f"worker{n}" for n in range(2, self.workers + 1))]
        return ("control-plane", *workers[: self.workers])

    @property
    def size(self) -> str:
        """How many nodes, in words for people."""
        return "1 node" if not self.workers else f"{len(self.nodes)} nodes"


@dataclass(frozen=True)
class Book:
    """The settings of a book, as read from its kubebook.toml.

    `kubernetes` is a minor version ("1.37"); `env` names the environment variables that
    snippets may see; `tools` the packages whose locked versions can change outputs; `images` the
    folder with the recipes of the node image (cluster/, or what comes with kubebook).
    """

    root: Path
    name: str
    kubernetes: str
    profiles: Mapping[str, Profile]
    env: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    lock: Path = Path("requirements.txt")
    pages: tuple[Path, ...] = ()
    timeout: float = 120.0
    images: Path = IMAGES

    @property
    def snippets(self) -> Path:
        return self.root / "snippets"

    @property
    def recordings(self) -> Path:
        return self.root / "recordings"

    @property
    def state(self) -> Path:
        """What this machine alone knows: kubeconfigs, locks, outputs not accepted yet."""
        return self.root / ".kubebook"

    @property
    def kept(self) -> Path:
        """What this machine worked out about the book, to be made again at any time."""
        return self.state / "kept.sqlite"

    @property
    def tag(self) -> str:
        """Name of the book on this machine, apart from a second checkout's."""
        return f"{self.name}-{hashlib.sha256(str(self.root).encode()).hexdigest()[:4]}"

    @property
    def default_profile(self) -> Profile:
        return next(iter(self.profiles.values()))


def find_book(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a kubebook.toml."""
    for folder in (start := start.resolve(), *start.parents):
        if (folder / SETTINGS).is_file():
            return folder
    raise BookError(
        f"no {SETTINGS} in {start} or above it",
        hint="go to a book's folder, or name it: --book DIR",
    )


def load_book(root: Path) -> Book:
    """Read kubebook.toml in `root`; an unknown or mistyped key raises BookError with its line."""
    path = root / SETTINGS
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        raise BookError(
            f"no {SETTINGS} here", path=root, hint="name the book: --book DIR"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else None
        raise BookError(f"not valid TOML: {error}", path=path, line=line) from None
    return _Reader(path, text).book(root.resolve(), data)


@dataclass(frozen=True)
class _Reader:
    path: Path
    text: str

    def book(self, root: Path, data: dict[str, Any]) -> Book:
        types: dict[str, type] = {
            "name": str,
            "kubernetes": str,
            "profiles": dict,
            "env": list,
            "tools": list,
            "lock": str,
            "pages": list,
            "timeout": int,
            "images": str,
        }
        self.check(data, types)
        for key in ("name", "kubernetes", "profiles"):
            if not data.get(key):
                raise BookError(f'"{key}" is missing', path=self.path, hint=f'add {key} = "…"')
        for name in data.get("env", ()):
            if ASTRAY.fullmatch(name):
                hint = "snippets get it from the engine, or not at all; name another"
                self.fail("env", f'"env" may not pass {name} on', hint)
        if data.get("timeout", 1) < 1:
            self.fail("timeout", '"timeout" must be at least 1')
        images = root / data.get("images", "cluster")
        return Book(
            root=root,
            name=data["name"],
            kubernetes=data["kubernetes"],
            profiles={name: self.profile(name, table) for name, table in data["profiles"].items()},
            env=tuple(data.get("env", ())),
            tools=tuple(data.get("tools", ())),
            lock=root / data.get("lock", "requirements.txt"),
            pages=tuple(root / page for page in data.get("pages", ("docs",))),
            timeout=float(data.get("timeout", 120)),
            images=images if "images" in data or images.is_dir() else IMAGES,
        )

    def profile(self, name: str, table: Any) -> Profile:
        if not isinstance(table, dict) or name == "none":
            self.fail(
                name, f'"{name}" cannot be a profile', "write [profiles.NAME] and workers = 0"
            )
        self.check(table, {"workers": int})
        if not 0 <= table.get("workers", 0) <= MOST_WORKERS:
            self.fail("workers", f"a profile has 0 to {MOST_WORKERS} workers")
        return Profile(name=name, **table)

    def check(self, data: dict[str, Any], types: dict[str, type]) -> None:
        for key, value in data.items():
            if key not in types:
                self.fail(key, f'unknown key "{key}"', did_you_mean(key, list(types)))
            if not isinstance(value, types[key]) or isinstance(value, bool):
                self.fail(key, f'"{key}" must be a {types[key].__name__}')
            if isinstance(value, list) and not all(isinstance(word, str) for word in value):
                self.fail(key, f'"{key}" must be a list of texts')

    def fail(self, key: str, message: str, hint: str = "") -> NoReturn:
        lines = self.text.splitlines()
        line = next((n for n, text in enumerate(lines, 1) if key in text), None)
        raise BookError(message, path=self.path, line=line, hint=hint)
