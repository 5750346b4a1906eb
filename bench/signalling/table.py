"""Medians, least and most of the rounds, and the table of both subjects with ratios and bars."""

import statistics

# measure, figure, how it is called, digits, bar for the ratio, bar for our own figure
FIGURES = [
    ("cpu", "us_per_call", "CPU a call at {rate} calls/s, µs", 0, 0.2, None),
    ("held", "slope_kb_per_call", "memory a held call, slope, kB", 1, 0.1, None),
    ("held", "whole_kb_per_call", "memory a held call, whole, kB", 1, None, None),
    ("lingering", "mb_per_call_s", "memory of what lingers, MB per call/s", 3, None, 0.1),
    ("latency100", "p50_us", "INVITE in to out at 100/s, p50, µs", 0, 0.333, None),
    ("latency100", "p99_us", "INVITE in to out at 100/s, p99, µs", 0, 0.25, None),
    ("latency500", "p50_us", "INVITE in to out at 500/s, p50, µs", 0, None, None),
    ("latency500", "p99_us", "INVITE in to out at 500/s, p99, µs", 0, None, 1000),
    ("overload", "clean_rate", "highest clean rate, calls/s", 0, None, None),
]

WORDS = """\
What the peer does and Causeway does not yet: probes its gateways (OPTIONS every 5 s) and leaves out those
that are down; limits of calls a second and at once for each tenant; calls from LiveKit to carriers.

What Causeway does and the peer does not: is a B2BUA (own dialogues, Call-ID and tags on each side; the
peer hides addresses and passes the rest); finds the tenant by number (E.164 by country) among patterns,
not by source address alone; one record for every INVITE that was admitted, refused ones included, with
attempts and times; a log line for each phase of a call; codecs chosen toward LiveKit; a call ends when its
ACK or its media is missing; sources of media are checked."""


def summary(results):
    """{measure: {figure: {subject: {median, least, most}}}} of every number in the results."""
    gathered = {}
    for result in results:
        for figure, value in result.items():
            if figure == "round" or not isinstance(value, (int, float)):
                continue
            place = gathered.setdefault(result["measure"], {}).setdefault(figure, {})
            place.setdefault(result["subject"], []).append(value)
    return {measure: {figure: {subject: {"median": statistics.median(values),
                                         "least": min(values), "most": max(values)}
                               for subject, values in by_subject.items()}
                      for figure, by_subject in figures.items()}
            for measure, figures in gathered.items()}


def cell(value, digits):
    if value is None:
        return "–"
    return f"{value['median']:.{digits}f} ({value['least']:.{digits}f}–{value['most']:.{digits}f})"


def verdict(ours, ratio, ratio_bar, own_bar):
    """The bar and whether it is met."""
    if ratio_bar is not None and ratio is not None:
        return f"≤ {ratio_bar:g} of the peer: {'met' if ratio <= ratio_bar else 'MISSED'}"
    if own_bar is not None and ours is not None:
        return f"≤ {own_bar:g}: {'met' if ours['median'] <= own_bar else 'MISSED'}"
    return ""


def row(figures, rate, measure, figure, title, digits, ratio_bar, own_bar):
    values = figures.get(measure, {}).get(figure)
    if not values:
        return None
    ours, peer = values.get("causeway"), values.get("peer")
    ratio = ours["median"] / peer["median"] if ours and peer and peer["median"] else None
    return (f"| {title.format(rate=rate)} | {cell(ours, digits)} | {cell(peer, digits)} "
            f"| {'–' if ratio is None else f'{ratio:.3f}'} | {verdict(ours, ratio, ratio_bar, own_bar)} |")


def failures(results):
    """What a reader must know before believing the table."""
    lines = []
    for result in results:
        where = f"round {result['round']}, {result['measure']}, {result['subject']}"
        if result.get("failed"):
            lines.append(f"{where}: {result['failed']} calls failed")
        if result["measure"] == "cpu" and result["records"] != result["answered"]:
            lines.append(f"{where}: {result['records']} records of {result['answered']} calls")
    return lines


def render(document):
    figures = document["summary"]
    machine = document["machine"]
    lines = [f"{machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}; "
             + ", ".join(machine["packages"]),
             "", "| median (least–most) | Causeway | Kamailio + RTPEngine | ratio | bar |",
             "|---|---|---|---|---|"]
    lines += [line for line in (row(figures, document["rate"], *one) for one in FIGURES) if line]
    lines += ["", *overload_rows(document["results"]), *failures(document["results"]), "", WORDS]
    return "\n".join(lines)


def overload_rows(results):
    rows = [one for one in results if one["measure"] == "overload"]
    if not rows:
        return []
    lines = ["| overload | offered, calls/s | SIPp's calls completed, of clean rate | answered in all, of clean rate "
             "| held calls harmed | growth of memory, MB | normal after 5 s |", "|---|---|---|---|---|---|---|"]
    for one in rows:
        for level in one["levels"]:
            lines.append(
                f"| {one['subject']}, {level['times']}× | {level['offered']:.0f} "
                f"| {level['completed_of_clean']:.0%} | {level['answered_of_clean']:.0%} "
                f"| {level['held_failed']} of {level['held']} | {level['growth_mb']:+.1f} "
                f"| {'yes' if level['normal'] else 'no'} |")
    return [*lines, ""]
