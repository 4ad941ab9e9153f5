# /// kubebook
# needs = ["clusters/names"]
# ///

# %% hidden
# /// kubebook
# expect = { contains = ["client-key-data: DATA+OMITTED", "certificate-authority-data: DATA+OMITTED"] }
# ///
kubectl config view --minify

# %% subject
# /// kubebook
# expect = { matches = ['^subject=CN=kubernetes-admin,O=kubeadm:cluster-admins$', '^issuer=CN=kubernetes$'] }
# ///
kubectl config view --minify --raw -o jsonpath='{.users[0].user.client-certificate-data}' |
  base64 -d | openssl x509 -noout -subject -issuer -enddate -nameopt RFC2253

# %% authority
# /// kubebook
# expect = { matches = ['^subject=CN=kubernetes$', 'CA:TRUE'] }
# ///
kubectl config view --minify --raw -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' |
  base64 -d | openssl x509 -noout -subject -nameopt RFC2253 -ext basicConstraints
