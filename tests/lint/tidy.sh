#!/bin/bash
# tidy.sh BUILD --all | --changed [LIMIT] | FILE...   clang-tidy-14 with BUILD's compile commands.
# --changed: what differs from the first parent of HEAD, uncommitted changes included; a header
# stands for one file that includes it. Of more than LIMIT files the rest is named, not looked at.
set -euo pipefail
build=$(realpath "$1")
shift
cd "$(dirname "$0")/../.."

compiled() { grep -oP '"file": "\K[^"]+' "$build/compile_commands.json" | sort -u; }

changed() {
    local base=HEAD^1 file user
    if ! git rev-parse -q --verify "$base^{commit}" >/dev/null 2>&1; then
        echo "tidy: no parent commit here (a shallow clone?): looking at uncommitted changes" >&2
        base=HEAD
    fi
    { git diff --name-only --diff-filter=d "$base" && git ls-files -o --exclude-standard; } |
        grep -E '\.(cpp|hpp|h)$' | sort -u | while read -r file; do
        case $file in
            *.cpp) echo "$PWD/$file" ;;
            *)
                user=$(grep -rlF --include='*.cpp' "/$(basename "$file")\"" src media tests |
                    head -n 1)
                [ -z "$user" ] || echo "$PWD/$user"
                ;;
        esac
    done | sort -u | comm -12 - <(compiled) || true
}

limit=1000000
case $1 in
    --all) files=$(compiled | grep "^$PWD/" | grep -v "^$PWD/build") ;;
    --changed)
        files=$(changed)
        limit=${2:-20}
        ;;
    *) files=$(realpath "$@") ;;
esac
[ -n "$files" ] || { echo 'tidy: no file to look at'; exit 0; }

left_out=$(tail -n +$((limit + 1)) <<<"$files")
files=$(head -n "$limit" <<<"$files")
[ -z "$left_out" ] ||
    echo "tidy: not looked at, over the limit of $limit:" ${left_out//"$PWD/"/}
echo "tidy: $(wc -l <<<"$files") files"
xargs -n 1 -P "$(nproc)" clang-tidy-14 --quiet -p "$build" <<<"$files" 2> >(
    grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed|^Use -header-filter' >&2)
