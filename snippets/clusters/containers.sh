# /// kubebook
# needs = ["clusters/nodes"]
# cluster = "three"
# ///

# %% addresses
# /// kubebook
# expect = { matches = ['^control-plane +control-plane +[0-9.]+$', '^worker2 +worker +[0-9.]+$'] }
# ///
echo "CONTAINER       ROLE            ADDRESS"
for node in control-plane worker worker2; do
  printf '%-15s %-15s %s\n' $node $(docker inspect $node -f '{{index .Config.Labels "io.x-k8s.kind.role"}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}')
done

# %% ports
# /// kubebook
# expect = { matches = ['^control-plane 6443/tcp -> 127\.0\.0\.1:[0-9]+$', '^worker none$', '^worker2 none$'] }
# ///
for node in control-plane worker worker2; do
  echo $node $(docker port $node | grep . || echo none)
done

# %% server
# /// kubebook
# expect = { matches = ['^https://127\.0\.0\.1:[0-9]+$'] }
# ///
kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}'
