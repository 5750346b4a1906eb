#!/bin/bash
# debian13.sh   builds everything with Debian 13's compiler and libraries, warnings as errors, and runs
# every test there: in build/debian13, a chroot (tests/chroot.sh). It sees this tree, read-only, as
# /causeway, with a build folder of its own.
# Status 77: not root, or no namespaces to be had.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/chroot.sh
. tests/chroot.sh
apart "$@"
root=$PWD/build/debian13

make_root trixie "$root"
mkdir -p "$root/causeway" "$root/var/causeway-build"
mount --bind . "$root/causeway"
mount -o remount,bind,ro "$root/causeway"
mount --bind "$root/var/causeway-build" "$root/causeway/build"
furnish "$root"

status=0
# shellcheck disable=SC2016  # the shell inside
inside "$root" ${CAUSEWAY_TALLY:+CAUSEWAY_TALLY=/tmp/tally} bash -euo pipefail -c '
    cd /causeway
    packaging/setup.sh daemon test
    echo "--- Debian $(cat /etc/debian_version), $(g++ --version | head -n 1)"
    cmake --preset release -DCAUSEWAY_WERROR=ON >/dev/null
    cmake --build build/release -j "$(nproc)"
    tests/run.sh build/release' || status=$?
[ ! -s "$root/tmp/tally" ] || cat "$root/tmp/tally" >>"$CAUSEWAY_TALLY"
exit "$status"
