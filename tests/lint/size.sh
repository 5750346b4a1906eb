#!/bin/bash
# size.sh [ROOT]   files that have outgrown one idea: over 400 lines (headers 200) is named, over 600
# (headers 300) fails. Tests may be tables: they are named from 600 and never fail.
set -euo pipefail
root=${1:-.}
# shellcheck source=tests/lint/sources.sh
. "$(dirname "$0")/sources.sh"

status=0
while read -r file; do
    lines=$(wc -l <"$root/$file")
    case $file in
        tests/* | bench/*) aim=600 limit=1000000 ;;
        *.hpp | *.h) aim=200 limit=300 ;;
        *) aim=400 limit=600 ;;
    esac
    [ "$lines" -gt "$aim" ] || continue
    if [ "$lines" -gt "$limit" ]; then
        echo "size: $file: $lines lines, more than $limit" >&2
        status=1
    else
        echo "size: $file: $lines lines, aim at $aim"
    fi
done < <(sources "$root" include src media tests bench)
exit "$status"
