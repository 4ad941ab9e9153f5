"""Builds kind's node image from PyPI, Go modules and Debian packages alone, once per content."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from kubebook.book import Book
from kubebook.engine import as_root, docker
from kubebook.errors import BookError
from kubebook.gobuild import build_programs, cache_folder, module_folder, read_versions
from kubebook.progress import step

BUILD_TOOLS = {"debootstrap": "debootstrap", "gcc": "gcc libc6-dev", "pkg-config": "pkg-config"}
SECCOMP = "libseccomp-dev"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")  # debootstrap checks signatures
RECIPE = "kubebook.recipe"  # label of a whole image: the digest of what it was built from


def build(book: Book, *, done: Callable[[], bool]) -> None:
    """Build the image that versions.toml names; it gets its name last, when it is whole.

    Args:
        done: whether another process has built it while this one waited its turn.
    """
    _check_tools()
    with FileLock(_folder() / "image.lock"):
        if not done():
            _build(book)


def recipe_digest(book: Book) -> str:
    """Hash of all that a build depends on: the book's image folder and this module."""
    files = sorted(p for p in book.images.rglob("*") if p.is_file())
    sha = hashlib.sha256(Path(__file__).read_bytes())
    for path in files:
        sha.update(f"{path.relative_to(book.images)}\0".encode() + path.read_bytes())
    return sha.hexdigest()[:16]


def missing_build_tools() -> list[str]:
    """Debian packages that a build needs and this machine lacks."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    missing = [
        package for tool, package in BUILD_TOOLS.items() if not shutil.which(tool, path=path)
    ]
    if BUILD_TOOLS["pkg-config"] in missing or _fails("pkg-config", "--exists", "libseccomp"):
        missing.append(SECCOMP)
    return missing + ([] if KEYRING.exists() else [KEYRING.stem])


def install_line(packages: list[str]) -> str:
    """The command that installs Debian packages."""
    return as_root(f"apt-get install -y --no-install-recommends {' '.join(packages)}")


def _fails(*command: str) -> bool:
    return subprocess.run(command, capture_output=True).returncode != 0


def _build(book: Book) -> None:
    versions = read_versions(book.images)
    parts = [name for name in versions["go"] if name != "kind"]
    with _workshop() as shop, ThreadPoolExecutor(1) as pool:
        tree = pool.submit(_debian, shop / "tree", versions["debian"])
        programs = {part: build_programs(book.images, part) for part in parts}
        binaries = {path.name: path for folder in programs.values() for path in folder.iterdir()}
        binaries["pause"] = _pause(book, shop)
        tree.result()
        with step("putting the containers' images together"):
            archive = _archive(versions["containers"], binaries, shop)
        with step("putting the node together"):
            _furnish(book, versions, programs, shop / "tree")
            _assemble(book, versions, shop / "tree", archive)


@contextmanager
def _workshop() -> Iterator[Path]:
    """A scratch folder that root's files cannot keep alive."""
    shop = Path(tempfile.mkdtemp(dir=_folder(), prefix="build-"))
    try:
        yield shop
    finally:
        # A debootstrap that was cut off leaves the machine's own /proc and /sys mounted in there
        mounts = Path("/proc/self/mounts").read_text().split()
        for mount in sorted((m for m in mounts if m.startswith(f"{shop}/")), reverse=True):
            subprocess.run([*_sudo(), "umount", "--lazy", mount], check=False)
        subprocess.run([*_sudo(), "rm", "-rf", "--one-file-system", str(shop)], check=False)


def _check_tools() -> None:
    if missing := missing_build_tools():
        raise BookError(
            "the build needs: " + ", ".join(missing),
            hint=install_line(missing),
        )


def _debian(tree: Path, debian: Mapping[str, Any]) -> None:
    with step(f"installing Debian {debian['suite']} for the node"):
        command = [
            *_sudo(),
            "debootstrap",
            "--variant=minbase",
            f"--include={','.join(debian['packages'])}",
        ]
        log = tree.parent / "debootstrap.log"
        path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
        with log.open("wb") as file:
            done = subprocess.run(
                [*command, debian["suite"], str(tree), *_mirror()],
                stdout=file,
                stderr=file,
                env=os.environ | {"PATH": path},
            )
        if done.returncode:
            raise BookError(
                "debootstrap failed", hint="\n  ".join(log.read_text().splitlines()[-5:])
            )


def _mirror() -> list[str]:
    """Where this machine's apt gets Debian from; nothing elsewhere: debootstrap knows one."""
    release = Path("/etc/os-release").read_text()
    if "\nID=debian" not in f"\n{release}":
        return []
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(SUITE) $(RELEASE)"],
        capture_output=True,
        text=True,
    )
    sites = [
        line.split()[0]
        for line in done.stdout.splitlines()
        if line.split()[1:2] and "-" not in line.split()[1] and "/" not in line.split()[1]
    ]
    return sites[:1]


