# /// kubebook
# needs = ["monitoring/cluster-service"]
# ///

# %% browser
# /// kubebook
# expect = { json = { code = 403 }, contains = ["services/proxy"] }
# ///
UI=/api/v1/namespaces/default/services/http:web:/proxy/hostname
API=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')
curl -sk $API$UI

# %% proxy
# /// kubebook
# expect = { matches = ['^web-', '^HTTP 200$'] }
# ///
kubectl proxy --port=0 > proxy.log &
until grep -qs Starting proxy.log; do sleep 0.1; done
curl -s -w '\nHTTP %{http_code}\n' http://$(grep -o '127.*' proxy.log)$UI
kill $!; rm proxy.log

# %% https
# /// kubebook
# exit = 1
# expect = { contains = ["ServiceUnavailable", "does not look like a TLS handshake"] }
# ///
kubectl get --raw /api/v1/namespaces/default/services/https:web:/proxy/hostname
