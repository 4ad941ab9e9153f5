# For the commands of the cases: the API as curl sees it, and the Python client ready to use.
api() { # api [curl's options] PATH: through kubectl proxy, without a port of this machine
  local folder; folder=$(mktemp -d)
  kubectl proxy --unix-socket="$folder/s" >/dev/null & local proxy=$!
  until [ -S "$folder/s" ]; do sleep 0.1; done
  curl -sS --unix-socket "$folder/s" "${@:1:$#-1}" "http://localhost${*: -1}"; local status=$?
  kill $proxy; return $status
}
py() { # py CODE
  python -c "from kubernetes import client, config, watch
config.load_kube_config(); core, apps = client.CoreV1Api(), client.AppsV1Api()
$1"
}
stands() { # whether nothing of the world broke that was not made to: a busy machine makes probes fail
  local fallen='.items[] | select(.metadata.namespace != "broken" and .status.phase != "Succeeded")
    | select(.metadata.labels."job-name" == null)
    | select(any(.status | .containerStatuses[]?, .initContainerStatuses[]?;
      .restartCount > 0 or .ready == false)) | .metadata.name'
  set -o pipefail
  fallen=$(kubectl get pods -A -o json | jq -r "$fallen") && [ -z "$fallen" ] || ! echo "fallen: $fallen"
}
