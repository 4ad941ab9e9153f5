# /// kubebook
# needs = ["reliability/charge"]
# files = ["run.yaml"]
# cluster = "three"
# ///

# %% create
# /// kubebook
# expect = { matches = ['^2 jobs$'] }
# ///
kubectl create -f run.yaml
kubectl create -f run.yaml
echo "$(kubectl get jobs -l app=report -o name | wc -l) jobs"

# %% apply
# /// kubebook
# exit = 1
# expect = { contains = ["cannot use generate name with apply"] }
# ///
kubectl apply -f run.yaml
