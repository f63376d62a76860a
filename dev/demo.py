# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
`make demo`: an HTTPS listener, set up by the shipped playbook on the local emulator and proven by a TLS client.

Everything is on loopback and in a temporary directory that is removed at the end. The exit status is 0 if all that the
summary says was so, 1 with a plain sentence if something was not, and 128 + signal if interrupted.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import ssl
import sys
import time
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import tree
from _authority import Authority, ServerCertificate
from _emulator import Emulator, counted, writes
from _workplace import Interrupted, Workplace

_CALLBACKS = tree.ROOT / "dev/demo/callback_plugins"
_PLAYBOOK = "alicloud.tls.https_listener"
_NAMES = ("www.example.com", "example.com")
_COLOURS = {"heading": "1", "command": "36", "good": "32", "bad": "31"}


class NotSoError(Exception):
    """Something that the demo is to prove is not so."""


@dataclass(frozen=True)
class Change:
    """What one task, or one item of its loop, says that it changed: `diff` as the module answered it."""

    task: str
    diff: Mapping[str, t.Any]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """
    What the callback `record` wrote about a run of a playbook.

    :param recap: the counters of the recap, summed over the hosts.
    """

    changes: list[Change]
    recap: Mapping[str, int]

    @classmethod
    def read(cls, text: str) -> Record:
        """
        :param text: one JSON object per line.
        :raises ValueError: if the run did not come to its recap.
        """
        changes: list[Change] = []
        recap: dict[str, int] | None = None
        for line in map(json.loads, text.splitlines()):
            if "recap" in line:
                recap = {}
                for counters in line["recap"].values():
                    for name, count in counters.items():
                        recap[name] = recap.get(name, 0) + count
            elif line["changed"]:
                changes.append(Change(line["task"], line["diff"] or {}, tuple(line["steps"])))
        if recap is None:
            raise ValueError("the playbook did not come to its recap")
        return cls(changes, recap)


@dataclass
class Proofs:
    """
    What has been shown so far.

    :param step: the one that is being shown.
    :param sentences: what was so, by step.
    :param calls: actions called, by step.
    """

    step: str = ""
    sentences: dict[str, list[str]] = field(default_factory=dict)
    calls: dict[str, list[str]] = field(default_factory=dict)

    def begin(self, step: str, heading: str) -> None:
        """What is shown from here on belongs to that step."""
        self.step = step
        _heading(heading)

    def that(self, so: bool, sentence: str, otherwise: str) -> None:
        """
        Note and print a sentence.

        :raises NotSoError: with `otherwise`, if it is not so.
        """
        if not so:
            raise NotSoError(otherwise)
        self.sentences.setdefault(self.step, []).append(sentence)
        _say(f"  proven: {sentence}", "good")


