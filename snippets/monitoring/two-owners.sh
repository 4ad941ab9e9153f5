# /// kubebook
# needs = ["monitoring/fixed-port"]
# files = ["grafana-by-hand.yaml", "grafana-addon.yaml"]
# ///

# %% by-hand
# /// kubebook
# expect = { contains = ["service/grafana created"], matches = ['^grafana +NodePort +3[0-9]+$'] }
# ///
COLUMNS_SHOWN='NAME:.metadata.name,TYPE:.spec.type,NODE PORT:.spec.ports[0].nodePort'
kubectl apply -f grafana-by-hand.yaml
kubectl get service grafana -o custom-columns="$COLUMNS_SHOWN"

# %% addon
# /// kubebook
# expect = { contains = ["service/grafana configured"], matches = ['^grafana +ClusterIP +<none>$'], absent = ["Warning"] }
# ///
kubectl apply -f grafana-addon.yaml
kubectl get service grafana -o custom-columns="$COLUMNS_SHOWN"

# %% again
# /// kubebook
# expect = { contains = ["service/grafana configured"], matches = ['^grafana +NodePort +3[0-9]+$'] }
# ///
kubectl apply -f grafana-by-hand.yaml
kubectl get service grafana -o custom-columns="$COLUMNS_SHOWN"

# %% managers
# /// kubebook
# expect = { matches = ['^kubectl-client-side-apply Update$'], absent = ["addon"] }
# ///
kubectl get service grafana --show-managed-fields \
  -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation}{"\n"}{end}'
