# /// kubebook
# files = ["stuck.yaml"]
# expect = { contains = ["pod/no-secret created", "pod/not-ready created"] }
# ///
kubectl apply -f stuck.yaml
