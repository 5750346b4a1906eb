#!/bin/bash
# docker.sh   what can be said of docker/ without a Docker engine: every instruction of the Dockerfile,
# carried out in debootstrap chroots (tests/chroot.sh) in place of its base images; then the result run as
# the image says, read-only and as its user: it carries a call, its health check tells a running daemon
# from a stopped one, HUP and the stop signal do what they should. compose.yaml is read by Debian's
# docker-compose (of its schema, nothing is started), Prometheus' files by its promtool.
# Not seen: the base images themselves, layers and their cache, networks, volumes, Grafana.
# Status 77: not root, no namespaces or overlays to be had, or no SIPp.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/chroot.sh
. tests/chroot.sh
apart "$@"
stages=$PWD/build/docker

# What the instructions have set, of the stage that is being built.
declare -A built=() said=()
root=

# base IMAGE: the suite that it is made of.
base() {
    case $1 in
        debian:12 | debian:12-slim) echo bookworm ;;
        debian:13 | debian:13-slim) echo trixie ;;
        *) die "FROM $1: no such image here" ;;
    esac
}

# from IMAGE [AS NAME]
from() {
    local suite
    suite=$(base "$1")
    make_root "$suite" "$PWD/build/$suite"
    root=$stages/${#built[@]}
    layer "$PWD/build/$suite" "$root"
    furnish "$root"
    built[${3:-last}]=$root
    said=([WORKDIR]=/ [USER]=0:0 [STOPSIGNAL]=SIGTERM [ENTRYPOINT]='[]' [CMD]='[]')
}

# copy [--from=STAGE] SOURCE... TARGET
copy() {
    local context=$PWD target=${*: -1}
    if [[ $1 == --from=* ]]; then
        context=${built[${1#--from=}]}
        shift
    fi
    set -- "${@:1:$#-1}"
    [[ $target == /* ]] || target=${said[WORKDIR]}/$target
    [[ $target != */ ]] || mkdir -p "$root$target"
    if [ "$1" = . ]; then
        sed 's#^#./#' docker/Dockerfile.dockerignore |
            tar -C "$context" --anchored --no-wildcards-match-slash --exclude-from=- -cf - . |
            tar -C "$root$target" -xf -
    else
        # shellcheck disable=SC2068  # patterns, which are to be expanded where they are
        (cd "$context" && cp -r ${@#/} "$root$target")
    fi
}

# in_image COMMAND...: as the image's user, in its folder.
in_image() {
    inside "$root" setpriv --reuid "${said[USER]%:*}" --regid "${said[USER]#*:}" --clear-groups \
        env -C "${said[WORKDIR]}" "$@"
}

# words '["A", "B"]': A and B, one a line.
words() {
    grep -o '"[^"]*"' <<<"$1" | tr -d '"' || true
}

carry_out() {
    local instruction=$1 rest=$2
    echo "--- $instruction $rest"
    # shellcheck disable=SC2086  # words, as in the Dockerfile
    case $instruction in
        FROM) from $rest ;;
        COPY) copy $rest ;;
        RUN) in_image /bin/sh -c "$rest" >"$stages/run.log" 2>&1 || {
            tail -n 30 "$stages/run.log" >&2
            die "RUN $rest: failed (above)"
        } ;;
        WORKDIR) mkdir -p "$root$rest" && said[WORKDIR]=$rest ;;
        USER | VOLUME | STOPSIGNAL | HEALTHCHECK | ENTRYPOINT | CMD) said[$instruction]=$rest ;;
        *) die "$instruction: this script does not know it" ;;
    esac
}

build_image() {
    local instruction rest
    while read -r instruction rest; do
        carry_out "$instruction" "$rest"
    done < <(sed -e '/^ *#/d' -e '/^ *$/d' docker/Dockerfile | sed -e ':a' -e '/\\$/N; s/\\\n *//; ta')
}

# Nothing but the volumes can be written to; the configuration is the one beside compose.yaml.
mount_image() {
    local volume
    mount -o remount,ro "$root"
    mount --bind docker/etc "$root/etc/causeway"
    mount -o remount,bind,ro "$root/etc/causeway"
    for volume in $(words "${said[VOLUME]}"); do
        mount -t tmpfs -o "uid=${said[USER]%:*},gid=${said[USER]#*:},mode=750" tmpfs "$root$volume"
    done
}

# In a network of its own.
run_image() {
    local serve
    local -a command health
    ip link set lo up
    set +e
    # shellcheck source=tests/integration/sipp/both_ends.sh
    . tests/integration/sipp/both_ends.sh
    mapfile -t command < <(words "${said[ENTRYPOINT]}" && words "${said[CMD]}")
    mapfile -t health < <(words "${said[HEALTHCHECK]#*CMD}")
    [ "${#health[@]}" -gt 0 ] || fail "no HEALTHCHECK CMD [...]"
    ! in_image "${health[@]}" >/dev/null 2>&1 || fail "${health[*]}: healthy, and nothing runs"
    start daemon 0 chroot "$root" setpriv --reuid "${said[USER]%:*}" --regid "${said[USER]#*:}" \
        --clear-groups "${command[@]}"
    serve=$started
    carry_call "$serve"
    in_image "${health[@]}" >/dev/null 2>"$dir/health.log" || fail "${health[*]}: $(cat "$dir/health.log")"
    kill -HUP "$serve"
    carry_call "$serve"
    [ "${said[STOPSIGNAL]}" = SIGTERM ] || fail "another STOPSIGNAL than the daemon's"
    stop_daemon "$serve"
    [ "$(grep -c '"cause":"success"' "$root/var/log/causeway/cdr.jsonl")" = 2 ] || fail "no records"
}

# What others say of the files beside the Dockerfile, in a chroot, as nothing of it is needed here.
read_the_rest() {
    echo '--- docker-compose, promtool'
    root=$stages/tools
    layer "$PWD/build/bookworm" "$root"
    furnish "$root"
    {
        inside "$root" apt-get -qq update
        inside "$root" apt-get -qq -y --no-install-recommends install docker-compose prometheus
    } >"$stages/run.log" 2>&1 || die "apt-get: $(tail -n 20 "$stages/run.log")"
    cp -r docker "$root/tmp/"
    inside "$root" docker-compose -f /tmp/docker/compose.yaml --profile monitoring config --quiet
    inside "$root" promtool check config /tmp/docker/prometheus/prometheus.yml
    # The dashboard's expressions, as if they were rules.
    jq '[.panels[].targets[].expr | gsub("\\$__rate_interval"; "5m") | gsub("\\$[a-z]+"; ".*")] | to_entries
        | {groups: [{name: "dashboard", rules: map({record: "panel_\(.key)", expr: .value})}]}' \
        docker/grafana/dashboards/causeway.json >"$root/tmp/dashboard.yml"
    inside "$root" promtool check rules /tmp/dashboard.yml
}

if [ "${2:-}" = --run ]; then
    # shellcheck source=/dev/null
    . "$stages/image"
    run_image
    exit
fi
rm -rf --one-file-system "$stages"
mkdir -p "$stages"
read_the_rest
build_image
mount_image
echo '--- docker run'
declare -p root said >"$stages/image"
unshare --net tests/docker.sh --apart --run
rm -rf --one-file-system "$stages"
echo "docker: the image was built and run without an engine, in chroots"
