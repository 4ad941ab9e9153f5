# Puts the world of world.yaml on a fresh cluster and waits until it stands still.
set -eu
# Twice: at first the new namespaces have no ServiceAccount yet
kubectl apply -f world.yaml >/dev/null 2>&1 || { sleep 2; kubectl apply -f world.yaml >/dev/null; }
kubectl wait --for=condition=Established crd/books.library.example.com >/dev/null
kubectl apply -f - >/dev/null <<'BOOKS'
{apiVersion: library.example.com/v1, kind: Book, metadata: {name: dune}, spec: {author: Frank Herbert, pages: 412}}
---
{apiVersion: library.example.com/v1, kind: Book, metadata: {name: pachinko}, spec: {author: 이민진, pages: 490, lent: "2026-01-05T09:00:00Z"}}
BOOKS
kubectl taint node control-plane flavour=sweet:PreferNoSchedule >/dev/null
kubectl label node control-plane disk=nvme >/dev/null
for object in deploy/web deploy/api sts/db ds/agent; do kubectl rollout status "$object" --timeout=600s >/dev/null; done
# A second revision of web, so that there is a history
kubectl set env deploy/web COLOUR=green >/dev/null
kubectl annotate deploy/web kubernetes.io/change-cause="green" --overwrite >/dev/null
kubectl rollout status deploy/web --timeout=600s >/dev/null
kubectl wait --for=condition=complete job/sum --timeout=600s >/dev/null
kubectl wait --for=condition=failed job/fails --timeout=600s >/dev/null
kubectl delete pod held -n broken --wait=false >/dev/null
until [ "$(kubectl get pods -l app=web --no-headers | wc -l)" = 3 ]; do sleep 1; done
# The fifth restart comes 160 s after the fourth: time to read in peace
until [ "$(kubectl get pod crash -n broken -o jsonpath='{.status.containerStatuses[0].restartCount}')" -ge 4 ]; do sleep 1; done
until kubectl get pod crash -n broken --no-headers | grep -q CrashLoopBackOff; do sleep 1; done
stands
