# /// kubebook
# volatile = [
#   { where = "LOWEST", reason = "drawn at random" },
#   { where = "HIGHEST", reason = "drawn at random" },
# ]
# expect = { contains = ["20 ports, 0 below 30086"] }
# ///
from kubernetes import client, config

config.load_kube_config()
core = client.CoreV1Api()

ports = []
for number in range(20):
    service = core.create_namespaced_service(
        "default",
        {
            "metadata": {"name": f"random-{number}"},
            "spec": {"type": "NodePort", "ports": [{"port": 80}]},
        },
    )
    ports.append(service.spec.ports[0].node_port)

print(f"LOWEST  HIGHEST\n{min(ports)}   {max(ports)}\n")
print(f"{len(ports)} ports, {sum(port < 30086 for port in ports)} below 30086")
