# Shared by the scripts beside it, which source it. It changes to the project's root.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# In bold on a terminal whose user has not refused it (https://no-color.org).
say() {
  local mark='==>'
  [[ ! -t 2 || -n ${NO_COLOR:-} ]] || mark=$'\033[1m==>\033[0m'
  printf '%s %s\n' "$mark" "$*" >&2
}

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Prints the comment that a script begins with: its --help.
usage() { sed -n '2,/^[^#]/{/^# shellcheck/d;/^#/s/^# \{0,1\}//p}' "$0"; }

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  else
    command -v sudo >/dev/null || fail "run it as root, or install sudo: packages are missing"
    sudo "$@"
  fi
}

# Installs those of the named Debian packages that are missing.
ensure_packages() {
  local package missing=()
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The code name of this Debian or Ubuntu release.
suite() {
  # shellcheck source=/dev/null
  (source /etc/os-release && echo "${VERSION_CODENAME:-unknown}")
}

# This machine's own Debian package sources, rewritten for another suite and type, in deb822 form:
# own_sources SUITE deb|deb-src. (sid has no security suite.)
own_sources() {
  local own file
  own=$(suite)
  {
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
      [[ ! -f $file ]] || sed -nE \
        "s/^deb +(\\[[^]]*\\] +)?([^ ]+) +$own(-security)? +(.*)/Types: deb\\nURIs: \\2\\nSuites: $own\\3\\nComponents: \\4\\n/p" "$file"
    done
    for file in /etc/apt/sources.list.d/*.sources; do
      [[ ! -f $file ]] || { cat "$file"; echo; }
    done
  } | awk -v RS= -v own="$own" -v wanted="$1" -v type="$2" '
    match($0, "Suites:[^\n]*[ :]" own "(-security)?([ \n]|$)") {
      security = $0 ~ "Suites:[^\n]*" own "-security"
      if (security && wanted == "sid") next
      sub(/Types:[^\n]*/, "Types: " type)
      sub(/Suites:[^\n]*/, "Suites: " wanted (security ? "-security" : ""))
      print $0 "\n"
    }'
}

# Configures where needed and builds: build PRESET [TARGET...]
build() {
  local preset=$1 commit testing=ON cache
  shift
  commit=$(git rev-parse --verify -q HEAD 2>/dev/null || echo unknown)
  # Who only builds, or packs, needs none of what tests are made with.
  [[ $(dpkg-query -W -f '${db:Status-Status}' catch2 2>/dev/null) == installed ]] || testing=OFF
  cache=build/$preset/CMakeCache.txt
  if ! { grep -qs "^COMMENTS_COMMIT:STRING=$commit\$" "$cache" && grep -qs "^BUILD_TESTING:BOOL=$testing\$" "$cache"; }; then
    say "configuring $preset"
    local -a httplib=()
    if [[ $(suite) == bookworm ]]; then
      httplib=("-DFETCHCONTENT_SOURCE_DIR_HTTPLIB=$(scripts/fetch-debian trixie source cpp-httplib)")
    fi
    cmake --preset "$preset" "-DCOMMENTS_COMMIT=$commit" "-DBUILD_TESTING=$testing" "${httplib[@]}" >/dev/null
  fi
  say "building $preset"
  cmake --build --preset "$preset" ${1:+--target "$@"} >&2
}
