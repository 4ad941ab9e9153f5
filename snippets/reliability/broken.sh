# /// kubebook
# needs = ["reliability/resize"]
# files = ["client.py"]
# cluster = "three"
# volatile = [{ where = "ASKED", reason = "how many requests fit in depends on the machine" }]
# ///

# %% stuck
# /// kubebook
# expect = { contains = ["timed out waiting"], matches = ['^web +[0-9]+ +0 +0\.0s$'] }
# ///
kubectl set image deployment/web web=registry.k8s.io/e2e-test-images/agnhost:0.0.0
python client.py web kubectl rollout status deployment/web --timeout=10s | tail -2

# %% undo
# /// kubebook
# expect = { contains = ["deployment.apps/web rolled back"], matches = ['^web +3/3 +3 +3 '] }
# ///
kubectl rollout undo deployment/web
kubectl rollout status deployment/web > /dev/null
kubectl get deployment web
