# Usage: bash set-runtime-config.sh FLAG. Returns once the old API server is gone.
FILE=/etc/kubernetes/manifests/kube-apiserver.yaml
CHANGE="s#--runtime-config=.*#--runtime-config=$1#"
docker exec control-plane sed -i "$CHANGE" $FILE
for _ in {1..100}; do
  kubectl get --raw /readyz &> /dev/null || break
  sleep 0.3
done
# It may have ended by itself: then there is nothing to kill
docker exec control-plane pkill -KILL kube-apiserver || true
