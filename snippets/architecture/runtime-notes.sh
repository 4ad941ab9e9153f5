# /// kubebook
# needs = ["architecture/no-scheduler"]
# files = ["set-runtime-config.sh"]
# timeout = 180
# ///

# %% job
# /// kubebook
# expect = { contains = ["job.batch/keep created", "condition met"] }
# ///
IMAGE=registry.k8s.io/e2e-test-images/agnhost:2.66.1
kubectl create job keep --image=$IMAGE -- /agnhost pause
kubectl wait --for=jsonpath='{.status.ready}'=1 job/keep --timeout=90s

# %% flag
# /// kubebook
# expect = { matches = ['^ *- --runtime-config=$'] }
# ///
MANIFESTS=/etc/kubernetes/manifests
docker exec control-plane grep runtime-config $MANIFESTS/kube-apiserver.yaml

# %% set
# /// kubebook
# expect = { matches = ['^kubectl gets no answer$'] }
# ///
bash set-runtime-config.sh batch/v1=false,batch/v2alpha=true
kubectl get nodes 2> /dev/null || echo kubectl gets no answer

# %% log
# /// kubebook
# expect = { contains = ["group version batch/v2alpha that has not been registered"] }
# ///
LOGS='/var/log/containers/kube-apiserver-*.log'
SEARCH="cat $LOGS 2>&1 | grep -om1 'command failed.*'"
until docker exec control-plane sh -c "$SEARCH"; do sleep 1; done
