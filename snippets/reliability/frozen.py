# /// kubebook
# needs = ["reliability/conditions"]
# cluster = "three"
# timeout = 240
# expect = { matches = ['^yes +[1-9][0-9]* +0$', '^no +[1-9][0-9]* +[1-9][0-9]*$'] }
# volatile = [
#   { where = "LOST AT FIRST", reason = "kube-proxy draws lots for every connection" },
#   { where = "LOST LATER", reason = "kube-proxy draws lots for every connection" },
# ]
# ///
import subprocess

from client import Client
from kubernetes import config


def kubectl(*words):
    subprocess.run(["kubectl", *words], check=True, capture_output=True)


REMOVE = '[{"op": "remove", "path": "/spec/template/spec/containers/0/readinessProbe"}]'


def lost(requests):
    return sum(not asking.ask() for _ in range(requests))


config.load_kube_config()
print("PROBE  LOST AT FIRST  LOST LATER")
for probe in ("yes", "no"):
    if probe == "no":
        kubectl("patch", "statefulset/lb", "--type=json", "-p", REMOVE)
    kubectl("rollout", "status", "statefulset/lb")
    with Client("lb") as asking:  # once the rules are written
        asking.limit = 1
    kubectl("exec", "lb-1", "--", "killall", "-STOP", "agnhost")
    print(f"{probe:<6} {lost(40):<14} {lost(15)}")
    kubectl("exec", "lb-1", "--", "killall", "-CONT", "agnhost")
