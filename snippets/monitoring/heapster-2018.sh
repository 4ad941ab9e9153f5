# /// kubebook
# needs = ["monitoring/owners"]
# files = ["heapster-2018.yaml"]
# ///

# %% apply
# /// kubebook
# exit = 1
# expect = { contains = ["serviceaccount/heapster created (server dry run)", "service/heapster created (server dry run)", 'no matches for kind "Deployment" in version "extensions/v1beta1"', 'no matches for kind "ClusterRoleBinding" in version "rbac.authorization.k8s.io/v1beta1"'] }
# ///
kubectl apply --dry-run=server -f heapster-2018.yaml

# %% versions
# /// kubebook
# expect = { matches = ['^apps/v1$', '^rbac\.authorization\.k8s\.io/v1$'], absent = ["extensions/"] }
# ///
kubectl api-versions | grep -E '^(apps|extensions|rbac.authorization.k8s.io)/'

# %% renamed
# /// kubebook
# exit = 1
# expect = { contains = ["clusterrolebinding.rbac.authorization.k8s.io/heapster created (server dry run)", "spec.selector: Required value"] }
# ///
sed 's#extensions/v1beta1#apps/v1#; s#k8s.io/v1beta1#k8s.io/v1#' heapster-2018.yaml |
  kubectl apply --dry-run=server -f -
