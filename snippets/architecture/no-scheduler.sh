# /// kubebook
# needs = ["architecture/health"]
# files = ["two-pods.yaml"]
# timeout = 180
# ///

# %% away
# /// kubebook
# expect = { contains = ["pod/kube-scheduler-control-plane condition met"] }
# ///
MANIFESTS=/etc/kubernetes/manifests
docker exec control-plane mv $MANIFESTS/kube-scheduler.yaml /root/
kubectl wait pod/kube-scheduler-control-plane -n kube-system \
  --for=delete --timeout=90s

# %% pods
# /// kubebook
# expect = { matches = [
#   '^placed +1/1 +Running +0 +\S+ +[0-9.]+ +control-plane ',
#   '^unplaced +0/1 +Pending +0 +\S+ +<none> +<none> ',
# ] }
# ///
kubectl apply -f two-pods.yaml
kubectl wait --for=condition=Ready pod/placed --timeout=90s
kubectl get pods -o wide

# %% back
# /// kubebook
# expect = { contains = ["pod/unplaced condition met"] }
# ///
docker exec control-plane mv /root/kube-scheduler.yaml $MANIFESTS/
kubectl wait --for=condition=Ready pod/unplaced --timeout=90s
