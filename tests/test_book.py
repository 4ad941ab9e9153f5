"""kubebook.toml: what it may say and how its faults read."""

from __future__ import annotations

from pathlib import Path

import pytest
from mini import MiniBook

from kubebook.book import find_book, load_book
from kubebook.errors import BookError


def test_profiles_name_their_nodes(mini: MiniBook) -> None:
    mini.write(
        "kubebook.toml",
        (mini.root / "kubebook.toml").read_text() + "[profiles.three]\nworkers = 2\n",
    )
    book = mini.book
    assert book.default_profile.nodes == ("control-plane",)
    assert book.profiles["three"].nodes == ("control-plane", "worker", "worker2")


def test_the_book_is_found_from_a_folder_inside(mini: MiniBook) -> None:
    inside = mini.write("snippets/one/x.yaml", "").parent
    assert find_book(inside) == mini.root


def test_no_book(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="--book DIR"):
        find_book(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = [", "not valid TOML"),
        ('name = "x"\nkubernets = "1"\n', 'kubebook.toml:2: unknown key "kubernets"'),
        ('name = "x"\n', '"kubernetes" is missing'),
        ("name = 1\n", 'kubebook.toml:1: "name" must be a str'),
        ('name = "x"\nkubernetes = "1.37"\n[profiles.a]\nworker = 1\n', ':4: unknown key "worker"'),
        (
            'name = "x"\nkubernetes = "1.37"\n[profiles.a]\nworkers = true\n',
            ':4: "workers" must be',
        ),
    ],
)
def test_faults_name_the_line(mini: MiniBook, text: str, message: str) -> None:
    mini.write("kubebook.toml", text)
    with pytest.raises(BookError) as fault:
        load_book(mini.root)
    assert message in str(fault.value)
