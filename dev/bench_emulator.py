# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
What the emulator of `tests/emulator` takes and gives: the second part of `make bench`.

How it is measured:

* start: from the start of the interpreter until the ready file is there, which the emulator writes when it listens.
* seed: one request to the control API for 1,000 load balancers, 2,000 listeners and 5,000 certificates. Each of the
  last is a real one, all have one key. The memory is the greatest that the process ever had (VmHWM), seeding included.
* GetListenerAttribute: the emulator runs on one core by itself, where the system lets a process be bound to one; this
  process is the client and stays off it. Requests are signed beforehand, and sent over four kept-alive connections, of
  which each always has one on its way. Every signature is verified and every nonce is remembered. "per CPU second" is
  the number of requests by the CPU time that the emulator used for them: what one core would give to clients that never
  keep it waiting. The world is the seeded one.
* handshakes: full ones, without resumption, from four clients at a time; QUIC from one, whose own work counts. See
  tests/emulator/handshake_rate.py.

Every figure is the median of the repetitions; the exit status is 1 if a wanted one is missed. Linux only: memory and
CPU time come from /proc.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tree

sys.path.insert(0, str(tree.ROOT))

from tests.emulator.handshake_rate import handshake_rates  # found through the line above
from tests.unit.emulator.acs3 import RawClient

_CONNECTIONS = 4
_SCALE = {"load_balancers": 1000, "listeners": 2000, "certificates": 5000}
_MEBI = 1024 * 1024


@dataclass(frozen=True)
class Figure:
    """
    Something measured several times, beside what is wanted.

    :param at_most: whether the wanted figure is a limit from above; else from below.
    """

    name: str
    values: tuple[float, ...]
    unit: str
    wanted: float | None = None
    at_most: bool = True

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def missed(self) -> bool:
        if self.wanted is None:
            return False
        return self.median > self.wanted if self.at_most else self.median < self.wanted

    def line(self) -> str:
        """As a line of the table."""
        sign = "<=" if self.at_most else ">="
        wanted = "" if self.wanted is None else f"{sign} {self.wanted:,g}"
        verdict = "" if self.wanted is None else "missed" if self.missed else "met"
        spread = f"{min(self.values):,.2f} … {max(self.values):,.2f}"
        return f"{self.name:44}{self.median:>12,.2f} {self.unit:6}{wanted:>10}{verdict:>8}   {spread}"


