# /// kubebook
# needs = ["monitoring/loop"]
# timeout = 300
# ///

# %% measure
# /// kubebook
# expect = { matches = ['^2 +\S+ +\S+ +True$', '^0\.2 +\S+ +\S+ +True$', '^slower with 0\.2 CPUs: True$'] }
# ///
import re
import subprocess
import time

from kubernetes import client, config

from kubebook.waiting import until

config.load_kube_config()
core = client.CoreV1Api()
IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.66.1"


def start(group: str) -> float:
    """Seconds until four new Pods of a group run."""
    app = {"name": "app", "image": IMAGE, "args": ["pause"]}
    spec = {"nodeName": "worker", "containers": [app]}
    began = time.monotonic()
    for number in range(4):
        meta = {"name": f"{group}-{number}", "labels": {"group": group}}
        core.create_namespaced_pod("default", {"metadata": meta, "spec": spec})
    until(
        lambda pods: [pod.status.phase for pod in pods] == ["Running"] * 4,
        *(core.list_namespaced_pod, "default"),
        label_selector=f"group={group}",
        timeout=120,
    )
    return time.monotonic() - began


def kubelet() -> tuple[float, ...]:
    """Seconds of all Pod starts so far, and how many they were."""
    text = core.connect_get_node_proxy_with_path("worker", "metrics")
    name = "kubelet_pod_start_sli_duration_seconds_"
    return tuple(float(re.search(rf"{name}{part} (\S+)", text)[1]) for part in ("sum", "count"))


def ready() -> str:
    conditions = core.read_node("worker").status.conditions
    return next(c.status for c in conditions if c.type == "Ready")


took = []
print("CPUS  START  KUBELET  READY")
for group, cpus in {"free": "2", "bound": "0.2", "again": "2"}.items():
    subprocess.run(["docker", "update", "--cpus", cpus, "worker"], check=True, capture_output=True)
    before = kubelet()
    took.append(start(group))
    seconds, number = (after - earlier for after, earlier in zip(kubelet(), before, strict=True))
    print(f"{cpus:<5} {f'{took[-1]:.1f}s':<6} {f'{seconds / number:.1f}s':<8} {ready()}")
print("slower with 0.2 CPUs:", took[1] > 2 * took[0])
