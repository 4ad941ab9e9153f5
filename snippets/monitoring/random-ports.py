# /// kubebook
# volatile = [
#   { where = "LOWEST", reason = "drawn at random" },
#   { where = "HIGHEST", reason = "drawn at random" },
# ]
# expect = { matches = ['^200 +3[0-9]{4} +3[0-9]{4} +0 +0\.[0-9]%$'] }
# ///
from math import comb

from kubernetes import client, config

config.load_kube_config()
core = client.CoreV1Api()

ports = [{"name": f"port-{number}", "port": number} for number in range(1, 201)]
service = core.create_namespaced_service(
    "default", {"metadata": {"name": "random"}, "spec": {"type": "NodePort", "ports": ports}}
)
core.delete_namespaced_service("random", "default")

drawn = [port.node_port for port in service.spec.ports]
every, low = 32767 - 30000 + 1, 30086 - 30000
chance = comb(every - low, len(drawn)) / comb(every, len(drawn))
low_ones = sum(port < 30086 for port in drawn)
print("PORTS  LOWEST  HIGHEST  BELOW 30086  BY CHANCE")
print(f"{len(drawn)}    {min(drawn)}   {max(drawn)}    {low_ones}            {chance:.1%}")
