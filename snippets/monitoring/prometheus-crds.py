# /// kubebook
# needs = ["monitoring/too-long"]
# expect = { contains = ["5 established"], matches = ['^servicemonitors\.monitoring\.'] }
# ///
from kubernetes import client, config

from kubebook.waiting import until

GROUP = "monitoring.coreos.com"
KINDS = {
    "Prometheus": "prometheuses",
    "ServiceMonitor": "servicemonitors",
    "PodMonitor": "podmonitors",
    "Probe": "probes",
    "PrometheusRule": "prometheusrules",
}
ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
VERSION = {"name": "v1", "served": True, "storage": True, "subresources": {"status": {}}}

config.load_kube_config()
extensions = client.ApiextensionsV1Api()
for kind, plural in KINDS.items():
    spec = {"group": GROUP, "scope": "Namespaced", "names": {"kind": kind, "plural": plural}}
    spec["versions"] = [VERSION | {"schema": {"openAPIV3Schema": ANYTHING}}]
    name = f"{plural}.{GROUP}"
    extensions.create_custom_resource_definition({"metadata": {"name": name}, "spec": spec})
    print(name)


def established(crds):
    ours = [crd for crd in crds if crd.spec.group == GROUP]
    types = [c.type for crd in ours for c in crd.status.conditions or [] if c.status == "True"]
    return types.count("Established") == len(KINDS)


until(established, extensions.list_custom_resource_definition)
print(len(KINDS), "established")
