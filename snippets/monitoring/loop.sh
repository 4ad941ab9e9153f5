# /// kubebook
# needs = ["monitoring/restarts"]
# ///

# %% crasher
# /// kubebook
# expect = { matches = ['^crasher +0/1 +Error +3 '] }
# ///
kubectl wait --for=jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}'=1 pod/crasher --timeout=90s
kubectl get pod crasher

# %% event
# /// kubebook
# expect = { matches = ['^BackOff +Back-off restarting failed container app'] }
# ///
kubectl get events --field-selector involvedObject.name=crasher,reason=BackOff \
  -o custom-columns=REASON:.reason,MESSAGE:.message

# %% last
# /// kubebook
# expect = { json = { exitCode = 1, reason = "Error" } }
# ///
kubectl get pod crasher -o json |
  jq '.status.containerStatuses[0].lastState.terminated | {exitCode, reason, startedAt, finishedAt}'

# %% finisher
# /// kubebook
# expect = { matches = ['^finisher +0/1 +Completed +3 '] }
# ///
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=3 pod/finisher --timeout=90s
kubectl wait --for=jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}'=0 pod/finisher --timeout=90s
kubectl get pod finisher
