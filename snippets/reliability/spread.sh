# /// kubebook
# needs = ["reliability/replicas"]
# files = ["spread.yaml"]
# cluster = "three"
# ///

# %% apply
# /// kubebook
# expect = { contains = ["deployment.apps/web configured"] }
# ///
kubectl apply -f spread.yaml

# %% nodes
# /// kubebook
# expect = { matches = ['^ *2 worker$', '^ *2 worker2$'] }
# ///
kubectl rollout status deployment/web > /dev/null
until [ "$(kubectl get pods -l app=web -o name | wc -l)" -eq 4 ]; do sleep 0.5; done
kubectl get pods -l app=web -o custom-columns=:.spec.nodeName --no-headers | sort | uniq -c
