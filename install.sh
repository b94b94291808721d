#!/usr/bin/env bash
# Installs, upgrades or removes Annolith as a systemd service; safe to run again. See --help.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scope=system action=install dry_run='' purge='' start=yes
prefix='' data_dir='' port=''
# An unpacked release has the executable beside this script, a checkout builds it.
if [ -f "$here/annolith" ]; then release=yes binary=$here/annolith; else release='' binary=$here/dist/annolith; fi

usage() {
  cat <<'HELP'
usage: install.sh [--user] [options]

Installs Annolith as a service of this machine, or with --user of your own account. Run again to upgrade, or after
setting backup_target, which turns on a backup every night. What an unpacked release holds is checked against its
SHA256SUMS first.

  --binary FILE    the executable to install (the one beside this script, else dist/annolith, which
                   scripts/up --build-only makes)
  --prefix DIR     keep everything under DIR (else /usr/local, /etc, /var/lib or your home's .local and .config)
  --data-dir DIR   where data is kept (/var/lib/annolith or ~/.local/share/annolith)
  --port N         port to listen on (8080)
  --no-start       write files only, leave the service manager alone
  --dry-run        say what would be done
  --uninstall      stop and remove the service and the executable; data and settings stay
  --purge          with --uninstall: remove data and settings too
  --version        say which version would be installed
HELP
}

fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}
say() { printf '%s\n' "$*"; }

# Does a step, or says it when this is a dry run.
run() {
  if [ -n "$dry_run" ]; then say "would run: $*"; else "$@"; fi
}

# Writes standard input to a file that others never see half written.
write_file() {
  local path=$1 mode=$2 text
  text=$(cat)
  if [ -n "$dry_run" ]; then
    say "would write: $path (mode $mode)"
    return 0
  fi
  printf '%s\n' "$text" >"$path.new"
  chmod "$mode" "$path.new"
  mv -f "$path.new" "$path"
}

need_value() { if [ $# -lt 2 ] || [ -z "$2" ]; then fail "$1 needs a value"; fi; }

while [ $# -gt 0 ]; do
  case "$1" in
    --user) scope=user ;;
    --uninstall) action=uninstall ;;
    --version) action=tell_version ;;
    --purge) purge=yes ;;
    --dry-run) dry_run=yes ;;
    --no-start) start='' ;;
    --prefix | --data-dir | --port | --binary)
      need_value "$@"
      case "$1" in
        --prefix) prefix=$2 ;;
        --data-dir) data_dir=$2 ;;
        --port) port=$2 ;;
        --binary) binary=$2 ;;
      esac
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) fail "unknown option $1; see --help" ;;
  esac
  shift
done

case "$port" in
  '') ;;
  *[!0-9]*) fail "--port must be a number, not \"$port\"" ;;
  *) if [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then fail '--port must be from 1 to 65535'; fi ;;
esac
[ -z "$purge" ] || [ "$action" = uninstall ] || fail '--purge goes with --uninstall'
[ "$scope" = user ] || [ -n "$dry_run" ] || [ "$action" = tell_version ] || [ "$(id -u)" = 0 ] || fail 'run me as root, or with --user for your own account'
# Paths go into unit files and a sed script: plain characters only.
for path in "$prefix" "$data_dir"; do
  case "$path" in
    '') ;;
    *[!A-Za-z0-9._/@+-]*) fail "$path: only letters, digits and . _ - / @ + are allowed here" ;;
    /*) ;;
    *) fail "$path must be an absolute path" ;;
  esac
done

prefix=${prefix%/}
if [ -n "$prefix" ]; then
  bin_dir=$prefix/bin config_dir=$prefix/etc/annolith default_data=$prefix/var/lib/annolith unit_dir=$prefix/lib/systemd/$scope
  share_dir=$prefix/share
elif [ "$scope" = user ]; then
  bin_dir=$HOME/.local/bin config_dir=${XDG_CONFIG_HOME:-$HOME/.config}/annolith
  default_data=${XDG_DATA_HOME:-$HOME/.local/share}/annolith unit_dir=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user
  share_dir=${XDG_DATA_HOME:-$HOME/.local/share}
else
  bin_dir=/usr/local/bin config_dir=/etc/annolith default_data=/var/lib/annolith unit_dir=/etc/systemd/system
  share_dir=/usr/local/share
fi
units=(annolith.service annolith-worker@.service annolith-backup.service annolith-backup.timer)

# Where an earlier run put the data, so that an upgrade or removal need not be told again.
installed_data() { [ -f "$unit_dir/annolith.service" ] && sed -n 's/^ExecStart=.* serve --data-dir \([^ ]*\).*/\1/p' "$unit_dir/annolith.service"; }
data_dir=${data_dir:-$(installed_data || true)}
data_dir=${data_dir:-$default_data}
data_dir=${data_dir%/}

# File of a release → where shells and man look for it.
shared=(
  "completions/annolith.bash bash-completion/completions/annolith"
  "completions/_annolith zsh/site-functions/_annolith"
  "completions/annolith.fish fish/vendor_completions.d/annolith.fish"
  "man/annolith.1 man/man1/annolith.1"
)

