# /// kubebook
# files = ["heal.yaml"]
# cluster = "three"
# timeout = 180
# expect = { matches = [
#   '^process killed +kubelet +same +1 ',
#   '^process frozen +kubelet +same +1 ',
#   '^Pod deleted +ReplicaSet +new +0 ',
#   '^ReplicaSet deleted +Deployment +new +0 ',
# ] }
# ///
import subprocess

from client import Client
from kubernetes import client, config

from kubebook.waiting import until

CASES = (
    ("process killed", "kubelet", "exec {pod} -- killall -KILL agnhost"),
    ("Pod deleted", "ReplicaSet", "delete pod {pod} --wait=false"),
    ("process frozen", "kubelet", "exec {pod} -- killall -STOP agnhost"),
    ("ReplicaSet deleted", "Deployment", "delete replicaset -l app=heal --wait=false"),
)


def kubectl(command):
    subprocess.run(["kubectl", *command.split()], check=True, capture_output=True)


def identity(pod):
    return pod.metadata.uid, pod.status.container_statuses[0].restart_count


def ready(pods):
    states = [pod.status.container_statuses for pod in pods]
    return len(pods) == 1 and states[0] and states[0][0].ready


def heal(case, healer, command):
    pod = until(ready, listing, **pods)[0]
    old = identity(pod)
    with Client("heal") as asking:
        kubectl(command.format(pod=pod.metadata.name))
        new = until(lambda now: ready(now) and identity(now[0]) != old, listing, **pods)[0]
        asking.calm()
    uid, restarts = identity(new)
    same = "same" if uid == old[0] else "new"
    print(f"{case:<19} {healer:<11} {same:<5} {restarts:<9} {asking.outage:.1f}s")


config.load_kube_config()
pods = {"namespace": "default", "label_selector": "app=heal"}
listing = client.CoreV1Api().list_namespaced_pod
kubectl("apply -f heal.yaml")
print("BREAK               HEALER      POD   RESTARTS  OUTAGE")
for case, healer, command in CASES:
    heal(case, healer, command)
