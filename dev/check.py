# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Run the checks, all of them whatever fails, and end with one line that counts them.

`python dev/check.py` runs everything that CI runs; `python dev/check.py lint` the steps that only read the code;
names of steps run those. Each step is a session of noxfile.py, run in a process of its own, two at a time. The output
of a step is kept in `.cache/check` and shown if it failed, or always with `--verbose`.

A step that only reads the code counts as one check, and so does the demo. The others count what their reports name: a
test of pytest, a test of `ansible-test sanity` (per Python, where it runs on several), a target of `ansible-test
integration`. A step that reports no test at all has failed.

Standard library only.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
import time
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

import tree

RESULTS = tree.CACHE / "results"
LOGS = tree.CACHE / "check"
WORKERS = 2


@dataclasses.dataclass(frozen=True)
class Counts:
    """What came of some checks."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


@dataclasses.dataclass(frozen=True)
class Step:
    """
    A nox session to run.

    :param session: its name.
    :param needs: environments that have to be there.
    :param count: reads the reports in a directory; by default the session counts as one.
    :param minutes: time after which it has failed.
    :param arguments: for the session, which tests more without them.
    """

    session: str
    needs: tuple[str, ...] = ("quality",)
    count: t.Callable[[Path], tuple[Counts, list[str]]] | None = None
    minutes: float = 5
    arguments: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a step: counts, reasons of what was skipped or failed, seconds, and the output."""

    counts: Counts
    notes: list[str]
    seconds: float
    output: str


def count_junit(directory: Path) -> tuple[Counts, list[str]]:
    """
    Test cases in all JUnit files below a directory, with the reasons of those that were skipped.

    Those of ansible-test that find nothing to look at (PowerShell, say) count neither way.
    """
    passed = failed = skipped = 0
    reasons: dict[str, int] = {}
    for path in sorted(directory.rglob("*.xml")):
        for case in ET.parse(path).getroot().iter("testcase"):  # noqa: S314 - our own tools wrote it
            why = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            elif why is not None:
                reason = why.get("message") or why.text or "no reason given"
                if reason == "No tests applicable.":
                    continue
                skipped += 1
                text = f"{case.get('name')}: {reason}"
                reasons[text] = reasons.get(text, 0) + 1
            else:
                passed += 1
    return Counts(passed, failed, skipped), [f"skipped: {text}" for text in reasons]


def count_targets(directory: Path) -> tuple[Counts, list[str]]:
    """Integration targets: those that ansible-test should have run, against those it says it finished."""
    listed = directory / "targets.txt"
    wanted = set(listed.read_text(encoding="utf-8").split()) if listed.exists() else set()
    done: set[str] = set()
    for path in (directory / "data").glob("integration-*.json"):
        done |= set(json.loads(path.read_text(encoding="utf-8"))["targets"])
    missing = sorted(wanted - done)
    return Counts(len(done), len(missing)), [f"failed or not run: {name}" for name in missing]


STEPS = (
    Step("formatting"),
    Step("ruff"),
    Step("shell"),
    Step("changelog"),
    Step("extras"),
    Step("yaml"),
    Step("licences"),
    Step("docs-lint"),
    Step("types"),
    Step("ansible-lint"),
    Step("execution-environment"),
    Step("galaxy", needs=("quality", "importer")),
    # It proves what is served by itself.
    Step("demo", needs=()),
    # The longest first, so that none of them is left over for one worker at the end.
    Step("units-newest", needs=("newest",), count=count_junit, minutes=30),
    Step("roles-newest", needs=("newest",), count=count_targets, minutes=35),
    # What a module does is the same in both fronts and on each core, so its target runs once on each core, and in each
    # front somewhere. The unit tests compare the fronts, module by module.
    Step("integration-2.16", needs=("2.16",), count=count_targets, minutes=25, arguments=("--front=module",)),
    # The oldest and the newest core understand what is in between.
    Step(
        "roles-2.16",
        needs=("2.16",),
        count=count_targets,
        minutes=25,
        arguments=("role_certificate_rotation", "role_quic_listener"),
    ),
    Step("units-2.16", needs=("2.16",), count=count_junit, minutes=25),
    Step("sanity-newest", needs=("newest",), count=count_junit, minutes=25),
    Step("integration-newest", needs=("newest",), count=count_targets, minutes=25, arguments=("--front=controller",)),
    Step("integration-2.19", needs=("2.19",), count=count_targets, minutes=25, arguments=("--front=controller",)),
    Step("units-2.19", needs=("2.19",), count=count_junit, minutes=25),
)
ENVIRONMENT_MINUTES = 8


def environment_step(name: str) -> Step:
    """The step that makes an environment. It checks nothing, so it is not counted."""
    return Step(f"environment-{name}", needs=(), minutes=ENVIRONMENT_MINUTES)


