#!/bin/bash
# install.sh CAUSEWAY   `make install` and `make uninstall` under a DESTDIR of their own: what is put
# where, that a configuration survives both, that nothing else stays.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
    echo "install: $*" >&2
    exit 1
}
run() {
    BINARY=$binary DESTDIR=$dir PREFIX=/opt/cw packaging/install.sh "$1" >"$dir.log" 2>&1 ||
        fail "$1: $(cat "$dir.log")"
    rm -f "$dir.log"
}
files() {
    (cd "$dir" && find . ! -type d | sort)
}

run install
diff - <(files) <<'LIST' || fail "other files than these were installed"
./etc/causeway/causeway.yaml
./opt/cw/lib/systemd/system/causeway.service
./opt/cw/lib/sysusers.d/causeway.conf
./opt/cw/sbin/causeway
./opt/cw/share/causeway/causeway.schema.json
./opt/cw/share/doc/causeway/CONFIG.md
./opt/cw/share/doc/causeway/causeway.yaml
./opt/cw/share/doc/causeway/single-nic.yaml
./opt/cw/share/man/man8/causeway.8.gz
LIST
for folder in var/lib/causeway var/log/causeway; do
    [ -d "$dir/$folder" ] || fail "no $folder"
done
grep -qx 'ExecStart=/opt/cw/sbin/causeway serve --config /etc/causeway/causeway.yaml' \
    "$dir/opt/cw/lib/systemd/system/causeway.service" || fail "the unit starts something else"
grep -qx 'Type=notify' "$dir/opt/cw/lib/systemd/system/causeway.service" || fail "no Type=notify"
config=$dir/etc/causeway/causeway.yaml
[ "$(stat -c %a "$config")" = 640 ] || fail "everybody can read the configuration"
"$dir/opt/cw/sbin/causeway" version >/dev/null || fail "the installed binary does not run"
"$dir/opt/cw/sbin/causeway" check --offline --config "$config" || fail "its configuration is bad"

# The manual has a paragraph for each command, and none for others.
diff <("$binary" --help | sed '1,/^Subcommands/d' | awk 'NF { print $1 }' | sort) \
    <(sed -n '/^# COMMANDS/,/^# /s/^\*\([a-z]*\)\*.*/\1/p' docs/causeway.8.scd | sort) ||
    fail "docs/causeway.8.scd has other commands (>) than --help (<)"

echo "# mine" >>"$config"
run install
tail -n 1 "$config" | grep -qx '# mine' || fail "a second install overwrote the configuration"
echo record >"$dir/var/log/causeway/cdr.jsonl"
run uninstall
diff - <(files) <<'LIST' || fail "uninstall left other files than these"
./etc/causeway/causeway.yaml
./var/log/causeway/cdr.jsonl
LIST
tail -n 1 "$config" | grep -qx '# mine' || fail "uninstall touched the configuration"
