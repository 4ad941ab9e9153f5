# /// kubebook
# needs = ["monitoring/cni"]
# expect = { matches = [
#   'taint memory-pressure is there$',
# ], within = { '^(\S+) +the taint is gone$' = "0.2s..60s" } }
# ///
import time

from kubernetes import client, config

config.load_kube_config()
core = client.CoreV1Api()


def pressure() -> str:
    conditions = core.read_node("worker").status.conditions
    return next(c.status for c in conditions if c.type == "MemoryPressure")


def tainted() -> bool:
    taints = core.read_node("worker").spec.taints or []
    return any(taint.key == "node.kubernetes.io/memory-pressure" for taint in taints)


claim = {"type": "MemoryPressure", "status": "True", "reason": "ByHand", "message": "a claim"}
core.patch_node_status("worker", {"status": {"conditions": [claim]}})
start = time.monotonic()
print("AFTER   EVENT\n0.0s    MemoryPressure=True is written by hand")
for event, happened in {
    "taint memory-pressure is there": tainted,
    "the kubelet writes MemoryPressure=False": lambda: pressure() == "False",
    "the taint is gone": lambda: not tainted(),
}.items():
    while not happened():
        time.sleep(0.05)
    print(f"{f'{time.monotonic() - start:.1f}s':<7} {event}")
