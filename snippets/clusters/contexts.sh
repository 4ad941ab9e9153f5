# /// kubebook
# needs = ["clusters/latest"]
# ///

# %% list
# /// kubebook
# expect = { matches = ['^\* +kubebook +kubebook +kubebook'] }
# ///
kubectl config get-contexts

# %% team
# /// kubebook
# expect = { contains = ['Context "team" created.'], matches = ['^ +team +kubebook +kubebook +kube-system$'] }
# ///
kubectl config view --raw > mine.yaml
chmod 600 mine.yaml
kubectl config set-context team --cluster=kubebook --user=kubebook \
  --namespace=kube-system --kubeconfig=mine.yaml
kubectl config get-contexts --kubeconfig=mine.yaml

# %% use
# /// kubebook
# expect = { contains = ["deployment.apps/coredns", 'Switched to context "team".'] }
# ///
kubectl get deployments -o name --kubeconfig=mine.yaml --context=team
kubectl config use-context team --kubeconfig=mine.yaml
kubectl get deployments -o name --kubeconfig=mine.yaml