# A text of the settings, as its key in annolith.toml or its variable in annolith.env has it; nothing when there is none.
find_setting() {
  {
    sed -n "s/^$1 *= *[\"']\(.*\)[\"'].*/\1/p" "$config_dir/annolith.toml"
    sed -n "s/^ANNOLITH_${1^^}=[\"']\{0,1\}\([^\"']*\).*/\1/p" "$config_dir/annolith.env"
  } 2>/dev/null | tail -n 1 || true
}

# Nothing of a release is used before all of it is known to be as it was released.
verify_release() {
  [ -n "$release" ] || return 0
  [ -f "$here/SHA256SUMS" ] || fail "$here/SHA256SUMS is missing: unpack the whole release archive"
  local name listed
  listed=$(sed -n 's/^[0-9a-f]\{64\} [ *]//p' "$here/SHA256SUMS")
  for name in annolith install.sh "${units[@]/#/systemd/}" "${shared[@]%% *}"; do
    printf '%s\n' "$listed" | grep -Fxq -- "$name" || fail "$here/SHA256SUMS does not name $name: unpack the whole release archive"
  done
  (cd "$here" && sha256sum --check --quiet --strict SHA256SUMS >&2) || fail 'the release is damaged or was changed; nothing is installed'
}

manages_units() { [ -n "$start" ] && [ -d /run/systemd/system ] && command -v systemctl >/dev/null; }
control() { if [ "$scope" = user ]; then run systemctl --user "$@"; else run systemctl "$@"; fi; }

make_user() {
  [ "$scope" = system ] || return 0
  if ! id annolith >/dev/null 2>&1; then
    run useradd --system --user-group --home-dir "$data_dir" --no-create-home --shell /usr/sbin/nologin annolith
  fi
}

own_data() {
  [ "$scope" = system ] || return 0
  run chown annolith:annolith "$data_dir"
}

install_binary() {
  [ -f "$binary" ] || fail "$binary does not exist; build it with scripts/up --build-only, or name one with --binary"
  run install -d -m 755 "$bin_dir"
  if ! cmp -s "$binary" "$bin_dir/annolith"; then
    run install -m 755 "$binary" "$bin_dir/annolith.new"
    run mv -f "$bin_dir/annolith.new" "$bin_dir/annolith"
    changed=yes
  fi
}

# Settings that exist are kept; only a port that was asked for is put in.
install_config() {
  run install -d -m 755 "$config_dir"
  local file=$config_dir/annolith.toml
  if [ ! -f "$file" ]; then
    write_file "$file" 640 <<TOML
# Settings of Annolith; "annolith config explain" lists them all. Secrets go to annolith.env beside this file.
host = "127.0.0.1"
port = ${port:-8080}
TOML
    changed=yes
  elif [ -n "$port" ] && ! grep -Eq "^port *= *$port\$" "$file"; then
    { grep -Ev '^port *=' "$file" || true; printf 'port = %s\n' "$port"; } | write_file "$file" 640
    changed=yes
  fi
  if [ "$scope" = system ]; then run chown root:annolith "$file"; fi
}

# The units as they lie here, with the paths of this installation.
write_unit() {
  local edits=(
    -e "s#/usr/local/bin/annolith#$bin_dir/annolith#"
    -e "s#/etc/annolith/#$config_dir/#"
    -e "s#--data-dir /var/lib/annolith#--data-dir $data_dir#"
    -e "s#^ExecPaths=.*#ExecPaths=$data_dir#"
  )
  if [ "$scope" = user ]; then
    edits+=(-e '/^# system only: begin/,/^# system only: end/d' -e 's/^WantedBy=.*/WantedBy=default.target/')
  elif [ "$data_dir" != /var/lib/annolith ]; then
    edits+=(-e "s#^StateDirectory=.*#ReadWritePaths=$data_dir#" -e '/^StateDirectoryMode=/d')
    case "$data_dir" in /home/* | /root/*) edits+=(-e 's/^ProtectHome=.*/ProtectHome=read-only/') ;; esac
  fi
  local target
  target=$(find_setting backup_target)
  # With backup_schedule the server and its workers write backups themselves.
  if [ "$scope" = system ] && { [ "$1" = annolith-backup.service ] || [ -n "$(find_setting backup_schedule)" ]; }; then
    case "$target" in *[!A-Za-z0-9._/@+-]*) target='' ;; esac
    case "$target" in /*) edits+=(-e "s#^ProtectSystem=.*#&\\nReadWritePaths=-$target#") ;; esac
    case "$target" in /home/* | /root/*) edits+=(-e 's/^ProtectHome=.*/ProtectHome=read-only/') ;; esac
  fi
  sed "${edits[@]}" "$here/systemd/$1"
}

