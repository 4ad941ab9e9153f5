"""The books that are measured: one text, as kubebook's macros and as plain Material's fences."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kubebook.book import load_book
from kubebook.key import snippet_key
from kubebook.library import Library, load_library
from kubebook.parity import stamp
from kubebook.recording import CellRecord, Provenance, Recording, write_recording

REPOSITORY = Path(__file__).resolve().parent.parent
PER_PAGE = 3
PER_CHAPTER = 10  # pages
RECORDED = datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC)
BOOK = 'name = "bench"\nkubernetes = "1.37"\npages = [{pages}]\n[profiles.single]\nworkers = 0\n'

SENTENCE = (
    "A Service gives a set of Pods one address that stays while Pods come and go, and the "
    "cluster's DNS gives that address a name. "
)
PODS = """\
kubectl create deployment web-{n} --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --replicas=3
kubectl wait --for=condition=Available deployment/web-{n} --timeout=90s
for label in web-{n} hello; do
  kubectl get pods -l "app=$label" -o wide | grep -v '<none>'
done
"""
SERVICES = """\
\"\"\"Services of number {n} with their addresses.\"\"\"

from kubernetes import client, config

config.load_kube_config()
for service in client.CoreV1Api().list_service_for_all_namespaces().items:
    ports = ", ".join(str(port.node_port or port.port) for port in service.spec.ports)
    print(f"{{service.metadata.namespace:<12}} {{service.metadata.name:<20}} {{ports}}")
