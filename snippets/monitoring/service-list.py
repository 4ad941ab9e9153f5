# /// kubebook
# needs = ["monitoring/hello"]
# expect = { contains = ["No node port"], matches = ['web +\| +80 +\| http://'] }
# ///
from kubernetes import client, config

config.load_kube_config()
core = client.CoreV1Api()

node = core.list_node().items[0]
ip = next(a.address for a in node.status.addresses if a.type == "InternalIP")

rows = [("NAMESPACE", "NAME", "TARGET PORT", "URL")]
for service in core.list_service_for_all_namespaces().items:
    name = (service.metadata.namespace, service.metadata.name)
    open_ports = [port for port in service.spec.ports if port.node_port]
    rows += [(*name, str(p.port), f"http://{ip}:{p.node_port}") for p in open_ports]
    if not open_ports:
        rows.append((*name, "No node port", ""))

widths = [max(map(len, column)) for column in zip(*rows)]
line = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
table = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
print(line, table[0], line, *table[1:], line, sep="\n")
