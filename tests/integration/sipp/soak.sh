#!/bin/bash
# soak.sh CAUSEWAY SECONDS RATE   RATE calls a second for SECONDS (60 or more) that end in every way: hung
# up by either side, cancelled, busy, unknown, rung out, fallen silent, answered by the second gateway
# after a 503 or after no word from the first; beside them INVITEs of a stranger. SIPp at all ends, no RTP.
# Fails on any call that goes otherwise, a record too few or too many or with another outcome, anything
# left of calls after the last, and if the daemon's memory, descriptors, ports, timers, transactions or
# dialogs grow or shrink: least squares through a sample a second, from second 40 on, when the first calls'
# transactions are gone (64 T1 and a little). The line may not move by more than 1 % of its mean (memory:
# at least 256 kB) or 10 % (the others, which follow the number of calls that happen to be there) from its
# beginning to its end. Status 77: no SIPp.
set -u
if [ $# -ne 3 ] || [ "$2" -lt 60 ]; then
    echo "usage: soak.sh CAUSEWAY SECONDS RATE, 60 seconds or more" >&2
    exit 2
fi
causeway=$(realpath "$1") seconds=$2 rate=$3
warm=40
# shellcheck source=tests/integration/sipp/both_ends.sh
. "$(dirname "$0")/both_ends.sh"

ulimit -n 20000 2>/dev/null || ulimit -n "$(ulimit -Hn)"
cdr=$dir/cdr.jsonl
sed "s#^cdr:.*#cdr: {file: $cdr}#" "$scenarios/soak.yaml" >"$dir/causeway.yaml"

# filled SCENARIO WORD VALUE: the scenario's file with @WORD@ replaced.
filled() {
    local made
    made=$dir/$1-$3.xml
    sed "s/@$2@/$3/g" "$scenarios/$1.xml" >"$made"
    echo "$made"
}

start daemon 0 "$causeway" serve --config "$dir/causeway.yaml"
serve=$started
# gateway NAME ADDRESS SCENARIO
gateways=()
gateway() {
    start_end "to-$1" "$3" "$2" 5060
    gateways+=("to-$1")
}
gateway answers 127.0.0.20 "$scenarios/livekit-uas.xml"
gateway hangs-up 127.0.0.21 "$scenarios/livekit-hangs-up.xml"
gateway rings 127.0.0.22 "$(filled livekit-rings EVERY 1000)"
gateway falls-silent 127.0.0.23 "$(filled livekit-rings EVERY 60000)"
gateway busy 127.0.0.24 "$(filled livekit-refuses STATUS 486)"
gateway unknown 127.0.0.25 "$(filled livekit-refuses STATUS 404)"
gateway unavailable 127.0.0.26 "$(filled livekit-refuses STATUS 503)"
gateway dead 127.0.0.27 "$scenarios/livekit-dead.xml"
await_daemon "$serve" 127.0.0.10
opened=$(descriptors "$serve")

# What the daemon says of itself: pairs of ports, timers, transactions, dialogs.
census() {
    "$causeway" status --json --config "$dir/causeway.yaml" 2>/dev/null |
        jq -r '"\(.rtp_ports.used) \(.census.timers) \(.census.transactions) \(.census.dialogs)"'
}
# One line a second: time, then what must stay level.
columns=(memory descriptors ports timers transactions dialogs)
sample() {
    echo "$EPOCHREALTIME $(resident "$serve") $(descriptors "$serve" | wc -l) $(census)"
}
(
    renice -n -15 -p "$BASHPID" # as the ends, if we may
    while sample >>"$dir/samples"; do sleep 1; done
) >/dev/null 2>&1 &
sampler=$!
pids+=("$sampler")
began=$EPOCHREALTIME

# kind NAME SHARE SCENARIO PREFIX [TENANT REASON STATUS]: SHARE of 100 calls are to numbers of PREFIX; their
# records say the rest. Without it these are a stranger's, who gets no record.
kinds=() callers=()
total=0
port=5060
kind() {
    local name=from-$1 share=$2 scenario=$3 prefix=$4 address=127.0.0.10
    local count=$((share * rate * seconds / 100))
    shift 4
    if [ $# -gt 0 ]; then
        echo "$count $*" >>"$dir/wanted"
    else
        address=127.0.0.66
    fi
    kinds+=("$name")
    total=$((total + count))
    start_end "$name" "$scenario" "$address" "$port" 127.0.0.1:5060 -s "$prefix" \
        -m "$count" -r "$share" -rp "$((100000 / rate))" -l "$((share * rate))" \
        -timeout "$((seconds + 60))s" -timeout_error
    callers+=("$started")
    port=$((port + 1))
}
kind by-caller 30 "$scenarios/carrier-uac.xml" 03012301 answers bye 200
kind by-gateway 20 "$scenarios/carrier-waits.xml" 03012302 hangs-up bye 200
kind cancelled 10 "$scenarios/carrier-cancels.xml" 03012303 rings cancelled 487
kind no-answer 5 "$(filled carrier-refused STATUS 480)" 03012303 rings no_answer 480
kind silence 5 "$(filled carrier-refused STATUS 480)" 03012304 falls-silent livekit_silence 480
kind busy 10 "$(filled carrier-refused STATUS 486)" 03012305 busy upstream 486
kind unknown 5 "$(filled carrier-refused STATUS 404)" 03012306 unknown upstream 404
kind after-503 10 "$scenarios/carrier-uac.xml" 03012307 second bye 200
kind after-none 5 "$scenarios/carrier-uac.xml" 03012308 third bye 200
kind stranger 5 "$scenarios/stranger.xml" 03012301

broken=0
for caller in "${callers[@]}"; do
    wait "$caller" || broken=$((broken + 1))
done
kill "$sampler" 2>/dev/null

# The last transactions of calls that were given up linger for 64 T1; what belongs to a call does not.
for _ in $(seq 50); do
    left=$(descriptors "$serve")
    read -r ports timers _ dialogs < <(census)
    [ "$opened" = "$left" ] && [ "$ports $dialogs" = '0 0' ] && break
    sleep 0.1
done
sleep 1.2 # SIPp writes its statistics once a second
stop_daemon "$serve"

good=0 bad=0 again=0
for name in "${kinds[@]}"; do
    good=$((good + $(column "$dir/$name.csv" "SuccessfulCall(C)")))
done
for name in "${kinds[@]}" "${gateways[@]}"; do
    bad=$((bad + $(column "$dir/$name.csv" "FailedCall(C)")))
    again=$((again + $(column "$dir/$name.csv" "Retransmissions(C)")))
done
echo "$total calls at $rate/s for $seconds s: $good good, $bad failed, $again retransmissions by SIPp," \
    "$(wc -l <"$cdr") CDRs"

# Least squares, from $warm seconds after the beginning to the last call that was begun.
level=yes
awk -v from="$began" -v warm="$warm" -v seconds="$seconds" -v names="${columns[*]}" \
    -v columns="$((${#columns[@]} + 1))" '
    $1 - from >= warm && $1 - from <= seconds && NF == columns {
        n++; t = $1 - from; st += t; stt += t * t
        for (i = 2; i <= NF; i++) { sum[i] += $i; prod[i] += t * $i }
    }
    END {
        split(names, name, " ")
        for (i = 2; i - 1 in name; i++) {
            spread = n * stt - st * st
            if (n < 10 || !sum[i] || !spread) { print name[i - 1] ": too few samples: " n + 0; bad = 1; continue }
            mean = sum[i] / n
            slope = (n * prod[i] - st * sum[i]) / spread
            moved = slope * (seconds - warm)
            most = mean * (name[i - 1] == "memory" ? 0.01 : 0.1)
            if (name[i - 1] == "memory" && most < 256) most = 256
            over = moved > most || -moved > most
            printf "%-13s mean %9.1f, slope %+9.4f a second: %+9.1f in %d s, at most %.1f%s\n", name[i - 1],
                mean, slope, moved, seconds - warm, most, over ? ": TOO MUCH" : ""
            bad = bad || over
        }
        exit bad
    }' "$dir/samples" || level=no
if [ "$level" = no ]; then
    echo "time ${columns[*]}, a dozen of the samples:"
    awk -v every="$(($(wc -l <"$dir/samples") / 12 + 1))" 'NR % every == 0' "$dir/samples"
fi

[ "$broken" -eq 0 ] && [ "$bad" -eq 0 ] && [ "$good" -eq "$total" ] || fail "calls failed"
# Counted alike: how many, tenant, reason, status.
ended=$(sed -n 's/.*"tenant":"\([^"]*\)".*"sip_status":\([0-9]*\),"reason":"\([^"]*\)".*/\1 \3 \2/p' "$cdr" |
    sort | uniq -c | sed 's/^ *//' | sort)
diff <(sort "$dir/wanted") - <<<"$ended" || fail "the records (>) are not those of the calls (<)"
[ "$opened" = "$left" ] || fail "descriptors are left: $(diff <(echo "$opened") <(echo "$left"))"
[ "$ports $dialogs" = '0 0' ] || fail "$ports pairs of ports and $dialogs dialogs are left"
[ "$level" = yes ] || fail "something grows"
