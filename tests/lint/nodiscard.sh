#!/bin/bash
# nodiscard.sh [ROOT]   every function that a header declares to return Result or Verdict says
# [[nodiscard]]: tl::expected 1.0 does not, so a forgotten error would pass in silence.
set -euo pipefail
root=${1:-.}
# shellcheck source=tests/lint/sources.sh
. "$(dirname "$0")/sources.sh"

faults=$(
    sources "$root" include src media tests | grep -E '\.hpp$' | while read -r file; do
        grep -qE '(Result|Verdict|expected) *<' "$root/$file" || continue
        without_comments "$root/$file" | awk -v file="$file" '
            # The text from here up to and with the > that closes the < at its start.
            function skip_angles(s,    i, depth, c) {
                for (i = index(s, "<"); i <= length(s); ++i) {
                    c = substr(s, i, 1)
                    if (c == "<") ++depth
                    if (c == ">" && --depth == 0) return substr(s, i + 1)
                }
                return ""
            }
            function judge(s,    marked, before) {
                do {
                    before = s
                    sub(/^ +/, "", s)
                    sub(/^(public|private|protected) *:/, "", s)
                    if (s ~ /^template *</) s = skip_angles(s)
                    if (s ~ /^\[\[[^]]*nodiscard/) marked = 1
                    sub(/^\[\[[^]]*\]\]/, "", s)
                    sub(/^(virtual|static|constexpr|inline|friend|explicit) /, "", s)
                } while (s != before)
                if (marked || s !~ /^(([a-z_0-9]+::)*(Result|Verdict)|tl::expected) *</) return
                s = skip_angles(s)
                if (s ~ /^ *[&*]? *[a-z_0-9]+ *\(/)
                    printf "%s:%d:%s\n", file, start, substr(s, 1, index(s, "(") - 1)
            }
            /^[[:space:]]*#/ { next }
            {
                line = $0
                gsub(/[[:space:]]+/, " ", line)
                while (match(line, /[;{}]/)) {
                    head = substr(line, 1, RSTART - 1)
                    if (text == "" && head !~ /^ *$/) start = NR
                    judge(text " " head)
                    text = ""
                    line = substr(line, RSTART + 1)
                }
                if (text == "" && line !~ /^ *$/) start = NR
                if (line !~ /^ *$/) text = text " " line
            }'
    done
)
[ -z "$faults" ] && exit 0
sed 's/^/nodiscard: /; s/$/ returns a Result or Verdict without [[nodiscard]]/' <<<"$faults" >&2
exit 1
