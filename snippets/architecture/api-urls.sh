# /// kubebook
# timeout = 60
# ///

# %% urls
# /// kubebook
# expect = { matches = [
#   '^/api/v1/namespaces/default/configmaps$',
#   '^/apis/apps/v1/namespaces/default/deployments$',
#   '^/apis/batch/v1/namespaces/default/jobs$',
# ] }
# ///
for kind in configmaps deployments jobs; do
  kubectl get $kind -v=6 2>&1 | grep -o "/api[^?\"]*/$kind"
done

# %% core
# /// kubebook
# expect = { json = { kind = "APIVersions", "versions[0]" = "v1", "serverAddressByClientCIDRs[0].clientCIDR" = "0.0.0.0/0" } }
# ///
kubectl get --raw /api | python3 -m json.tool

# %% v2alpha
# /// kubebook
# exit = 1
# expect = { contains = ["(NotFound)", "the server could not find the requested resource"] }
# ///
kubectl get --raw /api/v2alpha
