#!/bin/bash
# run.sh [arguments of run.py]   Causeway and its peer under the same load (README.md). Makes two
# network namespaces with one cable between them, the subject's and the load's, and takes them away at
# the end. Wants root. BIN: where causeway and the bench's tools are (build/release/bin).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

case " $* " in
    *' --help '* | *' -h '*) exec python3 "$here/run.py" --help ;;
esac
if [ "$(id -u)" -ne 0 ]; then
    echo "run.sh: network namespaces and priorities want root" >&2
    exit 2
fi

subject=causeway-bench-subject-$$ load=causeway-bench-load-$$
remove() {
    ip netns delete "$subject" 2>/dev/null || true
    ip netns delete "$load" 2>/dev/null || true
}
trap remove EXIT
trap 'exit 130' INT TERM

ip netns add "$subject"
ip netns add "$load"
ip -netns "$subject" link add cable type veth peer name cable netns "$load"
for one in "$subject" "$load"; do
    ip -netns "$one" link set lo up
    ip -netns "$one" link set cable up
done
for address in 1 2; do
    ip -netns "$subject" address add "10.77.0.$address/24" dev cable
done
for address in 10 11 20; do # two carriers and LiveKit
    ip -netns "$load" address add "10.77.0.$address/24" dev cable
done
ulimit -n 200000 2>/dev/null || ulimit -n "$(ulimit -Hn)"

# Not exec: the namespaces are taken away when it has ended, and it is told to end.
BENCH_SUBJECT=$subject BENCH_BIN=$(cd "${BIN:-$here/../../build/release/bin}" && pwd) \
    ip netns exec "$load" python3 "$here/run.py" "$@" &
running=$!
trap 'kill -TERM "$running" 2>/dev/null || true; wait "$running" || true; exit 130' INT TERM
wait "$running"
