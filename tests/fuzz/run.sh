#!/bin/bash
# run.sh BUILD SECONDS [TARGET...]   runs the fuzz targets of BUILD (all, if none is named) for
# SECONDS altogether, JOBS at a time (default: one a core). What they learn is kept in
# BUILD/fuzz/corpus, an input that ends a target in BUILD/fuzz/found: that is a failure, and the
# command that replays it is printed. Ends with one line.
set -uo pipefail
build=$1
seconds=$2
shift 2
jobs=${JOBS:-$(nproc)}

# fuzz BUILD SECONDS NAME SEEDS...   one target
fuzz() {
    local build=$1 seconds=$2 name=$3 log status input
    shift 3
    log=$build/fuzz/$name.log
    mkdir -p "$build/fuzz/corpus/$name" "$build/fuzz/found"
    local dictionary=()
    [ ! -f "tests/fuzz/$name.dict" ] || dictionary=("-dict=tests/fuzz/$name.dict")
    ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1} \
        "$build/bin/fuzz_$name" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 \
        -max_len=8192 -artifact_prefix="$build/fuzz/found/$name-" -print_final_stats=1 \
        "${dictionary[@]}" "$build/fuzz/corpus/$name" "$@" >"$log" 2>&1 </dev/null
    status=$?
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)
    # A starved machine looks like a hang: an input that took too long must do so again.
    if [[ $input == *-timeout-* ]] && timeout 5 "$build/bin/fuzz_$name" "$input" >/dev/null 2>&1; then
        echo "$name: ${input##*/} took too long once and not again" | tee -a "$log"
        status=0
    fi
    awk -v name="$name" -v seconds="$seconds" -v verdict="$([ $status -eq 0 ] && echo ok || echo FOUND)" '
        /^stat::number_of_executed_units/ { runs = $2 }
        / cov: / { for (i = 1; i < NF; ++i) if ($i == "cov:") cov = $(i + 1) }
        END { printf "%-12s %6d s %10d runs %6d edges   %s\n", name, seconds, runs, cov, verdict }' "$log"
    [ $status -eq 0 ] && return
    grep -E '^(#|.*(ERROR|Failure|runtime error|Expected|actual|Which is|Value of))' "$log" |
        grep -v '^#[0-9]*.*\(cov\|pulse\)' | head -20 | sed 's/^/    /'
    echo "    replay: $build/bin/fuzz_$name ${input:-$log}"
    echo "    once mended, keep it: cp ${input:-INPUT} tests/data/corpus/$name/"
    return 1
}
export -f fuzz

targets=$build/fuzz-targets.txt
if [ $# -gt 0 ]; then
    wanted=$(printf '%s\n' "$@")
    lines=$(awk -v wanted="$wanted" 'BEGIN { n = split(wanted, w, "\n"); for (i = 1; i <= n; ++i) is[w[i]] = 1 } $1 in is' "$targets")
else
    lines=$(cat "$targets")
fi
count=$(grep -c . <<<"$lines")
[ "$count" -gt 0 ] && { [ $# -eq 0 ] || [ "$count" -eq $# ]; } || {
    echo "run.sh: no such target; there are: $(awk '{ printf "%s ", $1 }' "$targets")" >&2
    exit 2
}
share=$((seconds * jobs / count))
[ "$share" -gt 0 ] || share=1
[ "$share" -le "$seconds" ] || share=$seconds

if xargs -P "$jobs" -L 1 bash -c 'fuzz "$@"' fuzz "$build" "$share" <<<"$lines"; then
    echo "fuzz: $count targets, no finding"
else
    echo "fuzz: findings, see above"
    exit 1
fi
