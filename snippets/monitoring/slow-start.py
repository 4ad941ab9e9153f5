# /// kubebook
# needs = ["monitoring/loop"]
# timeout = 300
# ///

# %% measure
# /// kubebook
# expect = { matches = [
#   '^free +2 +\S+ +\S+ +True$',
#   '^bound +0\.3 +\S+ +\S+ +True$',
#   '^again +2 +\S+ +\S+ +True$',
#   '^slower with 0\.3 CPUs: True$',
# ] }
# ///
import re
import subprocess
import time

from kubernetes import client, config

config.load_kube_config()
core = client.CoreV1Api()
APP = {"name": "app", "image": "registry.k8s.io/e2e-test-images/agnhost:2.66.1", "args": ["pause"]}


def start(group: str) -> float:
    """Seconds until four new Pods of a group run."""
    began = time.monotonic()
    for number in range(4):
        meta = {"name": f"{group}-{number}", "labels": {"group": group}}
        spec = {"nodeName": "worker", "containers": [APP]}
        core.create_namespaced_pod("default", {"metadata": meta, "spec": spec})
    phases = []
    while phases != ["Running"] * 4:
        time.sleep(0.1)
        pods = core.list_namespaced_pod("default", label_selector=f"group={group}").items
        phases = [pod.status.phase for pod in pods]
    return time.monotonic() - began


def kubelet(part: str) -> float:
    metrics = core.connect_get_node_proxy_with_path("worker", "metrics")
    line = re.search(rf"kubelet_pod_start_sli_duration_seconds_{part} (\S+)", metrics)
    return float(line[1]) if line else 0


took = []
print("ROUND  CPUS  START  KUBELET  READY")
for group, cpus in {"free": "2", "bound": "0.3", "again": "2"}.items():
    subprocess.run(["docker", "update", "--cpus", cpus, "worker"], check=True, capture_output=True)
    pods, seconds = kubelet("count"), kubelet("sum")
    took.append(start(group))
    while kubelet("count") < pods + 4:
        time.sleep(0.1)
    own, mean = f"{took[-1]:.1f}s", f"{(kubelet('sum') - seconds) / 4:.1f}s"
    conditions = {c.type: c.status for c in core.read_node("worker").status.conditions}
    print(f"{group:<6} {cpus:<5} {own:<6} {mean:<8} {conditions['Ready']}")
print("slower with 0.3 CPUs:", took[1] > 1.2 * min(took[0], took[2]))
