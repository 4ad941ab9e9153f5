# /// kubebook
# needs = ["reliability/drain"]
# files = ["steady.yaml"]
# cluster = "three"
# ///

# %% before
# /// kubebook
# expect = { matches = ['^100m +0 +containerd://'] }
# ///
kubectl apply -f steady.yaml
kubectl wait --for=condition=Ready pod/steady --timeout=90s > /dev/null
state() {
  kubectl get pod steady -o custom-columns='CPU:.status.containerStatuses[0].resources.limits.cpu,RESTARTS:.status.containerStatuses[0].restartCount,CONTAINER:.status.containerStatuses[0].containerID'
}
state

# %% after
# /// kubebook
# expect = { matches = ['^200m +0 +containerd://'] }
# ///
resize() {
  CPU='{"requests": {"cpu": "'$1'"}, "limits": {"cpu": "'$1'"}}'
  kubectl patch pod steady --subresource=resize \
    -p '{"spec": {"containers": [{"name": "web", "resources": '"$CPU"'}]}}'
}
resize 200m
kubectl wait --for=jsonpath='{.status.containerStatuses[0].resources.limits.cpu}'=200m pod/steady --timeout=90s > /dev/null
state

# %% too-large
# /// kubebook
# expect = { contains = ["Forbidden", "enough allocatable resources: cpu"] }
# ///
resize 1000 2>&1 | grep -o 'Error.*cpu'
