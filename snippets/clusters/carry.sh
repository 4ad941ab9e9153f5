# /// kubebook
# needs = ["clusters/policy"]
# timeout = 240
# volatile = [{ where = "DIGEST", reason = "the official node image has another build of pause" }]
# ///

# %% outside
# /// kubebook
# expect = { matches = ['^manifest\.json$', '^index\.json$'] }
# ///
node() { docker exec control-plane "$@" 2>/dev/null; }
node ctr -n k8s.io images tag registry.k8s.io/pause:3.10 registry.invalid/tool:1 >/dev/null
node ctr -n k8s.io images export --local tool.tar registry.invalid/tool:1 >/dev/null
node ctr -n k8s.io images remove registry.invalid/tool:1 >/dev/null
docker cp control-plane:/tool.tar . >/dev/null
tar tf tool.tar | grep json

# %% inside
# /// kubebook
# expect = { contains = ["pod/never condition met", "pod/pull condition met"] }
# ///
docker exec -i control-plane ctr -n k8s.io images import - < tool.tar >/dev/null 2>&1
kubectl wait pod never pull --for=condition=Ready --timeout=150s

# %% same
# /// kubebook
# expect = { matches = ['^registry\.invalid/tool:1 +(sha256:[0-9a-f]{64})\nregistry\.k8s\.io/pause:3\.10 +\1$'] }
# ///
node ctr -n k8s.io images list | awk 'NR==1 || /tool:1|pause:3.10 / {printf "%-28s %s\n", $1, $3}'
rm tool.tar