class Demo:
    """The steps, in the order in which they are shown."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._authority = Authority()
        self._emulator = Emulator(place)
        self._proofs = Proofs()
        self._runs = 0
        self._fullchain = place.directory / "www.example.com.fullchain.pem"
        self._key = place.directory / "www.example.com.key.pem"

    def show(self) -> None:
        """:raises NotSoError: at the first thing that is not as it should be."""
        current = self._authority.issue(*_NAMES, since_days=70, days=20)
        current.write(self._fullchain, self._key)
        self._introduce()

        self._proofs.begin(
            "1. check mode", "1. Check mode on the empty load balancer: the plan, and nothing is written"
        )
        before = self._emulator.state()
        planned = self._run("--check", "--diff")
        self._prove_untouched(before)

        self._proofs.begin("2. for real", "2. For real: the certificate is uploaded, the listener created")
        made = self._run("--diff")
        self._prove_as_planned(planned, made)
        self._prove_served(current, "the certificate")

        self._proofs.begin("3. again", "3. Again: nothing to do")
        self._prove_idle()

        self._proofs.begin(
            "4. renewed, check mode", "4. The certificate was renewed: new files, same command, in check mode"
        )
        renewed = self._authority.issue(*_NAMES, since_days=0, days=90)
        renewed.write(self._fullchain, self._key)
        before = self._emulator.state()
        planned = self._run("--check", "--diff")
        self._prove_untouched(before)
        self._prove_shows(planned, current, renewed)
        self._prove_served(current, "the old certificate, as before")

        self._proofs.begin("5. renewed, for real", "5. The renewed certificate for real")
        made = self._run("--diff")
        self._prove_as_planned(planned, made)
        self._prove_served(renewed, "the renewed certificate")

    def summarise(self, seconds: float) -> None:
        """What was proven, and what it cost."""
        _heading("Summary: all of this was so")
        proven = [(step, sentence) for step, sentences in self._proofs.sentences.items() for sentence in sentences]
        for row in table(without_repeats(proven)):
            _say(row, "good")
        _say("\nAPI calls, from the emulator's log:")
        costs = [(step, str(len(made)), counted(writes(made))) for step, made in self._proofs.calls.items()]
        for row in table([("step", "calls", "of which writes"), *costs]):
            _say(f"  {row}")
        _say(f"\nDone in {seconds:.0f} s. The emulator is stopped, and all files of the demo are removed.")

    def _introduce(self) -> None:
        seeded = self._emulator.state()
        names = [f"{one['name']!r} ({one['edition']})" for one in seeded["load_balancers"] if one["name"] == "demo"]
        groups = [repr(one["name"]) for one in seeded["server_groups"]]
        if not names or not groups or seeded["listeners"] or seeded["certificates"]:
            raise NotSoError("The emulator did not begin with a load balancer, a server group and nothing else.")
        _heading("alicloud.tls: an HTTPS listener of an Alibaba Cloud load balancer, on a local emulator")
        _say(f"The emulator of ALB and CAS answers on {self._emulator.url}. No request leaves this machine.")
        _say(f"It has the load balancer {names[0]} and the server group {groups[0]}; no listener, no certificate.")
        _say("A throw-away CA has signed a certificate for www.example.com that is valid for 20 more days.")
        variables = f"""\
https_listener_load_balancer: demo
https_listener_port: 443
https_listener_server_group: demo-web
https_listener_certificates:
  - certificate_path: {self._fullchain}
    private_key_path: {self._key}
