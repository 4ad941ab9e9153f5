# /// kubebook
# needs = ["monitoring/proxy"]
# files = ["proxy-reader.yaml"]
# ///

# %% account
# /// kubebook
# expect = { contains = ["serviceaccount/reader created", "role.rbac.authorization.k8s.io/web-proxy created"] }
# ///
kubectl apply -f proxy-reader.yaml

# %% before
# /// kubebook
# expect = { json = { code = 403 }, contains = ["system:serviceaccount:default:reader"] }
# ///
API=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')
WEB=/api/v1/namespaces/default/services/web/proxy/hostname
TOKEN=$(kubectl create token reader --duration=10m)
curl -sk -H "Authorization: Bearer $TOKEN" $API$WEB

# %% bind
# /// kubebook
# expect = { contains = ["rolebinding.rbac.authorization.k8s.io/web-proxy created"] }
# ///
kubectl create rolebinding web-proxy --role=web-proxy --serviceaccount=default:reader

# %% after
# /// kubebook
# settle = 2
# expect = { matches = ['^web-', '^HTTP 200$'] }
# ///
curl -sk -w '\nHTTP %{http_code}\n' -H "Authorization: Bearer $TOKEN" $API$WEB

# %% anonymous
# /// kubebook
# expect = { matches = ['^HTTP 403$'] }
# ///
curl -sk -o /dev/null -w 'HTTP %{http_code}\n' $API$WEB

# %% names
# /// kubebook
# expect = { matches = ['^web 200$', '^web:80 403$', '^http:web:80 403$', '^POST web 403$'] }
# ///
for name in web web:80 http:web:80; do
  curl -sk -o /dev/null -w "$name %{http_code}\n" -H "Authorization: Bearer $TOKEN" \
    $API${WEB/web/$name}
done
curl -sk -o /dev/null -w 'POST web %{http_code}\n' -X POST -H "Authorization: Bearer $TOKEN" $API$WEB
