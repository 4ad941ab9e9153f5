# /// kubebook
# needs = ["clusters/images"]
# files = ["policy.yaml"]
# ///

# %% apply
# /// kubebook
# expect = { contains = ["pod/here created", "pod/never created", "pod/pull created"] }
# ///
kubectl apply -f policy.yaml

# %% status
# /// kubebook
# expect = { matches = ['^here +Never +true +<none>$', '^never +Never +false +ErrImageNeverPull$', '^pull +IfNotPresent +false +ImagePullBackOff$'] }
# ///
REASON='{.status.containerStatuses[0].state.waiting.reason}'
kubectl wait pod here --for=condition=Ready --timeout=90s >/dev/null
kubectl wait pod never --for=jsonpath="$REASON"=ErrImageNeverPull --timeout=90s >/dev/null
kubectl wait pod pull --for=jsonpath="$REASON"=ImagePullBackOff --timeout=90s >/dev/null
C=.containers[0] S=.status.containerStatuses[0]
kubectl get pods -o custom-columns="NAME:.metadata.name,POLICY:.spec$C.imagePullPolicy,READY:$S.ready,WAITING:$S.state.waiting.reason"

# %% why
# /// kubebook
# expect = { contains = ["is not present with pull policy of Never"] }
# ///
kubectl get pod never -o jsonpath='{.status.containerStatuses[0].state.waiting.message}'
