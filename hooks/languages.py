"""The first language at /, the others in folders of their own, built and served as one site."""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import FileSystemBytecodeCache
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

from hooks.follow import notice_of, renew
from hooks.shelf import Mark, Shelf, mark_of
from kubebook.words import words

log = logging.getLogger("mkdocs.hooks.languages")

THEME = '<a href="https://squidfunk.github.io/mkdocs-material/">Material for MkDocs</a>'
URL = re.compile(r"<url>.*?</url>", re.DOTALL)
LOCATION = re.compile(r"<loc>(.*?)</loc>")


@dataclass(frozen=True)
class Alternate:
    """A page in one language; `link` is relative to the page that it stands on, `href` is whole."""

    lang: str
    name: str
    link: str
    href: str
    here: bool


@dataclass
class Run:
    """This run of MkDocs: whether it serves, and what it keeps between builds."""

    serves: bool = False
    keeps: bool = False
    shelf: Shelf | None = None
    lags: dict[str, set[str]] = field(default_factory=dict)


@cache
def this_run() -> Run:
    """MkDocs loads hooks once and tells them only in on_startup what kind of run it is."""
    return Run()


def on_startup(command: str, dirty: bool) -> None:
    """`mkdocs serve` keeps the pages of a language that did not change."""
    this_run().serves = command == "serve"
    this_run().keeps = command == "serve" and not dirty


def on_shutdown() -> None:
    """Remove what was kept."""
    if shelf := this_run().shelf:
        shelf.close()


@event_priority(100)  # before the search plugin reads its settings
def on_config(config: Any) -> Any:
    """Turn the configuration into that of the language whose folder it builds."""
    language = language_of(config)
    config.theme["language"] = language
    config.extra["serves"] = this_run().serves
    if config.site_url:  # what a reader chose, like the colours, counts in all languages
        config.extra.setdefault("scope", urlsplit(config.site_url).path)
    config.site_description = config.extra["languages"][language]["description"]
    config.plugins["material/search"].config.update(config.extra["languages"][language]["search"])
    config.edit_uri = f"{config.edit_uri}{language}/" if config.repo_url else None
    say = words(language)
    config.mdx_configs["toc"]["permalink_title"] = say("Link to this heading")
    config.mdx_configs["footnotes"] = {"BACKLINK_TITLE": say("Back to note {number}", number="{}")}
    config.copyright = say("Made with {theme}", theme=THEME)
    for palette in config.theme["palette"]:
        palette["toggle"]["name"] = say(palette["toggle"]["name"])
    return config


@event_priority(-100)  # after the book is read
def on_pre_build(config: Any) -> None:
    """Set aside the pages of languages that did not change, before MkDocs wipes the site folder."""
    if language_of(config) != root_of(config):
        return
    config.extra["marks"] = {language: _mark(config, language) for language in folders(config)}
    config.extra["kept"] = set()
    run = this_run()
    if run.keeps and not config.strict:
        run.shelf = run.shelf or Shelf(Path(config.site_dir), folders(config))
        marks = config.extra["marks"].items()
        config.extra["kept"] = {lang for lang, mark in marks if run.shelf.take(lang, mark)}
        if root_of(config) in config.extra["kept"]:  # MkDocs would look through 14,000 icons
            config.theme.dirs, config.theme.static_templates = [], set()


def on_files(files: Files, config: Any) -> Files:
    """A kept root language is not built: give MkDocs nothing to do."""
    if language_of(config) not in config.extra.get("kept", ()):
        return files
    config.nav = []
    return Files([])


def on_nav(nav: Any, config: Any, **_: Any) -> Any:
    """Remember the navigation until its pages have been read."""
    config.extra["nav"] = nav
    return nav


def on_env(env: Any, config: Any, **_: Any) -> Any:
    """A section is called what its index page is called; a template is compiled only once."""
    for section in _sections(config.extra["nav"].items):
        if pages := [child for child in section.children if child.is_page]:
            section.title = pages[0].title
    compiled = config.extra["shower"].root / ".kubebook" / "templates"
    with suppress(OSError):  # a book that cannot be written to is built all the same
        compiled.mkdir(parents=True, exist_ok=True)
        env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    return env


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """Links to the page in the other languages."""
    if not config.site_url:  # read from disk, it counts where all languages lie, by this page's way
        address = f"{folders(config)[language_of(config)]}/{page.url}"
        config.extra["scope"] = get_relative_url(".", address)
    context["alternates"] = alternates_of(config, page.file.src_uri, page.url)
    return context


def on_template_context(context: Any, config: Any, **_: Any) -> Any:
    """Links to the other languages' first pages."""
    # The 404 page may stand in for any page: its links start at the server's root.
    found = alternates_of(config, "index.md", "")
    context["alternates"] = [replace(one, link=urlsplit(one.href).path) for one in found]
    return context


