"""Asks the Prometheus in the cluster, through the API server."""

import json
import subprocess
import time
from urllib.parse import urlencode

SERVICE = "/api/v1/namespaces/monitoring/services/prometheus-operated:web/proxy/api/v1"


def ask(what, **query):
    command = ["kubectl", "get", "--raw", f"{SERVICE}/{what}?{urlencode(query)}"]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["data"]


def ask_until(done, what, **query):
    for _ in range(90):
        data = ask(what, **query)
        if done(data):
            return data
        time.sleep(1)
    raise TimeoutError(f"{what} still says {data}")
