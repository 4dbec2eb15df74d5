# Shared by the scripts beside it. They are what the jobs in .github/workflows do, and run anywhere: what the
# platform gives them comes in environment variables, which each script's --help names.
# shellcheck shell=bash
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# A result: printed, and handed to the steps after this one where there are any.
output() {
  printf '%s=%s\n' "$1" "$2"
  [[ -z ${GITHUB_OUTPUT:-} ]] || printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# A line of Markdown for who opens the run.
summary() { printf '%s\n' "$*" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"; }

# Where images are, without tag: what every environment's deploy.toml says.
image_repository() {
  local names
  names=$(sed -nE 's/^image = "([^"]+)".*/\1/p' terraform/environments/*/deploy.toml | sort -u)
  [[ $names != *$'\n'* && -n $names ]] ||
    fail "the environments' deploy.toml do not name one and the same image: $(tr '\n' ' ' <<<"$names")"
  printf '%s\n' "$names"
}

need_program() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || fail "there is no $program"
  done
}

need_variable() {
  local name
  for name in "$@"; do
    [[ -n ${!name:-} ]] || fail "$name is not set; see --help"
  done
}

need_digest() { [[ $1 =~ ^sha256:[0-9a-f]{64}$ ]] || fail "'$1' is not a digest: sha256: and 64 hexadecimal digits"; }
need_commit() { [[ $1 =~ ^[0-9a-f]{40}$ ]] || fail "'$1' is not a whole commit: 40 hexadecimal digits"; }
need_environment() {
  [[ $1 =~ ^[a-z]+$ && -f terraform/environments/$1/deploy.toml ]] ||
    fail "there is no environment '$1'; there are: $(cd terraform/environments && echo */deploy.toml | sed 's,/deploy.toml,,g')"
}
