# /// kubebook
# needs = ["monitoring/whoami"]
# ///

# %% ask
# /// kubebook
# expect = { matches = ['^system:anonymous +no$', '^kubernetes-admin +yes$'] }
# ///
from kubernetes import client, config

config.load_kube_config()
authorization = client.AuthorizationV1Api()
WEB = {"namespace": "default", "resource": "services", "subresource": "proxy", "name": "web"}


def allowed(user: str, group: str, **what) -> str:
    review = authorization.create_subject_access_review(
        {"spec": {"user": user, "groups": [group], **what}}
    )
    return "yes" if review.status.allowed else "no"


USERS = {
    "system:anonymous": "system:unauthenticated",
    "kubernetes-admin": "kubeadm:cluster-admins",
}
print(f"{'USER':<18} GET SERVICES/PROXY")
for user, group in USERS.items():
    print(f"{user:<18} {allowed(user, group, resourceAttributes={'verb': 'get', **WEB})}")

# %% paths
# /// kubebook
# expect = { matches = ['^/version +yes +yes$', '^/api +no +yes$'] }
# ///
print(f"{'PATH':<10} {'ANONYMOUS':<10} ADMIN")
for path in ("/version", "/livez", "/api", "/metrics"):
    asked = {"nonResourceAttributes": {"verb": "get", "path": path}}
    answers = [allowed(user, group, **asked) for user, group in USERS.items()]
    print(f"{path:<10} {answers[0]:<10} {answers[1]}")

# %% rules
# /// kubebook
# expect = { contains = ["system:unauthenticated", "/livez", "/version"] }
# ///
rbac = client.RbacAuthorizationV1Api()
binding = rbac.read_cluster_role_binding("system:public-info-viewer")
print("groups:", ", ".join(subject.name for subject in binding.subjects))
for rule in rbac.read_cluster_role("system:public-info-viewer").rules:
    print(*rule.verbs, *rule.non_resource_urls)
