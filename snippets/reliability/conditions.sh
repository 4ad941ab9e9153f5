# /// kubebook
# needs = ["reliability/rules"]
# cluster = "three"
# ///

# %% ready
# /// kubebook
# expect = { matches = ['^lb-0 true true false$', '^lb-1 true true false$', '^lb-2 true true false$'] }
# ///
conditions() {
  kubectl get endpointslices -l kubernetes.io/service-name=lb -o jsonpath='{range .items[*].endpoints[*]}{.targetRef.name} {.conditions.ready} {.conditions.serving} {.conditions.terminating}{"\n"}{end}' | sort
}
conditions

# %% frozen
# /// kubebook
# expect = { matches = ['^lb-0 true true false$', '^lb-1 false false false$', '^lb-1 +0/1 +Running +0 '] }
# ///
kubectl exec lb-1 -- killall -STOP agnhost
until conditions | grep -q 'lb-1 false'; do sleep 0.1; done
conditions
kubectl get pod lb-1

# %% thawed
# /// kubebook
# expect = { matches = ['^lb-1 +1/1 +Running +0 '] }
# ///
kubectl exec lb-1 -- killall -CONT agnhost
kubectl wait --for=condition=Ready pod/lb-1 --timeout=90s > /dev/null
kubectl get pod lb-1

# %% terminating
# /// kubebook
# expect = { matches = ['^lb-2 false true true$'] }
# ///
kubectl delete pod lb-2 --wait=false
until now=$(conditions); [[ $now == *'lb-2 false'* ]]; do sleep 0.1; done
echo "$now"
