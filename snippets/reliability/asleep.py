# /// kubebook
# needs = ["reliability/election"]
# files = ["leader.py", "demo-lease.yaml"]
# cluster = "three"
# expect = { matches = [
#   '^a leads: True$',
#   '^b leads: False$',
#   '^b leads: True$',
#   '^a writes: False$',
# ] }
# ///
import time

from leader import Candidate, leases

a, b = Candidate("a"), Candidate("b")
while not a.tick():
    time.sleep(0.5)
print("a leads:", a.tick())
print("b leads:", b.tick())
read = leases.read_namespaced_lease("demo", "default")  # a has read, and now sleeps for long
while not b.tick():
    time.sleep(0.5)
print("b leads:", b.tick())
print("a writes:", a.write(read, "a"))
