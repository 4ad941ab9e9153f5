# /// kubebook
# needs = ["monitoring/pressure"]
# files = ["crash.yaml"]
# expect = { contains = ["pod/crasher created"] }
# ///
kubectl apply -f crash.yaml
