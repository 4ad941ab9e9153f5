# Read by bash before a snippet (BASH_ENV): ends one cell and starts the next.
# $KUBEBOOK_CELLS holds N.out, N.exit and N.want (the status that cell N must end with).

unset BASH_ENV
__kubebook_folder=$KUBEBOOK_CELLS
__kubebook_cell=0
__kubebook_start=$EPOCHREALTIME
unset KUBEBOOK_CELLS
exec >>"$__kubebook_folder/0.out" 2>&1
trap '__kubebook_end $?' EXIT

__kubebook_end() {
  local seconds=$(((${EPOCHREALTIME/[.,]/} - ${__kubebook_start/[.,]/}) / 1000))
  printf '%s %d.%03d' "$1" $((seconds / 1000)) $((seconds % 1000)) >"$__kubebook_folder/$__kubebook_cell.exit"
}

__kubebook_next() {
  __kubebook_end "$1"
  [[ $1 == "$(<"$__kubebook_folder/$__kubebook_cell.want")" ]] || { trap - EXIT; exit "$1"; }
  __kubebook_cell=$((__kubebook_cell + 1))
  __kubebook_start=$EPOCHREALTIME
  exec >>"$__kubebook_folder/$__kubebook_cell.out" 2>&1
}
