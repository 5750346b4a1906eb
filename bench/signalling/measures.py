"""What is measured (PRODUCT §8): each function takes a running subject and returns its figures."""

import json
import time

import stage
from stage import BenchError


def place(subject, calls, rate, hold_ms):
    """A load from its first to its last message; the UAC, which has ended, with its figures."""
    uas = stage.livekit(subject.directory)
    try:
        uac = stage.carrier(subject.directory, calls, rate, hold_ms)
        uac.popen.wait()
        time.sleep(0.2)
        if uac.successes() + uac.failures() == 0:
            raise BenchError(f"SIPp placed no call:\n{uac.last_words()}")
        return uac
    finally:
        uas.end()


def outcome(uac):
    return {"answered": uac.successes(), "failed": uac.failures(), "repeats": uac.repeats()}


def cpu(subject, settings):
    """CPU a call at 500 calls/s, 20 ms of ringing, one second held, records on."""
    before = subject.cpu_ns()
    uac = place(subject, settings.rate * settings.seconds, settings.rate, 1000)
    spent = subject.cpu_ns() - before
    time.sleep(1)
    return {"us_per_call": spent / 1000 / max(uac.successes(), 1),
            "records": subject.records()} | outcome(uac)


def latency(subject, rate, seconds):
    """INVITE in to INVITE out, by the kernel's time stamps on the load's end of the cable."""
    tap = stage.Process([stage.BIN / "causeway_latency", "--interface", "cable",
                         "--in", stage.SUBJECT, "--out", stage.LIVEKIT],
                        stage.LOAD_CORE, subject.directory, "latency")
    try:
        time.sleep(0.2)
        uac = place(subject, rate * seconds, rate, 1000)
    finally:
        tap.end()
    return json.loads(tap.log.read_text().splitlines()[-1]) | outcome(uac)


def up(uacs):
    return sum(uac.column("CurrentCall") for uac in uacs)


def held(subject, settings):
    """Memory a held call: Pss at the start, at half and at all of the calls, 40 s after the last."""
    half, rate, settle = settings.held // 2, settings.held_rate, settings.settle
    start = subject.pss_kb()
    uas = stage.livekit(subject.directory)
    uacs = []
    readings = []
    try:
        for step in (1, 2):
            uacs.append(stage.carrier(subject.directory, half, rate, 3_600_000, f"uac{step}",
                                      5060 + 2 * step, seconds=7200))
            stage.wait_until(lambda: up(uacs) >= step * half, half / rate + 20, f"{step * half} held calls")
            time.sleep(settle)
            if up(uacs) != step * half:
                raise BenchError(f"{up(uacs)} of {step * half} calls are held")
            readings.append(subject.pss_kb())
    finally:
        for process in (*uacs, uas):
            process.end(0.5)
    return {"start_kb": start, "half_kb": readings[0], "all_kb": readings[1],
            "slope_kb_per_call": (readings[1] - readings[0]) / half,
            "whole_kb_per_call": (readings[1] - start) / (2 * half)}


def lingering(subject, settings):
    """Memory when everything lingers: calls of no length for longer than 64*T1, none held."""
    start = subject.pss_kb()
    uac = place(subject, settings.rate * settings.linger, settings.rate, 0)
    end = subject.pss_kb()
    return {"start_kb": start, "end_kb": end,
            "mb_per_call_s": (end - start) / 1024 / settings.rate} | outcome(uac)
