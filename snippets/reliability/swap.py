# /// kubebook
# needs = ["reliability/web"]
# cluster = "three"
# timeout = 300
# expect = { matches = [
#   '^Recreate +[1-9]',
#   '^RollingUpdate +[1-9]',
#   '^with probe and preStop +0 +0\.0s$',
# ] }
# volatile = [
#   { where = "LOST", reason = "how many requests fall into a gap depends on the machine" },
# ]
# ///
import subprocess

from client import Client
from kubernetes import client, config

from kubebook.waiting import until

config.load_kube_config()
apps, pods = client.AppsV1Api(), client.CoreV1Api().list_namespaced_pod
PROBE = {"httpGet": {"path": "/readyz", "port": 8080}, "periodSeconds": 1}
WAIT = {"preStop": {"sleep": {"seconds": 5}}}
SURGE = {"maxSurge": "100%", "maxUnavailable": 0}


def roll(kind, probe, wait, version):
    container = {"name": "web", "readinessProbe": probe, "lifecycle": wait}
    container["env"] = [{"name": "VERSION", "value": version}]
    strategy = {"type": kind, "rollingUpdate": SURGE if kind == "RollingUpdate" else None}
    spec = {"strategy": strategy, "template": {"spec": {"containers": [container]}}}
    apps.patch_namespaced_deployment("web", "default", {"spec": spec})
    subprocess.run(["kubectl", "rollout", "status", "deployment/web"], capture_output=True)
    until(lambda found: len(found) == 3, pods, "default", label_selector="app=web")


CASES = (
    ("Recreate", "Recreate", None, None),
    ("RollingUpdate", "RollingUpdate", None, None),
    ("with probe", "RollingUpdate", PROBE, None),
    ("with probe and preStop", "RollingUpdate", PROBE, WAIT),
)
print("UPDATE                  LOST  OUTAGE")
for case, *settings in CASES:
    roll(*settings, "1")
    with Client("web") as asking:
        roll(*settings, "2")
        asking.calm()
    print(f"{case:<23} {asking.lost:<5} {asking.outage:.1f}s")
