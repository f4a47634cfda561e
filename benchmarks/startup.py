"""How soon a hub that ran before answers its first page, and what it costs to have it there.

Starts `hub run` with the demo home in a folder of its own, several times, and asks for the
sign-in page until it is answered; then leaves the last one alone for 30 seconds.

    python benchmarks/startup.py [--runs 5] [--idle 30]
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
PAGE = "/signin"
PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class Start:
    """One start: seconds to the first page, CPU seconds and resident memory (MB) by then."""

    wall: float
    cpu: float
    memory: float


@contextmanager
def hub(folder: Path, port: int) -> Iterator[tuple[psutil.Process, float]]:
    """A hub that was just started, and when."""
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith("HUB_")},
        "HUB_DATA": str(folder),
        "HUB_PORT": str(port),
        "HUB_MDNS_NAME": "hub-benchmark",
        "PYTHONPATH": str(ROOT),
    }
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "run"],
        cwd=folder,
        env=environ,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(process.pid), begun
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)
    assert code == 0, f"the hub ended with {code}"


def first_page(port: int) -> None:
    """Ask until the page is answered."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", PAGE)
            answer = connection.getresponse()
            assert answer.status == 200, f"{PAGE} was answered with {answer.status}"
            answer.read()
            return
        except ConnectionRefusedError:
            time.sleep(0.005)
        finally:
            connection.close()
    raise SystemExit(f"No page within {PATIENCE:g} seconds.")


def measure(process: psutil.Process, begun: float, port: int) -> Start:
    """Wait for the first page of a hub that was started at `begun`."""
    first_page(port)
    wall = time.perf_counter() - begun
    return Start(wall, used(process), resident(process))


def used(process: psutil.Process) -> float:
    """CPU seconds of a process and its children."""
    return sum(sum(p.cpu_times()[:2]) for p in [process, *process.children(recursive=True)])


def resident(process: psutil.Process) -> float:
    """Resident memory of a process and its children, in MB (10^6 bytes)."""
    return sum(p.memory_info().rss for p in [process, *process.children(recursive=True)]) / 1e6


def prepare(folder: Path, port: int) -> None:
    """Make the database, the owner and the demo home, so that no first-time work is measured."""
    person = [
        sys.executable,
        "-m",
        "hub",
        "user",
        "add",
        "Mara",
        "--role",
        "owner",
        "--no-password",
    ]
    environ = {**os.environ, "HUB_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    subprocess.run(person, env=environ, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with hub(folder, port):
        first_page(port)
        time.sleep(2)  # the demo's first states are recorded


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def row(name: str, values: list[float], unit: str, aim: str = "") -> str:
    """One line of the table."""
    middle, best, worst = statistics.median(values), min(values), max(values)
    return f"| {name:<34} | {middle:>7.2f} {unit:<2} | {best:>6.2f} to {worst:<6.2f} | {aim:<9} |"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--idle", type=float, default=30.0, help="seconds before memory is read")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hub-startup-") as temporary:
        folder, port = Path(temporary), free_port()
        prepare(folder, port)
        starts = []
        for _ in range(asked.runs):
            with hub(folder, port) as (process, begun):
                starts.append(measure(process, begun, port))
        with hub(folder, port) as (process, begun):
            starts.append(measure(process, begun, port))
            busy = used(process)
            time.sleep(asked.idle)
            idle_cpu = (used(process) - busy) / asked.idle * 100
            idle_memory = resident(process)
    print(f"{len(starts)} starts on a data folder used before, demo home, mDNS on\n")
    print(f"| {'':<34} | {'median':<10} | {'range':<16} | {'aim':<9} |")
    print(f"|{'-' * 36}|{'-' * 12}|{'-' * 18}|{'-' * 11}|")
    print(row("first page answered after", [s.wall for s in starts], "s", "under 0.9"))
    print(row("CPU seconds by then", [s.cpu for s in starts], "s", "under 0.9"))
    print(row("memory by then", [s.memory for s in starts], "MB"))
    print(row(f"memory after {asked.idle:g} s idle", [idle_memory], "MB", "under 90"))
    print(row("CPU while idle", [idle_cpu], "%"))


if __name__ == "__main__":
    main()
