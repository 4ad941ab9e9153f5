# /// kubebook
# cluster = "three"
# ///

# %% holders
# /// kubebook
# expect = { matches = ['^kube-controller-manager +control-plane_\S+ +15$', '^kube-scheduler +control-plane_\S+ +15$'] }
# ///
kubectl get leases -n kube-system kube-scheduler kube-controller-manager \
  -o custom-columns='NAME:.metadata.name,HOLDER:.spec.holderIdentity,SECONDS:.spec.leaseDurationSeconds'

# %% renewals
# /// kubebook
# expect = { matches = ['^control-plane_\S+ +20\S+Z$'] }
# ///
kubectl get lease -n kube-system kube-scheduler --watch \
  -o custom-columns='HOLDER:.spec.holderIdentity,RENEWED:.spec.renewTime' | head -4
