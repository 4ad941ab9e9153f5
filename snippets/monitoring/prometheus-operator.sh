# /// kubebook
# needs = ["monitoring/prometheus-crds"]
# files = ["prometheus-operator.yaml", "service-monitor.yaml", "typo-monitor.yaml", "dns-rule.yaml"]
# ///

# %% operator
# /// kubebook
# expect = { contains = ["deployment.apps/operator created", "successfully rolled out"] }
# ///
kubectl apply -f prometheus-operator.yaml
kubectl rollout status deployment/operator -n monitoring | tail -n1

# %% wishes
# /// kubebook
# expect = { contains = ["servicemonitor.monitoring.coreos.com/dns created", "prometheusrule.monitoring.coreos.com/dns created"] }
# ///
kubectl apply -f service-monitor.yaml -f typo-monitor.yaml -f dns-rule.yaml

# %% nobody
# /// kubebook
# expect = { matches = ['^operator-.* 1/1 +Running'], absent = ["prometheus-"] }
# ///
kubectl get pods -n monitoring
