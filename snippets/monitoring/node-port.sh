# /// kubebook
# needs = ["monitoring/service-list"]
# files = ["service-list.py"]
# ///

# %% url
# /// kubebook
# expect = { matches = ['^http://[0-9.]+:[0-9]+$'] }
# ///
IP=$(kubectl get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}')
PORT=$(kubectl get service web -o jsonpath='{.spec.ports[0].nodePort}')
URL=http://$IP:$PORT
echo $URL

# %% fetch
# /// kubebook
# expect = { matches = ['^web-', '^HTTP 200$'] }
# ///
curl -s --retry 9 --retry-connrefused -w '\nHTTP %{http_code}\n' $URL/hostname

# %% load-balancer
# /// kubebook
# expect = { contains = ["<pending>"], matches = ['web-lb +\| 80 +\| http://'] }
# ///
kubectl expose deployment web --name=web-lb --type=LoadBalancer --port=80 --target-port=8080
kubectl get service web-lb
python service-list.py | grep web-lb
kubectl delete service web-lb
