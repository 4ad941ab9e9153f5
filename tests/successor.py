"""`make zensical`: what this site would lack if Zensical built it today; nothing depends on it.

Builds the book by MkDocs and, as it is, by the Zensical in a folder, and counts in both sites.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

ROOT = Path(__file__).resolve().parent.parent
ZENSICAL = ROOT / ".cache/zensical"  # where `make zensical` installs it, away from .venv
PATIENCE = 600  # seconds for a build
OURS = shutil.ignore_patterns(".*", "bench", "node_modules", "site")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
MESSAGE = re.compile(r"^(?:Warning|Error): .*|^Macro rendering failed|^\w*Error\b.*", re.MULTILINE)

# A hook that tells that it was called
HOOK = "from pathlib import Path\n\ndef on_config(config):\n    Path('called').touch()\n"

IN_PAGES = {
    "outputs": 'class="kb-output',
    "lines of provenance": 'class="kb-provenance',
    "charts and diagrams": 'class="kb-chart',
    "pages with a link to the other language": '<div class="md-header__option kb-language"',
    "pages with a date of revision": 'class="md-source-file"',
    "links marked as leading elsewhere": 'rel="external"',
    "pages whose macros failed": 'id="macro-rendering-error"',
}
IN_FILES = {
    "pages in the sitemap": ("sitemap.xml", "<loc>"),
    "entries in the indexes of the search": ("**/search*.json", '"location"'),
    "links in llms.txt": ("llms.txt", "]("),
}


def main(root: Path = ROOT, zensical: Path = ZENSICAL) -> None:
    """Build twice, count, report; a build that fails is a finding, not a failure."""
    with tempfile.TemporaryDirectory(prefix="kubebook-successor-") as folder:
        site, copy = Path(folder) / "site", Path(folder) / "copy"
        shutil.copytree(root, copy, ignore=OURS, symlinks=True)
        (copy / "hooks/called.py").write_text(HOOK, encoding="utf-8")
        settings = (root / "mkdocs.yml").read_text(encoding="utf-8")
        settings = settings.replace("\nhooks:\n", "\nhooks:\n  - hooks/called.py\n")
        (copy / "mkdocs.yml").write_text(settings, encoding="utf-8")
        subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--quiet", "-d", site], cwd=root, check=True
        )
        status, said = run("build", cwd=copy, zensical=zensical)
        _, version = run("--version", cwd=copy, zensical=zensical)
        counts = count(site), count(copy / "site")
        called = (copy / "called").exists()
    text = report(version.strip(), status, called, *counts, said)
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(text + "\n")


def run(*arguments: str, cwd: Path, zensical: Path) -> tuple[int, str]:
    """Exit status of Zensical and what it said, without colours. It finds our own packages too."""
    env = os.environ | {"PYTHONPATH": f"{zensical}{os.pathsep}{cwd}"}
    done = subprocess.run(
        [sys.executable, "-m", "zensical", *arguments], cwd=cwd, env=env,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE,
    )  # fmt: skip
    return done.returncode, COLOURS.sub("", done.stdout)


def count(site: Path) -> dict[str, int]:
    """What is in a site, by name."""
    pages = {page: page.read_text(encoding="utf-8") for page in sorted(site.rglob("*.html"))}
    english = [page for page in pages if page.is_relative_to(site / "en")]
    found = {"pages in Korean": len(pages) - len(english), "pages in English": len(english)}
    for name, part in IN_PAGES.items():
        found[name] = sum(html.count(part) for html in pages.values())
    for name, (pattern, part) in IN_FILES.items():
        texts = (path.read_text(encoding="utf-8") for path in site.glob(pattern))
        found[name] = sum(text.count(part) for text in texts)
    found["links that lead nowhere"] = len(set(broken(site, pages)))
    return found


def broken(site: Path, pages: dict[Path, str]) -> Iterator[tuple[Path, str]]:
    """Links of pages to files and anchors of the site that are not there."""
    ids = {page: set(re.findall(r'\bid="([^"]+)"', html)) for page, html in pages.items()}
    for page, html in pages.items():
        for link in re.findall(r'<a\b[^>]*? href="([^"]*)"', html):
            target = urlsplit(urljoin(f"/{page.relative_to(site)}", link))
            if page.name == "404.html" or target.netloc or target.scheme:
                continue
            file = site / unquote(target.path).lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            anchors = ids.get(file, {""})
            if not file.is_file() or (target.fragment and unquote(target.fragment) not in anchors):
                yield page, link


def report(
    version: str, status: int, called: bool, ours: dict[str, int], theirs: dict[str, int], said: str
) -> str:
    """Markdown: what both sites have, and what Zensical said."""
    lines = [
        f"## This book, built by Zensical {version}",
        "",
        f"It ended with status {status}. Hooks were {'' if called else 'not '}called.",
        "",
        "| | MkDocs | Zensical |",
        "|---|---:|---:|",
        *(f"| {name} | {ours[name]} | {theirs[name]} |" for name in ours),
    ]
    if told := Counter(MESSAGE.findall(said)):
        lines += ["", "| Zensical said | times |", "|---|---:|"]
        lines += [f"| {message} | {times} |" for message, times in told.most_common()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