install_units() {
  run install -d -m 755 "$unit_dir"
  local unit
  for unit in "${units[@]}"; do
    if [ "$(write_unit "$unit")" != "$(cat "$unit_dir/$unit" 2>/dev/null)" ]; then
      write_unit "$unit" | write_file "$unit_dir/$unit" 644
      # The server need not be started again for its backups.
      case "$unit" in annolith-backup.*) updated=yes ;; *) changed=yes ;; esac
    fi
  done
}

# One file for shells or man: the release brings it, a checkout's executable writes it.
write_shared() {
  if [ -n "$release" ]; then
    cat "$here/$1"
    return
  fi
  case "$1" in
    man/*) "$binary" man ;;
    *.bash) "$binary" completions bash ;;
    *.fish) "$binary" completions fish ;;
    *) "$binary" completions zsh ;;
  esac
}

install_shared() {
  local line target text
  for line in "${shared[@]}"; do
    target=$share_dir/${line#* }
    if [ -n "$dry_run" ]; then
      say "would write: $target (mode 644)"
      continue
    fi
    text=$(write_shared "${line%% *}") || fail "$binary does not run on this machine"
    if [ "$text" != "$(cat "$target" 2>/dev/null)" ]; then
      install -d -m 755 "${target%/*}"
      printf '%s\n' "$text" | write_file "$target" 644
      updated=yes
    fi
  done
}

# Backups run by the clock once it is known where they go: by that of the server when it has one, else by the timer.
start_backups() {
  local target schedule
  target=$(find_setting backup_target)
  schedule=$(find_setting backup_schedule)
  if [ -z "$target" ]; then
    control disable --quiet --now annolith-backup.timer || true
    say 'note: there are no backups yet: set backup_target and run me again'
    return 0
  fi
  case "$target" in
    /*) if [ "$scope" = system ] && [ ! -e "$target" ]; then run install -d -o annolith -g annolith -m 750 "$target"; fi ;;
  esac
  if [ -n "$schedule" ]; then
    control disable --quiet --now annolith-backup.timer || true
    say "the server backs itself up to $target ($schedule)"
    return 0
  fi
  control enable --quiet --now annolith-backup.timer
  say "a backup goes to $target every night"
}

start_service() {
  if ! manages_units; then
    say "start it with: $bin_dir/annolith serve --data-dir $data_dir (with ANNOLITH_CONFIG=$config_dir/annolith.toml)"
    return 0
  fi
  if [ -n "$prefix" ]; then control link --force "${units[@]/#/$unit_dir/}"; fi
  control daemon-reload
  control enable --quiet annolith.service
  if [ -n "$changed" ]; then control restart annolith.service; else control start annolith.service; fi
  start_backups
  local journal='journalctl -u annolith'
  if [ "$scope" = user ]; then journal='journalctl --user -u annolith'; fi
  say "annolith runs on port $(sed -n 's/^port *= *//p' "$config_dir/annolith.toml" 2>/dev/null || true)"
  say "first start: the link to create the administrator is in $journal"
}

install_all() {
  changed='' updated=''
  verify_release
  make_user
  install_binary
  install_config
  run install -d -m 750 "$data_dir"
  own_data
  install_units
  install_shared
  command -v ffmpeg >/dev/null || [ -n "${ANNOLITH_FFMPEG:-}" ] || say 'note: ffmpeg is not installed; video tasks need it'
  start_service
  if [ -n "$dry_run" ]; then return 0; fi
  if [ -n "$changed$updated" ]; then say "installed: $bin_dir/annolith, settings in $config_dir, data in $data_dir"; else say 'nothing to change'; fi
}

# A folder is only removed when it looks like ours: a slip in --data-dir must not cost somebody else's files.
purge_data() {
  [ -d "$data_dir" ] || return 0
  if [ -n "$(ls -A "$data_dir")" ] && [ ! -e "$data_dir/annolith.db" ] && [ ! -d "$data_dir/secrets" ]; then
    fail "$data_dir does not look like a data directory of Annolith; it stays"
  fi
  run rm -rf -- "$data_dir"
}

uninstall_all() {
  local unit line
  if manages_units && [ -f "$unit_dir/annolith.service" ]; then
    control disable --now annolith.service annolith-backup.timer || true
  fi
  for unit in "${units[@]}"; do run rm -f -- "$unit_dir/$unit"; done
  if manages_units; then control daemon-reload; fi
  run rm -f -- "$bin_dir/annolith"
  for line in "${shared[@]}"; do run rm -f -- "$share_dir/${line#* }"; done
  if [ -z "$purge" ]; then
    say "removed; data stays in $data_dir, settings in $config_dir"
    return 0
  fi
  purge_data
  run rm -f -- "$config_dir/annolith.toml" "$config_dir/annolith.env"
  if [ -d "$config_dir" ]; then run rmdir --ignore-fail-on-non-empty "$config_dir"; fi
  if [ "$scope" = system ] && id annolith >/dev/null 2>&1; then run userdel annolith; fi
  say 'removed with data and settings'
}

tell_version_all() {
  verify_release
  [ -x "$binary" ] || fail "$binary does not exist; build it with scripts/up --build-only, or name one with --binary"
  "$binary" version
}

"${action}_all"
