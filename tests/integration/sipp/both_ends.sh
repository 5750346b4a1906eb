# shellcheck shell=bash
# Sourced by the scripts that put SIPp at both ends of a daemon (load.sh, soak.sh, tests/deb.sh). What
# they keep is in $dir, which goes with them, as do all processes that `start` has started.
scenarios=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034  # for those who source this
causeway_root=$(cd "$scenarios/../../.." && pwd)

if ! command -v sipp >/dev/null; then
    echo "SKIPPED: sipp is not installed (Debian package sip-tester)"
    exit 77
fi
dir=$(mktemp -d "${TMPDIR:-/tmp}/causeway-sipp-XXXXXX") || exit 2
pids=()
# Called by the trap. Only what we started, by its pid.
finish() {
    local pid
    for pid in "${pids[@]}"; do
        kill -KILL "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() {
    local log
    echo "FAILED: $*" >&2
    echo "--- the daemon's log, last lines" >&2
    tail -n 20 "$dir/daemon.log" >&2 2>/dev/null
    for log in "$dir"/*_errors.log; do
        [ -s "$log" ] && { echo "--- $(basename "$log")" >&2; head -n 6 "$log" | cut -c 1-300 >&2; }
    done
    exit 1
}

# on CORE COMMAND...: the ends on one core and the daemon on the other, so that they do not take each
# other's time, and before whatever else this machine does if we may.
on() {
    local core=$1
    local -a before=()
    shift
    if [ "$(nproc)" -ge 2 ] && command -v taskset >/dev/null; then
        before=(taskset -c "$core")
    fi
    if nice -n -15 true 2>/dev/null; then
        before+=(nice -n -15)
    fi
    exec "${before[@]}" "$@"
}

# start NAME CORE COMMAND...: in the background, in $dir, its words in NAME.log; its pid is $started.
start() {
    local name=$1
    shift
    (cd "$dir" && on "$@") >"$dir/$name.log" 2>&1 </dev/null &
    started=$!
    pids+=("$started")
}

# end NAME SCENARIO ADDRESS PORT [ARGUMENT...]: SIPp's arguments for an end; statistics in NAME.csv, what
# went wrong in NAME_errors.log.
end() {
    local name=$1 scenario=$2 address=$3 port=$4
    shift 4
    printf '%s\n' sipp -sf "$scenario" -i "$address" -p "$port" -mi "$address" -aa -nostdin \
        -trace_stat -stf "$dir/$name.csv" -fd 1 -trace_err -error_file "$dir/${name}_errors.log" "$@"
}

# start_end NAME SCENARIO ADDRESS PORT [ARGUMENT...]: that end on core 1.
start_end() {
    local -a command
    mapfile -t command < <(end "$@")
    start "$1" 1 "${command[@]}"
}

# await_daemon PID ADDRESS: until the daemon on 127.0.0.1 answers OPTIONS from ADDRESS.
await_daemon() {
    local daemon=$1 from=$2
    for _ in $(seq 40); do
        kill -0 "$daemon" 2>/dev/null || fail "the daemon did not start"
        sipp -sf "$scenarios/options.xml" 127.0.0.1:5060 -i "$from" -p 5099 -m 1 -timeout 2s \
            -nostdin >/dev/null 2>&1 </dev/null && return
        sleep 0.1
    done
    fail "no answer to OPTIONS"
}

# carry_call PID: one call through the daemon on the demo's addresses and numbers.
carry_call() {
    local gateway
    start_end livekit "$scenarios/livekit-uas.xml" 127.0.0.20 5060
    gateway=$started
    await_daemon "$1" 127.0.0.10
    start_end carrier "$scenarios/carrier-uac.xml" 127.0.0.10 5060 127.0.0.1:5060 -s 03012345 -m 1 \
        -timeout 20s -timeout_error
    wait "$started" || fail "the call failed"
    kill -KILL "$gateway"
    wait "$gateway" 2>/dev/null || true
}

# column FILE NAME: the last value of this column of SIPp's statistics; 0 if there is none.
column() {
    awk -F';' -v name="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
        NF > 1  { value = $c }
        END     { print value + 0 }' "$1" 2>/dev/null || echo 0
}

# What the daemon PID has: descriptors by kind, one a line; resident memory in kB.
descriptors() {
    readlink "/proc/$1/fd"/* | sed 's/:\[.*//' | sort
}
resident() {
    awk '/^VmRSS:/ { print $2 }' "/proc/$1/status"
}

# stop_daemon PID: within 5 s of SIGTERM, with status 0.
stop_daemon() {
    local daemon=$1 ended=0
    kill -TERM "$daemon"
    for _ in $(seq 50); do
        kill -0 "$daemon" 2>/dev/null || break
        sleep 0.1
    done
    ! kill -0 "$daemon" 2>/dev/null || fail "the daemon did not end within 5 s of SIGTERM"
    wait "$daemon" || ended=$?
    [ "$ended" -eq 0 ] || fail "the daemon ended with status $ended"
}
