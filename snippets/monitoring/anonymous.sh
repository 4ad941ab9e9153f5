# /// kubebook
# needs = ["monitoring/cluster-info"]
# ///

# %% address
# /// kubebook
# expect = { matches = ['^https://127\.0\.0\.1:[0-9]+$'] }
# ///
API=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')
echo $API

# %% forbidden
# /// kubebook
# expect = { json = { code = 403, reason = "Forbidden", "details.name" = "web" }, contains = ["system:anonymous"] }
# ///
WEB=/api/v1/namespaces/default/services/web/proxy/hostname
curl -sk $API$WEB

# %% public
# /// kubebook
# expect = { matches = ['^/version 200$', '^/livez 200$', '^/api 403$', 'hostname 403$'] }
# ///
for path in /version /livez /api $WEB; do
  curl -sk -o /dev/null -w "$path %{http_code}\n" $API$path
done

# %% bad-token
# /// kubebook
# expect = { contains = ["/version 401"] }
# ///
curl -sk -o /dev/null -w '/version %{http_code}\n' -H 'Authorization: Bearer nonsense' $API/version

# %% nowhere
# /// kubebook
# exit = 1
# expect = { contains = ["anonymous 403", "NotFound"] }
# ///
curl -sk -o /dev/null -w 'anonymous %{http_code}\n' $API/nowhere
kubectl get --raw /nowhere
