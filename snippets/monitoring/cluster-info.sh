# /// kubebook
# needs = ["monitoring/node-port"]
# timeout = 60
# ///

# %% links
# /// kubebook
# expect = { contains = ["Kubernetes control plane is running at", "CoreDNS is running at", "/proxy"] }
# ///
kubectl cluster-info

# %% source
# /// kubebook
# expect = { matches = ['^kube-dns +CoreDNS$'] }
# ///
kubectl get services -n kube-system -l kubernetes.io/cluster-service=true \
  -o custom-columns='NAME:.metadata.name,SHOWN AS:.metadata.labels.kubernetes\.io/name'

# %% follow
# /// kubebook
# exit = 1
# expect = { contains = ["ServiceUnavailable", "error trying to reach service"] }
# ///
kubectl get --raw /api/v1/namespaces/kube-system/services/kube-dns:dns/proxy/

# %% nobody
# /// kubebook
# exit = 1
# expect = { contains = ["Forbidden", "system:anonymous"] }
# ///
kubectl cluster-info --as=system:anonymous --as-group=system:unauthenticated
