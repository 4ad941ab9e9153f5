# /// kubebook
# needs = ["reliability/codes"]
# files = ["cashier.yaml", "charge.yaml"]
# cluster = "three"
# timeout = 240
# ///

# %% start
# /// kubebook
# expect = { contains = ["job.batch/charge created"], matches = ['^5 receipts$'] }
# ///
kubectl apply -f cashier.yaml -f charge.yaml
receipts() { kubectl get configmaps -l app=$1 -o name | wc -l; }
until [ "$(receipts receipt)" -eq 5 ]; do sleep 0.5; done
echo "5 receipts"

# %% fail
# /// kubebook
# expect = { matches = ['^pod "charge-0-'] }
# ///
kubectl delete pod -l 'batch.kubernetes.io/job-completion-index in (0, 1)'

# %% count
# /// kubebook
# expect = { matches = ['^0-4$', '^receipts 5$', '^charges 7$'] }
# ///
kubectl wait --for=condition=Complete --timeout=120s job/charge > /dev/null
kubectl get job charge -o jsonpath='{.status.completedIndexes}{"\n"}'
echo "receipts $(receipts receipt)"
echo "charges $(receipts charge)"
