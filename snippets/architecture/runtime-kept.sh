# /// kubebook
# needs = ["architecture/runtime-off"]
# timeout = 240
# ///

# %% pod
# /// kubebook
# expect = { matches = ['^keep-\S+ +1/1 +Running +0 '] }
# ///
kubectl get pods -l job-name=keep

# %% etcd
# /// kubebook
# expect = { matches = ['^/registry/jobs/default/keep$'] }
# ///
PKI=/etc/kubernetes/pki/etcd
kubectl exec -n kube-system etcd-control-plane -- \
  etcdctl --cacert $PKI/ca.crt --cert $PKI/server.crt --key $PKI/server.key \
  get /registry/jobs --prefix --keys-only

# %% delete
# /// kubebook
# expect = { contains = ["condition met"], matches = ['^keep-\S+ +0/1 +Error +0 '] }
# ///
kubectl delete pods -l job-name=keep --grace-period=1 --wait=false
PHASE='{.status.phase}'
kubectl wait pods -l job-name=keep \
  --for=jsonpath="$PHASE"=Failed --timeout=150s
kubectl get pods -l job-name=keep

# %% why
# /// kubebook
# expect = { matches = ['^20\S+Z +\[batch.kubernetes.io/job-tracking\]$'] }
# ///
kubectl get pods -l job-name=keep -o custom-columns=\
DELETED:.metadata.deletionTimestamp,FINALIZERS:.metadata.finalizers
