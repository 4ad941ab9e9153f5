# /// kubebook
# needs = ["monitoring/prometheus-operator"]
# files = ["prometheus.yaml"]
# timeout = 360
# ///

# %% apply
# /// kubebook
# expect = { contains = ["prometheus.monitoring.coreos.com/main created", "pod/prometheus-main-0 condition met"] }
# ///
kubectl apply -f prometheus.yaml
kubectl wait pod/prometheus-main-0 -n monitoring --for=create --timeout=150s > /dev/null
kubectl wait pod/prometheus-main-0 -n monitoring --for=condition=Ready --timeout=150s

# %% made
# /// kubebook
# expect = { contains = ["statefulset.apps/prometheus-main", "service/prometheus-operated", "secret/prometheus-main"] }
# ///
kubectl get statefulsets,services,secrets -n monitoring -o name
