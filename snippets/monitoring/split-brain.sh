# /// kubebook
# needs = ["monitoring/node-silent"]
# ///

# %% node
# /// kubebook
# expect = { matches = ['^Ready +Unknown +NodeStatusUnknown$', '^DiskPressure +Unknown +NodeStatusUnknown$'] }
# ///
kubectl get node worker -o json |
  jq -r '["TYPE", "STATUS", "REASON"], (.status.conditions[] | [.type, .status, .reason]) | @tsv' |
  column -t

# %% message
# /// kubebook
# expect = { matches = ['^Kubelet stopped posting node status\.$'] }
# ///
kubectl get node worker -o jsonpath='{.status.conditions[?(@.type=="Ready")].message}{"\n"}'

# %% pods
# /// kubebook
# unordered = true
# expect = { matches = ['^db-0 +1/1 +Terminating ', '^patient +1/1 +Running ', '^web-\S+ +1/1 +Terminating .* worker '] }
# ///
kubectl get pods -o wide

# %% conditions
# /// kubebook
# unordered = true
# expect = { matches = ['^patient +worker +False +300$', '^web-\S+ +worker +False +5$', '^web-\S+ +worker2 +True +5$'] }
# ///
kubectl get pods -o custom-columns='NAME:.metadata.name,NODE:.spec.nodeName,READY:.status.conditions[?(@.type=="Ready")].status,TOLERATES:.spec.tolerations[?(@.key=="node.kubernetes.io/unreachable")].tolerationSeconds'

# %% answers
# /// kubebook
# expect = { matches = ['^web-\S+$'] }
# ///
OLD=$(kubectl get pods -l app=web --field-selector spec.nodeName=worker -o jsonpath='{.items[0].status.podIP}')
docker exec control-plane curl -s -m 5 http://$OLD:8080/hostname
echo

# %% slice
# /// kubebook
# unordered = true
# expect = { matches = ['^worker +false +true$', '^worker2 +true +false$'] }
# ///
kubectl get endpointslices -l kubernetes.io/service-name=web -o json |
  jq -r '["NODE", "READY", "TERMINATING"], (.items[].endpoints[] | [.nodeName, .conditions.ready, .conditions.terminating]) | @tsv' |
  column -t

# %% kubelet
# /// kubebook
# exit = 3
# expect = { matches = ['^inactive$'] }
# ///
docker exec worker systemctl is-active kubelet
