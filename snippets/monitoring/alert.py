# /// kubebook
# needs = ["monitoring/promql"]
# files = ["dns-rule.yaml"]
# timeout = 180
# expect = { matches = ['^pending$', '^firing$', '^FewDNSServers +warning +2$'] }
# ///
import subprocess
from functools import partial

from prometheus_api import ask_until

subprocess.run(["kubectl", "apply", "-f", "dns-rule.yaml"], check=True)


def in_state(data, state):
    return [alert for alert in data["alerts"] if alert["state"] == state]


for state in ("pending", "firing"):
    found = ask_until(partial(in_state, state=state), "alerts")
    print(state)

alert = found["alerts"][0]
print(f"{'ALERT':<16}{'SEVERITY':<11}VALUE")
print(
    f"{alert['labels']['alertname']:<16}{alert['labels']['severity']:<11}{float(alert['value']):g}"
)
