# /// kubebook
# needs = ["monitoring/two-owners"]
# files = ["grafana-by-hand.yaml", "grafana-addon.yaml", "grafana-cluster-ip.yaml"]
# ///

# %% human
# /// kubebook
# expect = { contains = ["service/grafana serverside-applied"] }
# ///
kubectl delete service grafana
kubectl apply --server-side --field-manager=human -f grafana-by-hand.yaml

# %% conflict
# /// kubebook
# exit = 1
# expect = { contains = ['Apply failed with 1 conflict: conflict with "human": .spec.type'] }
# ///
kubectl apply --server-side --field-manager=addon -f grafana-cluster-ip.yaml

# %% silent
# /// kubebook
# expect = { contains = ["service/grafana serverside-applied"], matches = ['^NodePort$'] }
# ///
kubectl apply --server-side --field-manager=addon -f grafana-addon.yaml
kubectl get service grafana -o jsonpath='{.spec.type}{"\n"}'
