# /// kubebook
# needs = ["architecture/runtime-notes"]
# files = ["set-runtime-config.sh"]
# timeout = 180
# ///

# %% off
# /// kubebook
# expect = { matches = ['^ok$'] }
# ///
bash set-runtime-config.sh batch/v1=false
until kubectl get --raw /readyz 2> /dev/null; do sleep 1; done

# %% old-cache
# /// kubebook
# exit = 1
# expect = { contains = ["NotFound", 'Unable to list "batch/v1, Resource=jobs"'] }
# ///
kubectl get jobs

# %% new-cache
# /// kubebook
# exit = 1
# expect = { contains = ["the server doesn't have a resource type \"jobs\""] }
# ///
CACHE=$(mktemp -d)
kubectl get jobs --cache-dir="$CACHE"

# %% path
# /// kubebook
# exit = 1
# expect = { contains = ["NotFound", "could not find the requested resource"] }
# ///
kubectl get --raw /apis/batch

# %% log
# /// kubebook
# expect = { matches = ['^API group "batch" is not enabled, skipping'] }
# ///
until kubectl logs -n kube-system kube-apiserver-control-plane 2> /dev/null |
  grep -o 'API group "batch".*'; do sleep 1; done
