#!/bin/bash
# deb.sh DEB   in a chroot of this Debian (tests/chroot.sh) whose systemd is booted: the package installs, its
# unit is enabled and runs as its user within its sandbox, carries a call, reloads, goes on through an
# upgrade and is started again when it stands still; when it is purged nothing of it is left.
# Status 77: not root, no namespaces to be had, or no SIPp.
set -euo pipefail
[ "${1:-}" = --apart ] || set -- "$(realpath "$1")"
cd "$(dirname "$0")/.."
# shellcheck source=tests/chroot.sh
. tests/chroot.sh
apart "$@"
root=$PWD/build/deb-root

# One call through the daemon, which is no process that can be seen from here.
if [ "$2" = --call ]; then
    set +e
    # shellcheck source=tests/integration/sipp/both_ends.sh
    . tests/integration/sipp/both_ends.sh
    carry_call $$
    exit
fi

deb=$2
# shellcheck source=/dev/null
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
make_root "$suite" "$PWD/build/$suite"
layer "$PWD/build/$suite" "$root"
furnish "$root"

holds() {
    there "$@" >"$root.said" 2>&1 || die "$*: $(tail -n 30 "$root.said")"
}
# Every file but those in which others write down what they did, and every user.
everything() {
    there find / -xdev \( -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/log/apt \
        -o -path /var/log/journal -o -path /var/lib/systemd/timers -o -path /var/tmp -o -path /tmp \) -prune \
        -o -print |
        grep -vE '^/var/log/(dpkg|alternatives)\.log$|^/etc/(passwd|group|g?shadow|sub[ug]id)-$' | sort
    there getent passwd
    there getent group
}
# property NAME: what systemd says of the unit.
property() {
    there systemctl show --property "$1" --value causeway
}
# runs CALLS: the unit does, and has as many records of answered calls, this one included.
runs() {
    local answered
    [ "$(property ActiveState)" = active ] || die "not active: $(there journalctl --no-pager -u causeway)"
    beside tests/deb.sh --apart --call || die "it carries no call"
    for _ in $(seq 20); do
        answered=$(there grep -c '"cause":"success"' /var/log/causeway/cdr.jsonl) || true
        [ "$answered" != "$1" ] || return 0
        sleep 0.1
    done
    die "$answered records, not $1"
}

echo "--- $(basename "$deb"), Debian $(inside "$root" cat /etc/debian_version)"
{
    inside "$root" apt-get -qq update
    inside "$root" apt-get -qq -y satisfy --no-install-recommends "systemd, $(dpkg-deb -f "$deb" Depends)"
} >"$root.said" 2>&1 || die "apt-get: $(tail -n 30 "$root.said")"
cp "$deb" "$root/var/cache/causeway.deb"
boot "$root"
before=$(everything)
apt=(apt-get -qq -y -o Dpkg::Use-Pty=0)

echo '--- install'
holds "${apt[@]}" install /var/cache/causeway.deb
holds systemctl is-enabled causeway
[ "$(there stat -c '%U:%G %a' /etc/causeway/causeway.yaml)" = 'root:causeway 640' ] ||
    die "the configuration is not root's to write and the daemon's to read"
[ "$(there stat -c '%U:%G %a' /var/log/causeway/cdr.jsonl)" = 'causeway:causeway 640' ] ||
    die "the records are not the daemon's, or not its alone"
holds test -s /usr/share/man/man8/causeway.8.gz
holds causeway check --strict
runs 1

echo '--- reload, upgrade'
pid=$(property MainPID)
there sh -c 'echo "# mine" >>/etc/causeway/causeway.yaml'
version=$(there causeway status --json | jq .configuration)
holds systemctl reload causeway
for _ in $(seq 50); do # `kill` does not wait for what it has asked for
    now=$(there causeway status --json | jq .configuration)
    [ "$now" = "$version" ] || break
    sleep 0.1
done
[ "$now" -gt "$version" ] || die "nothing was reloaded"
holds "${apt[@]}" install --reinstall /var/cache/causeway.deb
[ "$(property MainPID)" = "$pid" ] || die "a reload or an upgrade started another process"
holds grep -qx '# mine' /etc/causeway/causeway.yaml
runs 2

echo '--- stand still, restart'
there mkdir -p /run/systemd/system/causeway.service.d
there sh -c 'printf "[Service]\nWatchdogSec=2\n" >/run/systemd/system/causeway.service.d/test.conf'
holds systemctl daemon-reload
holds systemctl restart causeway
there kill -STOP "$(property MainPID)"
for _ in $(seq 100); do
    [ "$(property NRestarts)" = 0 ] || break
    sleep 0.2
done
[ "$(property NRestarts)" = 1 ] || die "systemd does not start again what stands still"
for _ in $(seq 50); do
    [ "$(property ActiveState)" != active ] || break
    sleep 0.2
done
runs 3

echo '--- remove, purge'
holds "${apt[@]}" remove causeway
[ "$(property ActiveState)" = inactive ] || die "it runs after its removal"
holds grep -qx '# mine' /etc/causeway/causeway.yaml
holds grep -q success /var/log/causeway/cdr.jsonl
holds "${apt[@]}" purge causeway
diff <(echo "$before") <(everything) || die "purge leaves something (>)"
rm -rf --one-file-system "$root.d" "$root.said" "$root.boot.log"
echo "deb: installed, ran under systemd, reloaded, upgraded; purged without a trace"
