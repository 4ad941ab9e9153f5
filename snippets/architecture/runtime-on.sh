# /// kubebook
# needs = ["architecture/runtime-kept"]
# files = ["set-runtime-config.sh"]
# timeout = 480
# ///

# %% on
# /// kubebook
# expect = { matches = ['^ok$'] }
# ///
bash set-runtime-config.sh
until kubectl get --raw /readyz 2> /dev/null; do sleep 1; done

# %% job
# /// kubebook
# expect = { matches = ['^keep +Running +0/1 '] }
# ///
kubectl get job keep

# %% healed
# /// kubebook
# expect = { contains = ["condition met"], matches = ['^1 +1$', '^keep-\S+ +1/1 +Running +0 '] }
# ///
kubectl wait --for=jsonpath='{.status.failed}'=1 job/keep --timeout=240s
kubectl wait --for=jsonpath='{.status.ready}'=1 job/keep --timeout=120s
kubectl get job keep \
  -o custom-columns=READY:.status.ready,FAILED:.status.failed
kubectl get pods -l job-name=keep
