# /// kubebook
# needs = ["reliability/leases"]
# files = ["leader.py", "demo-lease.yaml"]
# cluster = "three"
# ///

# %% takeover
# /// kubebook
# expect = { within = { '^kill -9 +(.*)' = "2.4s..8s", '^kill  +(.*)' = "3s" } }
# ///
import subprocess
import sys
import tempfile
import time
from itertools import groupby

from kubernetes import client, config
from kubernetes.watch import Watch

config.load_kube_config()
leases = client.CoordinationV1Api()
DEMO = {"namespace": "default", "field_selector": "metadata.name=demo"}


def next_leader(last):
    for event in Watch().stream(leases.list_namespaced_lease, **DEMO, timeout_seconds=30):
        if (name := event["object"].spec.holder_identity) not in (None, "", last):
            return name
    raise TimeoutError


subprocess.run(["kubectl", "apply", "-f", "demo-lease.yaml"], check=True, capture_output=True)
log = tempfile.TemporaryFile("w+")  # noqa: SIM115
run = [sys.executable, "leader.py"]
candidates = {name: subprocess.Popen([*run, name], stdout=log) for name in "abc"}
leader = next_leader(None)
print("SIGNAL   TAKEOVER")
for signal in ("kill -9", "kill"):
    time.sleep(1)
    process, began = candidates[leader], time.monotonic()
    process.kill() if signal == "kill -9" else process.terminate()
    leader = next_leader(leader)
    print(f"{signal:<8} {time.monotonic() - began:.1f}s")

# %% turns
# /// kubebook
# expect = { contains = ["leaders: 3, turns: 3"] }
# ///
time.sleep(1)
candidates[leader].kill()
log.seek(0)
names = [line.split()[1] for line in log]  # one line for each time that somebody led
print(f"leaders: {len(set(names))}, turns: {len(list(groupby(names)))}")
