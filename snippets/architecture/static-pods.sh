# /// kubebook
# needs = ["architecture/processes"]
# files = ["hello-static.yaml"]
# timeout = 120
# ///

# %% manifests
# /// kubebook
# expect = { matches = [
#   '^staticPodPath: /etc/kubernetes/manifests$',
#   '^etcd.yaml$',
#   '^kube-apiserver.yaml$',
#   '^kube-controller-manager.yaml$',
#   '^kube-scheduler.yaml$',
# ] }
# ///
docker exec control-plane grep static /var/lib/kubelet/config.yaml
docker exec control-plane ls /etc/kubernetes/manifests

# %% mirrors
# /// kubebook
# expect = { matches = [
#   '^etcd-control-plane +Node +file$',
#   '^kube-apiserver-control-plane +Node +file$',
# ] }
# ///
kubectl get pods -n kube-system -l tier=control-plane -o custom-columns=\
NAME:.metadata.name,OWNER:.metadata.ownerReferences[0].kind,\
FROM:.metadata.annotations.kubernetes\\.io/config\\.source

# %% own
# /// kubebook
# expect = { contains = ["condition met"], matches = ['^hello-control-plane +1/1 +Running +0 '] }
# ///
MANIFESTS=/etc/kubernetes/manifests
docker exec -i control-plane \
  cp /dev/stdin $MANIFESTS/hello.yaml < hello-static.yaml
kubectl wait --for=create pod/hello-control-plane --timeout=90s
kubectl wait --for=condition=Ready pod/hello-control-plane --timeout=90s
kubectl get pods

# %% remove
# /// kubebook
# expect = { contains = ["condition met"] }
# ///
docker exec control-plane rm $MANIFESTS/hello.yaml
kubectl wait --for=delete pod/hello-control-plane --timeout=90s
kubectl get pods
