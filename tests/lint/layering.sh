#!/bin/bash
# layering.sh LAYERS [ROOT]   who may include whom (docs/ARCHITECTURE.md, rings).
# LAYERS is the build's layers.txt: one `module:USES` a line, as the CMakeLists.txt declare it.
# Held: an include of another module's header is in USES; USES itself goes only to the left in the
# list of modules below; each third-party library stays in its modules; rings 1 and 2 name no
# socket, thread, clock, file, logger or source of randomness.
set -euo pipefail
layers=$1
root=${2:-.}
# shellcheck source=tests/lint/sources.sh
. "$(dirname "$0")/sources.sh"

# Left to right. Modules joined by a comma never include each other.
order='base crypto sip sdp rtp transaction dialog admission,normalize,tenant,routing config intake
       call port transport,b2bua,relay,fastpath,store,control,telemetry app'
pure='crypto sip sdp rtp transaction dialog admission normalize tenant routing config intake call
      port'

# Who may include which third-party headers. A folder or file not listed here is nobody's.
third_party='
sofia-sip/      sip
re.h            rtp
re/             rtp
openssl/        crypto transport rtp control
boost/          transport control app
spdlog/         base
fmt/            base
tl/             base
yaml-cpp/       store
phonenumbers/   normalize
re2/            normalize
nlohmann/       telemetry control app
prometheus/     telemetry
CLI/            app
systemd/        app
'
# Of the system: no library, but not for the pure rings either.
system='sys/ netinet/ arpa/ net/ linux/ bits/ asm/'

forbidden_headers='thread mutex shared_mutex condition_variable future semaphore latch barrier
    stop_token fstream iostream filesystem random unistd.h fcntl.h poll.h pthread.h netdb.h ifaddrs.h
    signal.h csignal time.h ctime syslog.h'
forbidden_names='std::(this_thread|thread|jthread|mutex|shared_mutex|condition_variable|async|future|promise|random_device|mt19937(_64)?|default_random_engine|[io]?fstream|filesystem|c(out|err|log)|getenv|rand|time)\b
(system_clock|steady_clock|high_resolution_clock)::now\b
\b(clock_gettime|gettimeofday|getrandom|arc4random|RAND_bytes|fopen|f?printf|puts|getenv|usleep|nanosleep|socket|sendto|recvfrom|setsockopt)[[:space:]]*\(
\blog::(debug|info|warn|error)\b'

faults=$(mktemp)
scratch=$(mktemp)
trap 'rm -f "$faults" "$scratch"' EXIT
fault() { echo "layering: $*" | tee -a "$faults" >&2; }

declare -A rank group uses
n=0
for place in $order; do
    n=$((n + 1))
    for module in ${place//,/ }; do
        rank[$module]=$n
        group[$module]=$place
    done
done

while IFS=: read -r module list; do
    [ -n "$module" ] || continue
    uses[$module]=" $list "
    if [ -z "${rank[$module]:-}" ]; then
        fault "module $module has no ring: add it to tests/lint/layering.sh and the architecture"
        continue
    fi
    for used in $list; do
        if [ -z "${rank[$used]:-}" ]; then
            fault "$module USES $used, which is no module"
        elif [ "${rank[$used]}" -ge "${rank[$module]}" ]; then
            fault "$module may not use $used: not to its left in the order of modules"
        fi
    done
done <"$layers"

# One `file:line:header` for each include of the module's own files.
includes_of() {
    sources "$root" "include/causeway/$1" "src/$1" "media/$1" | while read -r file; do
        grep -nE '^[[:space:]]*#[[:space:]]*include' "$root/$file" |
            sed -nE "s|^([0-9]+):[^<\"]*([<\"][^>\"]+)[>\"].*|$file:\1:\2|p" || true
    done
}

check_ours() {  # module, where, header
    local module=$1 where=$2 other
    other=${3#causeway/}
    other=${other%%/*}
    [ "$other" = "$module" ] && return
    [ "$module" = app ] && return
    case "${uses[$module]}" in
        *" $other "*) ;;
        *) fault "$where: $module includes $3, but $other is not in its USES" ;;
    esac
}

check_foreign() {  # module, where, header
    local module=$1 where=$2 header=$3 prefix owners
    while read -r prefix owners; do
        [ -n "$prefix" ] || continue
        case "$header" in
            "$prefix"*)
                case " $owners " in
                    *" $module "*) ;;
                    *) fault "$where: <$header> belongs to: $owners; not to $module" ;;
                esac
                return
                ;;
        esac
    done <<<"$third_party"
    case "$header" in
        */*)
            for prefix in $system; do
                [ "${header#"$prefix"}" = "$header" ] || return 0
            done
            fault "$where: <$header> is of no library that $module may use"
            ;;
    esac
}

check_pure_include() {  # module, where, header
    local module=$1 where=$2 header=$3 prefix
    for prefix in $forbidden_headers; do
        [ "$header" != "$prefix" ] || fault "$where: $module is pure and may not include <$header>"
    done
    for prefix in $system; do
        [ "${header#"$prefix"}" = "$header" ] ||
            fault "$where: $module is pure and may not include <$header>"
    done
    case "$module $header" in
        'config causeway/base/log.hpp') ;;  # the logger's options are configuration: values
        *' causeway/base/log.hpp' | *' causeway/base/mailbox.hpp')
            fault "$where: $module is pure and may not include \"$header\""
            ;;
    esac
}

forbidden_names=$(paste -sd '|' <<<"$forbidden_names")
check_pure_names() {  # module
    sources "$root" "include/causeway/$1" "src/$1" "media/$1" | while read -r file; do
        grep -qE "$forbidden_names" "$root/$file" || continue
        without_comments "$root/$file" | grep -nE "$forbidden_names" |
            while IFS=: read -r line text; do
                fault "$file:$line: $1 is pure, but:$(sed 's/^[[:space:]]*/ /' <<<"$text")"
            done || true
    done
}

for folder in "$root"/include/causeway/*/ "$root"/src/*/ "$root"/media/*/; do
    [ -d "$folder" ] || continue
    module=$(basename "$folder")
    [ "$module" != bpf ] || continue  # plain C, shared with the kernel
    echo "$module"
done | sort -u >"$scratch"

while read -r module; do
    if [ -z "${uses[$module]+set}" ] && [ "$module" != app ]; then
        fault "$module has sources but is not declared with causeway_module()"
        continue
    fi
    case " ${pure//$'\n'/ } " in *" $module "*) is_pure=yes ;; *) is_pure=no ;; esac
    while IFS=: read -r file line header; do
        [ -n "$file" ] || continue
        where=$file:$line
        case "$header" in
            '"causeway/'*) check_ours "$module" "$where" "${header#\"}" ;;
            '<causeway/'*) fault "$where: our headers are included with quotes" ;;
            '"'*..*) fault "$where: a private header is included from its own folder only" ;;
            '"'*) ;;
            *) check_foreign "$module" "$where" "${header#<}" ;;
        esac
        [ "$is_pure" = no ] || check_pure_include "$module" "$where" "${header#[<\"]}"
    done < <(includes_of "$module")
    [ "$is_pure" = no ] || check_pure_names "$module"
done <"$scratch"

[ ! -s "$faults" ]
