# /// kubebook
# needs = ["monitoring/create-race"]
# ///

# %% client
# /// kubebook
# exit = 1
# expect = { contains = ["metadata.annotations: Too long: may not be more than 262144 bytes"] }
# ///
head -c 300000 /dev/zero | tr '\0' a > big.txt
kubectl create configmap big --from-file=big.txt --dry-run=client -o yaml > big.yaml
kubectl apply -f big.yaml

# %% server
# /// kubebook
# expect = { contains = ["configmap/big serverside-applied"] }
# ///
kubectl apply --server-side -f big.yaml
rm big.txt big.yaml

# %% copy
# /// kubebook
# expect = { contains = ["last-applied-configuration", 'colour\":\"blue'] }
# ///
kubectl create configmap small --from-literal=colour=blue --dry-run=client -o yaml |
  kubectl apply -f -
kubectl get configmap small -o jsonpath='{.metadata.annotations}{"\n"}'
