# /// kubebook
# needs = ["monitoring/prometheus-operator"]
# files = ["prometheus.yaml"]
# timeout = 180
# ///

# %% apply
# /// kubebook
# expect = { contains = ["prometheus.monitoring.coreos.com/main created", "pod/prometheus-main-0 condition met"] }
# ///
kubectl apply -f prometheus.yaml
kubectl wait pod/prometheus-main-0 -n monitoring --for=create --timeout=90s > /dev/null
kubectl wait pod/prometheus-main-0 -n monitoring --for=condition=Ready --timeout=90s

# %% made
# /// kubebook
# expect = { contains = ["statefulset.apps/prometheus-main", "service/prometheus-operated", "secret/prometheus-main"] }
# ///
kubectl get statefulsets,services,secrets -n monitoring -o name
