# /// kubebook
# needs = ["clusters/spread"]
# cluster = "three"
# ///

# %% stay
# /// kubebook
# expect = { contains = ["node/control-plane untainted"], matches = ['^worker$', '^worker2$'] }
# ///
kubectl taint nodes control-plane node-role.kubernetes.io/control-plane-
kubectl get pods --no-headers -o custom-columns=NODE:.spec.nodeName | sort -u

# %% new
# /// kubebook
# expect = { matches = ['^control-plane$', '^worker$', '^worker2$'] }
# ///
kubectl scale deployment web --replicas=12
kubectl rollout status deployment web | tail -1
kubectl get pods --no-headers -o custom-columns=NODE:.spec.nodeName | sort -u
