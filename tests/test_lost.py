"""The root's 404 page has those of the other languages in it, once each."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from hooks.lost import on_post_build

PAGE = """<html lang="{0}"><head><title>{0}</title></head>
<body dir="ltr">
<p>{0}</p><script id="__config" type="application/json">{{}}</script>
<script src="/sub/assets/lost.js"></script><script src="/sub/bundle.js"></script></body></html>
"""
LANGUAGES = {"ko": "", "en": "en", "ja": "ja"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for language, folder in LANGUAGES.items():
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "404.html").write_text(PAGE.format(language), encoding="utf-8")
    return tmp_path


def build(site: Path, language: str = "ko", url: str = "https://book.test/sub/") -> str:
    """The root's page after a build."""
    on_post_build(
        SimpleNamespace(
            docs_dir=f"docs/{language}", site_dir=str(site), site_url=url,
            extra={"languages": dict.fromkeys(LANGUAGES)},
        )
    )  # fmt: skip
    return (site / "404.html").read_text(encoding="utf-8")


@pytest.mark.fault("hooks/lost.py", "before + settings + after", "before + after")
def test_each_other_language_is_put_before_the_settings_with_its_own(site: Path) -> None:
    own = '<template data-below="/sub/{0}/" lang="{0}">\n<title>{0}</title>\n<p>{0}</p>'
    parts = build(site).split('<script id="__config"')
    assert parts[0].endswith("<p>ko</p>" + own.format("en"))
    assert parts[1].endswith("</script>\n</template>\n" + own.format("ja"))
    assert parts[2].endswith("</script>\n</template>\n")
    assert len(parts) == 4


@pytest.mark.fault(
    "hooks/lost.py", 'OTHER.sub("", page.read_text(encoding="utf-8"))', "page.read_text()"
)
def test_a_root_that_was_kept_gets_what_the_others_say_now(site: Path) -> None:
    once = build(site)
    assert build(site) == once
    (site / "en/404.html").write_text(PAGE.format("new"), encoding="utf-8")
    assert build(site) == once.replace("<title>en", "<title>new").replace("<p>en", "<p>new")


@pytest.mark.fault("hooks/lost.py", "or not config.site_url", "")
@pytest.mark.fault("hooks/lost.py", "language_of(config) != root_of(config) or ", "")
def test_other_builds_leave_their_page_alone(site: Path) -> None:
    assert build(site, language="en") == PAGE.format("ko")
    assert build(site, url="") == PAGE.format("ko")
