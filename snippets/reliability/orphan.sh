# /// kubebook
# needs = ["reliability/nobody"]
# cluster = "three"
# ///

# %% label
# /// kubebook
# expect = { matches = ['^heal-\S+ +1/1 +Running.* heal$'] }
# ///
kubectl label pod -l app=heal app-
kubectl wait --for=condition=Available deployment/heal > /dev/null
kubectl get pods -L app --sort-by=.metadata.creationTimestamp
