# /// kubebook
# needs = ["monitoring/silent"]
# timeout = 300
# slow = "a node must be silent for 50 s before the control plane gives it up"
# ///

# %% stop
# /// kubebook
# expect = { matches = ['^web-\S+ runs on worker$'] }
# ///
import subprocess
import time

from kubernetes import client, config

config.load_kube_config()
core, leases, slices = client.CoreV1Api(), client.CoordinationV1Api(), client.DiscoveryV1Api()


def web_pods() -> dict:
    listed = core.list_namespaced_pod("default", label_selector="app=web").items
    return {pod.metadata.name: pod for pod in listed}


before = web_pods()
old = next(name for name, pod in before.items() if pod.spec.node_name == "worker")
print(old, "runs on worker")
subprocess.run(["docker", "exec", "worker", "systemctl", "stop", "kubelet"], check=True)
stopped = time.time()
last = leases.read_namespaced_lease("worker", "kube-node-lease").spec.renew_time.timestamp()

# %% times
# /// kubebook
# unordered = true
# expect = { matches = [
#   '^0\.0s +Lease: last renewal$',
# ], within = { '^(\S+) +node: Ready is Unknown$' = "50s..65s" } }
# ///


def ready(thing) -> str:
    return next(c.status for c in thing.status.conditions if c.type == "Ready")


def served() -> set[str]:
    """Names of the Pods that a Service sends to."""
    parts = slices.list_namespaced_endpoint_slice("default").items
    points = [point for part in parts for point in part.endpoints or [] if point.conditions.ready]
    return {point.target_ref.name for point in points if point.target_ref}


times = {"Lease: last renewal": last, "kubelet: stopped": stopped}
while "new Pod: Running" not in times or "old Pod: marked for deletion" not in times:
    node, pods = core.read_node("worker"), web_pods()
    effects = [taint.effect for taint in node.spec.taints or []]
    happened = {
        "node: Ready is Unknown": ready(node) == "Unknown",
        "node: taint unreachable:NoSchedule": "NoSchedule" in effects,
        "node: taint unreachable:NoExecute": "NoExecute" in effects,
        "old Pod: Ready is False": ready(pods[old]) == "False",
        "Service: no longer sends to the old Pod": old not in served(),
        "old Pod: marked for deletion": pods[old].metadata.deletion_timestamp,
        "new Pod: Running": any(
            pod.status.phase == "Running" for name, pod in pods.items() if name not in before
        ),
    }
    for event in (event for event, did in happened.items() if did and event not in times):
        times[event] = time.time()
    time.sleep(0.2)

print("AFTER   EVENT")
for event, moment in sorted(times.items(), key=lambda item: item[1]):
    print(f"{f'{moment - last:.1f}s':<7} {event}")
