# /// kubebook
# needs = ["monitoring/not-found"]
# ///

# %% create
# /// kubebook
# expect = { contains = ["service/monitoring-influxdb created", "service/monitoring-influxdb labeled"] }
# ///
kubectl create service clusterip monitoring-influxdb --tcp=8086 -n kube-system
kubectl label service monitoring-influxdb -n kube-system \
  kubernetes.io/cluster-service=true kubernetes.io/name=monitoring-influxdb

# %% listed
# /// kubebook
# expect = { matches = ['^monitoring-influxdb is running at https://.*/services/monitoring-influxdb:8086/proxy$'] }
# ///
kubectl cluster-info

# %% follow
# /// kubebook
# exit = 1
# expect = { contains = ["ServiceUnavailable", 'no endpoints available for service "monitoring-influxdb"'] }
# ///
kubectl get --raw /api/v1/namespaces/kube-system/services/monitoring-influxdb:8086/proxy/

# %% remove
# /// kubebook
# expect = { contains = ['service "monitoring-influxdb" deleted'] }
# ///
kubectl delete service monitoring-influxdb -n kube-system

# %% asked
# /// kubebook
# expect = { matches = ['^GET /api/v1/namespaces/kube-system/services\?labelSelector='], absent = ["pods"] }
# ///
kubectl cluster-info -v=6 2>&1 | grep -o 'GET.*/namespaces/[^"]*' | sed 's|" url="https://[^/]*| |'
