# /// kubebook
# needs = ["monitoring/report"]
# expect = { matches = ['^worker +KernelDeadlock=True +tainted$'] }
# ///
from kubernetes import client, config

KEY = "kubebook.example/kernel-deadlock"
config.load_kube_config()
core = client.CoreV1Api()

print(f"{'NODE':<14} {'CONDITION':<22} DONE")
for node in core.list_node().items:
    name, taints = node.metadata.name, node.spec.taints or []
    dead = any(c.type == "KernelDeadlock" and c.status == "True" for c in node.status.conditions)
    marked = any(taint.key == KEY for taint in taints)
    done = "nothing"
    if dead != marked:
        kept = [taint.to_dict() for taint in taints if taint.key != KEY]
        new = [{"key": KEY, "effect": "NoSchedule"}] if dead else []
        core.patch_node(name, {"spec": {"taints": kept + new}})
        done = "tainted" if dead else "taint removed"
    print(f"{name:<14} {f'KernelDeadlock={dead}':<22} {done}")
