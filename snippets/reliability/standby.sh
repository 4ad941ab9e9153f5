# /// kubebook
# needs = ["reliability/web"]
# cluster = "three"
# timeout = 180
# slow = "schedulers and controller manager lose their leader, three times"
# ///

# %% second
# /// kubebook
# expect = { contains = ["kube-scheduler-b-control-plane condition met"] }
# ///
docker exec control-plane sh -c 'cd /etc/kubernetes/manifests && sed \
  -e "s/name: kube-scheduler$/name: kube-scheduler-b/" \
  -e "s/- --leader-elect=true/&\n    - --secure-port=10359/" \
  -e "s/10259/10359/" kube-scheduler.yaml > kube-scheduler-b.yaml'
SECOND=pod/kube-scheduler-b-control-plane
kubectl wait -n kube-system --for=create $SECOND --timeout=60s > /dev/null
kubectl wait -n kube-system --for=condition=Ready $SECOND --timeout=60s
