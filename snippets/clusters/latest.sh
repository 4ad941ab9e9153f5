# /// kubebook
# needs = ["clusters/carry"]
# files = ["latest.yaml"]
# ///

# %% always
# /// kubebook
# expect = { matches = ['^Always ErrImagePull$'] }
# ///
docker exec control-plane ctr -n k8s.io images tag \
  registry.k8s.io/pause:3.10 registry.invalid/tool:latest 2>/dev/null
kubectl apply -f latest.yaml
REASON='{.status.containerStatuses[0].state.waiting.reason}'
kubectl wait pod latest --for=jsonpath="$REASON"=ErrImagePull --timeout=90s >/dev/null
kubectl get pod latest -o jsonpath="{.spec.containers[0].imagePullPolicy} $REASON"

# %% if-not-present
# /// kubebook
# expect = { contains = ["condition met"] }
# ///
kubectl delete pod latest --grace-period=1 >/dev/null
kubectl run latest --image=registry.invalid/tool:latest --image-pull-policy=IfNotPresent
kubectl wait pod latest --for=condition=Ready --timeout=90s
