#!/bin/bash
# user.sh CAUSEWAY   `make install` on a machine itself, without DESTDIR: the user is made, once, and owns
# what it should; it can read its configuration and write its records. In a mount namespace with an /etc,
# /opt and /var of its own, so that this machine is left as it is. Status 77: not root, or no namespace.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/../.."

if [ "${2:-}" != --apart ]; then
    if [ "$(id -u)" -ne 0 ] || ! unshare --mount true 2>/dev/null; then
        echo "SKIPPED: a system to install on: needs root and a mount namespace"
        exit 77
    fi
    exec unshare --mount "$0" "$binary" --apart
fi

fail() {
    echo "user: $*" >&2
    exit 1
}
run() {
    BINARY=$binary PREFIX=/opt/cw packaging/install.sh "$1" >/opt/log 2>&1 || fail "$1: $(cat /opt/log)"
}
# is MODE OWNER FILE
is() {
    [ "$(stat -c '%a %U:%G' "$3")" = "$1 $2" ] || fail "$3 is $(stat -c '%a %U:%G' "$3"), not $1 $2"
}
as_user() {
    setpriv --reuid causeway --regid causeway --clear-groups -- "$@"
}

mount -t tmpfs tmpfs /opt
cp -a /etc /opt/etc
mount --bind /opt/etc /etc
# No /run/systemd: the service manager of this machine is not told.
for folder in /var/lib /var/log /run; do
    mount -t tmpfs tmpfs "$folder"
done
sed -i '/^causeway:/d' /etc/passwd /etc/group /etc/shadow /etc/gshadow
rm -rf /etc/causeway

run install
user=$(getent passwd causeway) || fail "there is no user causeway"
[[ $user == *:/usr/sbin/nologin ]] || fail "somebody could log in: $user"
is 750 root:causeway /etc/causeway
is 640 root:causeway /etc/causeway/causeway.yaml
is 750 causeway:causeway /var/lib/causeway
is 750 causeway:causeway /var/log/causeway
as_user /opt/cw/sbin/causeway check --config /etc/causeway/causeway.yaml >/opt/log 2>&1 ||
    fail "it cannot use its configuration: $(cat /opt/log)"
as_user touch /var/log/causeway/cdr.jsonl || fail "it cannot write its records"
if as_user touch /etc/causeway/causeway.yaml 2>/dev/null; then
    fail "it can change its configuration"
fi

run install
[ "$(getent passwd causeway)" = "$user" ] || fail "a second install made another user"
run uninstall
[ "$(getent passwd causeway)" = "$user" ] || fail "uninstall took the user, who owns records"
is 640 root:causeway /etc/causeway/causeway.yaml
[ ! -e /opt/cw/sbin/causeway ] || fail "uninstall left the daemon"