class Emulator:
    """A running emulator, and what the system tells of its process."""

    def __init__(self, directory: Path, *options: str, core: int | None = None) -> None:
        ready = directory / "ready.json"
        ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "tests.emulator", "--demo-seed", "--quiet", "--lifetime", "900"]
        began = time.perf_counter()
        self._process = subprocess.Popen([*command, "--ready-file", str(ready), *options], cwd=tree.ROOT)
        while not ready.exists():
            if self._process.poll() is not None or time.perf_counter() - began > 30:
                raise RuntimeError("the emulator did not start")
            time.sleep(0.001)
        self.start_seconds = time.perf_counter() - began
        self.endpoint: str = json.loads(ready.read_text(encoding="utf-8"))["endpoint"]
        if core is not None:
            os.sched_setaffinity(self._process.pid, {core})

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def cpu_seconds(self) -> float:
        # Behind the program's name, which is in brackets and may have blanks in it: state is field 3, utime 14.
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_memory(self) -> float:
        """Bytes."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("the system does not tell how much memory a process has")

    def control(self, method: str, path: str, body: object = None) -> t.Any:
        """
        :raises RuntimeError: it was refused.
        """
        connection = http.client.HTTPConnection(self.endpoint, timeout=120)
        with contextlib.closing(connection):
            connection.request(method, f"/_emulator/{path}", None if body is None else json.dumps(body))
            response = connection.getresponse()
            content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {content[:300]!r}")
        return json.loads(content)


@contextlib.contextmanager
def running(directory: Path, *options: str, core: int | None = None) -> Iterator[Emulator]:
    emulator = Emulator(directory, *options, core=core)
    try:
        yield emulator
    finally:
        emulator.stop()


def start_seconds(directory: Path) -> float:
    with running(directory) as emulator:
        return emulator.start_seconds


def seeding(directory: Path) -> tuple[float, float]:
    """Seconds and bytes."""
    with running(directory) as emulator:
        began = time.perf_counter()
        emulator.control("POST", "seed", {"scale": _SCALE})
        took = time.perf_counter() - began
        return took, emulator.peak_memory()


def requests(directory: Path, count: int, core: int | None) -> tuple[float, float]:
    """GetListenerAttribute per second of the clock, and per second of CPU time."""
    with running(directory, core=core) as emulator:
        emulator.control("POST", "seed", {"scale": _SCALE})
        listeners = [str(each["listener_id"]) for each in emulator.control("GET", "state")["listeners"]]
        raw = RawClient(emulator.endpoint)
        prepared = []
        for number in range(count):
            sent = {"ListenerId": listeners[number % len(listeners)]}
            target, headers, _body = raw.prepare("GetListenerAttribute", sent)
            lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
            prepared.append(("\r\n".join([*lines, "Content-Length: 0"]) + "\r\n\r\n").encode())
        with contextlib.ExitStack() as stack:
            lines_open = [stack.enter_context(_Line(emulator.endpoint)) for _number in range(_CONNECTIONS)]
            for each in lines_open:
                each.exchange(prepared.pop())
            todo = len(prepared)
            cpu, began = emulator.cpu_seconds(), time.perf_counter()
            for each in lines_open:
                each.send(prepared.pop())
            at = 0
            while prepared:
                lines_open[at].receive()
                lines_open[at].send(prepared.pop())
                at = (at + 1) % _CONNECTIONS
            for each in lines_open:
                each.receive()
            took, cpu = time.perf_counter() - began, emulator.cpu_seconds() - cpu
    return todo / took, todo / max(cpu, 0.01)


class _Line:
    """A kept-alive connection, with as little of a client as can be: it shares the machine with the emulator."""

    def __init__(self, endpoint: str) -> None:
        host, _colon, port = endpoint.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._socket.close()

    def send(self, request: bytes) -> None:
        self._socket.sendall(request)

    def receive(self) -> None:
        """
        :raises RuntimeError: it was refused, or did not come whole.
        """
        head, body = b"", b""
        while not head:
            part = self._socket.recv(65536)
            if not part:
                raise RuntimeError("the emulator closed the connection")
            body += part
            if b"\r\n\r\n" in body:
                head, _blank, body = body.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += self._socket.recv(65536)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"refused: {body[:300]!r}")

    def exchange(self, request: bytes) -> None:
        self.send(request)
        self.receive()


def measure(directory: Path, repetitions: int, count: int) -> list[Figure]:
    """Everything, with the repetitions of all in turn, so that a busy moment of the machine hits all alike."""
    everywhere = os.sched_getaffinity(0)
    core = _core_for_the_emulator()
    taken: dict[str, list[float]] = {}

    def note(names: Sequence[str], values: Sequence[float]) -> None:
        for name, value in zip(names, values, strict=True):
            taken.setdefault(name, []).append(value)

    rounds: list[Callable[[], None]] = [
        lambda: note(["start"], [start_seconds(directory)]),
        lambda: note(["seed", "memory"], seeding(directory)),
        lambda: note(["requests", "requests by CPU"], requests(directory, count, core)),
        lambda: note(*_handshakes(everywhere)),
    ]
    for _repetition in range(repetitions):
        for each in rounds:
            each()
    values = {name: tuple(each) for name, each in taken.items()}
    memory = tuple(each / _MEBI for each in values["memory"])
    return [
        Figure("start to ready", values["start"], "s", 1.5),
        Figure("seed 1,000 + 2,000 + 5,000", values["seed"], "s", 10),
        Figure("greatest memory, seeded so", memory, "MiB", 400),
        Figure("GetListenerAttribute on one core", values["requests"], "/s", 1000, at_most=False),
        Figure("  per CPU second of the emulator", values["requests by CPU"], "/s"),
        *(
            Figure(f"handshakes, {kind}", rates, "/s")
            for kind, rates in values.items()
            if kind.startswith(("TLS", "QUIC"))
        ),
    ]


def _handshakes(cores: set[int]) -> tuple[list[str], list[float]]:
    """Kinds and rates, with this process on any core for a while: the other one takes its place on one from it."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        rates = handshake_rates()
    finally:
        os.sched_setaffinity(0, mine)
    return list(rates), list(rates.values())


def _core_for_the_emulator() -> int | None:
    """One that this process then stays off; None if there are not two."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return None
    os.sched_setaffinity(0, set(cores[1:]))
    return cores[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; the exit status."""
    parser = argparse.ArgumentParser(description="What the emulator takes and gives, beside what is wanted.")
    parser.add_argument("--repetitions", type=int, default=5, help="of everything (default: %(default)s)")
    parser.add_argument("--requests", type=int, default=5000, help="per repetition (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="once, with 1,000 requests: a first impression, no more")
    options = parser.parse_args(arguments)
    if options.quick:
        options.repetitions, options.requests = 1, 1000
    if options.repetitions < 1 or options.requests < 100:
        parser.error("at least 1 repetition and 100 requests are needed")
    if sys.platform != "linux":
        print("The benchmark of the emulator is for Linux.", file=sys.stderr)
        return 0
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"emulator: {os.cpu_count()} CPUs, load {load}, Python {platform.python_version()}")
    print(f"{options.repetitions} repetitions of {options.requests} requests; medians\n", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-emulator-") as directory:
            figures = measure(Path(directory), options.repetitions, options.requests)
    except (RuntimeError, OSError) as exc:
        print(f"The benchmark could not go on: {exc}", file=sys.stderr)
        return 1
    print(f"{'':44}{'measured':>19}{'wanted':>10}{'':8}   from … to")
    for each in figures:
        print(each.line())
    missed = sum(each.missed for each in figures)
    print(f"\n{missed} of {sum(each.wanted is not None for each in figures)} wanted figures missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
