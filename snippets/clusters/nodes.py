# /// kubebook
# cluster = "three"
# expect = { matches = [
#   '^control-plane +control-plane +[0-9.]+ +yes +NoSchedule$',
#   '^worker +- +[0-9.]+ +yes +-$',
#   '^worker2 +- +[0-9.]+ +yes +-$',
# ] }
# ///
import os

from kubernetes import client, config

config.load_kube_config()
print(f"{'NODE':<15} {'ROLE':<15} {'ADDRESS':<16} {'ALL CPUS':<10} TAINT")
for node in client.CoreV1Api().list_node().items:
    prefix = "node-role.kubernetes.io/"
    roles = [key.removeprefix(prefix) for key in node.metadata.labels if key.startswith(prefix)]
    address = next(a.address for a in node.status.addresses if a.type == "InternalIP")
    every = "yes" if int(node.status.capacity["cpu"]) == os.cpu_count() else "no"
    taints = [taint.effect for taint in node.spec.taints or []]
    print(
        f"{node.metadata.name:<15} {', '.join(roles) or '-':<15} {address:<16} {every:<10} "
        f"{', '.join(taints) or '-'}"
    )
