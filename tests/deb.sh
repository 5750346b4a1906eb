#!/bin/bash
# deb.sh DEB   in a chroot of this Debian (tests/chroot.sh): the package installs with what it depends on,
# the unit is enabled, the shipped configuration is good, the daemon runs as its user and carries a call,
# and when it is purged nothing of it is left.
# Status 77: not root, no namespaces to be had, or no SIPp.
set -euo pipefail
[ "${1:-}" = --apart ] || set -- "$(realpath "$1")"
cd "$(dirname "$0")/.."
# shellcheck source=tests/chroot.sh
. tests/chroot.sh
apart "$@"
root=$PWD/build/deb-root
as_daemon=(setpriv --reuid causeway --regid causeway --clear-groups)

# One call through the installed daemon with the configuration it came with. In a network of its own, as
# somebody here may have the ports of that.
if [ "$2" = --call ]; then
    ip link set lo up
    set +e
    # shellcheck source=tests/integration/sipp/both_ends.sh
    . tests/integration/sipp/both_ends.sh
    start daemon 0 chroot "$root" "${as_daemon[@]}" causeway serve
    serve=$started
    start_end livekit "$scenarios/livekit-uas.xml" 127.0.0.20 5060
    await_daemon "$serve" 127.0.0.10
    start_end carrier "$scenarios/carrier-uac.xml" 127.0.0.10 5060 127.0.0.1:5060 -s 03012345 -m 1 \
        -timeout 20s -timeout_error
    wait "$started" || fail "the call failed"
    stop_daemon "$serve"
    cdr=$root/var/log/causeway/cdr.jsonl
    [ "$(grep -c '"cause":"success"' "$cdr")" = 1 ] || fail "no record of the call"
    [ "$(stat -c %a "$cdr")" != 644 ] || fail "everybody can read the records"
    exit 0
fi

deb=$2
# shellcheck source=/dev/null
make_root "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$PWD/build/debian"
layer "$PWD/build/debian" "$root"
furnish "$root"
cp "$deb" "$root/tmp/causeway.deb"

apt() {
    echo "--- apt-get $1"
    inside "$root" apt-get -qq -y -o Dpkg::Use-Pty=0 "$@" >"$root/tmp/apt.log" 2>&1 || {
        tail -n 30 "$root/tmp/apt.log" >&2
        die "apt-get $1 failed (above)"
    }
}
# Every file but those in which apt and dpkg write down what they did, and every user.
everything() {
    inside "$root" find / -xdev \( -path /proc -o -path /tmp -o -path /run -o -path /var/cache \
        -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/log/apt \) -prune -o -print |
        grep -vE '^/var/log/(dpkg|alternatives)\.log$|^/etc/(passwd|group|g?shadow|sub[ug]id)-$' | sort
    inside "$root" getent passwd
    inside "$root" getent group
}
holds() {
    inside "$root" "$@" >"$root/tmp/said" 2>&1 || die "$*: $(cat "$root/tmp/said")"
}

echo "--- $(basename "$deb"), Debian $(inside "$root" cat /etc/debian_version)"
apt update
apt satisfy --no-install-recommends "$(dpkg-deb -f "$deb" Depends)"
before=$(everything)

apt install --no-install-recommends /tmp/causeway.deb
holds causeway version
holds "${as_daemon[@]}" causeway check
holds test -L /etc/systemd/system/multi-user.target.wants/causeway.service
holds test -s /usr/share/man/man8/causeway.8.gz
[ "$(inside "$root" stat -c '%U:%G %a' /etc/causeway/causeway.yaml)" = 'root:causeway 640' ] ||
    die "the configuration is not root's to write and the daemon's to read"
echo '# mine' >>"$root/etc/causeway/causeway.yaml"
unshare --net tests/deb.sh --apart --call

# The same version again stands for an upgrade.
apt install --reinstall /tmp/causeway.deb
holds grep -qx '# mine' /etc/causeway/causeway.yaml
holds grep -q success /var/log/causeway/cdr.jsonl
apt remove causeway
holds grep -qx '# mine' /etc/causeway/causeway.yaml
holds grep -q success /var/log/causeway/cdr.jsonl
apt purge causeway
diff <(echo "$before") <(everything) || die "purge leaves something (>)"
rm -rf --one-file-system "$root.d"
echo "deb: installed, ran, carried a call; purged without a trace"
