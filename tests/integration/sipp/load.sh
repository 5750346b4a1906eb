#!/bin/bash
# load.sh CAUSEWAY CALLS RATE   CALLS calls at RATE a second through the daemon on config/loopback.yaml:
# 20 ms of ringing, one second held, no RTP, SIPp on both sides. Fails on any failed call, any
# retransmission at either end, a missing CDR, or a daemon that does not end well. Status 77: no SIPp.
# With LOAD_RETRANSMISSIONS=N up to N retransmissions are allowed (a sanitized daemon is slow).
# With LOAD_STEADY=1 (100 s of calls or more) it also fails if the daemon's resident memory moves by more
# than 2 % in the second half of the calls, or if 40 s after the last one it has other descriptors than
# at the start.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
if [ $# -ne 3 ]; then
    echo "usage: load.sh CAUSEWAY CALLS RATE" >&2
    exit 2
fi
causeway=$1 calls=$2 rate=$3
allowed=${LOAD_RETRANSMISSIONS:-0}
carrier=127.0.0.10 daemon=127.0.0.1:5060 livekit=127.0.0.20
if ! command -v sipp >/dev/null; then
    echo "SKIPPED: sipp is not installed (Debian package sip-tester)"
    exit 77
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/causeway-load-XXXXXX") || exit 2
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
    echo "FAILED: $*" >&2
    echo "--- the daemon's log, last lines" >&2
    tail -n 20 "$dir/daemon.log" >&2 2>/dev/null
    for log in "$dir"/*_errors.log; do
        [ -s "$log" ] && { echo "--- $(basename "$log")" >&2; head -n 20 "$log" >&2; }
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

# column FILE NAME: the last value of this column of SIPp's statistics; 0 if there is none.
column() {
    awk -F';' -v name="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
        NF > 1  { value = $c }
        END     { print value + 0 }' "$1" 2>/dev/null || echo 0
}

ulimit -n 20000 2>/dev/null || ulimit -n "$(ulimit -Hn)"
cdr=$dir/cdr.jsonl
sed "s#^cdr:.*#cdr: {file: $cdr}#" "$root/config/loopback.yaml" >"$dir/causeway.yaml"

(on 0 "$causeway" serve --config "$dir/causeway.yaml") >"$dir/daemon.log" 2>&1 </dev/null &
serve=$!
pids+=("$serve")
cd "$dir" || exit 2
(on 1 sipp -sf "$here/livekit-uas.xml" -i "$livekit" -p 5060 -mi "$livekit" -trace_stat \
    -stf "$dir/uas.csv" -fd 1 -trace_err -error_file "$dir/uas_errors.log" -nostdin) \
    >"$dir/uas.log" 2>&1 </dev/null &
uas=$!
pids+=("$uas")

ready=no
for _ in $(seq 40); do
    kill -0 "$serve" 2>/dev/null || fail "the daemon did not start"
    if sipp -sf "$here/options.xml" "$daemon" -i "$carrier" -p 5070 -m 1 -timeout 2s -nostdin \
        >/dev/null 2>&1 </dev/null; then
        ready=yes
        break
    fi
    sleep 0.1
done
[ "$ready" = yes ] || fail "no answer to OPTIONS"
kill -0 "$uas" 2>/dev/null || fail "the far end did not start: $(tail -n 3 "$dir/uas.log")"

descriptors() {
    readlink "/proc/$serve/fd"/* | sed 's/:\[.*//' | sort
}
resident() {
    awk '/^VmRSS:/ { print $2 }' "/proc/$serve/status"
}
# CPU time so far, a line for each of the daemon's threads: name, nanoseconds.
spent() {
    local task
    for task in "/proc/$serve/task"/*; do
        echo "$(cat "$task/comm") $(cut -d ' ' -f 1 "$task/schedstat")"
    done
}
before=$(spent)
opened=$(descriptors)
if [ "${LOAD_STEADY:-0}" = 1 ]; then
    (while resident >>"$dir/resident" 2>/dev/null; do sleep 1; done) &
    pids+=("$!")
fi
started=$(date +%s%N)
bound=$((calls / rate + 45))
(on 1 timeout -k 5 "$((bound + 10))" \
    sipp -sf "$here/carrier-uac.xml" "$daemon" -i "$carrier" -p 5060 -mi "$carrier" \
    -m "$calls" -r "$rate" -l "$((rate * 20))" -timeout "${bound}s" -timeout_error \
    -trace_stat -stf "$dir/uac.csv" -fd 1 -trace_err -error_file "$dir/uac_errors.log" -nostdin) \
    >"$dir/uac.log" 2>&1 </dev/null
status=$?
took=$((($(date +%s%N) - started) / 1000000))
after=$(spent)
[ "${LOAD_STEADY:-0}" = 1 ] && cp "$dir/resident" "$dir/resident.calls"

for _ in $(seq 30); do
    [ "$(wc -l <"$cdr" 2>/dev/null || echo 0)" -ge "$calls" ] && break
    sleep 0.1
done
sleep 1.2 # SIPp writes its statistics once a second
records=$(wc -l <"$cdr" 2>/dev/null || echo 0)
successes=$(grep -c '"cause":"success"' "$cdr" 2>/dev/null || true)

good=$(column "$dir/uac.csv" "SuccessfulCall(C)")
bad=$(column "$dir/uac.csv" "FailedCall(C)")
uac_again=$(column "$dir/uac.csv" "Retransmissions(C)")
uas_again=$(column "$dir/uas.csv" "Retransmissions(C)")
uas_bad=$(column "$dir/uas.csv" "FailedCall(C)")
# Microseconds a call: all threads together, then each.
per_call=$(awk -v calls="$calls" '
    FNR == NR { before[$1] += $2; next }
    { thread[$1] += ($2 - before[$1]) / 1000 / calls; before[$1] = 0 }
    END {
        for (name in thread) { all += thread[name]; text = text sprintf(" %s %.0f", name, thread[name]) }
        printf "%.0f us a call (%s)", all, substr(text, 2)
    }' <(echo "$before") <(echo "$after"))

steady=
if [ "${LOAD_STEADY:-0}" = 1 ]; then
    sleep 40
    left=$(descriptors)
    read -r least most < <(awk -v seconds="$((calls / rate))" '
        NR > seconds / 2 && NR <= seconds {
            if (!least || $1 < least) least = $1
            if ($1 > most) most = $1
        }
        END { print least + 0, most + 0 }' "$dir/resident.calls")
    steady="resident memory in the second half $least to $most kB, descriptors"
    steady="$steady $(wc -l <<<"$opened") at the start and $(wc -l <<<"$left") 40 s after the end"
fi

kill -TERM "$serve"
for _ in $(seq 50); do
    kill -0 "$serve" 2>/dev/null || break
    sleep 0.1
done
if kill -0 "$serve" 2>/dev/null; then
    fail "the daemon did not end within 5 s of SIGTERM"
fi
wait "$serve"
ended=$?

printf '%s calls at %s/s in %s.%03d s: %s good, %s failed (far end: %s), retransmissions %s + %s, ' \
    "$calls" "$rate" "$((took / 1000))" "$((took % 1000))" "$good" "$bad" "$uas_bad" \
    "$uac_again" "$uas_again"
printf 'CDRs %s (%s success), daemon CPU %s\n' "$records" "$successes" "$per_call"

if [ "$rate" -eq 500 ]; then
    echo 'beside it: the prototype core of docs/reference/stack.md, without ports, records and log: 43 us a call'
fi
[ -n "$steady" ] && echo "$steady"

[ "$status" -eq 0 ] || fail "SIPp ended with status $status: $(tail -n 3 "$dir/uac.log")"
[ "$good" -eq "$calls" ] && [ "$bad" -eq 0 ] && [ "$uas_bad" -eq 0 ] || fail "calls failed"
[ "$((uac_again + uas_again))" -le "$allowed" ] || fail "messages were repeated"
[ "$records" -eq "$calls" ] && [ "$successes" -eq "$calls" ] || fail "CDRs are missing"
[ "$ended" -eq 0 ] || fail "the daemon ended with status $ended"
if [ -n "$steady" ]; then
    [ "$least" -gt 0 ] && [ "$((most * 100))" -le "$((least * 102))" ] || fail "memory is not steady"
    [ "$opened" = "$left" ] || fail "descriptors are left: $(diff <(echo "$opened") <(echo "$left"))"
fi
