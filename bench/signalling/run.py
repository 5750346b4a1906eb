"""Causeway and its peer under the same load in turn: see README.md. Started by run.sh."""

import argparse
import datetime
import functools
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import measures
import overload
import stage
import subjects
import table

SUBJECTS = {"causeway": subjects.Causeway, "peer": subjects.Peer}


def plan(settings):
    """Every measurement by name: a function of a running subject, and how many rounds of it."""
    return {
        "cpu": functools.partial(measures.cpu, settings=settings),
        "latency100": functools.partial(measures.latency, rate=100, seconds=settings.seconds),
        "latency500": functools.partial(measures.latency, rate=500, seconds=settings.seconds),
        "held": functools.partial(measures.held, settings=settings),
        "lingering": functools.partial(measures.lingering, settings=settings),
    }


def arguments():
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__)
    parser.add_argument("--measure", action="append", metavar="NAME",
                        help="cpu, latency100, latency500, held, lingering or overload; all of them "
                             "if none is named")
    parser.add_argument("--subject", action="append", choices=SUBJECTS, help="both if none is named")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=int, default=500, help="calls/s of cpu and lingering")
    parser.add_argument("--seconds", type=int, default=20, help="how long cpu and latency run")
    parser.add_argument("--held", type=int, default=4000, help="calls held at last")
    parser.add_argument("--held-rate", type=int, default=50, help="calls/s while they are set up")
    parser.add_argument("--settle", type=int, default=40, help="seconds from the last call to reading")
    parser.add_argument("--linger", type=int, default=45, help="seconds of calls that linger")
    parser.add_argument("--overload-rounds", type=int, default=1)
    parser.add_argument("--blast", type=int, default=60, help="seconds of each overload")
    parser.add_argument("--clean-rate", type=int, default=0, help="calls/s; 0: look for it")
    parser.add_argument("--json", type=pathlib.Path, help="where the results go as JSON")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for logs and statistics")
    return parser.parse_args()


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                  if line.startswith("model name")), "unknown processor")
    kernel = subprocess.run(["uname", "-r"], capture_output=True, text=True).stdout.strip()
    versions = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", "kamailio", "rtpengine-daemon",
         "sip-tester"], capture_output=True, text=True).stdout.split("\n")
    return {"processor": model, "cores": os.cpu_count(), "kernel": kernel,
            "packages": [line for line in versions if line]}


def measure(settings, scratch, results):
    functions = plan(settings)
    functions["overload"] = functools.partial(overload.overload, settings=settings,
                                              fresh=functools.partial(fresh_subject, scratch))
    chosen = settings.measure or list(functions)
    names = settings.subject or list(SUBJECTS)
    for round_number in range(1, settings.rounds + 1):
        # Who goes first changes with the round, so that what drifts meets both.
        order = names if round_number % 2 else names[::-1]
        for what in chosen:
            if what == "overload" and round_number > settings.overload_rounds:
                continue
            for name in order:
                print(f"round {round_number}: {what}: {name}", file=sys.stderr, flush=True)
                figures = one(functions[what], name, scratch)
                print(f"    {figures}", file=sys.stderr, flush=True)
                results.append({"round": round_number, "measure": what, "subject": name} | figures)


def fresh_subject(scratch, name):
    return SUBJECTS[name](stage.fresh(scratch / "run"))


def one(function, name, scratch):
    if getattr(function, "func", None) is overload.overload:
        return function(name)
    subject = fresh_subject(scratch, name)
    try:
        return function(subject)
    finally:
        subject.end()


def main():
    settings = arguments()
    stage.take_precedence()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    results = []
    document = {"started": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
                "machine": machine(), "command": " ".join(sys.argv[1:]),
                "rate": settings.rate, "results": results}
    status = 0
    with tempfile.TemporaryDirectory(prefix="causeway-bench-") as folder:
        try:
            measure(settings, pathlib.Path(settings.keep or folder).resolve(), results)
        except stage.BenchError as problem:
            print(f"FAILED: {problem}", file=sys.stderr)
            status = 1
    document["summary"] = table.summary(results)
    if settings.json:
        settings.json.write_text(json.dumps(document, indent=1) + "\n")
    print(table.render(document))
    return status


if __name__ == "__main__":
    sys.exit(main())
