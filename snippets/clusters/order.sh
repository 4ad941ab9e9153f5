# /// kubebook
# needs = ["clusters/forget"]
# files = ["gone.yaml"]
# expect = { matches = ['^gone$'] }
# ///
KUBECONFIG=gone.yaml:mine.yaml kubectl config current-context
rm mine.yaml both.yaml
