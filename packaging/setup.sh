#!/bin/bash
# setup.sh SECTION...   installs what is missing of these sections of packaging/debian-packages.
# Says nothing and touches nothing when everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."
list=packaging/debian-packages

die() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

wanted() {
    local section
    for section in "$@"; do
        grep -qxF "[$section]" "$list" || die "no section [$section] in $list"
        awk -v section="[$section]" '
            /^\[/ { inside = ($0 == section); next }
            inside && NF && !/^#/ { print $1 }' "$list"
    done
}

# One name a line: those of the arguments that dpkg does not know as installed.
missing() {
    dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
        awk '$2 == "installed" { print $1 }' | sort -u |
        comm -13 - <(printf '%s\n' "$@" | sort -u) || true
}

names=$(wanted "$@")
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    system=$(. /etc/os-release 2>/dev/null && echo "$PRETTY_NAME" || uname -s)
    die "this sets up Debian 12 and 13 only, and this is $system." \
        "Install the equivalents of these and build with cmake as in CONTRIBUTING.md:" \
        "$(tr '\n' ' ' <<<"$names")"
fi

# shellcheck disable=SC2086  # a list of words on purpose, here and below
packages=$(missing $names)
[ -n "$packages" ] || exit 0
packages=$(tr '\n' ' ' <<<"$packages")

if ! grep -qsE '^VERSION_ID="1[23]"' /etc/os-release || ! grep -qs '^ID=debian' /etc/os-release; then
    echo "setup: tested on Debian 12 and 13 only; trying the same package names here" >&2
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    by_hand="sudo apt-get install --no-install-recommends $packages"
    command -v sudo >/dev/null ||
        die "packages are missing, and this is neither root nor is there sudo. As root, run:" \
            "${by_hand#sudo }"
    as_root=(sudo)
    if ! [ -t 0 ]; then
        sudo -n true 2>/dev/null ||
            die "packages are missing, and sudo wants a password but there is no terminal. Run:" \
                "$by_hand"
        as_root=(sudo -n)
    fi
    as_root+=(env)
else
    as_root=(env)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    if ! "${as_root[@]}" DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -qq -y \
        -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" \
        </dev/null >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        die "apt-get $1 failed (above)"
    fi
}

echo "setup: installing Debian packages with apt-get --no-install-recommends: $packages"
apt update
# shellcheck disable=SC2086
apt install --no-install-recommends $packages
# shellcheck disable=SC2086
packages=$(missing $packages)
[ -z "$packages" ] || die "still missing after apt-get: $packages"
