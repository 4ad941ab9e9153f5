# /// kubebook
# needs = ["monitoring/promql"]
# timeout = 180
# expect = { matches = ['^FewDNSServers +warning +firing +2$'] }
# ///
from prometheus_api import ask_until


def firing(data):
    return [alert for alert in data["alerts"] if alert["state"] == "firing"]


found = ask_until(firing, "alerts")
alert = firing(found)[0]
labels = alert["labels"]
print(f"{'ALERT':<16}{'SEVERITY':<11}{'STATE':<9}VALUE")
print(f"{labels['alertname']:<16}{labels['severity']:<11}{alert['state']:<9}{float(alert['value']):g}")
