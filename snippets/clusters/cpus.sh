# /// kubebook
# needs = ["clusters/node"]
# volatile = [{ where = "CPUS", reason = "another machine has other processors" }]
# expect = { matches = ['^host +(\d+)\nnode +\1\nkubelet +\1$'] }
# ///
echo "WHO       CPUS"
echo "host      $(nproc)"
echo "node      $(docker exec control-plane nproc)"
echo "kubelet   $(kubectl get node control-plane -o jsonpath='{.status.capacity.cpu}')"