class Runner:
    """
    Runs steps, a few at a time, each as soon as a worker is free and its environments are there.

    :param steps: what to run, the quick ones first.
    :param verbose: show the output of every step, not only of those that failed.
    """

    def __init__(self, steps: list[Step], *, verbose: bool) -> None:
        names = dict.fromkeys(name for step in steps for name in step.needs)
        self._environments = {environment_step(name): name for name in names}
        self._waiting = [*self._environments, *steps]
        self._verbose = verbose
        self._made: dict[str, Outcome] = {}
        self._total = Counts()
        self._unfinished = len(self._waiting)
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._stopped = False
        self._changed = threading.Condition()
        self._started = time.monotonic()

    def run(self) -> Counts:
        """Run all steps; the sum of their counts."""
        workers = [threading.Thread(target=self._work) for _number in range(WORKERS)]
        for worker in workers:
            worker.start()
        try:
            for worker in workers:
                worker.join()
        except BaseException:
            self._stop()
            raise
        # Should a worker have died, its traceback is above, and its step must not pass for done.
        return self._total + Counts(failed=self._unfinished)

    def _work(self) -> None:
        """Carry out steps until there are none."""
        while (step := self._next()) is not None:
            try:
                outcome = self._carry_out(step)
            except (OSError, LookupError, ValueError, ET.ParseError) as error:
                outcome = Outcome(Counts(failed=1), [f"cannot run it, or read its reports: {error!r}"], 0, "")
            with self._changed:
                self._unfinished -= 1
                if step in self._environments:
                    # Not counted: if it could not be made, every step that needs it says so.
                    self._made[self._environments[step]] = outcome
                else:
                    self._total += outcome.counts
                if not self._stopped:
                    self._show(step, outcome)
                self._changed.notify_all()

    def _next(self) -> Step | None:
        """The first step whose environments are there; waits while there is none but may be soon."""
        with self._changed:
            while self._waiting and not self._stopped:
                for step in self._waiting:
                    if self._made.keys() >= set(step.needs):
                        self._waiting.remove(step)
                        return step
                self._changed.wait()
            return None

    def _carry_out(self, step: Step) -> Outcome:
        """Run a step's session and read its reports."""
        for name in step.needs:
            made = self._made[name]
            if made.counts != Counts():
                return Outcome(made.counts, made.notes or [f"environment-{name} could not be made"], 0, "")
        report, log = LOGS / f"{step.session}.json", LOGS / f"{step.session}.log"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "nox", "--no-color", "--report", report, "--session", step.session]
        if step.arguments:
            command += ["--", *step.arguments]
        started = time.monotonic()
        with log.open("wb") as output:
            status = self._call(command, output, step.minutes)
        seconds = time.monotonic() - started
        text = log.read_text(encoding="utf-8", errors="replace")
        result, reason = _nox_result(report)
        if result == "skipped":
            return Outcome(Counts(skipped=1), [f"skipped: {reason}"], seconds, text)
        notes = []
        if status is None:
            notes.append(f"stopped after {step.minutes:g} minutes")
        if step in self._environments:
            return Outcome(Counts(failed=int(status != 0)), notes, seconds, text)
        if step.count is None:
            return Outcome(Counts(passed=int(status == 0), failed=int(status != 0)), notes, seconds, text)
        counts, more = step.count(RESULTS / step.session)
        notes += more
        if not counts.passed and not counts.failed:
            notes.append("no test was run")
            counts += Counts(failed=1)
        elif status != 0 and not counts.failed:
            notes.append("all reported tests passed, but the session failed")
            counts += Counts(failed=1)
        return Outcome(counts, notes, seconds, text)

    def _call(self, command: list[t.Any], output: t.IO[bytes], minutes: float) -> int | None:
        """Run a command in a process group of its own; its exit status, or None if it took too long."""
        with self._changed:
            if self._stopped:
                return None
            process = subprocess.Popen(
                command,
                cwd=tree.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._processes.add(process)
        try:
            return process.wait(timeout=minutes * 60)
        except subprocess.TimeoutExpired:
            return None
        finally:
            # Also after a normal end: what a step leaves running must not disturb the others.
            _end_group(process)
            with self._changed:
                self._processes.discard(process)

    def _stop(self) -> None:
        """End everything that runs."""
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            for process in self._processes:
                _end_group(process)
            self._changed.notify_all()

    def _show(self, step: Step, outcome: Outcome) -> None:
        """Print what came of a step."""
        result = str(outcome.counts)
        if step in self._environments:
            result = "there" if outcome.counts == Counts() else "not there"
        clock = time.monotonic() - self._started
        print(f"{clock:6.1f} s  {step.session:<28} {result:<36} {outcome.seconds:6.1f} s", flush=True)
        for note in outcome.notes:
            print(f"          {note}", flush=True)
        if outcome.output and (outcome.counts.failed or self._verbose):
            print(f"----- output of {step.session}\n{outcome.output.rstrip()}\n-----", flush=True)


def _nox_result(report: Path) -> tuple[str | None, str | None]:
    """What nox says of the session it ran: result and reason."""
    try:
        sessions = json.loads(report.read_text(encoding="utf-8"))["sessions"]
    except (OSError, ValueError, KeyError):
        return None, None
    return (sessions[0]["result"], sessions[0].get("reason")) if sessions else (None, None)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask a process and its descendants to end, then make them."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        if number == signal.SIGTERM:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)


def _raise_interrupt(_number: int, _frame: object) -> t.NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    """Run from the command line; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("steps", nargs="*", metavar="STEP", help="'lint', or sessions; all by default")
    parser.add_argument("--verbose", action="store_true", help="show the output of every step")
    options = parser.parse_args()
    known = {step.session: [step] for step in STEPS}
    known["lint"] = [step for step in STEPS if step.count is None and step.needs]
    unknown = sorted(set(options.steps) - set(known))
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
    wanted = {step for name in options.steps for step in known[name]} or set(STEPS)
    LOGS.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _raise_interrupt)
    started = time.monotonic()
    try:
        total = Runner([step for step in STEPS if step in wanted], verbose=options.verbose).run()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    print(f"\n{time.monotonic() - started:.0f} seconds in all; output of each step in {LOGS.relative_to(tree.ROOT)}/")
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
