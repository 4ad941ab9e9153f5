# /// kubebook
# needs = ["reliability/spread"]
# cluster = "three"
# ///

# %% budget
# /// kubebook
# expect = { matches = ['^web +3 +N/A +1 '] }
# ///
kubectl create poddisruptionbudget web --selector=app=web --min-available=3
kubectl wait --for=jsonpath='{.status.disruptionsAllowed}'=1 pdb/web --timeout=90s > /dev/null
kubectl get pdb web

# %% evict
# /// kubebook
# exit = 1
# expect = { contains = ['"code":201', "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget."] }
# ///
evict() {
  echo '{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "'$1'"}}' |
    kubectl create --raw /api/v1/namespaces/default/pods/$1/eviction -f -
}
PODS=($(kubectl get pods -l app=web -o jsonpath='{.items[*].metadata.name}'))
evict ${PODS[0]}
evict ${PODS[1]}

# %% delete
# /// kubebook
# expect = { matches = ['^pod "web-\S+" deleted', '^web +3 +N/A +0 '] }
# ///
kubectl delete pod ${PODS[2]} --wait=false
kubectl get pdb web
