# /// kubebook
# needs = ["clusters/nobody"]
# expect = { matches = ['^registry\.k8s\.io/kube-apiserver$', '^registry\.k8s\.io/pause$', '^registry\.k8s\.io/etcd$'] }
# ///
docker exec control-plane ctr -n k8s.io images list -q 2>/dev/null | cut -d: -f1 | sort -u |
  grep -xE 'registry.k8s.io/(kube-(apiserver|controller-manager|proxy|scheduler)|etcd|coredns/coredns|pause)'
