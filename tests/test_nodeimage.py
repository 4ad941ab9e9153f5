"""Which node image is taken, with a stand-in for docker; and builds that fail leave nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from mini import MiniBook

from kubebook import nodeimage
from kubebook.errors import BookError
from kubebook.gobuild import build_programs
from kubebook.imagebuild import recipe_digest

VERSIONS = """\
kubernetes = "v1.37.2"
official = "kindest/node:v1.37.0@sha256:0"
image = "own:v1"
"""


class Docker:
    """Answers `image inspect` from `images` (name → label); `pull` adds the official one."""

    def __init__(self, *, registry: bool = False) -> None:
        self.images: dict[str, str] = {}
        self.registry = registry
        self.calls: list[str] = []

    def __call__(self, *args: str, check: bool = True, **_: object) -> str:
        self.calls.append(args[0])
        if args[0] == "pull":
            if not self.registry:
                raise BookError("docker pull: no such host")
            self.images[args[-1]] = ""
        if args[:2] == ("image", "inspect") and args[2] in self.images:
            return f"{self.images[args[2]]} sha256:1".strip()
        return ""


@pytest.fixture
def book(mini: MiniBook, monkeypatch: pytest.MonkeyPatch) -> MiniBook:
    monkeypatch.delenv("KUBEBOOK_IMAGE", raising=False)
    monkeypatch.setattr(nodeimage, "require_engine", lambda: None)
    mini.write("cluster/versions.toml", VERSIONS)
    return mini


def use(monkeypatch: pytest.MonkeyPatch, docker: Docker) -> Docker:
    monkeypatch.setattr(nodeimage, "docker", docker)
    return docker


def built(book: MiniBook, docker: Docker) -> None:
    docker.images["own:v1"] = recipe_digest(book.book)


def test_the_built_image_is_taken_when_it_is_whole(
    book: MiniBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker = use(monkeypatch, Docker())
    built(book, docker)
    image = nodeimage.ensure_image(book.book)
    assert (image.name, image.flavour, image.kubernetes) == ("own:v1", "packages", "v1.37.2")
    assert "pull" not in docker.calls


@pytest.mark.parametrize("label", ["", "another-recipe"])
def test_an_image_of_another_recipe_or_none_is_not_taken(
    book: MiniBook, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    docker = use(monkeypatch, Docker())
    docker.images["own:v1"] = label
    assert nodeimage.node_image(book.book) is None


def test_then_the_official_image_is_pulled(book: MiniBook, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Docker(registry=True))
    image = nodeimage.ensure_image(book.book)
    assert (image.flavour, image.kubernetes) == ("official", "v1.37.0")


def test_then_one_is_built(book: MiniBook, monkeypatch: pytest.MonkeyPatch) -> None:
    docker = use(monkeypatch, Docker())
    monkeypatch.setattr(nodeimage, "build", lambda _, done: done() or built(book, docker))
    assert nodeimage.ensure_image(book.book).flavour == "packages"
    assert "pull" in docker.calls


def test_a_flavour_can_be_chosen(book: MiniBook, monkeypatch: pytest.MonkeyPatch) -> None:
    docker = use(monkeypatch, Docker())
    built(book, docker)
    with pytest.raises(BookError, match="kubebook image build"):
        nodeimage.ensure_image(book.book, "official")
    monkeypatch.setenv("KUBEBOOK_IMAGE", "nonsense")
    with pytest.raises(BookError, match="known are: auto, official, packages"):
        nodeimage.ensure_image(book.book)


def test_the_recipe_covers_every_file(book: MiniBook) -> None:
    before = recipe_digest(book.book)
    book.write("cluster/go/x/go.sum", "changed\n")
    assert recipe_digest(book.book) != before


def test_a_go_build_that_fails_leaves_nothing_and_says_why(
    book: MiniBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    book.write("cluster/versions.toml", VERSIONS + '[go.x]\npackages = ["."]\n')
    book.write("cluster/go/x/go.mod", "module x\n\ngo 1.26\n")
    book.write("cluster/go/x/go.sum", "")
    book.write("cluster/go/x/main.go", "package main\n\nfunc main() { missing() }\n")
    with pytest.raises(BookError, match="undefined: missing"):
        build_programs(book.book.images, "x")
    left = [p for p in (tmp_path / "cache/kubebook/go").iterdir() if p.suffix != ".lock"]
    assert left == []
    book.write("cluster/go/x/main.go", "package main\n\nfunc main() {}\n")
    assert (build_programs(book.book.images, "x") / "x").exists()
