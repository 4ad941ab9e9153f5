# /// kubebook
# needs = ["architecture/two-versions"]
# timeout = 60
# ///

# %% full
# /// kubebook
# expect = { matches = ['^full +count/configmaps: 1/1 '] }
# ///
kubectl create namespace gates
kubectl wait --for=create configmap/kube-root-ca.crt -n gates --timeout=60s
kubectl create quota full -n gates --hard=count/configmaps=1
kubectl wait --for=jsonpath='{.status.used.count/configmaps}'=1 quota/full -n gates
kubectl get quota -n gates
