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
for name in kubelet etcd kube-apiserver kube-scheduler kube-controller kube-proxy; do
  parent=$(docker exec control-plane ps -o ppid= -C $name)
  printf '%-16s %s\n' $name "$(docker exec control-plane ps -o comm= -p $parent)"
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
docker exec control-plane ss -tnpH state established '( dport = :6443 or dport = :2379 )' |
  sed -E 's/.*:([0-9]+) +users:\(\("([^"]+).*/\2 \1/' | grep -E '^(kube-|kubelet|etcd)' |
  sort -u | xargs printf '%-16s %s\n'