def _pause(book: Book, shop: Path) -> Path:
    """The process that holds a Pod's namespaces: one C file of Kubernetes."""
    source = (
        module_folder(book.images, "kubernetes", "k8s.io/kubernetes") / "build/pause/linux/pause.c"
    )
    target = shop / "pause"
    flags = ["-Os", "-static", "-DVERSION=3.10", "-o", str(target)]
    done = subprocess.run(["gcc", *flags, str(source)], capture_output=True, text=True)
    if done.returncode:
        raise BookError("pause does not compile", hint=done.stderr)
    return target


def _archive(containers: Mapping[str, Any], binaries: Mapping[str, Path], shop: Path) -> Path:
    """All container images of the node in one tar, as `docker save` writes it."""
    for name, recipe in containers.items():
        root = shop / "image"
        _container_tree(root, recipe, binaries, shop / "tree")
        changes = ["ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        if "entrypoint" in recipe:
            changes.append(f"ENTRYPOINT {json.dumps(recipe['entrypoint'])}")
        if "command" in recipe:
            changes.append(f"CMD {json.dumps(recipe['command'])}")
        _import(root, name, changes)
        shutil.rmtree(root)
    archive = shop / "containers.tar"
    docker("save", "-o", str(archive), *containers)
    docker("rmi", *containers)
    return archive


def _container_tree(
    root: Path, recipe: Mapping[str, Any], binaries: Mapping[str, Path], debian: Path
) -> None:
    programs = root / "usr/local/bin"
    programs.mkdir(parents=True)
    (root / "tmp").mkdir(mode=0o1777)
    (root / "tmp").chmod(0o1777)
    for name in recipe["programs"]:
        shutil.copy2(binaries[name], programs / name)
    for program in recipe.get("entrypoint", ())[:1]:
        if not (link := root / program.lstrip("/")).exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(f"/usr/local/bin/{link.name}")
    if tools := recipe.get("tools"):
        _borrow(root, tools, debian)
    if recipe.get("shell"):
        _busybox(root, debian)


def _borrow(root: Path, tools: list[str], debian: Path) -> None:
    """Programs of the node's Debian with their libraries, and iptables with its modules."""
    paths = [
        p
        for tool in tools
        for d in ("usr/sbin", "usr/bin", "sbin", "bin")
        if (p := f"{d}/{tool}") and (debian / p).exists()
    ]
    modules = [
        str(p.relative_to(debian)) for p in debian.glob("usr/lib/*/xtables/*.so") if "nft" in tools
    ]
    wanted = sorted({*paths, *modules, *_libraries(debian, [*paths, *modules])})
    pipe = subprocess.run(
        ["tar", "-C", str(debian), "-chf", "-", *wanted], capture_output=True, check=True
    )
    subprocess.run(["tar", "-C", str(root), "-xf", "-"], input=pipe.stdout, check=True)
    if modules:
        for name in ("iptables", "ip6tables"):
            for suffix in ("", "-save", "-restore"):
                (root / f"usr/sbin/{name}{suffix}").symlink_to("xtables-nft-multi")
    for folder in ("run", "etc"):
        (root / folder).mkdir(exist_ok=True)


def _libraries(debian: Path, programs: list[str]) -> set[str]:
    """What the dynamic linker loads for programs and for modules that they open later."""
    ldd = [*_sudo(), "chroot", str(debian), "ldd", *(f"/{program}" for program in programs)]
    words = subprocess.run(ldd, capture_output=True, text=True).stdout.split()
    return {word.lstrip("/") for word in words if word.startswith("/") and not word.endswith(":")}


def _busybox(root: Path, debian: Path) -> None:
    (root / "bin").mkdir(exist_ok=True)
    shutil.copy2(debian / "bin/busybox", root / "bin/busybox")
    names = subprocess.run(
        [str(root / "bin/busybox"), "--list"], capture_output=True, text=True, check=True
    )
    for name in names.stdout.split():
        if not (root / "bin" / name).exists():
            (root / "bin" / name).symlink_to("busybox")


def _furnish(
    book: Book, versions: Mapping[str, Any], programs: Mapping[str, Path], tree: Path
) -> None:
    """kind's own files, the programs, and what kind expects to find, into the node's tree."""
    kind = module_folder(book.images, "kind", "sigs.k8s.io/kind")
    _copy(kind / "images/base/files", tree)
    for component, recipe in versions["go"].items():
        for folder, names in recipe.get("to", {}).items():
            for name in names:
                _install(programs[component] / name, tree / folder.lstrip("/") / name)
    for name, text in NODE_FILES.items():
        _write(tree / name, text.format(kubernetes=versions["kubernetes"]))


NODE_FILES = {
    "kind/version": "{kubernetes}",
    "kind/manifests/default-cni.yaml": "# kubebook sets the network up by itself\n",
    # kind refuses an empty file, so this names a class that provisions nothing
    "kind/manifests/default-storage.yaml": """\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: manual
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
""",
}

# What kind's Dockerfile does to a node after its packages are there, and the containers' images.
SETUP = r"""
set -e
chmod 755 /kind /kind/bin /kind/bin/* /usr/local/bin/*
find /lib/systemd/system/sysinit.target.wants/ -name systemd-tmpfiles-setup.service -delete
rm -rf /lib/systemd/system/multi-user.target.wants/* /etc/systemd/system/*.wants/* \
  /lib/systemd/system/local-fs.target.wants/* /lib/systemd/system/sockets.target.wants/*udev* \
  /lib/systemd/system/sockets.target.wants/*initctl* /lib/systemd/system/basic.target.wants/* \
  /var/cache/apt/* /var/lib/apt/lists/*
echo ReadKMsg=no >> /etc/systemd/journald.conf
ln -sf /usr/lib/systemd/systemd /sbin/init
systemctl enable kubelet.service containerd.service undo-mount-hacks.service
systemctl mask systemd-binfmt.service
mkdir -p /etc/kubernetes/manifests
rm -f /etc/machine-id
ctr oci spec | jq '.hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}]
  | del(.process.rlimits)' > /etc/containerd/cri-base.json
containerd >/dev/null 2>&1 & daemon=$!
until ctr version >/dev/null 2>&1; do sleep 0.2; kill -0 $daemon; done
ctr -n k8s.io images import --no-unpack - >/dev/null
command -v kubelet kubeadm kubectl conntrack iptables >/dev/null
runc --version | grep -q libseccomp
ctr -n k8s.io images list -q | grep -v @sha256 | sort
kill $daemon; wait $daemon || :
rm -rf /run/containerd
# Every node fills a volume of its own with what is in /var: there, links do
blobs=/var/lib/containerd/io.containerd.content.v1.content/blobs/sha256
mkdir /kind/blobs
mv $blobs/* /kind/blobs/
ln -s /kind/blobs/* $blobs/
"""


def _assemble(book: Book, versions: Mapping[str, Any], tree: Path, archive: Path) -> None:
    """Tree to image, finished in a container of itself; the name comes last, if all is well."""
    base = _import(tree, f"{versions['image']}-base", ["ENV container=docker"])
    run = ["run", "-d", "--privileged", "--stop-signal", "SIGRTMIN+3", "--entrypoint", "/bin/sleep"]
    container = docker(*run, base, "infinity")
    try:
        with archive.open("rb") as images:
            listed = docker("exec", "-i", container, "bash", "-c", SETUP, stdin=images)
        if missing := set(versions["containers"]) - set(listed.split()):
            raise BookError(f"images missing in the node: {', '.join(sorted(missing))}")
        entry = 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]'
        label = f"LABEL {RECIPE}={recipe_digest(book)}"
        docker("commit", "-c", entry, "-c", "CMD []", "-c", label, container, versions["image"])
    finally:
        docker("rm", "-f", container, check=False)
        docker("rmi", f"{versions['image']}-base", check=False)


def _import(tree: Path, name: str, changes: list[str]) -> str:
    """`docker import` of a folder; what is not Debian's own belongs to root, whoever builds."""
    owner = [] if (tree / "etc/debian_version").exists() else ["--owner=0", "--group=0"]
    command = [*_sudo(), "tar", "--numeric-owner", *owner, "-C", str(tree), "-c", "."]
    flags = [word for change in changes for word in ("-c", change)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as tar:
        docker("import", *flags, "-", name, stdin=tar.stdout)
    if tar.returncode:
        raise BookError(f"{tree} cannot be read for {name}")
    return name


def _copy(source: Path, tree: Path) -> None:
    subprocess.run(
        [*_sudo(), "cp", "-r", "--no-preserve=mode,ownership", f"{source}/.", str(tree)], check=True
    )


def _install(source: Path, target: Path) -> None:
    subprocess.run([*_sudo(), "install", "-D", "-m", "755", str(source), str(target)], check=True)


def _write(path: Path, text: str) -> None:
    subprocess.run(
        [*_sudo(), "install", "-D", "-m", "644", "/dev/stdin", str(path)],
        input=text.encode(),
        check=True,
    )


def _sudo() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo"]


def _folder() -> Path:
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
