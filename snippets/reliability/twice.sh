# /// kubebook
# files = ["config.yaml"]
# cluster = "three"
# ///

# %% apply
# /// kubebook
# expect = { contains = ["configmap/shop serverside-applied", "same version"] }
# ///
kubectl apply --server-side -f config.yaml
V1=$(kubectl get configmap shop -o jsonpath='{.metadata.resourceVersion}')
kubectl apply --server-side -f config.yaml
V2=$(kubectl get configmap shop -o jsonpath='{.metadata.resourceVersion}')
if [ "$V1" = "$V2" ]; then echo "same version"; else echo "another version"; fi

# %% create
# /// kubebook
# exit = 1
# expect = { contains = ["AlreadyExists"] }
# ///
kubectl create -f config.yaml

# %% conflict
# /// kubebook
# exit = 1
# expect = { contains = ['conflict with "kubectl": .data.price'] }
# ///
sed 's/100/200/' config.yaml | kubectl apply --server-side --field-manager=sale -f -
