#!/bin/bash
# debian13.sh   builds everything with Debian 13's compiler and libraries, warnings as errors, and runs
# every test there: in build/debian13, a debootstrap chroot from the mirror this machine's apt uses. It
# is kept for two weeks. It sees this tree, read-only, as /causeway, with a build folder of its own.
# All mounts and processes are in namespaces that end with this script, so nothing is left to unmount.
# Status 77: not root, or no namespaces to be had.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD/build/debian13
suite=trixie

skip() {
    echo "SKIPPED: Debian 13: $*"
    exit 77
}
die() {
    echo "debian13: $*" >&2
    exit 1
}

if [ "${1:-}" != --apart ]; then
    [ "$(id -u)" -eq 0 ] || skip "a chroot needs root"
    apart=(unshare --mount --pid --fork --kill-child --mount-proc)
    "${apart[@]}" true 2>/dev/null || skip "this system allows no mount and process namespaces"
    exec "${apart[@]}" tests/debian13.sh --apart
fi

# Where apt has Debian itself from; its updates and security are other suites and labels.
mirror() {
    # shellcheck disable=SC2016  # apt's own variables
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
        'Label: Debian' 'Component: main' | head -n 1
}

make_root() {
    local from proxy=
    from=$(mirror)
    [ -n "$from" ] || { apt-get -qq update && from=$(mirror); }
    [ -n "$from" ] || die "apt knows no mirror of Debian here (apt-get indextargets)"
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    [[ $proxy != *://* ]] || export http_proxy=$proxy https_proxy=$proxy

    echo "--- debootstrap $suite"
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    # Debian 12's keyring holds the keys of Debian 13; without them this fails.
    debootstrap --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        "$suite" "$root" "$from" >"$root.log" 2>&1 || {
        tail -n 20 "$root.log" >&2
        die "debootstrap failed (above, and in full in $root.log)"
    }
    mkdir -p "$root/causeway" "$root/var/causeway-build"
    touch "$root/complete"
}

[ -n "$(find "$root/complete" -mtime -14 2>/dev/null)" ] || make_root

mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount --bind . "$root/causeway"
mount -o remount,bind,ro "$root/causeway"
mount --bind "$root/var/causeway-build" "$root/causeway/build"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
# How apt reaches the mirror: a proxy, its password. On tmpfs, as that is nobody's to keep.
apt-config dump | grep -E '^Acquire::(Check-|https?::)' >"$root/tmp/apt.conf" || true

status=0
chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    APT_CONFIG=/tmp/apt.conf ${CAUSEWAY_TALLY:+CAUSEWAY_TALLY=/tmp/tally} bash -euo pipefail -c '
        cd /causeway
        packaging/setup.sh daemon test
        echo "--- Debian $(cat /etc/debian_version), $(g++ --version | head -n 1)"
        cmake --preset release -DCAUSEWAY_WERROR=ON >/dev/null
        cmake --build build/release -j "$(nproc)"
        tests/run.sh build/release' || status=$?
[ ! -s "$root/tmp/tally" ] || cat "$root/tmp/tally" >>"$CAUSEWAY_TALLY"
exit "$status"
