# /// kubebook
# needs = ["reliability/web"]
# cluster = "three"
# timeout = 240
# expect = { matches = [
#   '^1 replica +[1-9]',
#   '^4 replicas +[0-9]',
#   '^4 replicas, 8 tries +0 +0\.0s$',
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
pods = client.CoreV1Api().list_namespaced_pod
apps = client.AppsV1Api()
WEB = {"namespace": "default", "label_selector": "app=web"}
KILL = ["--", "killall", "-KILL", "agnhost"]


def restarts(found):
    return sum(pod.status.container_statuses[0].restart_count for pod in found)


def ready(found):
    states = [pod.status.container_statuses for pod in found]
    return all(state and state[0].ready for state in states)


def kill_one(case, replicas, tries=1):
    apps.patch_namespaced_deployment_scale("web", "default", {"spec": {"replicas": replicas}})
    found = until(lambda found: len(found) == replicas and ready(found), pods, **WEB)
    victim = next(pod.metadata.name for pod in found if restarts([pod]) == 0)
    before = restarts(found)
    with Client("web", tries) as asking:
        subprocess.run(["kubectl", "exec", victim, *KILL], check=True)
        until(lambda found: restarts(found) > before and ready(found), pods, **WEB)
        asking.calm()
    print(f"{case:<20} {asking.lost:<5} {asking.outage:.1f}s")


print("CASE                 LOST  OUTAGE")
kill_one("1 replica", 1)
kill_one("4 replicas", 4)
kill_one("4 replicas, 8 tries", 4, tries=8)
