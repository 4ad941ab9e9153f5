# /// kubebook
# files = ["widgets/1-crd.yaml", "widgets/2-settings.yaml", "widgets/3-widget.yaml"]
# ///

# %% once
# /// kubebook
# expect = { contains = ["widgets.example.com created", "configmap/widget-settings created", 'no matches for kind "Widget" in version "example.com/v1"', "ensure CRDs are installed first"] }
# ///
# As the notes have it: "|| true" is what hides the failure
kubectl create --cache-dir="$(mktemp -d)" -f widgets/ || true

# %% missing
# /// kubebook
# expect = { contains = ["condition met", "No resources found"] }
# ///
kubectl wait --for=condition=Established crd/widgets.example.com --timeout=90s
kubectl get widgets

# %% twice
# /// kubebook
# exit = 1
# expect = { contains = ["widget.example.com/first created", "AlreadyExists"] }
# ///
kubectl create -f widgets/

# %% clean
# /// kubebook
# expect = { contains = ['"first" deleted', '"widgets.example.com" deleted'] }
# ///
kubectl delete -f widgets/3-widget.yaml -f widgets/2-settings.yaml -f widgets/1-crd.yaml

# %% in-order
# /// kubebook
# expect = { contains = ["condition met", "widget.example.com/first serverside-applied"] }
# ///
kubectl apply --server-side -f widgets/1-crd.yaml
kubectl wait --for=condition=Established crd/widgets.example.com --timeout=90s
kubectl apply --server-side -f widgets/