@event_priority(-100)  # after the search plugin has written its index: both builds share it
def on_post_build(config: Any) -> None:
    """Build the other languages, or put back what was kept of them."""
    root = root_of(config)
    if language_of(config) != root:
        return
    shelf, kept = this_run().shelf, config.extra["kept"]
    for language, folder in folders(config).items():
        if shelf and language in kept:
            shelf.put_back(language)
            renew_notices(config, language, folder)
            log.info(f"Nothing changed for {language}: its pages are kept")
        elif language != root:
            build_language(config, language, folder)
    if config.site_url:
        join_sitemaps(Path(config.site_dir), config.site_url, folders(config))
    this_run().lags = config.extra["lags"]
    if shelf:
        for language, mark in config.extra["marks"].items():
            shelf.remember(language, mark)


def build_language(config: Any, language: str, folder: str) -> None:
    """A second build from the same mkdocs.yml; the outer build counts its warnings."""
    inner = load_config(
        config.config_file_path,
        docs_dir=str(Path(config.docs_dir).parent / language),
        site_dir=str(Path(config.site_dir) / folder),
        use_directory_urls=config.use_directory_urls,
        strict=False,
    )
    inner.site_url = config.site_url and f"{config.site_url}{folder}/"
    shared = ("shower", "lags", "scope")
    inner.extra |= {key: config.extra[key] for key in shared if key in config.extra}
    build(inner, serve_url=inner.site_url if this_run().serves else None)


def renew_notices(config: Any, language: str, folder: str) -> None:
    """The kept pages of a language say what has become true of them: another page was saved."""
    docs, site = Path(config.docs_dir).parent / language, Path(config.site_dir) / folder
    old, new = this_run().lags, config.extra["lags"]
    for page in old.keys() | new.keys():
        if Path(page).is_relative_to(docs) and old.get(page) != new.get(page):
            source = str(Path(page).relative_to(docs))
            file = File(source, str(docs), str(site), config.use_directory_urls)
            link = get_relative_url(file.url, f"{folder}/{file.url}")
            notice = notice_of(new.get(page, set()), root_of(config), link, words(language))
            renew(Path(file.abs_dest_path), notice)


def alternates_of(config: Any, source: str, url: str) -> list[Alternate]:
    """One page in all languages; where a translation is missing, that language's first page."""
    here, docs = language_of(config), Path(config.docs_dir).parent
    base = base_of(config)
    first = "" if config.use_directory_urls else "index.html"
    paths = {
        language: (f"{folder}/" if folder else "")
        + (url if (docs / language / source).exists() else first)
        for language, folder in folders(config).items()
    }
    return [
        Alternate(
            lang=language,
            name=config.extra["languages"][language]["name"],
            link=get_relative_url(path, paths[here]),
            href=base + path,
            here=language == here,
        )
        for language, path in paths.items()
    ]


def join_sitemaps(site: Path, base: str, languages: Mapping[str, str]) -> None:
    """The root's sitemap lists all languages; each other language keeps its own for its pages."""
    path = site / "sitemap.xml"
    text = path.read_text(encoding="utf-8")
    others = tuple(f"{base}{folder}/" for folder in languages.values() if folder)
    urls = [url for url in URL.findall(text) if not LOCATION.search(url)[1].startswith(others)]
    for folder in filter(None, languages.values()):
        urls += URL.findall((site / folder / "sitemap.xml").read_text(encoding="utf-8"))
    head, tail = text[: text.index(">", text.index("<urlset")) + 1], "\n</urlset>\n"
    text = "\n".join([head, *(f"    {url}" for url in urls)]) + tail
    path.write_text(text, encoding="utf-8")
    path.with_suffix(".xml.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def folders(config: Any) -> dict[str, str]:
    """Each language's folder in the site: the first one's is the site itself."""
    first, *rest = config.extra["languages"]
    return {first: "", **{language: language for language in rest}}


def base_of(config: Any) -> str:
    """The address of the site with all its languages; "" for one that is read from disk."""
    folder = folders(config)[language_of(config)]
    return (config.site_url or "").removesuffix(f"{folder}/" if folder else "")


def language_of(config: Any) -> str:
    """The language that a configuration builds: the name of its folder of pages."""
    return Path(config.docs_dir).name


def root_of(config: Any) -> str:
    """The language at the root of the site."""
    return next(iter(config.extra["languages"]))


def _mark(config: Any, language: str) -> Mark:
    root, docs = Path(config.config_file_path).parent, Path(config.docs_dir).parent
    shared = (docs / "theme", root / "mkdocs.yml", root / "kubebook.toml", root / "snippets")
    pages = sorted(str(page.relative_to(docs)) for page in docs.rglob("*.md"))
    files = mark_of((docs / language, *shared, root / "recordings"))
    return (files, *pages, *config.extra["shower"].pending())


def _sections(items: Any) -> Iterator[Any]:
    for item in items:
        if item.is_section:
            yield item
            yield from _sections(item.children)
