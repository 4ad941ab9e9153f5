"""Take part in the election for the Lease demo: python leader.py NAME"""

import signal
import sys
import time
from datetime import UTC, datetime

from kubernetes import client, config

config.load_kube_config()
leases = client.CoordinationV1Api()


class Candidate:
    def __init__(self, name):
        self.name, self.version, self.since = name, None, 0.0

    def tick(self):
        """Take the Lease or renew it, and say whether we lead."""
        lease = leases.read_namespaced_lease("demo", "default")
        spec, now = lease.spec, time.monotonic()
        if lease.metadata.resource_version != self.version:
            self.version, self.since = lease.metadata.resource_version, now
        fresh = now < self.since + spec.lease_duration_seconds
        if fresh and spec.holder_identity not in (self.name, "", None):
            return False
        return self.write(lease, self.name)

    def write(self, lease, holder):
        lease.spec.lease_transitions += lease.spec.holder_identity != holder and bool(holder)
        lease.spec.holder_identity, lease.spec.renew_time = holder, datetime.now(UTC)
        try:  # refused if another one wrote since we read
            leases.replace_namespaced_lease("demo", "default", lease)
        except client.ApiException as error:
            if error.status != 409:
                raise
            return False
        return True

    def resign(self, *_):
        self.write(leases.read_namespaced_lease("demo", "default"), "")
        sys.exit()


if __name__ == "__main__":
    me = Candidate(sys.argv[1])
    while True:
        if leads := me.tick():
            print(f"{time.monotonic():.1f} {me.name}", flush=True)
        signal.signal(signal.SIGTERM, me.resign if leads else signal.SIG_DFL)
        time.sleep(0.5)
