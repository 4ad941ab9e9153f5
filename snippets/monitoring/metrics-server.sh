# /// kubebook
# needs = ["monitoring/metrics-api"]
# files = ["metrics-rbac.yaml", "metrics-server.yaml"]
# ///

# %% apply
# /// kubebook
# expect = { contains = ["deployment.apps/metrics-server created", "service/metrics-server created"] }
# ///
kubectl apply -f metrics-rbac.yaml -f metrics-server.yaml

# %% log
# /// kubebook
# expect = { contains = ["x509: cannot validate certificate for", "because it doesn't contain any IP SANs"] }
# ///
until kubectl logs -n kube-system deployment/metrics-server > metrics.log 2>&1 &&
  grep -om1 'x509: .*SANs' metrics.log; do sleep 1; done
rm metrics.log

# %% waiting
# /// kubebook
# expect = { matches = ['^metrics-server +0/1 ', 'False \(MissingEndpoints\)'] }
# ///
kubectl get deployment metrics-server -n kube-system
kubectl get apiservice v1beta1.metrics.k8s.io

# %% top
# /// kubebook
# exit = 1
# expect = { contains = ["error: Metrics API not available"] }
# ///
kubectl top nodes
