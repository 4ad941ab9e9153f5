# /// kubebook
# needs = ["reliability/standby"]
# cluster = "three"
# timeout = 180
# slow = "schedulers and controller manager lose their leader, three times"
# ///

# %% clean
# /// kubebook
# expect = { contains = ["lease given back"], within = { '^new leader +(.*)' = "8s" } }
# ///
import subprocess
import time

from client import Client
from kubernetes import client, config
from kubernetes.watch import Watch

from kubebook.waiting import until

config.load_kube_config()
leases, core = client.CoordinationV1Api(), client.CoreV1Api()
asking = Client("web")
asking.__enter__()


def placed(pods):
    return pods and all(pod.spec.node_name for pod in pods)


def note(event, began):
    print(f"{event:<17} {time.monotonic() - began:.1f}s")


def node(*command):
    command = ["docker", "exec", "control-plane", *command]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def takeover(end, name, app):
    only = {"namespace": "kube-system", "field_selector": f"metadata.name={name}"}
    before = leases.list_namespaced_lease(**only)
    old, since = before.items[0].spec.holder_identity, before.metadata.resource_version
    began = time.monotonic()
    node(*end)
    create = ["kubectl", "create", "deployment", app, "--image=registry.k8s.io/pause:3.10"]
    creating = subprocess.Popen(create, stdout=subprocess.DEVNULL)
    print("EVENT             AFTER\nleader ended      0.0s")
    watch = {**only, "resource_version": since, "timeout_seconds": 60}
    for event in Watch().stream(leases.list_namespaced_lease, **watch):
        holder = event["object"].spec.holder_identity
        if holder == old:
            continue
        note("new leader" if holder else "lease given back", began)
        if holder:
            break
    creating.wait()
    until(placed, core.list_namespaced_pod, "default", label_selector=f"app={app}")
    note("work done", began)


MANIFEST = "/etc/kubernetes/manifests/kube-scheduler.yaml"
takeover(["mv", MANIFEST, "/root/"], "kube-scheduler", "first")

# %% crash
# /// kubebook
# expect = { absent = ["given back"], within = { '^new leader +(.*)' = "13s..30s" } }
# ///
node("mv", "/root/kube-scheduler.yaml", MANIFEST)
while len(node("pgrep", "kube-scheduler").split()) < 2:
    time.sleep(0.5)
takeover(["pkill", "-KILL", "-o", "kube-scheduler"], "kube-scheduler", "second")

# %% manager
# /// kubebook
# expect = { absent = ["given back"], within = { '^new leader +(.*)' = "10s..35s" } }
# ///
takeover(["pkill", "-TERM", "kube-controller"], "kube-controller-manager", "third")

# %% client
# /// kubebook
# expect = { contains = ["requests lost: 0"] }
# ///
asking.__exit__()
print("requests lost:", asking.lost)
