# /// kubebook
# needs = ["clusters/containers"]
# cluster = "three"
# ///

# %% workers
# /// kubebook
# expect = { matches = ['^worker$', '^worker2$'], absent = ["control-plane"] }
# ///
kubectl create deployment web --image=registry.k8s.io/pause:3.10 --replicas=6
kubectl rollout status deployment web | tail -1
kubectl get pods --no-headers -o custom-columns=NODE:.spec.nodeName | sort -u
