# %% top
# /// kubebook
# exit = 1
# expect = { contains = ["error: Metrics API not available"] }
# ///
kubectl top nodes

# %% admin
# /// kubebook
# exit = 1
# expect = { contains = ["Error from server (NotFound)"] }
# ///
METRICS=/apis/metrics.k8s.io/v1beta1/nodes
kubectl get --raw $METRICS

# %% anonymous
# /// kubebook
# expect = { matches = ['^403$'] }
# ///
API=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')
curl -sk -o /dev/null -w '%{http_code}\n' $API$METRICS
