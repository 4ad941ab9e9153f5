# /// kubebook
# needs = ["clusters/vmx"]
# ///

# %% container
# /// kubebook
# expect = { matches = ['^docker$', '^systemd$'] }
# ///
docker exec control-plane systemd-detect-virt --container
docker exec control-plane cat /proc/1/comm

# %% kernel
# /// kubebook
# expect = { contains = ["same kernel"] }
# ///
diff <(uname -r) <(docker exec control-plane uname -r) && echo same kernel

# %% processes
# /// kubebook
# expect = { matches = ['^kubelet$', '^etcd$', '^kube-apiserver$', '^systemd$'] }
# ///
docker top control-plane -eo pid,comm | awk '{print $2}' | sort -u |
  grep -xE 'systemd|containerd|kubelet|etcd|kube-(apiserver|controller.*|proxy|scheduler)'

# %% privileged
# /// kubebook
# expect = { matches = ['^privileged: true$'] }
# ///
docker inspect -f 'privileged: {{.HostConfig.Privileged}}' control-plane
