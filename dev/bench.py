# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
`make bench`: what a task that has nothing to do costs per item, and how many API calls tasks make.

Milliseconds per item are the time of the task, from its start to the recap as a callback of our own sees it, divided by
the number of items or hosts: the first one and what the controller does around each are in it. Starting Ansible is not,
and neither is the import of the SDK for the fast front, which the controller does before it starts the task, once per
run however many items there are. That is not hidden: the column "rest" is what the whole process took beyond the task.
A difference of wall times would not need a callback, but is the difference of two starts of Ansible as well, whose
spread is as large as 50 items of the fast front.

All cases are measured in turn, in another order each time, and each figure is the median of the repetitions. The exit
status is 1 if a wanted figure is missed.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import sys
import time
import typing as t
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import tree
from _authority import Authority
from _emulator import Emulator, counted, writes
from _workplace import Interrupted, Workplace

_HERE = tree.ROOT / "dev/bench"
_FORKS = 5
_POLLS = 2
_CERT = "alicloud.tls.alb_listener_cert"
_NOOP = "alicloud_tls_noop"
_SECONDS = 300.0


class BrokenRunError(Exception):
    """A run that was to be measured did not do what it should."""


@dataclass(frozen=True)
class Case:
    """
    Something to measure.

    :param name: as the table shows it.
    :param run: runs it with so many items.
    :param calls: API calls that an item makes; the run is not measured if it made others.
    :param wanted: ratio to the no-op module that it may have.
    """

    name: str
    run: Callable[[int], None]
    calls: int
    wanted: float | None = None


@dataclass(frozen=True)
class Timing:
    """
    Seconds of one run.

    :param work: of the task, with all its items or hosts.
    :param whole: from the start to the end of the process.
    """

    work: float
    whole: float


@dataclass(frozen=True)
class Figure:
    """
    A measured value beside the wanted one.

    :param limit: the value may be as large; None if nothing is wanted.
    """

    value: float
    limit: float | None = None

    @property
    def missed(self) -> bool:
        return self.limit is not None and self.value > self.limit

    @property
    def verdict(self) -> str:
        return "" if self.limit is None else "missed" if self.missed else "met"


@dataclass(frozen=True)
class Row:
    """
    A line of the table of times.

    :param ms: milliseconds per item.
    :param rest: seconds that the run took beside the task.
    :param ratio: to the no-op module of the same table.
    """

    name: str
    ms: float
    rest: float
    ratio: Figure


def rows_of(timings: dict[str, list[Timing]], limits: dict[str, float | None], base: str, items: int) -> list[Row]:
    """
    Medians over the repetitions, and ratios to a base.

    :param timings: by name of the case.
    :param limits: wanted ratios by name of the case.
    :param base: name of the case that the others are compared with.
    """
    per_item = {name: statistics.median(one.work for one in taken) / items * 1000 for name, taken in timings.items()}
    return [
        Row(
            name=name,
            ms=per_item[name],
            rest=statistics.median(one.whole - one.work for one in taken),
            ratio=Figure(per_item[name] / per_item[base], limits.get(name)),
        )
        for name, taken in timings.items()
    ]


def format_times(title: str, rows: Sequence[Row]) -> list[str]:
    """The table of times as lines."""
    lines = [f"{title:24}{'per item':>12}{'/ no-op':>10}{'wanted':>10}{'':8}{'rest':>12}"]
    for row in rows:
        wanted = "" if row.ratio.limit is None else f"<= {row.ratio.limit:.2f}"
        figures = f"{row.ms:9.1f} ms{row.ratio.value:10.3f}{wanted:>10}{row.ratio.verdict:>8}"
        lines.append(f"{row.name:24}{figures}{row.rest:10.2f} s")
    return lines


def in_turn(cases: Sequence[Case], repetition: int) -> list[Case]:
    """The cases in another order for each repetition."""
    start = repetition % len(cases)
    return [*cases[start:], *cases[:start]]


