"""A small book with recordings of its own, for tests of the real hooks, theme and settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from kubebook.book import load_book
from kubebook.key import snippet_key
from kubebook.library import Library, load_library
from kubebook.parity import stamp
from kubebook.recording import (
    CellRecord,
    Provenance,
    Recording,
    paths,
    write_recording,
    write_verified,
)

REPOSITORY = Path(__file__).parent.parent
sys.path.append(str(REPOSITORY))  # for hooks, which are no part of the installed package
RECORDED = datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC)

PODS = """\
pod/hello created
NAME                     READY   STATUS             RESTARTS   AGE   IP           NODE
hello-5b68464b84-k5tzq   1/1     Running            0          12s   10.244.0.7   control-plane
web-7c5ddbdf54-2xkqp     0/1     CrashLoopBackOff   3          2m    10.244.0.8   control-plane
new                      0/1     Pending            0          1s    <none>       <none>
"""
SERVICES = """\
|-----------|------------|-------------------------|
| NAMESPACE |    NAME    |           URL           |
|-----------|------------|-------------------------|
| default   | kubernetes | No node port            |
| default   | web        | http://172.18.0.2:31509 |
| 이름공간  | 안녕 😀    | No node port            |
|-----------|------------|-------------------------|
"""
FORBIDDEN = """\
HTTP/2 403 Forbidden
{
  "kind": "Status",
  "status": "Failure",
  "reason": "Forbidden",
  "code": 403
}
"""
HOSTILE = """\
<script>window.hacked = 1</script></samp></pre></div>
<img src=x onerror="window.hacked = 2"> &lt; &amp; <!-- {{ 7 * 7 }} {% raw %} ${x}
*not bold* `not code` # no heading [no](link) {#anchor}
"""

SNIPPETS = {
    "pods.sh": """\
# /// kubebook
# files = ["hello.yaml"]
# expect = { contains = ["Running"] }
# ///
kubectl apply -f hello.yaml
for label in hello web; do
  echo "$label" && kubectl get pods -l "app=$label" | grep '<none>'
done
""",
    "service-list.py": """\
# /// kubebook
# expect = { contains = ["No node port"] }
# ///
\"\"\"Services and their addresses.\"\"\"

print("<&>")
""",
    "whoami.sh": """\
# %% anonymous
# /// kubebook
# exit = 1
# expect = { contains = ["403"] }
# ///
kubectl --as system:anonymous get --raw /api/v1/pods
# %% admin
# /// kubebook
# expect = { contains = ["admin"] }
# ///
kubectl auth whoami
""",
    "hostile.sh": """\
# /// kubebook
# expect = { contains = ["hacked"] }
# ///
cat note
""",
    "cloud.sh": """\
# /// kubebook
# skip = "needs an account at a cloud"
# ///
gcloud container clusters create demo
""",
}

OUTPUTS = {
    "demo/pods": [CellRecord("", 0, 2.3, PODS)],
    "demo/service-list": [CellRecord("", 0, 1.0, SERVICES)],
    "demo/whoami": [
        CellRecord("anonymous", 1, 0.2, FORBIDDEN),
        CellRecord("admin", 0, 0.1, "ATTRIBUTE   VALUE\nUsername    kubernetes-admin\n"),
    ],
    "demo/hostile": [CellRecord("", 0, 0.1, HOSTILE)],
}

PAGES = {
    "ko/index.md": "# 시험 책\n\n[둘러보기](demo/index.md)에서 시작하십시오.\n",
    "en/index.md": "# Test book\n\nBegin by [looking around](demo/index.md).\n",
    "ko/demo/index.md": """\
# 둘러보기 {#top}

쿠버네티스 클러스터를 둘러봅니다.
주소는 {{ value("demo/service-list", "table[NAME=web].URL") }} 입니다.

{{ run("demo/pods") }}

## 서비스 목록 {#services}

{{ run("demo/service-list") }}

## 거절 {#forbidden}

{{ run("demo/whoami") }}
""",
    "en/demo/index.md": """\
# Looking around {#top}

We look around a cluster.
Its address is {{ value("demo/service-list", "table[NAME=web].URL") }} now.

{{ run("demo/pods") }}

## A list of services {#services}

{{ run("demo/service-list") }}

## Refusal {#forbidden}

{{ run("demo/whoami") }}
""",
    "ko/demo/more.md": """\
