# /// kubebook
# files = ["web.yaml"]
# cluster = "three"
# ///

# %% apply
# /// kubebook
# expect = { contains = ["deployment.apps/web created", "service/web created"] }
# ///
kubectl apply -f web.yaml

# %% ready
# /// kubebook
# expect = { contains = ["condition met"], matches = ['^web +3/3 '] }
# ///
kubectl wait --for=condition=Available --timeout=90s deployment/web
kubectl get deployment web
