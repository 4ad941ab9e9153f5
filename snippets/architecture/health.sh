# /// kubebook
# needs = ["architecture/static-pods"]
# timeout = 60
# ///

# %% readyz
# /// kubebook
# expect = { matches = ['^\[\+\]etcd ok$', '^\[\+\]informer-sync ok$', '^readyz check passed$'] }
# ///
kubectl get --raw '/readyz?verbose' | grep -v poststarthook

# %% others
# /// kubebook
# expect = { matches = [
#   '^kube-scheduler +ok$',
#   '^kube-controller-manager +ok$',
#   '^kubelet +ok$',
#   '^etcd +ok$',
# ] }
# ///
health() {
  printf '%-24s %s\n' "$1" "$(docker exec control-plane curl -sk "$2")"
}
printf '%-24s %s\n' COMPONENT ANSWER
health etcd http://localhost:2381/readyz
health kube-apiserver https://localhost:6443/readyz
health kube-scheduler https://localhost:10259/readyz
health kube-controller-manager https://localhost:10257/healthz
health kubelet http://localhost:10248/healthz

# %% leases
# /// kubebook
# expect = { matches = [
#   '^kube-scheduler +control-plane_',
#   '^kube-controller-manager +control-plane_',
#   '^apiserver-',
# ] }
# ///
kubectl get leases -n kube-system
