# /// kubebook
# needs = ["monitoring/conflict"]
# expect = { matches = ['^spec\.type +human$', '^spec\.selector +addon, human$'] }
# ///
from kubernetes import client, config

config.load_kube_config()
service = client.CoreV1Api().read_namespaced_service("grafana", "default")

owners = {}
for entry in service.metadata.managed_fields:
    for field in entry.fields_v1["f:spec"]:
        name = "spec." + field.removeprefix("f:")
        owners.setdefault(name, []).append(entry.manager)

print(f"{'FIELD':<16}OWNERS")
for name in sorted(owners):
    print(f"{name:<16}{', '.join(sorted(owners[name]))}")
