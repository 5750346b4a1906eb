# shellcheck shell=bash
# Sourced by the tests that need another Debian (debian13.sh, deb.sh, docker.sh): a debootstrap chroot
# from the mirror this machine's apt uses, kept for two weeks in build/. All mounts and processes are in
# namespaces that end with the script, so nothing is left to unmount.

titled=$(basename "$0" .sh)

# skip WHY: status 77.  die WHY: a failure.
skip() {
    echo "SKIPPED: $titled: $*"
    exit 77
}
die() {
    echo "$titled: $*" >&2
    exit 1
}

# apart "$@"   starts the script again, from the top folder, in mount and process namespaces of its own,
# with --apart as first argument.
apart() {
    [ "${1:-}" != --apart ] || return 0
    [ "$(id -u)" -eq 0 ] || skip "a chroot needs root"
    local apart=(unshare --mount --pid --fork --kill-child --mount-proc)
    "${apart[@]}" true 2>/dev/null || skip "this system allows no mount and process namespaces"
    exec "${apart[@]}" "tests/$titled.sh" --apart "$@"
}

# Where apt has Debian itself from; its updates and security are other suites and labels.
mirror() {
    # shellcheck disable=SC2016  # apt's own variables
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
        'Label: Debian' 'Component: main' | head -n 1
}

# make_root SUITE ROOT   unless it is there: a minimal system.
make_root() {
    local suite=$1 root=$2 from proxy=
    [ -z "$(find "$root/complete" -mtime -14 2>/dev/null)" ] || return 0
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
    touch "$root/complete"
}

# layer BASE ROOT   ROOT becomes BASE with what is written to it kept apart, in ROOT.d, from which the
# next run of the same script starts anew.
layer() {
    local base=$1 root=$2
    rm -rf --one-file-system "$root" "$root.d"
    mkdir -p "$root" "$root.d/upper" "$root.d/work"
    mount -t overlay overlay -o "lowerdir=$base,upperdir=$root.d/upper,workdir=$root.d/work" "$root" ||
        skip "this system allows no overlays"
}

# furnish ROOT   what a command in there finds: /proc, /tmp, names, apt's way to the mirror.
furnish() {
    local root=$1
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/tmp"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    # How apt reaches the mirror: a proxy, its password. On tmpfs, as that is nobody's to keep.
    apt-config dump | grep -E '^Acquire::(Check-|https?::)' >"$root/tmp/apt.conf" || true
}

# inside ROOT [NAME=VALUE...] COMMAND...   as root, with an environment of its own.
inside() {
    local root=$1
    shift
    chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive APT_CONFIG=/tmp/apt.conf "$@"
}

# boot ROOT   starts the systemd in ROOT, in a network of its own. `there COMMAND...` runs one in it;
# `beside COMMAND...` runs one of this system in its network.
boot() {
    local unshare
    unshare --mount --pid --fork --kill-child --cgroup --ipc --uts --net tests/boot.sh "$1" \
        </dev/null >"$1.boot.log" 2>&1 &
    unshare=$!
    for _ in $(seq 100); do
        init=$(tr -d ' ' <"/proc/$unshare/task/$unshare/children" 2>/dev/null) || true
        [ -z "$init" ] || ! there systemctl is-active --quiet multi-user.target 2>/dev/null || return 0
        sleep 0.2
    done
    skip "systemd does not come up in namespaces here: $(tail -n 3 "$1.boot.log")"
}
there() {
    nsenter -t "$init" -m -p -n -u -i -C env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@"
}
beside() {
    nsenter -t "$init" -n "$@"
}