"""
STATUS = """\
kubectl get --raw /api/v1/namespaces/default/services/web-{n}/status | head -n 20
"""
PODS_OUTPUT = """\
deployment.apps/web-{n} created
deployment.apps/web-{n} condition met
NAME                     READY   STATUS             RESTARTS   AGE   IP           NODE
web-{n}-5b68464b84-k5tzq   1/1     Running            0          12s   10.244.0.7   control-plane
web-{n}-5b68464b84-2xkqp   0/1     CrashLoopBackOff   3          2m    10.244.0.8   control-plane
web-{n}-5b68464b84-9fzzd   0/1     Pending            0          1s    10.244.0.9   control-plane
"""
SERVICES_OUTPUT = """\
default      kubernetes           443
default      web-{n}                31509
kube-system  kube-dns             53, 53, 9153
"""
STATUS_OUTPUT = """\
{{
  "kind": "Service",
  "apiVersion": "v1",
  "metadata": {{
    "name": "web-{n}",
    "namespace": "default",
    "uid": "0b7cf6a2-1b0c-4f4e-9c3c-8a3a6d7d1c11",
    "resourceVersion": "7{n}",
    "creationTimestamp": "2026-11-23T04:05:06Z"
  }},
  "spec": {{
    "ports": [{{"protocol": "TCP", "port": 80, "targetPort": 8080, "nodePort": 31509}}],
    "clusterIP": "10.96.17.4",
    "type": "NodePort"
  }}
}}
"""
KINDS = (  # name, file ending, code, output, a fact of it
    ("pods", "sh", PODS, PODS_OUTPUT, "Running"),
    ("services", "py", SERVICES, SERVICES_OUTPUT, "31509"),
    ("status", "sh", STATUS, STATUS_OUTPUT, "NodePort"),
)
LANGUAGES = {"sh": "bash", "py": "python"}


@dataclass(frozen=True)
class Example:
    """One snippet with what it prints."""

    id: str
    ending: str
    code: str
    output: str
    fact: str

    @property
    def file(self) -> str:
        return f"{self.id}.{self.ending}"


def examples(page: int) -> list[Example]:
    """The three snippets of a page, all different from those of other pages."""
    chapter = f"chapter-{page // PER_CHAPTER}"
    return [
        Example(f"{chapter}/{kind}-{page}", ending, code.format(n=page), out.format(n=page), fact)
        for kind, ending, code, out, fact in KINDS
    ]


def make_ours(root: Path, pages: int, languages: tuple[str, ...] = ("ko",)) -> Library:
    """A book of ours in `root`, everything recorded: pages and snippets, recordings and hooks."""
    write(root / "mkdocs.yml", make_settings(root, languages))
    folders = ", ".join(f'"docs/{language}"' for language in languages)
    write(root / "kubebook.toml", BOOK.format(pages=folders))
    for page in range(pages):
        for example in examples(page):
            head = f'# /// kubebook\n# expect = {{ contains = ["{example.fact}"] }}\n# ///\n'
            write(root / "snippets" / example.file, head + example.code)
        for language in languages:
            text = _page(page, lambda e: f'{{{{ run("{e.id}") }}}}')
            write(root / f"docs/{language}" / page_name(page), text)
    for language in languages:
        write(root / f"docs/{language}/index.md", "# Bench\n")
    for language in languages[1:]:
        for page in (root / f"docs/{language}").rglob("*.md"):
            stamp(root / f"docs/{languages[0]}" / page.relative_to(root / f"docs/{language}"), page)
    library = load_library(load_book(root))
    for page in range(pages):
        for example in examples(page):
            record(library, example)
    return library


def make_plain(root: Path, pages: int) -> None:
    """The same pages for Material alone: code and output stand in them as fences."""
    write(root / "mkdocs.yml", plain_settings())
    for page in range(pages):
        write(root / "docs/ko" / page_name(page), _page(page, _fences))
    write(root / "docs/ko/index.md", "# Bench\n")


def record(library: Library, example: Example) -> None:
    """Record an output as if a cluster had printed it."""
    key = snippet_key(library, example.id)
    recording = Recording(
        id=example.id, run="bench", command=library[example.id].command, key=key.digest,
        inputs=key.inputs, chain=(example.id,),
        provenance=Provenance(RECORDED, "v1.37.2", "single", "packages"),
        cells=(CellRecord("", 0, 1.0, example.output),),
    )  # fmt: skip
    write_recording(library.book.recordings, recording)


def make_settings(root: Path, languages: tuple[str, ...] = ("ko",)) -> str:
    """Put hooks and theme into `root`; the real mkdocs.yml without chapters and other languages."""
    for part in ("hooks", "docs/theme"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / part, root / part, ignore=ignored)
    text = _without_nav()
    if "en" not in languages:
        text = _cut(_cut(text, r"^    en:\n(?: {6,}.*\n)+"), r"(?<=^watch: \[)docs/en, ")
    return text


def plain_settings() -> str:
    """The same site without anything of ours: no theme of our own, no macros, no hooks."""
    text = _without_nav()
    for ours in (
        r"^  custom_dir: .*\n",
        r"^extra:\n(?:(?: .*)?\n)+",
        r"^extra_css: .*\n",
        r"^extra_javascript: .*\n",
        r"^  macros:\n(?: {4,}.*\n)+",
        r"^edit_uri: .*\n",
        r"^hooks:\n(?:  .*\n)+",
        r"^watch: .*\n",
    ):
        text = _cut(text, ours)
    return text


def page_name(page: int) -> str:
    """The file of a page in its language's folder."""
    return f"chapter-{page // PER_CHAPTER}/page-{page}.md"


def write(path: Path, text: str) -> None:
    """Write a text file and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _page(page: int, show: Callable[[Example], str]) -> str:
    parts = [f"# Page {page}", SENTENCE * 3]
    for number, example in enumerate(examples(page), 1):
        parts += [f"## Step {number}", SENTENCE * 2, show(example), f"- {SENTENCE}\n- {SENTENCE}"]
    return "\n\n".join(parts) + "\n"


def _fences(example: Example) -> str:
    language, name = LANGUAGES[example.ending], example.file.rpartition("/")[2]
    title = f'title="{language} {name}"'
    return f"```{language} {title}\n{example.code}```\n\n```text\n{example.output}```"


def _without_nav() -> str:
    text = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    return _cut(text, r"^nav:\n(?:  .*\n)+")


def _cut(text: str, pattern: str) -> str:
    """`text` without the one place that `pattern` matches."""
    less, count = re.subn(pattern, "", text, flags=re.MULTILINE)
    if count != 1:
        raise ValueError(f"mkdocs.yml changed: {pattern} is there {count} times")
    return less
