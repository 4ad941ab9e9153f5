import json

from kubernetes import client, config

config.load_kube_config()
admin = client.ApiClient()
HOST = admin.configuration.host
nobody = client.Configuration.get_default_copy()
nobody.cert_file = nobody.key_file = None
anonymous = client.ApiClient(nobody)

MAPS = "/api/v1/namespaces/default/configmaps"
FULL = "/api/v1/namespaces/gates/configmaps"
NO_SPACE = "/api/v1/namespaces/nowhere/configmaps"
NO_PATH = "/api/v2alpha"


def ask(who: str, method: str, path: str, body=None) -> tuple[int, str, str]:
    """Status code, reason and message of a request; `who` is admin, anonymous or liar."""
    api = admin if who == "admin" else anonymous
    headers = {"Content-Type": "application/json"}
    if who == "liar":
        headers["Authorization"] = "Bearer nonsense"
    answer = api.call_api(method, HOST + path, headers, body)
    status = json.loads(answer.read())
    return answer.status, status.get("reason", "-"), status.get("message", "-")


def named(name: str) -> dict:
    return {"metadata": {"name": name}}
