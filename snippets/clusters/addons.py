# /// kubebook
# needs = ["clusters/typo"]
# expect = { matches = [
#   '^coredns +disabled +yes$',
#   '^heapster +enabled +no$',
#   '^addon-manager +enabled +no$',
# ] }
# ///
from kubernetes import client, config

config.load_kube_config()
pods = client.CoreV1Api().list_pod_for_all_namespaces().items

# What the notes saw, and how the Pods of each add-on were named
ADDONS = {
    "addon-manager": ("enabled", "kube-addon-manager"),
    "coredns": ("disabled", "coredns"),
    "dashboard": ("enabled", "kubernetes-dashboard"),
    "efk": ("disabled", "elasticsearch-logging"),
    "freshpod": ("disabled", "freshpod"),
    "heapster": ("enabled", "heapster"),
}
print("ADDON           NOTES 2018   HERE")
for addon, (then, prefix) in ADDONS.items():
    here = any(pod.metadata.name.startswith(prefix) for pod in pods)
    print(f"{addon:<15} {then:<12} {'yes' if here else 'no'}")
