# /// kubebook
# needs = ["monitoring/sick"]
# ///

# %% find
# /// kubebook
# expect = { absent = ["usb"], matches = [
#   '^permanent +TaskHung +INFO: task jbd2',
#   '^temporary +OOMKilling +Out of memory',
# ] }
# ///
import re
import subprocess
from datetime import UTC, datetime

from kubernetes import client, config

# reason: condition ("" for what is over at once), rule
RULES = {
    "TaskHung": ("KernelDeadlock", r"kernel: (INFO: task \S+ blocked for more than .*)"),
    "OOMKilling": ("", r"kernel: (Out of memory: Killed process \d+ .*)"),
}
READ = ["docker", "exec", "worker", "cat", "/var/log/kern.log"]
log = subprocess.run(READ, check=True, capture_output=True, text=True).stdout
found = [
    (reason, condition, match[1])
    for line in log.splitlines()
    for reason, (condition, rule) in RULES.items()
    if (match := re.search(rule, line))
]
print("KIND       REASON      MESSAGE")
for reason, condition, message in found:
    print(f"{'permanent' if condition else 'temporary':<10} {reason:<11} {message}")

# %% report
# /// kubebook
# expect = { contains = ["condition KernelDeadlock=True", "event OOMKilling"] }
# ///
config.load_kube_config()
core = client.CoreV1Api()
now = datetime.now(UTC).isoformat()
node = {"kind": "Node", "name": "worker", "uid": "worker"}  # as the kubelet writes its own
for reason, condition, message in found:
    told = {"reason": reason, "message": message}
    if condition:
        when = {"lastTransitionTime": now, "lastHeartbeatTime": now}
        status = {"conditions": [{"type": condition, "status": "True", **told, **when}]}
        core.patch_node_status("worker", {"status": status})
        print(f"condition {condition}=True")
    core.create_namespaced_event(
        "default",
        {
            "metadata": {"generateName": "worker."},
            "involvedObject": node,
            "type": "Warning",
            "source": {"component": "kubebook-detector", "host": "worker"},
            **told,
            **{"firstTimestamp": now, "lastTimestamp": now, "count": 1},
        },
    )
    print(f"event {reason}")
