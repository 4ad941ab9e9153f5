# /// kubebook
# timeout = 60
# ///

# %% nodes
# /// kubebook
# expect = { matches = ['^control-plane +Ready '] }
# ///
kubectl get nodes

# %% greet
# /// kubebook
# expect = { contains = ["configmap/greeting created", "hello: from a real cluster"] }
# ///
kubectl create configmap greeting --from-literal=hello='from a real cluster'
kubectl get configmap greeting -o yaml | grep hello
