# /// kubebook
# needs = ["architecture/api-urls"]
# expect = { matches = [
#   '^\(core\) +v1 +17 +/api/v1$',
#   '^batch +v1 +2 +/apis/batch/v1$',
#   '^autoscaling +v2 ',
#   '^autoscaling +v1 ',
# ], absent = ["alpha", "beta"] }
# ///
import json

from kubernetes import client, config

ALL_AT_ONCE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
config.load_kube_config()
api = client.ApiClient()

print(f"{'GROUP':<30} {'VERSION':<8} {'RESOURCES':<10} PATH")
for root in ("/api", "/apis"):
    url = api.configuration.host + root
    answer = api.call_api("GET", url, {"Accept": ALL_AT_ONCE})
    for group in json.loads(answer.read())["items"]:
        name = group["metadata"].get("name", "")
        for each in group["versions"]:
            version = each["version"]
            resources = len(each["resources"])
            path = f"{root}/{name}/{version}".replace("//", "/")
            print(f"{name or '(core)':<30} {version:<8} {resources:<10} {path}")
