# /// kubebook
# needs = ["clusters/merge"]
# files = ["gone.yaml"]
# ///

# %% refused
# /// kubebook
# exit = 1
# expect = { contains = ["The connection to the server 127.0.0.1:9 was refused"] }
# ///
kubectl get --raw /version --kubeconfig=gone.yaml

# %% nothing
# /// kubebook
# exit = 1
# expect = { contains = ["The connection to the server localhost:8080 was refused"] }
# ///
kubectl get --raw /version --kubeconfig=/dev/null
