#!/bin/bash
# format.sh [--fix]   clang-format-14 over every source file: names what differs, or rewrites it.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lint/sources.sh
. tests/lint/sources.sh

mode=(--dry-run -Werror)
[ "${1:-}" != --fix ] || mode=(-i)
sources . include src media tests bench | xargs -r -n 20 -P 2 clang-format-14 "${mode[@]}"
