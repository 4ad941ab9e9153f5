# /// kubebook
# needs = ["monitoring/random-ports"]
# ///

# %% first
# /// kubebook
# expect = { contains = ["service/dashboard created"], matches = ['^dashboard +NodePort .* 80:30000/TCP '] }
# ///
kubectl create service nodeport dashboard --tcp=80 --node-port=30000
kubectl get service dashboard

# %% taken
# /// kubebook
# exit = 1
# expect = { contains = ["Invalid value: 30000: provided port is already allocated"] }
# ///
kubectl create service nodeport second --tcp=80 --node-port=30000

# %% outside
# /// kubebook
# exit = 1
# expect = { contains = ["The range of valid ports is 30000-32767"] }
# ///
kubectl create service nodeport third --tcp=80 --node-port=29999
