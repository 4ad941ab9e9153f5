# /// kubebook
# cluster = "three"
# files = ["silent.yaml"]
# ///

# %% apply
# /// kubebook
# expect = { contains = ["deployment.apps/web created", "statefulset.apps/db created", "pod/patient created"] }
# ///
kubectl apply -f silent.yaml

# %% pods
# /// kubebook
# expect = { matches = ['^db-0 +worker$', '^patient +worker$', '^web-\S+ +worker$', '^web-\S+ +worker2$'] }
# unordered = true
# ///
kubectl wait --for=condition=Available deployment/web --timeout=90s
kubectl wait --for=jsonpath='{.status.readyReplicas}'=1 statefulset/db --timeout=90s
kubectl wait --for=condition=Ready pod/patient --timeout=90s
kubectl get pods --sort-by=.spec.nodeName \
  -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName

# %% lease
# /// kubebook
# expect = { matches = ['^worker +40 +\S+Z$'] }
# ///
kubectl get lease worker -n kube-node-lease \
  -o custom-columns=HOLDER:.spec.holderIdentity,SECONDS:.spec.leaseDurationSeconds,RENEWED:.spec.renewTime
