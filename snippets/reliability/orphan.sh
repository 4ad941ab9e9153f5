# /// kubebook
# needs = ["reliability/nobody"]
# cluster = "three"
# ///

# %% label
# /// kubebook
# expect = { matches = ['^heal-\S+ +1/1 +Running.* heal$'] }
# ///
kubectl label pod -l app=heal app-
until [ "$(kubectl get pods -l app=heal -o name | wc -l)" -eq 1 ]; do sleep 0.5; done
kubectl wait --for=condition=Ready pod -l app=heal --timeout=90s > /dev/null
kubectl get pods -L app --sort-by=.metadata.creationTimestamp
