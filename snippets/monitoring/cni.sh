# /// kubebook
# needs = ["monitoring/pressure"]
# timeout = 180
# ///

# %% away
# /// kubebook
# expect = { contains = ["node/worker condition met"] }
# ///
CNI=$(docker exec worker sh -c 'ls /etc/cni/net.d/*.conflist')
docker exec worker cat "$CNI" > saved
docker exec worker rm "$CNI"
kubectl wait --for=condition=Ready=False node/worker --timeout=60s

# %% why
# /// kubebook
# expect = { contains = ["KubeletNotReady", "NetworkPluginNotReady"] }
# ///
kubectl get node worker -o json |
  jq -r '.status.conditions[] | select(.type == "Ready") | .status, .reason, .message'

# %% taints
# /// kubebook
# expect = { contains = ["node.kubernetes.io/not-ready:NoExecute", "node.kubernetes.io/not-ready:NoSchedule"] }
# ///
until kubectl get node worker -o jsonpath='{.spec.taints}' | grep -q not-ready.*NoExecute; do sleep 0.5; done
kubectl get node worker -o json | jq -r '.spec.taints[] | .key + ":" + .effect' | sort

# %% running
# /// kubebook
# expect = { matches = ['^before +1/1 +Running '] }
# ///
kubectl get pod before

# %% back
# /// kubebook
# expect = { matches = ['^worker +Ready '] }
# ///
docker exec -i worker sh -c "cat > $CNI" < saved
rm saved
kubectl wait --for=condition=Ready node/worker --timeout=60s
kubectl get node worker
