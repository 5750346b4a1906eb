#!/bin/bash
# load.sh CAUSEWAY CALLS RATE   CALLS calls at RATE a second through the daemon on config/loopback.yaml:
# 20 ms of ringing, one second held, no RTP, SIPp on both sides. Fails on any failed call, any
# retransmission at either end, a missing CDR, or a daemon that does not end well. Status 77: no SIPp.
# With LOAD_RETRANSMISSIONS=N up to N retransmissions are allowed (a sanitized daemon is slow).
# With LOAD_STEADY=1 (100 s of calls or more) it also fails if the daemon's resident memory moves by more
# than 2 % in the second half of the calls, or if 40 s after the last one it has other descriptors than
# at the start.
set -u
if [ $# -ne 3 ]; then
    echo "usage: load.sh CAUSEWAY CALLS RATE" >&2
    exit 2
fi
causeway=$(realpath "$1") calls=$2 rate=$3
allowed=${LOAD_RETRANSMISSIONS:-0}
carrier=127.0.0.10 livekit=127.0.0.20
# shellcheck source=tests/integration/sipp/both_ends.sh
. "$(dirname "$0")/both_ends.sh"

ulimit -n 20000 2>/dev/null || ulimit -n "$(ulimit -Hn)"
cdr=$dir/cdr.jsonl
sed "s#^cdr:.*#cdr: {file: $cdr}#" "$causeway_root/config/loopback.yaml" >"$dir/causeway.yaml"

start daemon 0 "$causeway" serve --config "$dir/causeway.yaml"
serve=$started
start_end uas "$scenarios/livekit-uas.xml" "$livekit" 5060
uas=$started
await_daemon "$serve" "$carrier"
kill -0 "$uas" 2>/dev/null || fail "the far end did not start: $(tail -n 3 "$dir/uas.log")"

# CPU time so far, a line for each of the daemon's threads: name, nanoseconds.
spent() {
    local task
    for task in "/proc/$serve/task"/*; do
        echo "$(cat "$task/comm") $(cut -d ' ' -f 1 "$task/schedstat")"
    done
}
before=$(spent)
opened=$(descriptors "$serve")
if [ "${LOAD_STEADY:-0}" = 1 ]; then
    (while resident "$serve" >>"$dir/resident" 2>/dev/null; do sleep 1; done) &
    pids+=("$!")
fi
began=$(date +%s%N)
bound=$((calls / rate + 45))
start_end uac "$scenarios/carrier-uac.xml" "$carrier" 5060 127.0.0.1:5060 -s 03012345 \
    -m "$calls" -r "$rate" -l "$((rate * 20))" -timeout "${bound}s" -timeout_error
wait "$started"
status=$?
took=$((($(date +%s%N) - began) / 1000000))
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
    left=$(descriptors "$serve")
    read -r least most < <(awk -v seconds="$((calls / rate))" '
        NR > seconds / 2 && NR <= seconds {
            if (!least || $1 < least) least = $1
            if ($1 > most) most = $1
        }
        END { print least + 0, most + 0 }' "$dir/resident.calls")
    steady="resident memory in the second half $least to $most kB, descriptors"
    steady="$steady $(wc -l <<<"$opened") at the start and $(wc -l <<<"$left") 40 s after the end"
fi

stop_daemon "$serve"

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
if [ -n "$steady" ]; then
    [ "$least" -gt 0 ] && [ "$((most * 100))" -le "$((least * 102))" ] || fail "memory is not steady"
    [ "$opened" = "$left" ] || fail "descriptors are left: $(diff <(echo "$opened") <(echo "$left"))"
fi
