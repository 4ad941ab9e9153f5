# /// kubebook
# needs = ["monitoring/heal"]
# files = ["slow-registry.yaml"]
# ///

# %% registry
# /// kubebook
# expect = { contains = ["pod/slow-registry condition met"] }
# ///
kubectl apply -f slow-registry.yaml
kubectl wait --for=condition=Ready pod/slow-registry --timeout=90s

# %% queue
# /// kubebook
# expect = { matches = ['^first +0/1 +ContainerCreating ', '^second +0/1 +ContainerCreating '] }
# ///
kubectl run first --image=localhost:5998/first:1
kubectl wait --for=condition=PodReadyToStartContainers pod/first --timeout=90s
kubectl run second --image=localhost:5999/second:1
kubectl wait --for=condition=PodReadyToStartContainers pod/second --timeout=90s
kubectl get pods first second

# %% events
# /// kubebook
# expect = { matches = ['^first +Pulling ', '^second +Pulling '], absent = ["Failed"] }
# ///
until kubectl events --for pod/second | grep -q Pulling; do sleep 0.5; done
kubectl get events --sort-by=.involvedObject.name --field-selector reason!=Scheduled \
  -o custom-columns=POD:.involvedObject.name,REASON:.reason,MESSAGE:.message | grep -E 'POD|^first|^second'

# %% turn
# /// kubebook
# expect = { matches = ['^connection refused$'] }
# ///
kubectl delete pod slow-registry
until kubectl events --for pod/second | grep -q 'Failed to pull'; do sleep 0.5; done
kubectl events --for pod/second | grep 'Failed to pull' | grep -o 'connection refused'
