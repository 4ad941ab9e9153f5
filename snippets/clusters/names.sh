# /// kubebook
# needs = ["clusters/contexts"]
# exit = 1
# expect = { contains = ['no context exists with the name: "nope"', "context was not found for specified context: nope", 'cannot delete context nope, not in mine.yaml'] }
# ///
kubectl config use-context nope --kubeconfig=mine.yaml
kubectl get pods --context=nope --kubeconfig=mine.yaml
kubectl config delete-context nope --kubeconfig=mine.yaml
