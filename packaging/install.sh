#!/bin/bash
# install.sh install|uninstall   puts the daemon, its manual, its systemd unit and its user in place, or
# takes them away again. PREFIX (/usr/local), DESTDIR (empty: this machine) and BINARY (the build's) are
# read from the environment. A configuration that is there stays as it is, in both directions; so do the
# user, call records and state.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${PREFIX:-/usr/local}
dest=${DESTDIR:-}
binary=${BINARY:-build/release/bin/causeway}

die() {
    echo "install: $*" >&2
    exit 1
}
case $prefix in /*) ;; *) die "PREFIX must begin with /: $prefix" ;; esac

# What install puts there, besides the configuration and the folders of the daemon.
files=(
    "$prefix/sbin/causeway"
    "$prefix/lib/systemd/system/causeway.service"
    "$prefix/lib/sysusers.d/causeway.conf"
    "$prefix/share/man/man8/causeway.8.gz"
    "$prefix/share/causeway/causeway.schema.json"
    "$prefix/share/doc/causeway/CONFIG.md"
    "$prefix/share/doc/causeway/causeway.yaml"
    "$prefix/share/doc/causeway/single-nic.yaml"
)
folders=(/var/lib/causeway /var/log/causeway)

# copy MODE SOURCE TARGET
copy() {
    install -D -m "$1" "$2" "$dest$3"
}

make_user() {
    getent passwd causeway >/dev/null && return
    if command -v systemd-sysusers >/dev/null; then
        systemd-sysusers "$prefix/lib/sysusers.d/causeway.conf"
    else
        useradd --system --user-group --no-create-home --home-dir /var/lib/causeway \
            --shell /usr/sbin/nologin causeway
    fi
}

reload_units() {
    [ -z "$dest" ] && [ -d /run/systemd/system ] || return 0
    systemctl daemon-reload
}

# The unit has a /tmp of its own, which goes with it.
records='s#^cdr:.*#cdr: {file: /var/log/causeway/cdr.jsonl}#'

# changed SOURCE TARGET COMMAND...: what COMMAND makes of SOURCE.
changed() {
    local source=$1 target=$2 made
    shift 2
    made=$(mktemp)
    "$@" <"$source" >"$made"
    copy 644 "$made" "$target"
    rm -f "$made"
}

manual() {
    scdoc | gzip -9n
}

put() {
    [ -x "$binary" ] || die "$binary is not built: make build"
    command -v scdoc >/dev/null || die "scdoc is missing (Debian package scdoc)"
    copy 755 "$binary" "$prefix/sbin/causeway"
    changed packaging/systemd/causeway.service "$prefix/lib/systemd/system/causeway.service" \
        sed "s#@PREFIX@#${prefix//&/\\&}#"
    changed docs/causeway.8.scd "$prefix/share/man/man8/causeway.8.gz" manual
    copy 644 packaging/systemd/causeway.sysusers "$prefix/lib/sysusers.d/causeway.conf"
    copy 644 config/causeway.schema.json "$prefix/share/causeway/causeway.schema.json"
    copy 644 docs/CONFIG.md "$prefix/share/doc/causeway/CONFIG.md"
    copy 644 config/causeway.yaml "$prefix/share/doc/causeway/causeway.yaml"
    changed config/single-nic.yaml "$prefix/share/doc/causeway/single-nic.yaml" sed "$records"
    install -d -m 750 "$dest/etc/causeway" "${folders[@]/#/$dest}"
    if [ -z "$dest" ]; then
        make_user
        chown root:causeway /etc/causeway
        chown causeway:causeway "${folders[@]}"
    fi
    local config="$dest/etc/causeway/causeway.yaml"
    if [ ! -e "$config" ]; then
        sed "$records" config/loopback.yaml >"$config"
        chmod 640 "$config"
        [ -n "$dest" ] || chown root:causeway "$config"
        echo "install: $config is the demo's: make it yours"
    fi
    reload_units
}

take_away() {
    rm -f "${files[@]/#/$dest}"
    local folder
    for folder in "$prefix/share/causeway" "$prefix/share/doc/causeway" "${folders[@]}"; do
        [ ! -d "$dest$folder" ] || rmdir --ignore-fail-on-non-empty "$dest$folder"
    done
    reload_units
}

case ${1:-} in
    install) put ;;
    uninstall) take_away ;;
    *) die "install or uninstall?" ;;
esac
