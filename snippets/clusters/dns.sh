# /// kubebook
# needs = ["clusters/addons"]
# ///

# %% names
# /// kubebook
# expect = { matches = ['^service/kube-dns$', '^deployment.apps/coredns$'] }
# ///
kubectl get service,deployment -n kube-system -l k8s-app=kube-dns -o name

# %% owners
# /// kubebook
# expect = { matches = ['^pod +ReplicaSet$', '^replicaset +Deployment$', '^deployment +<none>$'] }
# ///
for kind in pod replicaset deployment; do
  OWNER=$(kubectl get $kind -n kube-system -l k8s-app=kube-dns -o jsonpath='{.items[0].metadata.ownerReferences[0].kind}')
  echo "$kind ${OWNER:-<none>}"
done
