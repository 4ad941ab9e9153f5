#!/usr/bin/env bash
# Stands before docker for kind: a node's hostname is its name in the book, not its container's,
# and each cluster has a network of its own, so that no output tells one cluster from another.
args=()
for word; do
  if [[ ${args[0]} == run && ${args[-1]} == --hostname ]]; then
    word=${word#"$KIND_EXPERIMENTAL_DOCKER_NETWORK-"}
    args+=("$word" --network-alias)
  fi
  args+=("$word")
done
exec "$KUBEBOOK_DOCKER" "${args[@]}"
