# /// kubebook
# needs = ["monitoring/metrics-server"]
# volatile = [
#   { where = "CPU(cores)", reason = "what the node uses at that moment" },
#   { where = "CPU(%)", reason = "what the node uses at that moment" },
#   { where = "MEMORY(bytes)", reason = "what the node uses at that moment" },
#   { where = "MEMORY(%)", reason = "what the node uses at that moment" },
#   { where = "CPU", reason = "what the node uses at that moment" },
#   { where = "MEMORY", reason = "what the node uses at that moment" },
#   { where = "WINDOW", reason = "the time between two readings" },
# ]
# ///

# %% patch
# /// kubebook
# expect = { contains = ["deployment.apps/metrics-server patched", "successfully rolled out", "condition met"] }
# ///
kubectl patch deployment metrics-server -n kube-system --type=json -p '[{"op": "add",
  "path": "/spec/template/spec/containers/0/args/-", "value": "--kubelet-insecure-tls"}]'
kubectl rollout status deployment/metrics-server -n kube-system | tail -n1
kubectl wait apiservice v1beta1.metrics.k8s.io --for=condition=Available --timeout=90s

# %% top
# /// kubebook
# expect = { matches = ['^control-plane +[0-9]+m +[0-9]+% +[0-9]+Mi +[0-9]+%'] }
# ///
until kubectl top nodes 2> /dev/null; do sleep 1; done

# %% usage
# /// kubebook
# expect = { matches = ['^control-plane +[0-9]+n +[0-9]+Ki +[0-9.]+s$'] }
# ///
kubectl get nodes.metrics.k8s.io \
  -o custom-columns='NAME:.metadata.name,CPU:.usage.cpu,MEMORY:.usage.memory,WINDOW:.window'
