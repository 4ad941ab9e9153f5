# /// kubebook
# needs = ["clusters/skew"]
# exit = 1
# expect = { contains = ['unknown command "deleteb"', "delete"] }
# ///
kubectl deleteb