# 나머지

1. 목록 안

    {{ output("demo/whoami#admin") }}

!!! note
    {{ code("demo/pods") }}

=== "탭"
    {{ file("demo/hello.yaml") }}

{{ run("demo/hostile") }}

{{ run("demo/cloud") }}
""",
    "en/demo/more.md": """\
# The rest

1. In a list

    {{ output("demo/whoami#admin") }}

!!! note
    {{ code("demo/pods") }}

=== "Tab"
    {{ file("demo/hello.yaml") }}

{{ run("demo/hostile") }}

{{ run("demo/cloud") }}
""",
}


def make_book(root: Path) -> Library:
    """Write the book into `root`: a strict build of it has no warning."""
    shutil.copytree(
        REPOSITORY / "hooks", root / "hooks", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(REPOSITORY / "docs/theme", root / "docs/theme")
    (root / "mkdocs.yml").write_text(settings(), encoding="utf-8")
    shutil.copy(REPOSITORY / "mkdocs.offline.yml", root)
    (root / "kubebook.toml").write_text(
        'name = "demo"\nkubernetes = "1.37"\npages = ["docs/ko", "docs/en"]\n[profiles.single]\n'
    )
    for name, text in {**SNIPPETS, "hello.yaml": "kind: Pod\nmetadata:\n  name: hello\n"}.items():
        write(root / "snippets/demo" / name, text)
    for name, text in PAGES.items():
        write(root / "docs" / name, text)
    follow(root)
    library = load_library(load_book(root))
    for snippet_id in OUTPUTS:
        record(library, snippet_id)
    key = snippet_key(library, "demo/pods").digest
    seen = {
        "at": "2026-11-24T01:02:03+00:00",
        "kubernetes": "v1.37.0",
        "flavour": "official",
        "key": key,
    }
    write_verified(library.book, {"demo/pods": seen})
    return library


def follow(root: Path) -> None:
    """Stamp the English pages: they follow the Korean ones as they are now."""
    for page in (root / "docs/en").rglob("*.md"):
        stamp(root / "docs/ko" / page.relative_to(root / "docs/en"), page)


def say_of(page: Path, line: str) -> None:
    """Add a line to what a page says of itself."""
    head, body = f"---\n{line}\n", page.read_text(encoding="utf-8")
    write(page, head + (body.removeprefix("---\n") if body.startswith("---") else f"---\n{body}"))


def build(root: Path, *options: str, **more: str) -> None:
    """A strict build without a warning. (With --quiet, MkDocs counts none.)"""
    done = subprocess.run(
        mkdocs("build", "--strict", *options), cwd=root, env=environment(**more),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def record(library: Library, snippet_id: str, cells: list[CellRecord] | None = None) -> Recording:
    """Record a snippet's output as if a cluster had printed it."""
    key = snippet_key(library, snippet_id)
    recording = Recording(
        id=snippet_id, run="demo",
        command=library[snippet_id].command, key=key.digest, inputs=key.inputs,
        chain=(snippet_id,), provenance=Provenance(RECORDED, "v1.37.2", "single", "packages"),
        cells=tuple(cells or OUTPUTS[snippet_id]),
    )  # fmt: skip
    write_recording(library.book.recordings, recording)
    return recording


def forget(library: Library, snippet_id: str) -> None:
    """Remove a recording."""
    for path in paths(library.book.recordings, snippet_id):
        path.unlink()


def settings() -> str:
    """The real mkdocs.yml with the demo's chapters."""
    text = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    before, _, rest = text.partition("\nnav:\n")
    after = rest[rest.index("\n\n") :]
    return f"{before}\nnav:\n  - index.md\n  - demo: [demo/index.md, demo/more.md]{after}"


def write(path: Path, text: str) -> None:
    """Write a text file and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def mkdocs(*arguments: str) -> list[str]:
    """The command line of mkdocs with the interpreter that runs the tests."""
    return [sys.executable, "-m", "mkdocs", *arguments]


def environment(**more: str) -> dict[str, str]:
    """An environment in which hooks find this checkout's engine, in replay mode."""
    path = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
    base = {name: value for name, value in os.environ.items() if not name.startswith("KUBEBOOK")}
    return {**base, "PYTHONPATH": path, "NO_MKDOCS_2_WARNING": "1", **more}
