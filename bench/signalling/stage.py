"""Processes of one run: started on a core, measured as a tree, ended by their ids."""

import csv
import os
import pathlib
import shutil
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
PEER = HERE.parent / "peer"
BIN = pathlib.Path(os.environ.get("BENCH_BIN", "build/release/bin"))

SUBJECT_CORE = "0"
LOAD_CORE = "1"
CARRIER = "10.77.0.10"
SECOND_CARRIER = "10.77.0.11"
LIVEKIT = "10.77.0.20"
SUBJECT = "10.77.0.1"


def take_precedence():
    """This program and all it starts before whatever else the machine does, as far as we may. A session
    of its own: with autogroups the kernel weighs sessions, and priorities inside one alone. Itself it
    keeps away from the subject."""
    os.setsid()
    os.sched_setaffinity(0, {int(LOAD_CORE)})
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -15)
        pathlib.Path("/proc/self/autogroup").write_text("-15")
    except OSError:
        pass


class BenchError(Exception):
    """The bench itself cannot go on; a subject that does badly is a result."""


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise BenchError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


class Process:
    """One program and everything it starts."""

    def __init__(self, argv, core, directory, name, subject=False):
        prefix = []
        if subject:
            prefix = ["ip", "netns", "exec", os.environ["BENCH_SUBJECT"]]
        # A bench that is killed takes its programs along.
        prefix += ["setpriv", "--pdeathsig", "TERM", "taskset", "-c", core]
        self.name = name
        self.log = directory / f"{name}.log"
        with open(self.log, "wb") as log:
            self.popen = subprocess.Popen(
                prefix + [str(word) for word in argv],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=directory)

    def runs(self):
        return self.popen.poll() is None

    def tree(self):
        """Its process ids, its own first."""
        children = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    stat = pathlib.Path(f"/proc/{entry}/stat").read_text()
                except OSError:
                    continue
                parent = int(stat.rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry))
        found = [self.popen.pid]
        for pid in found:
            found += children.get(pid, [])
        return found

    def cpu_ns(self):
        """utime + stime of all its processes and threads, in nanoseconds (schedstat)."""
        total = 0
        for pid in self.tree():
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text().split()[0])
        return total

    def pss_kb(self):
        total = 0
        for pid in self.tree():
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total

    def end(self, patience=5.0):
        if not self.runs():
            return
        tree = self.tree()
        self.popen.terminate()
        try:
            self.popen.wait(patience)
        except subprocess.TimeoutExpired:
            for pid in tree:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            self.popen.wait()

    def last_words(self):
        text = self.log.read_text(errors="replace").splitlines()
        return "\n".join(text[-15:])


class Sipp(Process):
    """SIPp with its statistics. Column names are SIPp's own."""

    def __init__(self, name, directory, scenario, address, port, pause_ms, extra=()):
        self.statistics = directory / f"{name}.csv"
        super().__init__(
            ["sipp", "-sf", HERE / scenario, "-i", address, "-p", port, "-mi", address,
             "-d", pause_ms, "-buff_size", 4194304, "-nostdin",
             "-trace_stat", "-stf", self.statistics, "-fd", 1,
             "-trace_err", "-error_file", directory / f"{name}_errors.log", *extra],
            LOAD_CORE, directory, name)

    def column(self, name):
        """The last value of a column, 0 if there is none yet. As old as a second."""
        try:
            with open(self.statistics, newline="") as file:
                rows = list(csv.reader(file, delimiter=";"))
        except FileNotFoundError:
            return 0
        if len(rows) < 2 or name not in rows[0]:
            return 0
        for row in reversed(rows[1:]):
            if len(row) > rows[0].index(name):
                return int(row[rows[0].index(name)])
        return 0

    def finish(self):
        """No more new calls; those that are up end as they would."""
        if self.runs():
            self.popen.send_signal(signal.SIGUSR1)

    def successes(self):
        return self.column("SuccessfulCall(C)")

    def failures(self):
        return self.column("FailedCall(C)")

    def repeats(self):
        return self.column("Retransmissions(C)")


def carrier(directory, calls, rate, hold_ms, name="uac", port=5062, seconds=None):
    """Calls at a steady rate from the carrier. Ends by itself after the last."""
    bound = seconds or int(calls / rate + hold_ms / 1000 + 45)
    return Sipp(name, directory, "carrier-uac.xml", CARRIER, port, hold_ms,
                ["-m", calls, "-r", rate, "-l", calls, "-timeout", f"{bound}s", f"{SUBJECT}:5060"])


def livekit(directory, ring_ms=20):
    return Sipp("uas", directory, "livekit-uas.xml", LIVEKIT, 5070, ring_ms)


def fill(template, target, directory):
    target.write_text(template.read_text().replace("@RUN@", str(directory)))


def fresh(directory):
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory
