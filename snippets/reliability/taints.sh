# /// kubebook
# needs = ["reliability/evict"]
# files = ["spread.yaml"]
# cluster = "three"
# ///

# %% apply
# /// kubebook
# expect = { matches = ['^web-\S+ +0/1 +Pending ', '^web +4/4 +4 +4 '] }
# ///
kubectl delete pdb web
sed '/nodeTaintsPolicy/d' spread.yaml | kubectl apply -f -
kubectl wait --for=jsonpath='{.status.updatedReplicas}'=4 deployment/web --timeout=90s > /dev/null
kubectl wait --for=jsonpath='{.status.replicas}'=6 deployment/web --timeout=90s > /dev/null
kubectl get pods -l app=web --field-selector=status.phase=Pending
kubectl get deployment web

# %% why
# /// kubebook
# expect = { contains = ["node(s) didn't match pod topology spread constraints"] }
# ///
kubectl get pods -l app=web --field-selector=status.phase=Pending \
  -o jsonpath='{.items[0].status.conditions[?(@.type=="PodScheduled")].message}{"\n"}'
