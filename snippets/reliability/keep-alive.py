# /// kubebook
# needs = ["reliability/frozen"]
# cluster = "three"
# expect = { matches = ['^1 +1$', '^300 +3$'] }
# ///
from http.client import HTTPConnection
from urllib.parse import urlsplit

from client import Client
from kubernetes import config

config.load_kube_config()
with Client("lb") as asking:  # once the rules are written
    pass
where = urlsplit(asking.url)


def get(connection):
    connection.request("GET", where.path)
    return connection.getresponse().read()


print("CONNECTIONS  PODS")
one = HTTPConnection(where.netloc)
print(f"{1:<12} {len({get(one) for _ in range(300)})}")
print(f"{300:<12} {len({get(HTTPConnection(where.netloc)) for _ in range(300)})}")
