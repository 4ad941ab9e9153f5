"""The bench's plain book is made of this book's settings, whatever they become."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

sys.path.append(str(Path(__file__).parent.parent))  # for the bench, which is no package of its own

from bench.books import plain_settings


@pytest.mark.fault("mkdocs.yml", "\nplugins:  #", "\nplugins: {tags: {}}\nothers:  #")
def test_plain_material_has_nothing_of_ours() -> None:
    settings = yaml.compose(plain_settings())  # it holds tags that only MkDocs knows
    keys = {key.value: value for key, value in settings.value}
    assert not {"hooks", "extra", "extra_css", "edit_uri", "nav"} & set(keys)
    assert [plugin.value for plugin, _ in keys["plugins"].value] == ["search"]
