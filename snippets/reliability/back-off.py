# /// kubebook
# needs = ["reliability/control"]
# cluster = "three"
# timeout = 180
# slow = "waits for the restarts of a container that keeps ending"
# expect = { within = { '^1 +(.*)' = "8s", '^2 +(.*)' = "6s..25s", '^3 +(.*)' = "15s..45s" } }
# ///
import subprocess
import time

from kubernetes import client, config

from kubebook.waiting import until

config.load_kube_config()
listing = client.CoreV1Api().list_namespaced_pod
APP = {
    "name": "ends",
    "image": "registry.k8s.io/e2e-test-images/agnhost:2.66.1",
    "args": ["netexec"],
    "readinessProbe": {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1},
}
POD = {"metadata": {"name": "ends", "labels": {"run": "ends"}}, "spec": {"containers": [APP]}}
client.CoreV1Api().create_namespaced_pod("default", POD)
END = ["kubectl", "get", "--raw", "/api/v1/namespaces/default/pods/ends:8080/proxy/exit?code=1"]


def restarted(times):
    def done(pods):
        status = pods[0].status.container_statuses
        return status and status[0].ready and status[0].restart_count == times

    until(done, listing, "default", label_selector="run=ends", timeout=120)


restarted(0)
print("RESTART  AFTER")
for times in (1, 2, 3):
    subprocess.run(END, capture_output=True)
    began = time.monotonic()
    restarted(times)
    print(f"{times:<8} {time.monotonic() - began:.1f}s", flush=True)
