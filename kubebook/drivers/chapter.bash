# What the steps below are run with. $book_chapter is the chapter, $book_tools what it calls.

set -eu
cd "${1:-.}"
if ! [[ -f kubebook.toml && -d snippets/$book_chapter ]]; then
  echo "this is no clone of the book: bash $book_chapter.sh CLONE" >&2
  exit 2
fi
book_clone=$PWD
PATH=$book_clone/.venv/bin:$PATH
for book_tool in $book_tools; do
  if ! command -v "$book_tool" > /dev/null; then
    echo "$book_tool is not installed here" >&2
    exit 2
  fi
done
export LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC
book_work=$(mktemp -d)
trap 'rm -rf "$book_work"' EXIT

# PROFILE: a cluster of yours made anew, or none at all; and no files of the chain before.
book_fresh() {
  local variables
  rm -rf "$book_work/snippets"
  if [[ $1 == none ]]; then
    printf '%s' "$book_nowhere" > "$book_work/nowhere"
    export KUBECONFIG=$book_work/nowhere
  else
    kubebook cluster reset "$1" < /dev/null
    variables=$(kubebook cluster env "$1")
    eval "$variables"
  fi
}

# CHAPTER FILE…: a shell as a snippet gets it, beside its files. What it starts ends with it.
book_start() {
  local file folder=$book_work/snippets/$1
  for file in "${@:2}"; do
    mkdir -p "$(dirname "$folder/$file")"
    cp -pL "$book_clone/snippets/$1/$file" "$folder/$file" || book_fail
  done
  cd "$folder" || book_fail
  exec < /dev/null
  trap 'kill $(jobs -p) 2> /dev/null || true' EXIT
  set +u
}

# ID: says what comes, and leaves $? alone.
book_cell() {
  local status=$?
  printf '\n# %s\n' "$1"
  return "$status"
}

# STATUS EXPECTED ID: goes on with the same status if a step ended as the book expects.
book_ended() {
  [[ -e $book_work/failed ]] && exit 1
  [[ $1 == "$2" ]] && return "$1"
  echo "$3 ended with status $1, not $2" >&2
  book_fail
}

# Ends the file, even where the book expects a step to fail.
book_fail() {
  : > "$book_work/failed"
  exit 1
}
