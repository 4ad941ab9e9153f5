# /// kubebook
# needs = ["monitoring/detector"]
# ///

# %% condition
# /// kubebook
# expect = { matches = ['^KernelDeadlock +True +TaskHung$', '^Ready +True +KubeletReady$'] }
# ///
kubectl get node worker -o json |
  jq -r '["TYPE", "STATUS", "REASON"], (.status.conditions[] | [.type, .status, .reason]) | @tsv' |
  column -t

# %% events
# /// kubebook
# unordered = true
# expect = { matches = ['^Warning +TaskHung ', '^Warning +OOMKilling '] }
# ///
kubectl get events --field-selector source=kubebook-detector \
  -o custom-columns=TYPE:.type,REASON:.reason,MESSAGE:.message

# %% node
# /// kubebook
# expect = { matches = ['^worker +True +<none>$'] }
# ///
kubectl get node worker -o custom-columns='NAME:.metadata.name,READY:.status.conditions[?(@.type=="Ready")].status,TAINTS:.spec.taints[*].key'

# %% lands
# /// kubebook
# expect = { matches = ['^before +1/1 +Running .* worker '] }
# ///
kubectl run before --image=registry.k8s.io/e2e-test-images/agnhost:2.66.1 \
  --overrides='{"spec": {"nodeSelector": {"kubernetes.io/hostname": "worker"}}}' -- pause
kubectl wait --for=condition=Ready pod/before --timeout=90s
kubectl get pod before -o wide
