#!/bin/bash
# boot.sh ROOT   boots the systemd that is installed in ROOT; only as the first process of namespaces of
# its own (tests/chroot.sh, boot). What it mounts ends with them.
set -euo pipefail
cd "$1"
ip link set lo up
mount --make-rprivate /
mountpoint -q proc && umount -l proc
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom tty; do
    cp -a "/dev/$node" dev/
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
# Where the console would be; nobody reads it.
ln -s null dev/console
mkdir -p oldroot
pivot_root . oldroot
exec env -i container=chroot PATH=/usr/sbin:/usr/bin:/sbin:/bin /bin/sh -c '
    umount -l /oldroot && rmdir /oldroot
    mount --make-rshared /
    exec /lib/systemd/systemd --system --unit=multi-user.target' </dev/null >/dev/null 2>&1
