# /// kubebook
# needs = ["clusters/parts"]
# files = ["gone.yaml"]
# ///

# %% merged
# /// kubebook
# expect = { matches = ['^ +gone +gone +gone', '^\* +team +kubebook', '^ +kubebook +kubebook'] }
# ///
KUBECONFIG=mine.yaml:gone.yaml kubectl config get-contexts

# %% flat
# /// kubebook
# expect = { matches = ['^gone$', '^kubebook$', '^team$'] }
# ///
KUBECONFIG=mine.yaml:gone.yaml kubectl config view --flatten > both.yaml
chmod 600 both.yaml
kubectl config get-contexts -o name --kubeconfig=both.yaml
