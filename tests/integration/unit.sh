#!/bin/bash
# unit.sh CAUSEWAY   the systemd unit as `make install` leaves it: systemd finds nothing to say of it, it
# reloads and stops as the contract has it, and its exposure is at most 2.0 of 10. Status 77: no
# systemd-analyze, which also means that nobody here would read the unit.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/../.."
if ! command -v systemd-analyze >/dev/null; then
    echo "SKIPPED: systemd-analyze is not installed (Debian package systemd)"
    exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
    echo "unit: $*" >&2
    exit 1
}

BINARY=$binary DESTDIR=$dir PREFIX=/usr/local packaging/install.sh install >/dev/null
unit=$dir/usr/local/lib/systemd/system/causeway.service
# What every system has and the unit refers to.
install -D /bin/kill "$dir/bin/kill"
host=/usr/lib/systemd/system
[ -d "$host" ] || host=/lib/systemd/system
mkdir -p "$dir/usr/lib/systemd/system"
cp -r "$host/." "$dir/usr/lib/systemd/system/"

said=$(systemd-analyze verify --man=no --root="$dir" causeway.service 2>&1) || fail "verify: $said"
[ -z "$said" ] || fail "verify: $said"
# shellcheck disable=SC2016  # systemd's own variable
for line in 'Type=notify' 'ExecReload=/bin/kill -HUP $MAINPID' 'TimeoutStopSec=infinity' 'WatchdogSec=30' \
    'KillMode=mixed' 'User=causeway'; do
    grep -qxF "$line" "$unit" || fail "no $line"
done

score=$(systemd-analyze security --offline=true --threshold=20 --root="$dir" causeway.service) ||
    fail "too much is left open: $score"
grep 'Overall exposure' <<<"$score" | sed 's/^[^O]*//'
