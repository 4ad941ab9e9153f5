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
from kubernetes import client, config

from kubebook.waiting import until

config.load_kube_config()
core = client.CoreV1Api()
waits, uids = {}, set()


def restarted(pods) -> bool:
    for pod in pods:
        uids.add(pod.metadata.uid)
        for status in pod.status.container_statuses or []:
            running, last = status.state.running, status.last_state.terminated
            if running and last:
                waited = running.started_at - last.finished_at
                waits[status.restart_count] = (waited.seconds, last.exit_code)
    return 3 in waits


only = {"field_selector": "metadata.name=crasher"}
until(restarted, core.list_namespaced_pod, "default", timeout=150, **only)
print("RESTART  WAITED  EXIT  POD")
for number, (waited, code) in sorted(waits.items()):
    uid = "same" if len(uids) == 1 else "new"
    print(f"{number:<8} {f'{waited}s':<7} {code:<5} {uid}")
