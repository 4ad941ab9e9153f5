# /// kubebook
# needs = ["monitoring/too-long"]
# expect = { contains = ["prometheuses.monitoring.coreos.com", "servicemonitors.monitoring.coreos.com", "5 established"] }
# ///
from kubernetes import client, config

from kubebook.waiting import until

KINDS = {"Prometheus": "prometheuses", "ServiceMonitor": "servicemonitors",
         "PodMonitor": "podmonitors", "Probe": "probes", "PrometheusRule": "prometheusrules"}
ANY = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}

config.load_kube_config()
extensions = client.ApiextensionsV1Api()
for kind, plural in KINDS.items():
    name = f"{plural}.monitoring.coreos.com"
    version = {"name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
               "schema": {"openAPIV3Schema": ANY}}
    extensions.create_custom_resource_definition({
        "metadata": {"name": name},
        "spec": {"group": "monitoring.coreos.com", "scope": "Namespaced", "versions": [version],
                 "names": {"kind": kind, "plural": plural}},
    })
    print(name)


def established(crds):
    ours = [crd for crd in crds if crd.metadata.name.endswith(".monitoring.coreos.com")]
    states = [c.status for crd in ours for c in crd.status.conditions or [] if c.type == "Established"]
    return len(states) == len(KINDS) and set(states) == {"True"}


until(established, extensions.list_custom_resource_definition)
print(len(KINDS), "established")
