# /// kubebook
# needs = ["architecture/two-versions"]
# timeout = 60
# ///

# %% full
# /// kubebook
# expect = { matches = ['^full +count/configmaps: 1/1 '] }
# ///
kubectl create namespace gates
kubectl wait -n gates --for=create configmap/kube-root-ca.crt --timeout=60s
kubectl create quota full -n gates --hard=count/configmaps=1
USED='{.status.used.count/configmaps}'
kubectl wait -n gates --for=jsonpath="$USED"=1 quota/full --timeout=90s
kubectl get quota -n gates
