# /// kubebook
# needs = ["monitoring/alert"]
# expect = { matches = ['dns/0 +2$', 'typo/0 +0$'] }
# ///
from prometheus_api import ask

targets = ask("targets", state="active")["activeTargets"]
pools = [target["scrapePool"] for target in targets]
print(f"{'SCRAPE POOL':<36}TARGETS")
for pool in sorted(ask("scrape_pools")["scrapePools"]):
    print(f"{pool:<36}{pools.count(pool)}")
