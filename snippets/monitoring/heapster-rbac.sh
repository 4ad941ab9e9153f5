# /// kubebook
# needs = ["monitoring/heapster-2018"]
# files = ["heapster-rbac.yaml"]
# ///

# %% role
# /// kubebook
# expect = { matches = ['pods', 'nodes'], absent = ["services/proxy"] }
# ///
kubectl get clusterrole system:heapster \
  -o jsonpath='{range .rules[*]}{.verbs} {.apiGroups} {.resources}{"\n"}{end}'

# %% apply
# /// kubebook
# expect = { contains = ["clusterrolebinding.rbac.authorization.k8s.io/heapster created"] }
# ///
kubectl apply -n kube-syste -f heapster-rbac.yaml

# %% namespace
# /// kubebook
# exit = 1
# expect = { contains = ['namespaces "kube-syste" not found'] }
# ///
kubectl get namespace kube-syste

# %% heapster
# /// kubebook
# exit = 1
# expect = { matches = ['^yes$', '^no$'] }
# ///
HEAPSTER=system:serviceaccount:kube-system:heapster
kubectl auth can-i list pods --all-namespaces --as=$HEAPSTER
kubectl auth can-i get services/web --subresource=proxy --as=$HEAPSTER

# %% remove
# /// kubebook
# expect = { contains = ['"heapster" deleted'] }
# ///
kubectl delete clusterrolebinding heapster
