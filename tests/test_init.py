"""`kubebook init`: a book that runs and builds, outside the checkout and without it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import demo
import pytest

from kubebook import init
from kubebook.book import load_book
from kubebook.errors import BookError
from kubebook.init import init_book
from kubebook.library import load_library
from kubebook.nodeimage import read_versions
from kubebook.pages import check_pages
from kubebook.recording import CellRecord

ROOT = Path(__file__).parent.parent
NODES = "NAME            STATUS   ROLES           AGE   VERSION\n" \
        "control-plane   Ready    control-plane   20s   v1.37.2\n"  # fmt: skip
GREETING = "configmap/greeting created\n  hello: from a real cluster\n"
CELLS = [CellRecord("nodes", 0, 0.1, NODES), CellRecord("greet", 0, 0.2, GREETING)]
PARTS = (
    "pyproject.toml", "kubebook", "hooks", "docs/theme", "mkdocs.yml", "mkdocs.offline.yml",
    "cluster",
)  # fmt: skip


@dataclass(frozen=True)
class Installed:
    """A Python that has kubebook: `init`, and MkDocs on what it made."""

    python: Path

    def __call__(self, program: str, *args: str, cwd: Path) -> str:
        command = [self.python, "-m", program]
        if program == "kubebook":
            command = [self.python.parent / program]
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [*command, *args], cwd=cwd, env=env | {"NO_MKDOCS_2_WARNING": "1"},
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def checkout() -> Installed:
    return Installed(Path(sys.executable))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An environment of its own with kubebook from a wheel; all else is this environment's."""
    folder = tmp_path_factory.mktemp("wheel")
    source, made = folder / "source", folder / "venv"
    listed = ["git", "ls-files", "-z", "-co", "--exclude-standard", "--", *PARTS]
    for name in subprocess.check_output(listed, cwd=ROOT, text=True).split("\0")[:-1]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_symlink():
            (source / name).symlink_to((ROOT / name).readlink())
        elif (ROOT / name).exists():
            (source / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    build = ["wheel", *offline, "--no-build-isolation", "-w", str(folder), str(source)]
    subprocess.run([*pip, *build], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made], check=True)
    (file,) = folder.glob("*.whl")
    python = made / "bin/python"
    subprocess.run([*pip, "--python", str(python), "install", *offline, str(file)], check=True)
    (place,) = made.glob("lib/*/site-packages")
    (place / "rest.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(python)


@pytest.mark.fault("pyproject.toml", "version.path =", 'build.exclude = ["theme"]\nversion.path =')
@pytest.mark.fault("kubebook/init.py", "    stamp(root / ", "    print(root / ")
@pytest.mark.parametrize("name", ["checkout", "wheel"])
def test_a_new_book_builds_strictly(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Outside the checkout, without a network; only a recording has to come from a cluster."""
    installed: Installed = request.getfixturevalue(name)
    where = installed("kubebook", "--version", cwd=tmp_path)
    assert "kubebook" in where
    said = installed("kubebook", "init", "My Book", cwd=tmp_path)
    assert "kubebook run && mkdocs build --strict" in said
    book = tmp_path / "My Book"
    library = load_library(load_book(book))
    check_pages(library)
    demo.record(library, "start/hello", CELLS)
    said = installed("mkdocs", "build", "--strict", cwd=book)
    assert "WARNING" not in said
    for page in ("index.html", "en/index.html"):
        text = (book / "site" / page).read_text(encoding="utf-8")
        assert "<title>My Book</title>" in text
        assert "from a real cluster" in text
        assert "v1.37.2</" in text


def test_the_wheel_is_what_ran(wheel: Installed, tmp_path: Path) -> None:
    code = "import kubebook, sys; print(kubebook.__file__.startswith(sys.prefix))"
    done = subprocess.run([wheel.python, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "True\n", done.stderr


@pytest.mark.fault("kubebook/init.py", "    write_verified(load_book(root), {})", "    # ")
def test_it_is_a_book_like_ours(tmp_path: Path) -> None:
    book, ours = init_book(tmp_path / "new"), load_book(ROOT)
    assert (book.name, book.kubernetes) == ("new", ours.kubernetes)
    assert read_versions(book.images) == read_versions(ours.images)
    assert sorted(path.name for path in book.root.iterdir()) == [
        ".gitignore", "docs", "hooks", "kubebook.toml", "mkdocs.offline.yml", "mkdocs.yml",
        "recordings", "requirements.txt", "snippets",
    ]  # fmt: skip
    for name in ("hooks/book.py", "docs/theme/main.html"):
        assert (book.root / name).read_bytes() == (ROOT / name).read_bytes()
    assert not [path for path in book.root.rglob("*") if path.is_symlink()]
    assert not [*book.root.rglob("*.png")]


@pytest.mark.parametrize(
    ("folder", "name"), [("My Book", "my-book"), ("쿠버네티스", "book"), ("a_b.c", "a-b-c")]
)
def test_names_of_folders_become_names_of_clusters(tmp_path: Path, folder: str, name: str) -> None:
    assert init_book(tmp_path / folder).name == name


@pytest.mark.fault("kubebook/init.py", "or any(folder.iterdir())", "")
def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book/mine.txt").write_text("mine")
    with pytest.raises(BookError, match="is not empty\n  name a new folder"):
        init_book(tmp_path / "book")
    with pytest.raises(BookError, match="is not empty"):
        init_book(tmp_path / "book/mine.txt")
    assert [path.name for path in tmp_path.rglob("*")] == ["book", "mine.txt"]


def test_an_empty_folder_and_the_one_that_a_shell_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book").mkdir()
    monkeypatch.chdir(tmp_path / "book")
    init_book(Path())
    assert Path("kubebook.toml").exists()


def test_no_place_for_it(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="no such folder\n  mkdir -p"):
        init_book(tmp_path / "a/b")
    assert not (tmp_path / "a").exists()


def test_nothing_half_made_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(init, "write_verified", full)
    with pytest.raises(BookError, match="No space left on device"):
        init_book(tmp_path / "book")
    assert [*tmp_path.iterdir()] == []
