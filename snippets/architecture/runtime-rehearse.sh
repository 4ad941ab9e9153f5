# /// kubebook
# needs = ["architecture/runtime-on"]
# timeout = 240
# ///

# %% refused
# /// kubebook
# expect = { contains = [
#   "group version batch/v2alpha that",
#   "group version batch/v2alpha1 that has not been registered",
#   "unknown api groups foo/v1",
#   "invalid runtime-config with only api/all=false",
# ] }
# ///
rehearse() {
  kubectl exec -n kube-system kube-apiserver-control-plane -- kube-apiserver "$@"
}
# After its restart, the kubelet makes the Pod that mirrors the API server anew
until rehearse --version &> /dev/null; do sleep 1; done
KEYS=/etc/kubernetes/pki/sa
FLAGS='batch/v2alpha=true batch/v2alpha1=true foo/v1=true api/all=false'
for flag in $FLAGS; do
  echo "$flag"
  rehearse --runtime-config=$flag --secure-port=16443 \
    --etcd-servers=http://127.0.0.1:1 --cert-dir=/tmp \
    --service-account-issuer=https://rehearsal \
    --service-account-key-file=$KEYS.pub \
    --service-account-signing-key-file=$KEYS.key 2>&1 | grep -o 'err=.*'
done
