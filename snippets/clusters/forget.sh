# /// kubebook
# needs = ["clusters/dead"]
# expect = { contains = ["deleted context gone from both.yaml"], matches = ['^kubebook$'], absent = ["\ngone\n"] }
# ///
kubectl config delete-context gone --kubeconfig=both.yaml
kubectl config delete-cluster gone --kubeconfig=both.yaml
kubectl config delete-user gone --kubeconfig=both.yaml
kubectl config get-contexts -o name --kubeconfig=both.yaml