class Bench:
    """The runs, on one emulator with a listener and two certificates."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        # No data plane: that the emulator serves TLS, too, is no part of what is measured.
        self._emulator = Emulator(place, "--demo-seed", "--polls", str(_POLLS), "--no-data-plane", lifetime=3600)
        self._log = place.directory / "output.log"
        self._stopwatch = place.directory / "stopwatch"
        self._listener, self._bound, self._other = self._set_up()

    def loop_cases(self) -> list[Case]:
        """One host, one task, a loop."""
        return [
            Case("no-op module", lambda items: self._loop(_NOOP, {}, items), 0),
            Case("fast front", lambda items: self._loop(_CERT, self._nothing_to_do(), items), 1, 0.10),
            Case("module", lambda items: self._loop(_CERT, self._nothing_to_do(), items, fast=False), 1, 2.8),
            Case("plain SDK script", self._script, 1),
        ]

    def host_cases(self) -> list[Case]:
        """Many hosts, one task on each, without a loop."""
        return [
            Case("no-op module", lambda hosts: self._hosts(_NOOP, {}, hosts), 0),
            Case("fast front", lambda hosts: self._hosts(_CERT, self._nothing_to_do(), hosts), 1, 0.25),
            Case("module", lambda hosts: self._hosts(_CERT, self._nothing_to_do(), hosts, fast=False), 1, 2.8),
        ]

    def measure(self, case: Case, items: int) -> Timing:
        """
        Run a case.

        :raises BrokenRunError: if it fails, or makes other API calls than it should.
        """
        self._stopwatch.unlink(missing_ok=True)
        self._emulator.take_calls()
        start = time.perf_counter()
        case.run(items)
        whole = time.perf_counter() - start
        calls = self._emulator.take_calls()
        if len(calls) != case.calls * items or writes(calls):
            raise BrokenRunError(f"{case.name} with {items} items called {counted(calls)}")
        return Timing(float(self._stopwatch.read_text(encoding="utf-8")), whole)

    def count_calls(self, *, fast: bool) -> tuple[list[str], list[str]]:
        """The actions that alb_listener_cert calls with nothing to do, and to replace the certificate."""
        self._emulator.take_calls()
        self._loop(_CERT, self._nothing_to_do(), 1, fast=fast)
        idle = self._emulator.take_calls()
        self._bound, self._other = self._other, self._bound
        self._loop(_CERT, self._nothing_to_do(), 1, fast=fast)
        replacing = self._emulator.take_calls()
        if len(writes(replacing)) != 1:
            raise BrokenRunError(f"replacing the certificate called {counted(replacing)}")
        return idle, replacing

    def _set_up(self) -> tuple[str, str, str]:
        """Make a listener; its id, the id of its certificate, and the id of another certificate."""
        authority = Authority()
        uploads = []
        for number, days in enumerate((20, 90)):
            files = [self._place.directory / f"{number}.{kind}.pem" for kind in ("fullchain", "key")]
            authority.issue("www.example.com", since_days=1, days=days).write(*files)
            uploads.append({"certificate_path": str(files[0]), "private_key_path": str(files[1])})
        listener = {
            "load_balancer": "demo",
            "port": 443,
            "server_group": "demo-web",
            "certificates": ["{{ uploaded.results[0].certificate }}"],
        }
        upload = {
            "alicloud.tls.cas_certificate": {name: f"{{{{ item.{name} }}}}" for name in uploads[0]},
            "loop": uploads,
            "register": "uploaded",
        }
        self._play("localhost", [upload, {"alicloud.tls.alb_listener": listener}], ())
        state = self._emulator.state()
        made = state["listeners"][0]
        bound = str(made["config"]["certificate_ids"][0])
        uploaded, _dash, site = bound.partition("-")
        other = next(one["certificate_id"] for one in state["certificates"] if str(one["certificate_id"]) != uploaded)
        return str(made["listener_id"]), bound, f"{other}-{site}"

    def _nothing_to_do(self) -> dict[str, t.Any]:
        return {"listener_id": self._listener, "certificates": [self._bound]}

    def _loop(self, action: str, options: dict[str, t.Any], items: int, *, fast: bool = True) -> None:
        self._play("localhost", [{action: options, "loop": list(range(items))}], (), fast=fast)

    def _hosts(self, action: str, options: dict[str, t.Any], hosts: int, *, fast: bool = True) -> None:
        inventory = self._place.directory / "hosts.ini"
        lines = [f"host{number}" for number in range(hosts)]
        # As the implicit localhost has it: else each host would look for a Python of its own.
        variables = ["ansible_connection=local", "ansible_python_interpreter={{ ansible_playbook_python }}"]
        inventory.write_text("\n".join([*lines, "[all:vars]", *variables, ""]), encoding="utf-8")
        arguments = ("-i", str(inventory), "--forks", str(_FORKS))
        self._play("all", [{action: options}], arguments, fast=fast)

    def _script(self, times: int) -> None:
        command = [sys.executable, str(_HERE / "sdk_script.py"), self._listener, self._bound, str(times)]
        env = self._place.environment({**self._emulator.environment(), "ALICLOUD_TLS_STOPWATCH": str(self._stopwatch)})
        with self._log.open("wb") as output:
            status = self._place.run(command, env=env, output=output, seconds=_SECONDS)
        self._check(status)

    def _play(self, hosts: str, tasks: list[dict[str, t.Any]], arguments: Sequence[str], *, fast: bool = True) -> None:
        """Run a play written for it; JSON is YAML."""
        playbook = self._place.directory / "bench.yml"
        play = {"hosts": hosts, "gather_facts": False, "tasks": tasks}
        playbook.write_text(json.dumps([play]), encoding="utf-8")
        env = {
            **self._emulator.environment(),
            "ANSIBLE_LIBRARY": str(_HERE / "library"),
            "ANSIBLE_CALLBACK_PLUGINS": str(_HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "stopwatch",
            "ALICLOUD_TLS_STOPWATCH": str(self._stopwatch),
            "ALICLOUD_TLS_FAST_PATH": "1" if fast else "0",
        }
        with self._log.open("wb") as output:
            status = self._place.playbook(str(playbook), *arguments, env=env, output=output, seconds=_SECONDS)
        self._check(status)

    def _check(self, status: int) -> None:
        if status != 0:
            raise BrokenRunError(f"exit status {status}:\n{self._log.read_text(errors='replace')[-3000:]}")


def report(place: Workplace, items: int, repetitions: int) -> bool:
    """Measure and print everything; whether all wanted figures are met."""
    print(machine(), flush=True)
    print(f"{repetitions} repetitions, {items} items or hosts, forks {_FORKS}; medians\n", flush=True)
    bench = Bench(place)
    figures: list[Figure] = []
    groups = {"loop over items": bench.loop_cases(), "inventory hosts": bench.host_cases()}
    timings: dict[tuple[str, str], list[Timing]] = {}
    for repetition in range(repetitions):
        for group, cases in groups.items():
            for case in in_turn(cases, repetition):
                timings.setdefault((group, case.name), []).append(bench.measure(case, items))
    for group, cases in groups.items():
        taken = {case.name: timings[group, case.name] for case in cases}
        rows = rows_of(taken, {case.name: case.wanted for case in cases}, cases[0].name, items)
        figures += [row.ratio for row in rows]
        print("\n".join(format_times(group, rows)), end="\n\n", flush=True)
    print("rest: starting the interpreter and Ansible, importing the SDK into it for the fast front; once per run\n")
    print(f"{'API calls':40}{'measured':>10}{'wanted':>10}")
    for front, fast in (("fast front", True), ("module", False)):
        idle, replacing = bench.count_calls(fast=fast)
        for what, calls, limit in (("nothing to do", idle, 1), (f"replacing, {_POLLS} polls", replacing, 6)):
            figure = Figure(len(calls), limit)
            figures.append(figure)
            print(f"{f'{front}, {what}':40}{len(calls):10d}{f'<= {limit}':>10}{figure.verdict:>10}  {counted(calls)}")
    missed = sum(figure.missed for figure in figures)
    print(f"\n{missed} of {sum(figure.limit is not None for figure in figures)} wanted figures missed")
    return not missed


def machine() -> str:
    """What the figures depend on."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("ansible-core", "alibabacloud-alb20200616")]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} CPUs, load {load}, {python}, {', '.join(versions)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; the exit status."""
    parser = argparse.ArgumentParser(description="Time per item and API calls, beside what is wanted.")
    parser.add_argument("--items", type=int, default=50, help="items of a loop, and hosts (default: %(default)s)")
    parser.add_argument("--repetitions", type=int, default=3, help="of everything (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="10 items, once: a first impression, no more")
    options = parser.parse_args(arguments)
    if options.quick:
        options.items, options.repetitions = 10, 1
    if options.items < 2 or options.repetitions < 1:
        parser.error("at least 2 items and 1 repetition are needed")
    try:
        with Workplace("bench") as place:
            return 0 if report(place, options.items, options.repetitions) else 1
    except (BrokenRunError, RuntimeError, TimeoutError) as exc:
        print(f"The benchmark could not go on: {exc}", file=sys.stderr)
        return 1
    except Interrupted as exc:
        print(f"Interrupted by {exc}.", file=sys.stderr)
        return 128 + exc.number


if __name__ == "__main__":
    sys.exit(main())
