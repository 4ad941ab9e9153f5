# /// kubebook
# needs = ["architecture/runtime-rehearse"]
# files = ["set-runtime-config.sh"]
# timeout = 240
# ///

# %% before
# /// kubebook
# exit = 1
# expect = { matches = ['^0$'] }
# ///
kubectl api-versions | grep -c beta

# %% set
# /// kubebook
# expect = { matches = ['^ok$'] }
# ///
FLAG=batch/v1/cronjobs=false,batch/v1beta1=true,api/beta=true
bash set-runtime-config.sh $FLAG
until kubectl get --raw /readyz 2> /dev/null; do sleep 1; done

# %% batch
# /// kubebook
# expect = { matches = ['^jobs +batch/v1 +true +Job$'], absent = ["cronjobs"] }
# ///
CACHE=$(mktemp -d)
kubectl api-resources --api-group=batch --cache-dir="$CACHE"

# %% betas
# /// kubebook
# expect = { contains = ["coordination.k8s.io/v1beta1", "resource.k8s.io/v1beta1"], absent = ["batch"] }
# ///
kubectl api-versions --cache-dir="$CACHE" | grep beta
