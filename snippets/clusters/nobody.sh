# /// kubebook
# needs = ["clusters/dns"]
# ///

# %% one
# /// kubebook
# expect = { matches = ['^coredns +1/1 '] }
# ///
kubectl scale deployment coredns -n kube-system --replicas=1
kubectl wait deployment coredns -n kube-system --for=jsonpath='{.status.replicas}'=1 --timeout=90s
kubectl get deployment coredns -n kube-system

# %% back
# /// kubebook
# expect = { contains = ["deployment.apps/coredns scaled"] }
# ///
kubectl scale deployment coredns -n kube-system --replicas=2
