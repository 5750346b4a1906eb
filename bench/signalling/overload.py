"""Overload as PRODUCT §8 has it: calls at 0.8 of the highest clean rate, beside them a second carrier
that sends new INVITEs to three and to ten times that rate and does not care for answers."""

import json
import math
import time

import stage

HELD = 200  # calls in progress: set up before, ended by BYE while the overload lasts and after it
HELD_RATE = 20
SHARE = 0.8
HOLD_MS = 250  # so that neither descriptors nor ports are what is used up first
TRIAL_SECONDS = 8
RECOVERY_SECONDS = 10
NORMAL_WITHIN = 5


def is_clean(uac, uas, calls):
    """No call failed, at most one in a thousand had a message repeated."""
    repeats = uac.repeats() + uas.repeats()
    return uac.successes() == calls and uac.failures() == 0 and repeats * 1000 <= calls


def trial(name, rate, fresh):
    """Whether this many calls a second pass cleanly."""
    subject = fresh(name)
    uas = stage.livekit(subject.directory)
    try:
        calls = rate * TRIAL_SECONDS
        uac = stage.carrier(subject.directory, calls, rate, HOLD_MS, seconds=TRIAL_SECONDS + 10)
        uac.popen.wait()
        time.sleep(1.2)
        return is_clean(uac, uas, calls)
    finally:
        uas.end(0.5)
        subject.end()


def highest_clean_rate(name, fresh, start=600, most=8000):
    """By steps of a quarter until one is not clean, then halved twice. As coarse as 7 %."""
    good, bad = 0, most
    rate = start
    while rate < most:
        if not trial(name, rate, fresh):
            bad = rate
            break
        good, rate = rate, int(rate * 1.25)
    for _ in range(2):
        middle = (good + bad) // 2
        if trial(name, middle, fresh):
            good = middle
        else:
            bad = middle
    if good == 0:
        raise stage.BenchError(f"{name}: not even {start // 4} calls/s pass cleanly")
    return good


def level(name, times, clean, settings, fresh):
    """One overload from calm to calm."""
    subject = fresh(name)
    folder = subject.directory
    offered = int(SHARE * clean)
    seconds = settings.blast
    uas = stage.livekit(folder)
    running = [uas]
    try:
        hold = (HELD // HELD_RATE + seconds - HELD // HELD_RATE // 2) * 1000
        held = stage.carrier(folder, HELD, HELD_RATE, hold, "held", 5066, seconds=seconds + 120)
        running.append(held)
        time.sleep(HELD / HELD_RATE + 1)
        reached = uas.column("TotalCallCreated")
        uac = stage.carrier(folder, offered * seconds, offered, HOLD_MS, "uac", 5062,
                            seconds=seconds + NORMAL_WITHIN)
        blaster = stage.Process(
            [stage.BIN / "causeway_blaster", "--from", stage.SECOND_CARRIER,
             "--to", f"{stage.SUBJECT}:5060", "--rate", int(times * clean) - offered,
             "--seconds", seconds], stage.LOAD_CORE, folder, "blaster")
        running += [uac, blaster]
        memory = watch(subject, blaster, seconds)
        uac.finish()
        time.sleep(NORMAL_WITHIN)
        uac.end(0.5)
        completed = uac.successes()
        reached = uas.column("TotalCallCreated") - reached
        again = stage.carrier(folder, offered * RECOVERY_SECONDS, offered, HOLD_MS, "again", 5064,
                              seconds=RECOVERY_SECONDS + 10)
        running.append(again)
        again.popen.wait()
        stage.wait_until(lambda: not held.runs(), 60, "the calls in progress")
        time.sleep(1.2)
        return {
            "times": times, "offered": times * clean, "sent": json.loads(blaster.last_words()),
            "completed_of_clean": completed / (clean * seconds), "uac_failed": uac.failures(),
            "answered_of_clean": reached / (clean * seconds),
            "held": HELD, "held_failed": HELD - held.successes(),
            "memory_mb": [round(kb / 1024, 1) for kb in memory],
            "growth_mb": growth(memory, seconds),
            "again_failed": again.failures(), "again_repeats": again.repeats(),
            "normal": again.failures() == 0 and again.successes() == offered * RECOVERY_SECONDS
                      and again.repeats() * 1000 <= again.successes(),
        }
    finally:
        for process in reversed(running):
            process.end(0.5)
        subject.end()


def watch(subject, blaster, seconds):
    """Pss in kB, once a second while the blaster runs."""
    memory = []
    end = time.monotonic() + seconds + 10
    while blaster.runs() and time.monotonic() < end:
        memory.append(subject.pss_kb())
        time.sleep(1)
    return memory


def growth(memory, seconds):
    """From three fifths of the overload to its end, MB: before that, transactions that linger for 32 s
    become more with every second, in any load."""
    begin = seconds * 3 // 5
    return (memory[-1] - memory[begin]) / 1024 if len(memory) > begin else math.nan


def overload(name, settings, fresh):
    clean = settings.clean_rate or highest_clean_rate(name, fresh)
    return {"clean_rate": clean,
            "levels": [level(name, times, clean, settings, fresh) for times in (3, 10)]}
