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

print(f"{'QUERY':<44}ANSWER")
for query in QUERIES:
    answer = ask_until(lambda data: data["result"], "query", query=query)
    print(f"{query:<44}{float(answer['result'][0]['value'][1]):.3g}")
