#!/bin/bash
# run.sh BUILD [ctest arguments]   runs ctest there and ends with one line that says how it went.
# With CAUSEWAY_TALLY=FILE the three counts (passed, failed, skipped) are appended to FILE as well.
set -uo pipefail
build=$1
shift

junit=$build/Testing/junit.xml
rm -f "$junit"
ctest --test-dir "$build" --output-on-failure --no-tests=error --output-junit "$PWD/$junit" \
    -j "${CAUSEWAY_TEST_JOBS:-2}" "$@" </dev/null
status=$?

count() { grep -c "<testcase .* status=\"$1\"" "$junit" 2>/dev/null || true; }
passed=$(count run)
failed=$(count fail)
skipped=$(($(count disabled) + $(count notrun)))
if [ "$status" -ne 0 ] && [ "${failed:-0}" -eq 0 ]; then
    failed=1  # ctest itself, or a program that could not be started
fi
# What the GoogleTest programs said of themselves.
cases=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' \
    "$build/Testing/Temporary/LastTest.log" 2>/dev/null | awk '{ n += $1 } END { print n + 0 }')

[ -z "${CAUSEWAY_TALLY:-}" ] || echo "${passed:-0} ${failed:-0} $skipped" >>"$CAUSEWAY_TALLY"
echo
echo "${passed:-0} passed, ${failed:-0} failed, $skipped skipped ($cases single cases passed)"
exit "$status"
