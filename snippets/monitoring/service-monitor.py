# /// kubebook
# needs = ["monitoring/prometheus-operator"]
# files = ["service-monitor.yaml"]
# ///

# %% before
# /// kubebook
# expect = { contains = ["0 targets"] }
# ///
import subprocess

from prometheus_api import ask, ask_until

print(len(ask("targets", state="active")["activeTargets"]), "targets")

# %% after
# /// kubebook
# expect = { matches = ['^kube-dns +coredns-.* +up$'], absent = ["down"] }
# ///
subprocess.run(["kubectl", "apply", "-f", "service-monitor.yaml"], check=True)


def all_up(data):
    return [target["health"] for target in data["activeTargets"]] == ["up", "up"]


targets = ask_until(all_up, "targets", state="active")["activeTargets"]
print(f"{'JOB':<11}{'POD':<26}HEALTH")
for target in sorted(targets, key=lambda target: target["labels"]["pod"]):
    labels = target["labels"]
    print(f"{labels['job']:<11}{labels['pod']:<26}{target['health']}")
