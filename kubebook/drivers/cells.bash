# Read by bash before a snippet (BASH_ENV): ends one cell and starts the next.
# $KUBEBOOK_CELLS holds N.out, N.want (the status that cell N must end with) and, once the next
# cell has begun, N.exit: status and seconds. Of the last cell the engine sees the end by itself.
# It begins when it has read a line: then it is in its cgroup.

unset BASH_ENV
__kubebook_folder=$KUBEBOOK_CELLS
__kubebook_cell=0
__kubebook_start=$EPOCHREALTIME
read -r && exec </dev/null || exit
ulimit $KUBEBOOK_LIMITS || exit
unset KUBEBOOK_CELLS KUBEBOOK_LIMITS REPLY
exec >>"$__kubebook_folder/0.out" 2>&1

__kubebook_end() {
  local ms=$(((${EPOCHREALTIME/[.,]/} - ${__kubebook_start/[.,]/}) / 1000))
  printf '%s %d.%03d' "$1" $((ms / 1000)) $((ms % 1000)) >|"$__kubebook_folder/$__kubebook_cell.exit"
}

__kubebook_settled() {
  local answer
  __kubebook_status=$1
  __kubebook_end "$1"
  # Nothing at all comes where the engine has not yet hung up after its answer to the last read
  until read -r answer <"$__kubebook_folder/$__kubebook_cell.ask"; do :; done
  [[ $answer == again ]] || return 0
  : >|"$__kubebook_folder/$__kubebook_cell.out"
  return 1
}

__kubebook_next() {
  [[ $1 == "$(<"$__kubebook_folder/$__kubebook_cell.want")" ]] || exit "$1"
  __kubebook_end "$1"
  __kubebook_cell=$((__kubebook_cell + 1))
  __kubebook_start=$EPOCHREALTIME
  exec >>"$__kubebook_folder/$__kubebook_cell.out" 2>&1
  return "$1"
}
