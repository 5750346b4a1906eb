#!/bin/bash
# words.sh [ROOT]   words and names that do not belong in the tree: a TODO without its issue, FIXME
# and its like, `using namespace std`, a header without #pragma once, files named after nothing.
set -euo pipefail
root=${1:-.}
# shellcheck source=tests/lint/sources.sh
. "$(dirname "$0")/sources.sh"

status=0
fault() {
    echo "words: $*" >&2
    status=1
}
list=$(sources "$root" include src media tests bench)
cd "$root"

# search PATTERN MESSAGE
search() {
    local hit
    while read -r hit; do
        [ -z "$hit" ] || fault "$hit: $2"
    done < <([ -z "$list" ] || xargs -r grep -HnoP -- "$1" <<<"$list")
}
search '\bTODO\b(?!\(#\d+\))' 'a TODO names its issue: TODO(#12)'
search '\b(FIXME|XXX|HACK)\b' 'write down the reason or mend it'
search '^\s*using\s+namespace\s+std\s*;' 'names are spelled out'

while read -r file; do
    case $(basename "$file") in
        util* | common* | manager* | handler* | helper* | *_util* | *_manager* | *_handler* | *_helper*)
            fault "$file: name the file after what it holds"
            ;;
    esac
    case $file in
        *.hpp | *.h)
            grep -q '^#pragma once' "$file" || fault "$file: no #pragma once"
            ;;
    esac
done < <(grep . <<<"$list" || true)
exit "$status"
