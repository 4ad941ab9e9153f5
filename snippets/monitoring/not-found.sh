# /// kubebook
# needs = ["monitoring/token"]
# ///

# %% raw
# /// kubebook
# exit = 1
# expect = { contains = ["NotFound", "could not find the requested resource"] }
# ///
DNS=/api/v1/namespaces/kube-system/services/kube-dns:metrics/proxy
kubectl get --raw $DNS/

# %% proxy
# /// kubebook
# expect = { matches = ['^404 page not found$', '^/ 404$', '^/metrics 200$'] }
# ///
kubectl proxy --port=0 > proxy.log &
until grep -qs Starting proxy.log; do sleep 0.1; done
API=$(grep -o '127.*' proxy.log)
curl -s $API$DNS/
for path in / /metrics; do
  curl -s -o /dev/null -w "$path %{http_code}\n" $API$DNS$path
done
kill $!; rm proxy.log

# %% direct
# /// kubebook
# expect = { matches = ['^404 page not found$', '^/ 404$', '^/metrics 200$'] }
# ///
kubectl port-forward -n kube-system service/kube-dns :9153 > forward.log &
until grep -qs Forwarding forward.log; do sleep 0.1; done
DIRECT=$(grep -om1 '127[^ ]*' forward.log)
curl -s $DIRECT/
for path in / /metrics; do
  curl -s -o /dev/null -w "$path %{http_code}\n" $DIRECT$path
done
kill $!; rm forward.log
