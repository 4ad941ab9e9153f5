"""`make offline`: the site in both languages as one file, to be read from disk."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent))  # without kubebook installed

from kubebook.book import load_book

ROOT = Path(__file__).resolve().parent.parent
UNREAD = ("404.html", "sitemap.xml", "sitemap.xml.gz", "*.map")  # servers' and debuggers' files


def on_config(config: Any) -> Any:
    """A site without an address is read from disk, where no script may fetch the next page."""
    if not config.site_url:
        features = config.theme["features"]
        config.theme["features"] = [one for one in features if one != "navigation.instant"]
    return config


def main() -> None:
    """Build the site with mkdocs.offline.yml and pack it."""
    parser = argparse.ArgumentParser(description=__doc__)
    name = load_book(ROOT).name
    parser.add_argument("file", type=Path, nargs="?", default=ROOT / f"{name}-offline.zip")
    file = parser.parse_args().file.absolute()
    with tempfile.TemporaryDirectory(prefix="kubebook-") as site:
        # Without --quiet, with which MkDocs counts no warnings
        build = ["mkdocs", "build", "--strict", "-f", "mkdocs.offline.yml", "-d", site]
        # Of the same commit, whoever builds it: without the settings of a machine or a server
        plain = {k: text for k, text in os.environ.items() if not k.startswith("KUBEBOOK_")}
        done = subprocess.run(
            [sys.executable, "-m", *build], cwd=ROOT, env=plain,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        if done.returncode:
            sys.exit(done.stdout)
        pack(Path(site), file, name)
    print(f"{file}: unpack it anywhere and open {name}/index.html")


def pack(site: Path, file: Path, name: str) -> None:
    """Pack the files under `site` into a folder: the same ones always give the same bytes."""
    files = (path for path in site.rglob("*") if path.is_file())
    with zipfile.ZipFile(file, "w") as packed:
        for path in sorted(path for path in files if not any(map(path.match, UNREAD))):
            # Without the time and the rights that the file happens to have
            info = zipfile.ZipInfo(f"{name}/{path.relative_to(site).as_posix()}")
            info.external_attr = 0o644 << 16
            packed.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
