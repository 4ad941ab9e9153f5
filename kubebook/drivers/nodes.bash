#!/usr/bin/env bash
# Stands before docker for snippets and readers: a node goes by its name in the book, whatever
# its container is called.
nodes=" $KUBEBOOK_NODES "
args=()
for word; do
  node=$word
  if [[ $1 == cp ]]; then node=${word%%:*}; fi  # NODE:PATH
  if [[ $nodes == *" $node "* ]]; then
    word=$KUBEBOOK_CLUSTER-$word
    if [[ $1 == exec ]]; then nodes=; fi  # what follows is the node's own command
  fi
  args+=("$word")
done
if [[ $1 == exec ]]; then exec "$KUBEBOOK_DOCKER" "${args[@]}"; fi
set -o pipefail
"$KUBEBOOK_DOCKER" "${args[@]}" 2>&1 | sed "s/$KUBEBOOK_CLUSTER-//g"
