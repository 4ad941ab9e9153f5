# /// kubebook
# needs = ["monitoring/why-stuck"]
# timeout = 240
# ///

# %% create
# /// kubebook
# expect = { contains = ["secret/grafana-login created", "configmap/grafana-settings created"] }
# ///
kubectl get pods no-secret no-config -o custom-columns=NAME:.metadata.name,UID:.metadata.uid > before
kubectl create secret generic grafana-login --from-literal=user=admin
kubectl create configmap grafana-settings --from-literal=GF_LOG_LEVEL=info

# %% running
# /// kubebook
# expect = { matches = ['^no-config +1/1 +Running +0 ', '^no-secret +1/1 +Running +0 '] }
# ///
kubectl wait --for=condition=Ready pod/no-config pod/no-secret --timeout=200s > /dev/null
kubectl get pods no-secret no-config

# %% same
# /// kubebook
# expect = { contains = ["same Pods"] }
# ///
kubectl get pods no-secret no-config -o custom-columns=NAME:.metadata.name,UID:.metadata.uid |
  diff before - && echo "same Pods"
rm before