"""
        (self._place.directory / "listener.yml").write_text(variables, encoding="utf-8")
        _say("\nThe environment says who calls and where the emulator is:\n")
        _say("\n".join(f"  {name}={value}" for name, value in self._emulator.environment().items()), "command")
        _say("\nlistener.yml says what is wanted:\n")
        _say("\n".join(f"  {line}" for line in variables.splitlines()), "command")

    def _run(self, *flags: str, quiet: bool = True) -> Record:
        """
        Run the playbook, on this terminal, and note its calls.

        :param quiet: leave out tasks that changed nothing.
        """
        arguments = [_PLAYBOOK, "-e", "@listener.yml", *flags]
        _say(f"$ ansible-playbook {' '.join(arguments)}", "command")
        self._runs += 1
        record = self._place.directory / f"record-{self._runs}.jsonl"
        extra = {
            **self._emulator.environment(),
            "ANSIBLE_CALLBACK_PLUGINS": str(_CALLBACKS),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_DISPLAY_OK_HOSTS": "false" if quiet else "true",
            "ALICLOUD_TLS_RECORD": str(record),
        }
        self._emulator.take_calls()
        status = self._place.playbook(*arguments, env=extra)
        self._proofs.calls[self._proofs.step] = self._emulator.take_calls()
        if status != 0:
            raise NotSoError(f"The playbook failed with exit status {status}.")
        return Record.read(record.read_text(encoding="utf-8"))

    def _prove_untouched(self, before: Mapping[str, t.Any]) -> None:
        actions = self._proofs.calls[self._proofs.step]
        if writes(actions):
            raise NotSoError(f"Check mode called {counted(writes(actions))}.")
        self._proofs.that(
            self._emulator.state() == before,
            f"nothing was written: all {len(actions)} calls were reads, and the cloud is as it was",
            "Check mode changed something in the emulator.",
        )

    def _prove_as_planned(self, planned: Record, made: Record) -> None:
        count = len(made.changes)
        self._proofs.that(
            planned.changes == made.changes and planned.recap == made.recap and count > 0,
            f"what was done is what check mode had said: {count} diffs, equal ones, and an equal recap",
            f"Check mode planned {_tasks(planned)}, but what was done is {_tasks(made)}, or their diffs differ.",
        )

    def _prove_idle(self) -> None:
        before = self._emulator.state()
        record = self._run("--diff", quiet=False)
        actions = self._proofs.calls[self._proofs.step]
        if writes(actions) or self._emulator.state() != before:
            raise NotSoError(f"The second run wrote: {counted(writes(actions))}.")
        self._proofs.that(
            record.recap.get("changed") == 0 and not record.changes,
            f"nothing was changed: changed=0, all {len(actions)} calls were reads, and the cloud is as it was",
            f"The second run changed something: {_tasks(record)}.",
        )

    def _prove_shows(self, record: Record, old: ServerCertificate, new: ServerCertificate) -> None:
        last = record.changes[-1].diff if record.changes else {}
        so = old.sha256 in json.dumps(last.get("before")) and new.sha256 in json.dumps(last.get("after"))
        expiry = f"{old.not_after:%Y-%m-%d} to {new.not_after:%Y-%m-%d}"
        self._proofs.that(
            so,
            f"the diff shows the old and the new certificate: expiry from {expiry}",
            "The diff does not show the fingerprints of the old and the new certificate.",
        )

    def _prove_served(self, wanted: ServerCertificate, what: str) -> None:
        listeners = self._emulator.state()["listeners"]
        if len(listeners) != 1:
            raise NotSoError(f"There should be one listener; there are {len(listeners)}.")
        address, port = self._emulator.data_plane(listeners[0]["listener_id"])
        try:
            version, served = handshake(address, port, _NAMES[0], self._authority.root)
        except OSError as exc:
            raise NotSoError(f"No TLS connection to {_NAMES[0]} on {address}:{port}: {exc}") from exc
        _say(f"TLS client, {_NAMES[0]} on {address}:{port}: {version}, chain verified up to the throw-away CA")
        _say(f"  wanted SHA-256 {wanted.sha256}")
        _say(f"  served SHA-256 {served}")
        self._proofs.that(
            served == wanted.sha256,
            f"a TLS client verifies the chain and is served {what}",
            f"The TLS client is not served {what}: the fingerprints differ.",
        )


def handshake(address: str, port: int, name: str, root: bytes) -> tuple[str, str]:
    """
    Connect as a client that trusts one authority and nobody else.

    :param name: what the certificate has to be for.
    :param root: PEM of the authority.
    :returns: TLS version, and SHA-256 fingerprint of the certificate served.
    :raises OSError: if there is no connection, or if the chain does not verify.
    """
    context = ssl.create_default_context(cadata=root.decode())
    with (
        socket.create_connection((address, port), timeout=10) as connection,
        context.wrap_socket(connection, server_hostname=name) as secured,
    ):
        return secured.version() or "?", hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines with columns of equal width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def without_repeats(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Rows whose first cell is empty where it is that of the row above."""
    firsts = ["", *(first for first, _second in rows)]
    return [("" if row[0] == above else row[0], row[1]) for above, row in zip(firsts, rows, strict=False)]


def _tasks(record: Record) -> str:
    return ", ".join(repr(change.task) for change in record.changes) or "nothing"


def _heading(text: str) -> None:
    _say(f"\n{text}\n{'=' * len(text)}", "heading")


def _say(text: str, kind: str = "") -> None:
    """Print, in colour if this is a terminal."""
    if kind and sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        text = f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m"
    print(text, flush=True)


def main() -> int:
    """Run from the command line; the exit status."""
    start = time.monotonic()
    try:
        with Workplace("demo") as place:
            demo = Demo(place)
            demo.show()
        demo.summarise(time.monotonic() - start)
    except NotSoError as exc:
        _say(f"\nNOT SO: {exc}", "bad")
        return 1
    except (RuntimeError, TimeoutError, LookupError, ValueError) as exc:
        _say(f"\nThe demo could not go on: {exc}", "bad")
        return 1
    except Interrupted as exc:
        _say(f"\nInterrupted by {exc}. The emulator is stopped and all files of the demo are removed.", "bad")
        return 128 + exc.number
    return 0


if __name__ == "__main__":
    sys.exit(main())
