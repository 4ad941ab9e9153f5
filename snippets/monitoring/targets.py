# /// kubebook
# needs = ["monitoring/prometheus"]
# expect = { matches = ['^kube-dns +coredns-.* +up$'], absent = ["down", "unknown"] }
# ///
from prometheus_api import ask_until


def all_up(data):
    return [target["health"] for target in data["activeTargets"]] == ["up", "up"]


targets = ask_until(all_up, "targets", state="active")["activeTargets"]
print(f"{'JOB':<11}{'POD':<26}HEALTH")
for target in sorted(targets, key=lambda target: target["labels"]["pod"]):
    labels = target["labels"]
    print(f"{labels['job']:<11}{labels['pod']:<26}{target['health']}")
