# /// kubebook
# needs = ["reliability/swap"]
# files = ["client.py"]
# cluster = "three"
# volatile = [{ where = "ASKED", reason = "how many requests fit in depends on the machine" }]
# ///

# %% refused
# /// kubebook
# expect = { contains = ["cannot delete DaemonSet-managed Pods"], matches = ['^worker +Ready,SchedulingDisabled'] }
# ///
kubectl drain worker 2>&1 | grep -o 'cannot delete.*ignore)' | uniq
kubectl get node worker --no-headers

# %% drain
# /// kubebook
# expect = { matches = ['^web +[0-9]+ +0 +0\.0s$'] }
# ///
kubectl create poddisruptionbudget web --selector=app=web --min-available=2
python client.py web kubectl drain worker --ignore-daemonsets 2> drain.log | tail -2

# %% empty
# /// kubebook
# expect = { matches = ['^ *3 worker2$'] }
# ///
kubectl wait --for=jsonpath='{.status.availableReplicas}'=3 deployment/web --timeout=90s > /dev/null
kubectl get pods -l app=web -o custom-columns=:.spec.nodeName --no-headers | sort | uniq -c
kubectl uncordon worker
