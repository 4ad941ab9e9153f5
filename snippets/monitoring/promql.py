# /// kubebook
# needs = ["monitoring/targets"]
# volatile = [{ where = "ANSWER", reason = "as measured" }]
# expect = { matches = ['^sum\(up\) +2$', '^sum\(rate\(.*\)\) +0\.0*[1-9]'] }
# ///
from prometheus_api import ask_until

QUERIES = [
    "sum(up)",
    "sum(rate(process_cpu_seconds_total[1m]))",
    "sum(process_resident_memory_bytes) / 1e6",
]


def number(data):
    return float(data["result"][0]["value"][1]) if data["result"] else 0


print(f"{'QUERY':<44}ANSWER")
for query in QUERIES:
    print(f"{query:<44}{number(ask_until(number, 'query', query=query)):.3g}")
