# /// kubebook
# files = ["lb.yaml"]
# cluster = "three"
# expect = { contains = ["statefulset.apps/lb created"], matches = ['^lb-2 +1/1 +Running'] }
# ///
kubectl apply -f lb.yaml
kubectl wait --for=jsonpath='{.status.availableReplicas}'=3 --timeout=90s statefulset/lb > /dev/null
kubectl get pods -l app=lb
