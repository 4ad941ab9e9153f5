# /// kubebook
# needs = ["monitoring/access-review"]
# ///

# %% raw
# /// kubebook
# expect = { matches = ['^web-'] }
# ///
WEB=/api/v1/namespaces/default/services/web/proxy/hostname
kubectl get --raw $WEB
echo

# %% proxy
# /// kubebook
# expect = { matches = ['^Starting to serve on 127\.0\.0\.1:[0-9]+$', '^HTTP 200$'] }
# ///
kubectl proxy --port=0 > proxy.log &
until grep -qs Starting proxy.log; do sleep 0.1; done
cat proxy.log
curl -s -w '\nHTTP %{http_code}\n' http://$(grep -o '127.*' proxy.log)$WEB
kill $!; rm proxy.log
