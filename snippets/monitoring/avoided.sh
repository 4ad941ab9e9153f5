# /// kubebook
# needs = ["monitoring/remedy"]
# ///

# %% new
# /// kubebook
# expect = { matches = ['untolerated taint'] }
# ///
kubectl run after --image=registry.k8s.io/e2e-test-images/agnhost:2.66.1 \
  --overrides='{"spec": {"nodeSelector": {"kubernetes.io/hostname": "worker"}}}' -- pause
kubectl wait --for=condition=PodScheduled=False pod/after --timeout=90s
kubectl get pod after -o jsonpath='{.status.conditions[?(@.type=="PodScheduled")].message}{"\n"}'

# %% pods
# /// kubebook
# expect = { matches = ['^after +0/1 +Pending ', '^before +1/1 +Running '] }
# ///
kubectl get pods after before
