# /// kubebook
# needs = ["reliability/frozen"]
# cluster = "three"
# expect = { matches = ['^1 +1$', '^300 +3$'] }
# ///
from http.client import HTTPConnection

from client import Client
from kubernetes import config

config.load_kube_config()
with Client("lb") as asking:  # once the rules are written
    pass


def get(connection):
    connection.request("GET", "/hostname")
    return connection.getresponse().read()


print("CONNECTIONS  PODS")
one = HTTPConnection(*asking.address)
print(f"{1:<12} {len({get(one) for _ in range(300)})}")
print(f"{300:<12} {len({get(HTTPConnection(*asking.address)) for _ in range(300)})}")
