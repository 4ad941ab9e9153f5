# /// kubebook
# needs = ["reliability/web"]
# cluster = "three"
# timeout = 600
# volatile = [
#   { where = "LOST", reason = "how many requests hit the dead address is drawn by lot" },
# ]
# slow = "API server and controller manager are taken away and brought back"
# ///

# %% api-server
# /// kubebook
# expect = { contains = ["API server answers: no"], within = { '^web .* after (.*)' = "1s..30s" } }
# ///
import subprocess
import time

from client import Client
from kubernetes import client, config

from kubebook.waiting import until

config.load_kube_config()
core = client.CoreV1Api()
MANIFESTS = "/etc/kubernetes/manifests/"


def docker(node, *words):
    return subprocess.run(["docker", "exec", node, *words], capture_output=True, text=True).stdout


def api_answers():
    asked = subprocess.run(["kubectl", "get", "--raw", "/readyz"], capture_output=True)
    return asked.returncode == 0


def ready(found):
    states = [pod.status.container_statuses for pod in found]
    return len(states) == 3 and all(state and state[0].ready for state in states)


with Client("web") as asking:
    docker("control-plane", "mv", MANIFESTS + "kube-apiserver.yaml", "/root/")
    while api_answers():
        time.sleep(0.5)
    for node in ("worker", "worker2"):
        docker(node, "pkill", "-KILL", "agnhost")
    asking.calm()
    print("API server answers:", "yes" if api_answers() else "no")
    print(f"web answers again after {asking.outage:.1f}s")
docker("control-plane", "mv", "/root/kube-apiserver.yaml", MANIFESTS)
while not api_answers():
    time.sleep(0.5)


# %% manager
# /// kubebook
# expect = { matches = [
#   '^away +2 +3 +[1-9]',
#   '^back +3 +3 +0$',
# ], within = { '^healed .* (.*)' = "5s..60s" } }
# ///
def row(manager):
    found = [pod for pod in pods() if not pod.metadata.deletion_timestamp]
    slices = client.DiscoveryV1Api().list_namespaced_endpoint_slice
    listed = slices("default", label_selector="kubernetes.io/service-name=web").items
    endpoints = [end for part in listed for end in part.endpoints if end.conditions.ready]
    asking = Client("web")
    asking.limit = 2
    lost = sum(not asking.ask() for _ in range(20))
    print(f"{manager:<8} {len(found):<5} {len(endpoints):<10} {lost}")


def pods():
    return core.list_namespaced_pod("default", label_selector="app=web").items


until(ready, core.list_namespaced_pod, "default", label_selector="app=web", timeout=120)
docker("control-plane", "mv", MANIFESTS + "kube-controller-manager.yaml", "/root/")
while docker("control-plane", "pgrep", "kube-controller"):
    time.sleep(0.5)
core.delete_namespaced_pod(pods()[0].metadata.name, "default", grace_period_seconds=1)
while len(pods()) == 3:
    time.sleep(0.5)
print("MANAGER  PODS  ENDPOINTS  LOST")
row("away")
docker("control-plane", "mv", "/root/kube-controller-manager.yaml", MANIFESTS)
began = time.monotonic()
until(ready, core.list_namespaced_pod, "default", label_selector="app=web", timeout=120)
healed = time.monotonic() - began
with Client("web"):  # once the rules are written
    pass
row("back")
print(f"\nhealed after {healed:.1f}s")


# %% mirror
# /// kubebook
# expect = { contains = ["Pod: new", "container: same"] }
# ///
def scheduler():
    pod = core.read_namespaced_pod("kube-scheduler-control-plane", "kube-system")
    return pod.metadata.uid, pod.status.container_statuses[0].container_id


uid, container = scheduler()
began = time.monotonic()
core.delete_namespaced_pod("kube-scheduler-control-plane", "kube-system", grace_period_seconds=0)
while True:
    try:
        now = scheduler()
        break
    except (client.ApiException, TypeError):
        time.sleep(1)
print("Pod:", "same" if now[0] == uid else "new")
print("container:", "same" if now[1] == container else "new")
print(f"listed again after {time.monotonic() - began:.1f}s")
