"""The node image of this machine: the one that is here, else the official one, else a built one."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

from kubebook.book import Book
from kubebook.engine import docker, require_engine
from kubebook.errors import BookError
from kubebook.gobuild import read_versions
from kubebook.imagebuild import RECIPE, build, recipe_digest
from kubebook.progress import step

CHOICES = ("auto", "official", "packages")


@dataclass(frozen=True)
class NodeImage:
    """An image on this machine: name, `flavour` official or packages, Kubernetes patch version."""

    name: str
    flavour: str
    kubernetes: str
    digest: str


def ensure_image(book: Book, choice: str | None = None) -> NodeImage:
    """The node image: present, else pulled, else built.

    Args:
        choice: "official" or "packages" takes that flavour alone; "auto" (the default) the first
            that can be had. The environment variable KUBEBOOK_IMAGE sets another default.
    """
    choice = choice or os.environ.get("KUBEBOOK_IMAGE", "auto")
    if choice not in CHOICES:
        raise BookError(
            f'no flavour "{choice}" of the node image', hint="known are: " + ", ".join(CHOICES)
        )
    if found := _present(book, choice):
        return found
    if choice in ("auto", "official") and (pulled := _pull(book)):
        return pulled
    if choice == "official":
        raise BookError(
            "the official node image cannot be pulled from here",
            hint="build it instead: kubebook image build",
        )
    return build_image(book)


def node_image(book: Book) -> NodeImage | None:
    """The node image that is present, of whichever flavour KUBEBOOK_IMAGE allows."""
    return _present(book, os.environ.get("KUBEBOOK_IMAGE", "auto"))


def build_image(book: Book) -> NodeImage:
    """Build the node image from PyPI, Go modules and Debian packages; nothing if it is up to date.

    Raises:
        BookError: no engine, missing build tools (with the apt line), or a step that failed.
    """
    require_engine()
    if not _built(book):
        build(book, done=lambda: _built(book) is not None)
    built = _built(book)
    assert built, "build() ends with the image or with an error"
    return built


# Which image is here


def _present(book: Book, choice: str) -> NodeImage | None:
    built = _built(book) if choice != "official" else None
    return built or (_official(book) if choice != "packages" else None)


def _built(book: Book) -> NodeImage | None:
    versions = read_versions(book.images)
    label = f'{{{{index .Config.Labels "{RECIPE}"}}}} {{{{.Id}}}}'
    answer = docker("image", "inspect", versions["image"], "--format", label, check=False).split()
    if len(answer) != 2 or answer[0] != recipe_digest(book):
        return None
    return NodeImage(versions["image"], "packages", versions["kubernetes"], answer[1])


def _official(book: Book) -> NodeImage | None:
    name = read_versions(book.images)["official"]
    digest = docker("image", "inspect", name, "--format", "{{.Id}}", check=False)
    kubernetes = name.split(":")[1].split("@")[0]
    return NodeImage(name, "official", kubernetes, digest) if digest else None


def _pull(book: Book) -> NodeImage | None:
    name = read_versions(book.images)["official"]
    what = f"pulling {name.split('@')[0]}, if a registry can be reached"
    with suppress(BookError), step(what):  # where none can be reached, the next way is tried
        docker("pull", "--quiet", name, timeout=1800)
    return _official(book)
