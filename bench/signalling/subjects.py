"""The two that are compared. Each is started anew for every measurement, in a folder of its own."""

import json
import socket
import time

from stage import BIN, CARRIER, HERE, PEER, SUBJECT, SUBJECT_CORE, BenchError, Process, fill

READY_SECONDS = 20


class Subject:
    """What stands between carrier and LiveKit: start in the constructor, `end` when done."""

    name = ""
    title = ""

    def __init__(self, directory):
        self.directory = directory
        self.processes = []
        try:
            self.start()
            self.wait_ready()
        except BenchError:
            self.end()
            raise

    def start(self):
        raise NotImplementedError

    def records(self):
        """How many calls it has recorded."""
        raise NotImplementedError

    def run(self, name, argv):
        process = Process(argv, SUBJECT_CORE, self.directory, name, subject=True)
        self.processes.append(process)
        return process

    def wait_ready(self):
        """Until OPTIONS from the carrier is answered 200."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.bind((CARRIER, 0))
            asker.settimeout(0.1)
            port = asker.getsockname()[1]
            end = time.monotonic() + READY_SECONDS
            while time.monotonic() < end:
                asker.sendto(options(port, time.monotonic_ns()), (SUBJECT, 5060))
                try:
                    if asker.recv(4096).startswith(b"SIP/2.0 200"):
                        return
                except OSError:
                    time.sleep(0.02)
                for process in self.processes:
                    if not process.runs():
                        raise BenchError(f"{process.name} ended:\n{process.last_words()}")
        raise BenchError(f"{self.title} does not answer OPTIONS")

    def cpu_ns(self):
        return sum(process.cpu_ns() for process in self.processes)

    def pss_kb(self):
        return sum(process.pss_kb() for process in self.processes)

    def lives(self):
        return all(process.runs() for process in self.processes)

    def end(self):
        for process in reversed(self.processes):
            process.end()


class Causeway(Subject):
    name = "causeway"
    title = "Causeway"

    def start(self):
        config = self.directory / "causeway.yaml"
        fill(HERE / "causeway.yaml", config, self.directory)
        self.run("causeway", [BIN / "causeway", "serve", "--config", config])

    def records(self):
        try:
            with open(self.directory / "cdr.jsonl") as file:
                return sum(1 for line in file if json.loads(line)["outcome"]["cause"] == "success")
        except FileNotFoundError:
            return 0


class Peer(Subject):
    """Kamailio and RTPEngine, as bench/peer/README.md says."""

    name = "peer"
    title = "Kamailio + RTPEngine"

    def start(self):
        for file in ("kamailio.cfg", "rtpengine.conf", "address.list", "dispatcher.list"):
            fill(PEER / file, self.directory / file, self.directory)
        self.run("rtpengine", ["rtpengine", f"--config-file={self.directory}/rtpengine.conf",
                               "--foreground", "--log-stderr"])
        time.sleep(1)  # Kamailio asks for it once when it starts, and gives it up for a minute
        self.run("kamailio", ["kamailio", "-DD", "-E", "-f", self.directory / "kamailio.cfg",
                              "-m", 512, "-M", 16, "-x", "tlsf", "-X", "tlsf", "-b", 4194304,
                              "-Y", self.directory])

    def records(self):
        with open(self.directory / "kamailio.log", errors="replace") as file:
            return sum(1 for line in file if "call_id=" in line)


def options(port, number):
    return (f"OPTIONS sip:{SUBJECT}:5060 SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {CARRIER}:{port};branch=z9hG4bK{number}\r\n"
            "Max-Forwards: 10\r\nFrom: <sip:ready@bench>;tag=1\r\n"
            f"To: <sip:{SUBJECT}>\r\nCall-ID: {number}\r\nCSeq: 1 OPTIONS\r\n"
            f"Contact: <sip:ready@{CARRIER}:{port}>\r\nContent-Length: 0\r\n\r\n").encode()
