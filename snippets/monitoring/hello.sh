# /// kubebook
# files = ["hello.yaml"]
# ///

# %% apply
# /// kubebook
# expect = { contains = ["deployment.apps/web created", "service/web-internal created"] }
# ///
kubectl apply -f hello.yaml

# %% ready
# /// kubebook
# expect = { contains = ["condition met"], matches = ['^web +1/1 '] }
# ///
kubectl wait --for=condition=Available deployment/web --timeout=90s
kubectl get deployment web

# %% services
# /// kubebook
# expect = { matches = ['^web +NodePort ', '^web-internal +ClusterIP '] }
# ///
kubectl get services
