# /// kubebook
# needs = ["monitoring/stuck"]
# ///

# %% status
# /// kubebook
# expect = { matches = [
#   '^no-secret +ContainerCreating$',
#   '^no-config +CreateContainerConfigError$',
#   '^too-big +Pending$',
#   '^not-ready +Running$',
# ] }
# ///
from kubernetes import client, config

from kubebook.waiting import until

config.load_kube_config()
core = client.CoreV1Api()


def status(pod) -> str:
    waiting = [c.state.waiting for c in pod.status.container_statuses or [] if c.state.waiting]
    return waiting[0].reason if waiting else pod.status.phase


def settled(pods) -> bool:
    found = [status(pod) for pod in pods]
    alone = all(found.count(name) == 1 for name in ("Pending", "ContainerCreating"))
    return alone and "ImagePullBackOff" in found


pods = until(settled, core.list_namespaced_pod, "default")
print(f"{'POD':<18} STATUS")
for pod in pods:
    print(f"{pod.metadata.name:<18} {status(pod)}")

# %% causes
# /// kubebook
# expect = { matches = [
#   '^no-secret +False +FailedMount +secret "grafana-login" not found$',
#   '^no-config +True +Failed +configmap',
#   '^image-absent +True +ErrImageNeverPull',
#   '^image-unreachable +True +Failed +connection refused$',
#   '^too-big +- +FailedScheduling +1 Insufficient cpu$',
#   '^not-ready +True +Unhealthy',
# ] }
# ///


def sandbox(pod) -> str:
    kind = "PodReadyToStartContainers"
    return next((c.status for c in pod.status.conditions if c.type == kind), "-")


def passed(event) -> bool:  # tried again on a busy node, and done by now
    return event.reason == "FailedCreatePodSandBox" or "timed out" in event.message


def warnings(events) -> dict:
    found = [event for event in events if event.type == "Warning" and not passed(event)]
    found.sort(key=lambda event: len(event.message))  # of several, keep the one that says most
    return {event.involved_object.name: event for event in found}


def all_told(events) -> bool:
    return {pod.metadata.name for pod in pods} <= set(warnings(events))


told = warnings(until(all_told, core.list_namespaced_event, "default"))
print(f"{'POD':<18} {'SANDBOX':<8} {'EVENT':<18} CAUSE")
for pod in pods:
    event = told[pod.metadata.name]
    cause = event.message.strip().split(". ")[0].split(": ")[-1]
    print(f"{pod.metadata.name:<18} {sandbox(pod):<8} {event.reason:<18} {cause}")
