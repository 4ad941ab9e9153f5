"""A pool of clean clusters: no chain sees what another did, whatever it did and wherever it ran."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mini import SETTINGS, MiniBook

from kubebook.canonical import Output
from kubebook.chain import run_chain
from kubebook.drift import compare
from kubebook.pool import Pool, open_pool
from kubebook.recording import outputs
from live.command import Kubebook

pytestmark = pytest.mark.live
IMAGES = Path(__file__).parents[2] / "cluster"
AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.66.1"
EVERYTHING = f"""\
kubectl create deployment web --image={AGNHOST} --replicas=2
kubectl wait --for=condition=Available deployment/web --timeout=100s
kubectl get nodes -o wide --show-labels
kubectl get nodes -o jsonpath='{{.items[*].spec}}'; echo
kubectl get pods,deployments,services,configmaps,leases,serviceaccounts -A -o wide
kubectl get crds,validatingwebhookconfigurations,priorityclasses,csinodes,namespaces
kubectl -n kube-system get configmap kubeadm-config -o yaml
kubectl -n kube-system get pods -o jsonpath='{{.items[*].spec.containers[*].command}}'; echo
kubectl -n kube-public get configmap cluster-info -o jsonpath='{{.data.kubeconfig}}' | grep server
kubectl exec deployment/web -- cat /etc/hosts /etc/resolv.conf
kubectl config view
"""
# What a chain may do to a cluster, and why the cluster cannot be put back
HOSTILE = {
    "coredns": ("kubectl -n kube-system delete pods -l k8s-app=kube-dns", "coredns"),
    "taint": ("kubectl taint nodes --all odd=yes:NoSchedule", "nodes control-plane was changed"),
    "crd": (
        """\
kubectl apply -f - <<YAML
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: odds.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {plural: odds, singular: odd, kind: Odd}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object}}
YAML
kubectl wait --for=condition=Established crd/odds.example.org --timeout=100s
kubectl apply -f - <<YAML
apiVersion: example.org/v1
kind: Odd
metadata: {name: clinging, finalizers: [example.org/never]}
YAML
""",
        "odds.example.org is new",
    ),
    "webhook": (
        """\
kubectl apply -f - <<YAML
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: nay}
webhooks:
  - name: nay.example.org
    admissionReviewVersions: [v1]
    sideEffects: None
    timeoutSeconds: 1
    clientConfig: {url: "https://127.0.0.1:1"}
    rules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"]}]
YAML
""",
        "is new",
    ),
    # written so that no word tells it beforehand
    "static": (
        f"""\
volume=hostP
kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: {{name: writer}}
spec:
  restartPolicy: Never
  containers:
    - name: writer
      image: {AGNHOST}
      command: [sh, -c, 'sed -i "s/timeoutSeconds: 15/timeoutSeconds: 16/" /m/kube-scheduler.yaml']
      volumeMounts: [{{name: m, mountPath: /m}}]
  volumes: [{{name: m, ${{volume}}ath: {{path: /etc/kubernetes/manifests}}}}]
YAML
kubectl wait --for=jsonpath='{{.status.phase}}'=Succeeded pod/writer --timeout=100s
""",
        "",
    ),
}
# What can be put back
OWN = f"""\
kubectl create namespace own
kubectl -n own create deployment web --image={AGNHOST} --replicas=2
kubectl -n own expose deployment web --port=80
kubectl create configmap mine --from-literal=a=b
kubectl apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: {{name: deaf}}
spec:
  terminationGracePeriodSeconds: 120
  containers:
    - {{name: deaf, image: {AGNHOST}, command: [sh, -c, "trap '' TERM; while :; do sleep 1; done"]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: full}}
spec:
  containers:
    - name: full
      image: {AGNHOST}
      command: [sh, -c, "while :; do sleep 1; done"]
      volumeMounts: [{{name: v, mountPath: /v}}]
  volumes: [{{name: v, emptyDir: {{sizeLimit: 1Mi}}}}]
YAML
kubectl wait --for=condition=Ready pod/deaf pod/full --timeout=100s
kubectl exec full -- sh -c 'head -c 5000000 /dev/zero > /v/f; ls -l /v/f'
"""


@pytest.fixture
def live(mini: MiniBook) -> Iterator[MiniBook]:
    """A book with a snippet that shows all it can of its cluster."""
    mini.write("kubebook.toml", f'images = "{IMAGES}"\ntimeout = 120\n{SETTINGS}')
    snippet(mini, "look", EVERYTHING)
    yield mini
    Kubebook(mini.root, mini.write("home/.kube/config", ""))("cluster", "down")


def snippet(mini: MiniBook, name: str, code: str) -> None:
    mini.write(
        f"snippets/one/{name}.sh",
        f"# /// kubebook\n# expect = {{ matches = ['(?s).*'] }}\n# ///\n{code}",
    )


def run(mini: MiniBook, pool: Pool, name: str) -> list[Output]:
    """The outputs of a chain of one snippet."""
    library = mini.library
    ran = run_chain(library, library.chain(f"one/{name}"), pool)
    assert not ran.fault, ran.fault
    return [out for rec in ran.recordings for out in outputs(library[rec.id], rec.cells)]


@pytest.mark.fault("kubebook/putback.py", "if strange :=", "if strange := 0 and")
@pytest.mark.fault("kubebook/pool.py", "if done.reason:", "if False:")
def test_nothing_reaches_the_next_chain(live: MiniBook, capsys: pytest.CaptureFixture[str]) -> None:
    """Hostile chains, each followed by one that shows the cluster it got."""
    for name, (code, _) in HOSTILE.items():
        snippet(live, name, code)
    with open_pool(live.book, 1) as pool:
        first = run(live, pool, "look")
        assert "put back: " in capsys.readouterr().err
        for name, (_, reason) in HOSTILE.items():
            run(live, pool, name)
            said = capsys.readouterr().err
            assert f"after one/{name}: " in said
            assert "replaced: " in said
            assert reason in said, said
            assert compare(first, run(live, pool, "look")) == [], name


@pytest.mark.fault("kubebook/putback.py", '"gracePeriodSeconds": 1', '"gracePeriodSeconds": 120')
@pytest.mark.fault("kubebook/putback.py", 'return namespace == "default" or', "return")
def test_what_a_chain_made_in_its_own_places_is_removed(
    live: MiniBook, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same cluster serves again, with a deaf Pod and a full volume before."""
    snippet(live, "own", OWN)
    with open_pool(live.book, 1) as pool:
        first = run(live, pool, "look")
        run(live, pool, "own")
        assert compare(first, run(live, pool, "look")) == []
    said = capsys.readouterr().err
    assert said.count("put back: ") == 3, said
    assert said.count("✓ creating") == 1, said


@pytest.mark.fault("kubebook/cluster.py", "_rename_context(kubeconfig, book.name)", "pass")
@pytest.mark.fault("kubebook/drivers/docker.bash", "word=${word#", "word=${word%")
def test_members_cannot_be_told_apart(live: MiniBook) -> None:
    """Two at once; what they print is the same, in any order and with pools of any size."""
    for name in ("a", "b"):
        snippet(live, name, EVERYTHING + f"kubectl create namespace {name}\n")
    command = Kubebook(live.root, live.root / "home/.kube/config")
    command("run", "--pool", "1")
    command("check", "--pool", "2", "--shuffle", "7")
    recorded = [(live.root / f"recordings/one/{n}.out").read_text() for n in ("a", "b")]
    outs = [Output("x", text.rsplit("namespace/", 1)[0]) for text in recorded]
    assert compare([outs[0]], [outs[1]]) == []
    assert "run-single" not in "".join(recorded)
