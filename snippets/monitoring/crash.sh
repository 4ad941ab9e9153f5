# /// kubebook
# needs = ["monitoring/cni"]
# files = ["crash.yaml"]
# expect = { contains = ["pod/crasher created"] }
# ///
kubectl apply -f crash.yaml
