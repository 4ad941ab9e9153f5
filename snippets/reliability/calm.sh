# /// kubebook
# needs = ["reliability/web"]
# files = ["client.py"]
# cluster = "three"
# volatile = [
#   { where = "ASKED", reason = "how many requests fit in depends on the machine" },
#   { where = "LOST", reason = "how many of them fall into the gap depends on the machine" },
# ]
# ///

# %% nothing
# /// kubebook
# expect = { matches = ['^web +[0-9]+ +0 +0\.0s$'] }
# ///
python client.py web kubectl get deployment web

# %% all
# /// kubebook
# expect = { matches = ['^web +[0-9]+ +[1-9][0-9]* +[0-9]'] }
# ///
python client.py web kubectl delete pod -l app=web --grace-period=1
