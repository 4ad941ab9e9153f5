# /// kubebook
# needs = ["architecture/api-groups"]
# timeout = 60
# ///

# %% batch
# /// kubebook
# expect = { matches = ['^cronjobs +cj +batch/v1 +true +CronJob ', '^jobs +batch/v1 +true +Job '] }
# ///
kubectl api-resources --api-group=batch -o wide

# %% first
# /// kubebook
# expect = { matches = [
#   '^\S+/api\?timeout=\S+\n\S+/apis\?timeout=\S+\n\S+/apis/batch/v1/namespaces/default/jobs\?limit=500\n\Z',
# ] }
# ///
CACHE=$(mktemp -d)
kubectl get jobs --cache-dir="$CACHE" -v=6 2>&1 | grep -o 'https:[^"]*'

# %% second
# /// kubebook
# expect = { matches = ['\A\S+/apis/batch/v1/namespaces/default/jobs\?limit=500\n\Z'] }
# ///
kubectl get jobs --cache-dir="$CACHE" -v=6 2>&1 | grep -o 'https:[^"]*'

# %% cache
# /// kubebook
# expect = { matches = [
#   '^\./servergroups\.json$',
#   '^\./batch/v1/serverresources\.json$',
#   '^\./v1/serverresources\.json$',
# ] }
# ///
cd "$CACHE"/discovery/*
find . -name '*.json' | sort | grep -v k8s.io
