#!/bin/bash
# monitoring.sh   every expression of the dashboard and of the alert rules in docker/ names only metrics and
# labels that the daemon has (docs/METRICS.md, which a test holds equal to its own list), and every metric of
# ours is looked at somewhere; the dashboard's data source is the one that is provisioned.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v jq >/dev/null; then
    echo "SKIPPED: jq is not installed (Debian package jq)"
    exit 77
fi

fail() {
    echo "monitoring: $*" >&2
    exit 1
}

dashboard=docker/grafana/dashboards/causeway.json
rules=docker/prometheus/rules.yml
declare -A labels
while IFS='|' read -r _ name _ its _; do
    name=${name//[ \`]/}
    labels[$name]=${its//,/}
done < <(grep -E '^\| `(causeway|process)_' docs/METRICS.md)
[ "${#labels[@]}" -ge 13 ] || fail "docs/METRICS.md lists ${#labels[@]} metrics"

panels=$(jq -r '.panels[].targets[].expr' "$dashboard")
variables=$(jq -r '.templating.list[].query.query' "$dashboard")
alerts=$(awk '/^ *expr: \|/ { inside = 1; next } /^ *(for|labels):/ { inside = 0 }
    inside { print } sub(/^ *expr: /, "")' "$rules")
[ "$(wc -l <<<"$panels")" -ge 15 ] || fail "no expressions in $dashboard"
[ "$(grep -c 'alert:' "$rules")" -le "$(wc -l <<<"$alerts")" ] || fail "no expressions in $rules"
everything=$panels$'\n'$variables$'\n'$alerts

declare -A used
for name in $(grep -oE '(causeway|process)_[a-z_]+' <<<"$everything" | sort -u); do
    base=${name%_bucket}
    [ -n "${labels[$base]+there}" ] || fail "$name is no metric of the daemon"
    used[$base]=1
done
for name in "${!labels[@]}"; do
    [[ $name == process_* ]] || [ -n "${used[$name]:-}" ] || fail "$name is neither on the dashboard nor in a rule"
done

# Labels: those that are matched, that sums are by, that titles show. Prometheus adds two; a histogram has le.
known=" instance job le ${labels[*]} "
while read -r label; do
    [[ $known == *" $label "* ]] || fail "no metric has a label $label"
done < <({
    grep -oE '[a-z_]+(=~|!~|!=|=)"' <<<"$everything" | grep -oE '^[a-z_]+'
    grep -oE 'by \([a-z_, ]+\)' <<<"$everything" | sed 's/by//' | grep -oE '[a-z_]+'
    jq -r '.panels[].targets[].legendFormat' "$dashboard" | grep -oE '\{\{[^}]*' | tr -d '{'
    # shellcheck disable=SC2016  # the rules' own variables
    grep -oE '\$labels\.[a-z]+' "$rules" | cut -d . -f 2
} | sort -u)

source=$(jq -r '[.. | .datasource? | objects | .uid] | unique | join(" ")' "$dashboard")
grep -q "uid: $source\$" docker/grafana/provisioning/datasources/prometheus.yaml ||
    fail "the dashboard's data source is \"$source\""
