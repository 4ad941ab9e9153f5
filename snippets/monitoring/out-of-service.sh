# /// kubebook
# needs = ["monitoring/split-brain"]
# timeout = 180
# ///

# %% stuck
# /// kubebook
# expect = { matches = ['^db-0 +1/1 +Terminating .* worker '] }
# ///
kubectl get pod db-0 -o wide

# %% taint
# /// kubebook
# expect = { contains = ["node/worker tainted"] }
# ///
OLD=$(kubectl get pods -l app=web --field-selector spec.nodeName=worker -o jsonpath='{.items[0].status.podIP}')
kubectl taint node worker node.kubernetes.io/out-of-service=nodeshutdown:NoExecute

# %% moved
# /// kubebook
# expect = { matches = ['^db-0 +1/1 +Running .* worker2 '] }
# ///
kubectl wait --for=jsonpath='{.status.readyReplicas}'=1 statefulset/db --timeout=60s
kubectl get pod db-0 -o wide

# %% pods
# /// kubebook
# unordered = true
# expect = { matches = ['^db-0 +worker2$', '^web-\S+ +worker2$'], absent = ["patient", "worker\n"] }
# ///
kubectl wait --for=delete pod/patient --timeout=90s > /dev/null
kubectl get pods -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName

# %% ghost
# /// kubebook
# expect = { matches = ['^web-\S+$'] }
# ///
docker exec control-plane curl -s -m 5 http://$OLD:8080/hostname
echo

# %% back
# /// kubebook
# expect = { contains = ["node/worker condition met"] }
# ///
docker exec worker systemctl start kubelet
kubectl wait --for=condition=Ready node/worker --timeout=90s

# %% quiet
# /// kubebook
# expect = { contains = ["the old Pod is silent"] }
# ///
while docker exec control-plane curl -s -m 5 -o /dev/null http://$OLD:8080/hostname; do sleep 0.5; done
echo "the old Pod is silent"

# %% untaint
# /// kubebook
# expect = { contains = ["node/worker untainted"] }
# ///
kubectl taint node worker node.kubernetes.io/out-of-service-
kubectl get node worker
