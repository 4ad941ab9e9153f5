# /// kubebook
# timeout = 60
# ///

# %% parents
# /// kubebook
# expect = { matches = [
#   '^kubelet +systemd$',
#   '^etcd +containerd-shim$',
#   '^kube-apiserver +containerd-shim$',
#   '^kube-scheduler +containerd-shim$',
#   '^kube-controller +containerd-shim$',
# ] }
# ///
printf '%-16s %s\n' PROCESS PARENT
NAMES='kubelet etcd kube-apiserver kube-scheduler kube-controller kube-proxy'
for name in $NAMES; do
  parent=$(docker exec control-plane ps -o ppid= -C $name)
  comm=$(docker exec control-plane ps -o comm= -p $parent)
  printf '%-16s %s\n' $name "$comm"
done

# %% asks
# /// kubebook
# expect = { matches = [
#   '^kube-apiserver +2379$',
#   '^kube-controller +6443$',
#   '^kube-scheduler +6443$',
#   '^kubelet +6443$',
#   '^kube-proxy +6443$',
# ], absent = ["kube-scheduler   2379", "kube-controller  2379", "kubelet          2379", "etcd"] }
# ///
printf '%-16s %s\n' PROCESS 'ASKS PORT'
docker exec control-plane \
  ss -tnpH state established '( dport = :6443 or dport = :2379 )' |
  sed -E 's/.*:([0-9]+) +users:\(\("([^"]+).*/\2 \1/' |
  grep -E '^(kube-|kubelet|etcd)' | sort -u | xargs printf '%-16s %s\n'
