# /// kubebook
# needs = ["monitoring/crash"]
# timeout = 180
# ///

# %% waits
# /// kubebook
# expect = { matches = [
#   '^1 +\d+s +1 +same$', '^3 +\d+s +1 +same$',
# ], within = { '^1 +(\S+)' = "15s", '^2 +(\S+)' = "8s..25s", '^3 +(\S+)' = "18s..45s" } }
# ///
from itertools import pairwise

from kubernetes import client, config

from kubebook.waiting import until

config.load_kube_config()
core = client.CoreV1Api()
runs, uids = {}, set()


def ended_four_times(pods) -> bool:
    for pod in pods:
        uids.add(pod.metadata.uid)
        for status in pod.status.container_statuses or []:
            for state in (status.state, status.last_state):
                if run := state.terminated:
                    runs[run.started_at] = run
    return len(runs) == 4


only = {"field_selector": "metadata.name=crasher"}
until(ended_four_times, core.list_namespaced_pod, "default", timeout=150, **only)
print("RESTART  WAITED  EXIT  POD")
ended = [runs[started] for started in sorted(runs)]
for number, (before, after) in enumerate(pairwise(ended), start=1):
    waited = f"{(after.started_at - before.finished_at).seconds}s"
    uid = "same" if len(uids) == 1 else "new"
    print(f"{number:<8} {waited:<7} {before.exit_code:<5} {uid}")
