# /// kubebook
# needs = ["architecture/api-urls"]
# expect = { matches = [
#   '^\(core\) +v1 +/api/v1 ',
#   '^batch +v1 +/apis/batch/v1 +2$',
#   '^autoscaling +v2 ',
#   '^autoscaling +v1 ',
# ], absent = ["alpha", "beta"] }
# ///
import json

from kubernetes import client, config

ALL_AT_ONCE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
config.load_kube_config()
api = client.ApiClient()

print(f"{'GROUP':<30} {'VERSION':<8} {'PATH':<41} RESOURCES")
for root in ("/api", "/apis"):
    answer = api.call_api("GET", api.configuration.host + root, {"Accept": ALL_AT_ONCE})
    for group in json.loads(answer.read())["items"]:
        name = group["metadata"].get("name", "")
        for each in group["versions"]:
            version = each["version"]
            path = f"{root}/{name}/{version}".replace("//", "/")
            print(f"{name or '(core)':<30} {version:<8} {path:<41} {len(each['resources'])}")
