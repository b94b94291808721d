# What scripts/up and scripts/test share: the pinned Bun, system packages, the project's packages. Sourced by bash, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools="$root/.tools"

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root: directly, or by sudo when it asks for no password (or a person is there to type one).
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo "$@"
  else
    return 1
  fi
}

# Installs Debian packages without starting their services (RUNLEVEL=1); false when this is not Debian, not root, or a package is not to be had.
apt_install() {
  have apt-get || return 1
  say "installing $*"
  local log
  log=$(mktemp)
  if as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >"$log" 2>&1 ||
    { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >>"$log" 2>&1 &&
      as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1; }; then
    rm -f "$log"
    return 0
  fi
  tail -n 5 "$log" >&2
  rm -f "$log"
  return 1
}

bun_version() { sed -n 's/.*"packageManager": *"bun@\([^"]*\)".*/\1/p' "$root/package.json"; }

runs_bun() { [ "$("$1" --version 2>/dev/null)" = "$2" ]; }

# The first program of the pinned version among those that npm left: the platform packages hold it even when install scripts are blocked.
find_local_bun() {
  local candidate
  for candidate in "$tools/bun-$1"/node_modules/@oven/bun-*/bin/bun "$tools/bun-$1"/node_modules/.bin/bun; do
    if [ -x "$candidate" ] && runs_bun "$candidate" "$1"; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# Puts the pinned Bun first on PATH; takes it from the npm registry into .tools when it is not there.
ensure_bun() {
  local version program
  version=$(bun_version)
  [ -n "$version" ] || fail "package.json names no packageManager bun@<version>"
  if have bun && runs_bun bun "$version"; then return 0; fi
  if ! program=$(find_local_bun "$version"); then
    have npm || apt_install npm || fail "Bun $version is missing and so is npm to install it; install either one, then try again"
    say "installing Bun $version into .tools"
    mkdir -p "$tools/bun-$version"
    [ -f "$tools/bun-$version/package.json" ] || printf '{"private":true}\n' >"$tools/bun-$version/package.json"
    npm install --prefix "$tools/bun-$version" --ignore-scripts --no-audit --no-fund --no-save --loglevel=error "bun@$version" >&2 ||
      fail "npm could not install bun@$version"
    program=$(find_local_bun "$version") || fail "npm installed bun@$version, but none of its programs runs on this machine"
  fi
  mkdir -p "$tools/bin"
  ln -sfn "$program" "$tools/bin/bun"
  PATH="$tools/bin:$PATH"
  export PATH
}

# Installs the packages of bun.lock; a moment when nothing changed.
ensure_packages() {
  local log
  log=$(mktemp)
  if ! (cd "$root" && bun install --frozen-lockfile) >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "the project's packages could not be installed"
  fi
  rm -f "$log"
}

# Pictures work without ffmpeg, so its absence is a warning.
ensure_ffmpeg() {
  have ffmpeg || [ -n "${ANNOLITH_FFMPEG:-}" ] || [ -x "$root/node_modules/ffmpeg-static/ffmpeg" ] || apt_install ffmpeg ||
    say "warning: ffmpeg is missing and could not be installed; video tasks will fail until it is (or ANNOLITH_FFMPEG names it)"
}

# Programs that only the tests use; what cannot be installed makes its own suite fail, the others still run.
ensure_test_programs() {
  local missing=()
  have ffmpeg || missing+=(ffmpeg)
  have redis-server || missing+=(redis-server)
  have shellcheck || missing+=(shellcheck)
  have openssl || missing+=(openssl)
  have ip || missing+=(iproute2)
  [ -x /usr/sbin/slapd ] || missing+=(slapd)
  have chromium || have google-chrome || missing+=(chromium)
  have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}" || say "warning: could not install ${missing[*]}; tests that need them will fail"
}

python_packages="cvat-sdk==2.80.0 cvat-cli==2.80.0 pycocotools numpy pillow av moto[server] gcp-storage-emulator schemathesis==4.32.5"
# What datumaro and supervision need to read datasets; they themselves are installed without what they need for other things.
reader_packages="scipy==1.17.1 cachetools==7.3.2 defusedxml==0.7.1 imagesize==2.0.1 json-stream==2.5.1 lxml==6.1.3 opencv-python-headless==4.14.0.94
  orjson==3.13.0 pandas==2.3.3 PyYAML==6.0.3 ruamel.yaml==0.19.1 shapely==2.2.0 tqdm==4.70.1 pydeprecate==0.13.0"
dataset_readers="datumaro==1.13.12 supervision==0.31.2"

# The official Python client and what reads exported datasets, in .tools/venv.
ensure_python() {
  local stamp="$tools/venv/annolith-packages" wanted="$python_packages $reader_packages $dataset_readers" log
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return 0; fi
  have python3 || apt_install python3 python3-venv || { say 'warning: Python 3 is missing; the SDK tests will fail' && return 0; }
  say 'installing the Python client into .tools/venv'
  mkdir -p "$tools"
  log=$(mktemp)
  # shellcheck disable=SC2086
  if { python3 -m venv "$tools/venv" || { apt_install python3-venv && python3 -m venv --clear "$tools/venv"; }; } >"$log" 2>&1 &&
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check $python_packages $reader_packages >>"$log" 2>&1 &&
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps $dataset_readers >>"$log" 2>&1; then
    printf '%s' "$wanted" >"$stamp"
  else
    tail -n 10 "$log" >&2
    say 'warning: the Python client could not be installed; the SDK tests will fail'
  fi
  rm -f "$log"
}
