"""Ask a Service again and again while a command runs: python client.py SERVICE COMMAND..."""

import subprocess
import sys
import threading
import time
from collections import Counter
from errno import EADDRINUSE
from http.client import HTTPConnection, HTTPException
from itertools import count

from kubernetes import client, config

# From a port that was not used before: nodes remember for a while where a port's packets went
PORTS = count(10000 + int(time.time() * 20) % 18000)


class Client(threading.Thread):
    """Asks 20 times a second, from outside the cluster, while its `with` block runs."""

    def __init__(self, service, tries=1):
        super().__init__(daemon=True)
        core = client.CoreV1Api()
        node = core.read_node("control-plane").status.addresses[0].address
        port = core.read_namespaced_service(service, "default").spec.ports[0].node_port
        self.address, self.tries = (node, port), tries
        self.asked, self.lost, self.outage, self.row = 0, 0, 0.0, 0
        self.limit, self.names, self.over = 4, Counter(), threading.Event()

    def ask(self):
        """Whether an answer came. The name in it is that of the Pod."""
        source = ("", next(PORTS))
        web = HTTPConnection(*self.address, timeout=self.limit, source_address=source)
        try:
            web.request("GET", "/hostname", headers={"Connection": "close"})
            self.names[web.getresponse().read().decode()] += 1
        except (OSError, HTTPException) as error:
            taken = getattr(error, "errno", 0) == EADDRINUSE  # here, which says nothing of there
            return taken and self.ask()
        finally:
            web.close()
        return True

    def run(self):
        good = time.monotonic()
        while not self.over.is_set():
            began, self.asked = time.monotonic(), self.asked + 1
            if any(self.ask() for _ in range(self.tries)):
                good, self.row = time.monotonic(), self.row + 1
            else:
                self.lost, self.row = self.lost + 1, 0
                self.outage = max(self.outage, time.monotonic() - good)
            self.over.wait(began + 0.05 - time.monotonic())

    def calm(self):
        """Wait until 40 answers have come in a row."""
        self.row = 0
        while self.row < 40:
            time.sleep(0.1)

    def __enter__(self):
        self.start()
        self.calm()
        self.asked, self.lost, self.outage = 0, 0, 0.0
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


if __name__ == "__main__":
    config.load_kube_config()
    with Client(sys.argv[1]) as asking:
        status = subprocess.run(sys.argv[2:]).returncode
        asking.calm()
    print("\nSERVICE  ASKED  LOST   OUTAGE")
    print(f"{sys.argv[1]:<8} {asking.asked:<6} {asking.lost:<6} {asking.outage:.1f}s")
    sys.exit(status)
