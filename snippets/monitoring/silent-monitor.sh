# /// kubebook
# needs = ["monitoring/alert"]
# files = ["silent-monitor.yaml"]
# ///

# %% apply
# /// kubebook
# expect = { contains = ["servicemonitor.monitoring.coreos.com/dns configured"] }
# ///
kubectl apply -f silent-monitor.yaml

# %% targets
# /// kubebook
# settle = 5
# expect = { json = { status = "success", "data.activeTargets" = [] } }
# ///
kubectl get --raw '/api/v1/namespaces/monitoring/services/prometheus-operated:web/proxy/api/v1/targets?state=active'
