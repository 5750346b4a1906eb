#!/bin/bash
# commands.sh CAUSEWAY   what the commands answer and with which exit code; the shipped configurations
# that must start do start.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
daemon=
trap 'kill $daemon 2>/dev/null || true; rm -rf "$dir"' EXIT
config=config/loopback.yaml

fail() {
    echo "commands: $*" >&2
    exit 1
}
# exits CODE ARGUMENT...   and leaves what it said in $dir/out and $dir/err
exits() {
    local want=$1 code=0
    shift
    "$binary" "$@" >"$dir/out" 2>"$dir/err" || code=$?
    [ "$code" -eq "$want" ] || fail "$* exits $code, not $want: $(cat "$dir/out" "$dir/err")"
}
says() {
    grep -qF -- "$2" "$dir/$1" || fail "\"$2\" is not in: $(cat "$dir/$1")"
}

exits 0 --help
for verb in import livekit; do
    ! grep -q "^  $verb " "$dir/out" || fail "$verb is in --help"
    exits 2 "$verb"
    exits 0 --help
done

exits 0 check --offline --config config/causeway.yaml
says err 'config/causeway.yaml:32: tls: no effect in this version'
exits 1 check --offline --strict --config config/causeway.yaml
exits 1 check --config config/causeway.yaml
says err 'carriers[].auth: no effect in this version, and ignoring it would be unsafe'
exits 2 check --config "$dir/nothing.yaml"

exits 0 check --offline --strict --config docker/etc/causeway.yaml

ask=(explain --config "$config" --from +4930123456 --source 127.0.0.10)
exits 0 "${ask[@]}" --to 091874350352
says out '091874350352 is +4991874350352'
says out 'default/lk'
says out 'sip:+4991874350352@127.0.0.20:5060'
exits 0 "${ask[@]}" --to 091874350352 --json --header 'X-Twilio-CallSid: CA1'
for field in '"action": "route"' '"tenant_id": "demo"' '"gateway_group": "default"' \
    '"called": "+4991874350352"' '"calling": "+4930123456"' '"X-Twilio-CallSid": "CA1"' \
    '"X-To-IP": "demo.example"' '"socket": "udp:127.0.0.1:5080"' '"skipped": []' \
    '"uri": "sip:+4991874350352@127.0.0.20:5060"'; do
    says out "$field"
done
exits 1 "${ask[@]}" --to sip:+49401234@demo.example --json
says out '"action": "reject"'
says out '"reason": "unknown_did"'
says out '"called": "+49401234"'
says out '"code": 404'
exits 1 explain --config "$config" --from 1 --to 2 --source 127.0.0.66
says out '(CW-UNKNOWN-SOURCE)'

exits 0 why CW-UNKNOWN-DID
says out 'does not take the called number'
says out 'tenants: [{id: NAME, dids: [NUMBER]}]'
exits 0 why CW-PORTS-LOW
says out 'CW-PORTS-LOW'
exits 0 why cw-log-lost --json
says out '"code": "CW-LOG-LOST"'
exits 0 why unknown_did --json
says out '"code": "CW-UNKNOWN-DID"'
exits 2 why CW-NOTHING

exits 2 "${ask[@]}"
exits 2 "${ask[@]}" --to 091874350352 --header nonsense
exits 2 "${ask[@]}" --to 091874350352 --interface nowhere
exits 2 explain --config "$config" --from 1 --to 2 --source nobody
exits 2 explain --config "$config" --invite "$dir/nothing.sip"
cat >"$dir/invite.sip" <<'INVITE'
INVITE sip:+493012345678@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bK1
From: "Ada" <sip:+4930123456@carrier.example>;tag=1
To: <sip:+493012345678@127.0.0.1>
Call-ID: a@carrier.example
CSeq: 1 INVITE
Contact: <sip:127.0.0.10:5060>
Max-Forwards: 70
INVITE
exits 0 explain --config "$config" --invite "$dir/invite.sip"
says out 'demo, who owns +493012345678'
exits 1 explain --config "$config" --invite "$dir/invite.sip" --source 127.0.0.66:5060

# runs PROGRAM CONFIG COMMAND...   serves until it says that it is ready, then does this, and stops it
runs() {
    local program=$1 config=$2
    shift 2
    mkfifo "$dir/log"
    "$program" serve --config "$config" 2>"$dir/log" >/dev/null &
    daemon=$!
    ready=no
    while read -r -t 20 line; do
        echo "$line" >>"$dir/lines"
        case $line in
            *ready*) ready=yes && "$@" && kill -TERM "$daemon" ;;
        esac
    done <"$dir/log"
    code=0
    wait "$daemon" || code=$?
    daemon=
    [ "$ready" = yes ] || fail "$config does not start: $(cat "$dir/lines")"
    [ "$code" -eq 0 ] || fail "$config: serve exits $code: $(cat "$dir/lines")"
    rm -f "$dir/log" "$dir/lines"
}
# A file is checked while the daemon runs with the one before it; what another program holds is
# told as `serve` would tell it.
runs "$binary" config/loopback.yaml exits 0 check --strict --config config/loopback.yaml
runs "$binary" config/single-nic.yaml true
cp "$binary" "$dir/squatter"
runs "$dir/squatter" config/loopback.yaml exits 1 check --config config/loopback.yaml
for port in 5060/udp 5080/udp; do
    says err "interfaces[].sip: 127.0.0.1:$port is in use by squatter (pid "
done
