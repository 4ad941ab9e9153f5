# /// kubebook
# needs = ["reliability/heal"]
# cluster = "three"
# ///

# %% killed
# /// kubebook
# expect = { matches = ['^bare +1/1 +Running +1 '] }
# ///
kubectl run bare --image=registry.k8s.io/e2e-test-images/agnhost:2.66.1 -- netexec
at=/api/v1/namespaces/default/pods/bare:8080/proxy
until kubectl get --raw $at/hostname > /dev/null 2>&1; do sleep 0.2; done
# Who asks the server to end gets no answer from it
kubectl get --raw "$at/exit?code=1" 2> /dev/null || true
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 pod/bare --timeout=90s > /dev/null
kubectl wait --for=condition=Ready pod/bare --timeout=90s > /dev/null
kubectl get pod bare

# %% deleted
# /// kubebook
# exit = 1
# expect = { matches = ['^pod "bare" deleted', '^error: timed out waiting for the condition'] }
# ///
kubectl delete pod bare --grace-period=1
kubectl wait --for=create pod/bare --timeout=10s
