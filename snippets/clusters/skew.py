# /// kubebook
# needs = ["clusters/cpus"]
# expect = { matches = ['^1\.37 +1\.37 +0 +supported$'] }
# ///
import json
import subprocess

versions = json.loads(subprocess.check_output(["kubectl", "version", "-o", "json"]))


def minor(who: str) -> int:
    return int(versions[who]["minor"].rstrip("+"))  # some clouds write 37+


client, server = minor("clientVersion"), minor("serverVersion")
verdict = "supported" if abs(client - server) <= 1 else "too far apart"
print("CLIENT   SERVER   SKEW   VERDICT")
print(f"1.{client:<6} 1.{server:<6} {client - server:<6} {verdict}")
