# /// kubebook
# needs = ["architecture/discovery"]
# files = ["autoscaler.yaml"]
# timeout = 60
# ///

# %% create
# /// kubebook
# expect = { contains = ["horizontalpodautoscaler.autoscaling/web created"] }
# ///
kubectl apply -f autoscaler.yaml

# %% read
# /// kubebook
# expect = { matches = [
#   '^autoscaling/v1 +(\S+) +50 +<none>\n(.*\n)*autoscaling/v2 +\1 +<none> +50$',
# ] }
# ///
COLUMNS=VERSION:.apiVersion,UID:.metadata.uid
COLUMNS+=,V1:.spec.targetCPUUtilizationPercentage
COLUMNS+=,V2:.spec.metrics[0].resource.target.averageUtilization
for version in v1 v2; do
  kubectl get horizontalpodautoscalers.$version.autoscaling web \
    -o custom-columns="$COLUMNS"
done
