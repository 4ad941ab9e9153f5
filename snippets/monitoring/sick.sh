# /// kubebook
# cluster = "three"
# ///

# %% healthy
# /// kubebook
# expect = { matches = ['^MemoryPressure +False +KubeletHasSufficientMemory$', '^Ready +True +KubeletReady$'] }
# ///
kubectl get node worker -o json |
  jq -r '["TYPE", "STATUS", "REASON"], (.status.conditions[] | [.type, .status, .reason]) | @tsv' |
  column -t

# %% log
# /// kubebook
# expect = { contains = ["blocked for more than 120 seconds", "Killed process 4242"] }
# ///
docker exec -i worker tee -a /var/log/kern.log << 'LOG'
kernel: INFO: task jbd2/sda1-8:231 blocked for more than 120 seconds.
kernel: usb 1-1: new high-speed USB device number 2
kernel: Out of memory: Killed process 4242 (java) total-vm:8123456kB
LOG
