# /// kubebook
# needs = ["monitoring/metrics-none"]
# files = ["metrics-api.yaml"]
# ///

# %% register
# /// kubebook
# expect = { contains = ["created"], matches = ['False \(ServiceNotFound\)'] }
# ///
kubectl apply -f metrics-api.yaml
kubectl wait apiservice v1beta1.metrics.k8s.io --for=condition=Available=false --timeout=90s > /dev/null
kubectl get apiservice v1beta1.metrics.k8s.io

# %% admin
# /// kubebook
# exit = 1
# expect = { contains = ["Error from server (ServiceUnavailable)"] }
# ///
kubectl get --raw /apis/metrics.k8s.io/v1beta1/nodes

# %% top
# /// kubebook
# exit = 1
# expect = { contains = ["error: Metrics API not available"] }
# ///
kubectl top nodes
