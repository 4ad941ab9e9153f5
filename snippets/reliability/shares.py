# /// kubebook
# needs = ["reliability/lb"]
# cluster = "three"
# expect = { matches = [
#   '^lb-0 +[0-9]+ +yes$',
#   '^lb-1 +[0-9]+ +yes$',
#   '^lb-2 +[0-9]+ +yes$',
# ], contains = ["lost: 0"] }
# volatile = [{ where = "ANSWERS", reason = "kube-proxy draws lots for every connection" }]
# ///
import time

from client import Client
from kubernetes import config

config.load_kube_config()
with Client("lb") as asking:  # once the rules are written
    while len(asking.names) < 3:
        time.sleep(0.1)
asking.names.clear()
lost = sum(not asking.ask() for _ in range(300))

MARGIN = 4 * (300 * 1 / 3 * 2 / 3) ** 0.5  # four standard deviations
print("POD   ANSWERS  FAIR")
for pod in ("lb-0", "lb-1", "lb-2"):
    answers = asking.names[pod]
    print(f"{pod:<5} {answers:<8} {'yes' if abs(answers - 100) <= MARGIN else 'no'}")
print("\nlost:", lost)
