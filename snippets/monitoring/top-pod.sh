# /// kubebook
# needs = ["monitoring/metrics-tls"]
# files = ["busy.yaml"]
# volatile = [{ where = "CPU(cores)", reason = "as measured" }, { where = "MEMORY(bytes)", reason = "as measured" }]
# expect = { contains = ["pod/busy created"], matches = ['^busy +([5-9][0-9]|1[0-2][0-9])m '] }
# ///
kubectl apply -f busy.yaml
kubectl wait --for=condition=Ready pod/busy --timeout=90s
until kubectl top pod busy 2>/dev/null; do sleep 1; done
