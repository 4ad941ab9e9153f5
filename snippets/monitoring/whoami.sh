# /// kubebook
# needs = ["monitoring/anonymous"]
# ///

# %% admin
# /// kubebook
# expect = { contains = ["kubernetes-admin", "kubeadm:cluster-admins", "system:authenticated"] }
# ///
kubectl auth whoami

# %% can-i
# /// kubebook
# expect = { matches = ['^yes$'] }
# ///
kubectl auth can-i get services/web --subresource=proxy

# %% can-anonymous
# /// kubebook
# exit = 1
# expect = { contains = ["selfsubjectaccessreviews", 'User "system:anonymous" cannot create'] }
# ///
kubectl auth can-i get services/web --subresource=proxy \
  --as=system:anonymous --as-group=system:unauthenticated
