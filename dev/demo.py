# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
`make demo`: the life of a service, by the shipped playbooks on the local emulator, and proven by TLS and QUIC clients.

HTTPS with an RSA and an ECC certificate, a second host name, mutual TLS, QUIC beside it, a rotation, and one that goes
wrong and is put back. Everything is on loopback and in a temporary directory that is removed at the end. The exit
status is 0 if all that the summary says was so, 1 with a plain sentence if something was not, and 128 + signal if
interrupted.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import ssl
import sys
import time
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tree
from _authority import Authority, Issued
from _clients import Client
from _emulator import Emulator, counted, writes
from _workplace import Interrupted, Workplace

_CALLBACKS = tree.ROOT / "dev/demo/callback_plugins"
_PORT = 8443
_WWW = ("www.example.com", "example.com")
_API = "api.example.com"
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
    :param said: messages of tasks that only say something, as lists of lines.
    """

    changes: list[Change]
    recap: Mapping[str, int]
    said: list[list[str]] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> Record:
        """
        :param text: one JSON object per line.
        :raises ValueError: if the run did not come to its recap.
        """
        changes: list[Change] = []
        said: list[list[str]] = []
        recap: dict[str, int] | None = None
        for line in map(json.loads, text.splitlines()):
            if "recap" in line:
                recap = {}
                for counters in line["recap"].values():
                    for name, count in counters.items():
                        recap[name] = recap.get(name, 0) + count
            elif line.get("said"):
                said.append(_lines(line["said"]))
            elif line["changed"]:
                changes.append(Change(line["task"], line["diff"] or {}, tuple(line["steps"])))
        if recap is None:
            raise ValueError("the playbook did not come to its recap")
        return cls(changes, recap, said)

    @property
    def tasks(self) -> list[str]:
        """Names of the tasks that changed something, without those of their roles."""
        return [change.task.rpartition(" : ")[2] for change in self.changes]


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
        self._partners = Authority("Partners")
        self._address = _own_address()
        balancer = {"name": "shop", "edition": "Standard", "vpc_id": "vpc-demo", "dns_name": self._address}
        seed = {"load_balancers": [balancer], "server_groups": [{"name": "shop-web", "vpc_id": "vpc-demo"}]}
        (place.directory / "seed.json").write_text(json.dumps(seed), encoding="utf-8")
        real = ("--set", "real_ports=true", "--seed", str(place.directory / "seed.json"))
        self._emulator = Emulator(place, *real)
        self._proofs = Proofs()
        self._runs = 0
        self._client = Client(self._address, _PORT, self._authority.root)

    def show(self) -> None:
        """:raises NotSoError: at the first thing that is not as it should be."""
        self._introduce()
        rsa, ecc = self._issue("www.rsa", *_WWW, days=20), self._issue("www.ecc", *_WWW, days=20, ecc=True)
        self._show_pair(rsa, ecc)
        api = self._issue("api.ecc", _API, ecc=True)
        self._show_second_name(ecc, api)
        self._show_mutual_tls(ecc)
        self._show_quic(rsa, ecc)
        renewed = self._issue("www.rsa", *_WWW)
        self._show_rotation(rsa, renewed, ecc, api)
        self._show_rollback(renewed, ecc)

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
        names = [[each["name"] for each in seeded[kind]] for kind in ("load_balancers", "server_groups")]
        if names != [["shop"], ["shop-web"]] or seeded["listeners"] or seeded["certificates"]:
            raise NotSoError("The emulator did not begin with a load balancer, a server group and nothing else.")
        _heading("alicloud.tls: the life of a service behind an Alibaba Cloud load balancer, on a local emulator")
        _say(f"The emulator of ALB and CAS answers on {self._emulator.url}. No request leaves this machine.")
        _say(f"It has the load balancer 'shop', which is {self._address}, and the server group 'shop-web'; no")
        _say(
            "listener, no certificate. A throw-away CA has signed certificates for www.example.com, valid for 20 days."
        )
        (self._place.directory / "root.pem").write_bytes(self._authority.root)
        _say("\nThe environment says who calls, where the emulator is, and which CA clients trust:\n")
        _say("\n".join(f"  {name}={value}" for name, value in self._environment().items()), "command")

    def _show_pair(self, rsa: Issued, ecc: Issued) -> None:
        self._proofs.begin("1. plan", "1. HTTPS with an RSA and an ECC certificate: the plan, and nothing is written")
        self._describe(
            "shop.yml",
            "https_listener_load_balancer: shop",
            f"https_listener_port: {_PORT}",
            "https_listener_server_group: shop-web",
            "https_listener_certificates:",
            *_files("www.rsa"),
            *_files("www.ecc"),
        )
        before = self._emulator.state()
        planned = self._run("https_listener", "shop.yml", "--check", "--diff")
        self._prove_untouched(before)

        self._proofs.begin("2. HTTPS", "2. For real: two certificates are uploaded, the listener is created")
        made = self._run("https_listener", "shop.yml", "--diff")
        self._prove_as_planned(planned, made)
        self._prove_served(_WWW[0], rsa, "the RSA certificate", "RSA")
        self._prove_served(_WWW[0], ecc, "the ECC certificate", "ECC")

        self._proofs.begin("3. again", "3. Again: nothing to do")
        before = self._emulator.state()
        record = self._run("https_listener", "shop.yml", "--diff")
        self._prove_untouched(before)
        self._proofs.that(
            record.recap.get("changed") == 0 and not record.changes,
            "changed=0",
            f"The second run changed something: {_tasks(record)}.",
        )

    def _show_second_name(self, ecc: Issued, api: Issued) -> None:
        self._proofs.begin("4. SNI", "4. A second host name on the same listener: an additional certificate")
        self._describe("shop.yml", "https_listener_additional_certificates:", *_files("api.ecc"))
        self._run("https_listener", "shop.yml", "--diff")
        self._prove_served(_API, api, "the additional certificate")
        self._prove_served(_WWW[0], ecc, "the ECC certificate, as before")

    def _show_mutual_tls(self, ecc: Issued) -> None:
        self._proofs.begin("5. mutual TLS", "5. Mutual TLS: only clients with a certificate of the partners' own CA")
        (self._place.directory / "partners.pem").write_bytes(self._partners.root)
        files = self._write("partner", self._partners.issue("partner.example.net", ecc=True, client=True))
        self._describe(
            "shop.yml",
            "https_listener_mutual_auth:",
            "  ca_certificate_path: DIRECTORY/partners.pem",
            "https_listener_verify:",
            "  client_certificate_path: DIRECTORY/partner.pem",
            "  client_key_path: DIRECTORY/partner.key.pem",
        )
        self._run("https_listener", "shop.yml", "--diff")
        try:
            self._client.handshake(_WWW[0])
            refused = False
        except ssl.SSLCertVerificationError as exc:
            raise NotSoError(f"The listener's certificate does not verify any more: {exc}") from exc
        except OSError as exc:
            _say(f"client without a certificate, {_WWW[0]}: {exc}")
            refused = True
        self._proofs.that(refused, "a client without a certificate is refused", "It is served without a certificate.")
        self._client = Client(self._address, _PORT, self._authority.root, files)
        self._prove_served(_WWW[0], ecc, "the ECC certificate, with a client certificate of that CA")

    def _show_quic(self, rsa: Issued, ecc: Issued) -> None:
        self._proofs.begin("6. QUIC", "6. QUIC on the same port, and the HTTPS listener tells clients of it")
        self._describe(
            "quic.yml",
            "quic_listener_load_balancer: shop",
            f"quic_listener_port: {_PORT}",
            f"quic_listener_https_port: {_PORT}",
            "quic_listener_server_group: shop-web",
            "quic_listener_certificates:",
            *_files("www.rsa"),
            *_files("www.ecc"),
            "quic_listener_verify:",
            "  client_certificate_path: DIRECTORY/partner.pem",
            "  client_key_path: DIRECTORY/partner.key.pem",
        )
        self._run("quic_listener", "quic.yml", "--diff")
        self._prove_served_over_quic(rsa, ecc)
        offered = self._client.offered(_WWW[0])
        self._proofs.that(
            f'h3=":{_PORT}"' in offered,
            f"HTTPS answers offer it: Alt-Svc: {offered}",
            f"HTTPS answers do not offer it: Alt-Svc is {offered!r}.",
        )

    def _show_rotation(self, old: Issued, new: Issued, ecc: Issued, api: Issued) -> None:
        self._proofs.begin("7. rotation, plan", "7. The RSA certificate was renewed: where is the old one? The plan")
        self._describe("rotation.yml", "certificate_rotation_certificates:", *_files("www.rsa"))
        before = self._emulator.state()
        planned = self._run("rotate_certificates", "rotation.yml", "--check")
        self._prove_untouched(before)
        plan = [line for lines in planned.said for line in lines if " is replaced by " in line]
        self._proofs.that(
            all(any(kind in line for line in plan) for kind in ("HTTPS", "QUIC")),
            "the plan names both listeners",
            f"The plan should name both listeners, but is {plan}.",
        )

        self._proofs.begin("8. rotation", "8. The rotation: bind the new one, look, unbind the old one, look again")
        self._run("rotate_certificates", "rotation.yml")
        expiry = f"{old.not_after:%Y-%m-%d} to {new.not_after:%Y-%m-%d}"
        self._prove_served(_WWW[0], new, f"the renewed RSA certificate: from {expiry}", "RSA")
        self._prove_served(_WWW[0], ecc, "the ECC certificate, as before", "ECC")
        self._prove_served(_API, api, "the additional certificate, as before")
        self._prove_served_over_quic(new, ecc)

    def _show_rollback(self, current: Issued, ecc: Issued) -> None:
        self._proofs.begin("9. rollback", "9. Someone hands in a certificate that no client trusts")
        self._write("wrong", Authority("Stranger").issue(*_WWW))
        self._describe(
            "wrong.yml",
            "certificate_rotation_verify:",
            "  timeout: 3",
            "certificate_rotation_certificates:",
            *_files("wrong"),
        )
        bound = [_bound(each) for each in self._emulator.state()["listeners"]]
        record = self._run("rotate_certificates", "wrong.yml", fails=True)
        self._proofs.that(
            record.recap.get("failures") == 1 and "Put the default certificates back" in record.tasks,
            "the run noticed it at the first listener, put the old certificates back, and failed",
            f"The run should have put certificates back and failed, but its recap is {dict(record.recap)}.",
        )
        self._proofs.that(
            [_bound(each) for each in self._emulator.state()["listeners"]] == bound,
            "both listeners have the certificates that they had",
            "The listeners do not have the certificates that they had.",
        )
        self._prove_served(_WWW[0], current, "the renewed RSA certificate, as before", "RSA")
        self._prove_served_over_quic(current, ecc)

    # --- doing --------------------------------------------------------------------------------------------------------

    def _issue(self, stem: str, *names: str, days: int = 90, ecc: bool = False) -> Issued:
        issued = self._authority.issue(*names, days=days, ecc=ecc)
        self._write(stem, issued)
        return issued

    def _write(self, stem: str, issued: Issued) -> tuple[Path, Path]:
        files = self._place.directory / f"{stem}.pem", self._place.directory / f"{stem}.key.pem"
        issued.write(*files)
        return files

    def _describe(self, name: str, *lines: str) -> None:
        """Add lines to a file of variables, and show them."""
        path = self._place.directory / name
        _say(f"{name} says{' now, too' if path.exists() else ''}:\n")
        text = [line.replace("DIRECTORY", str(self._place.directory)) for line in lines]
        _say("\n".join(f"  {line}" for line in text) + "\n", "command")
        with path.open("a", encoding="utf-8") as stream:
            stream.write("\n".join(text) + "\n")

    def _environment(self) -> dict[str, str]:
        return {**self._emulator.environment(), "SSL_CERT_FILE": str(self._place.directory / "root.pem")}

    def _run(self, playbook: str, variables: str, *flags: str, fails: bool = False) -> Record:
        """
        Run a playbook of the collection, on this terminal, and note its calls.

        :param fails: whether it is to fail.
        """
        arguments = [f"alicloud.tls.{playbook}", "-e", f"@{variables}", *flags]
        _say(f"$ ansible-playbook {' '.join(arguments)}", "command")
        self._runs += 1
        record = self._place.directory / f"record-{self._runs}.jsonl"
        extra = {
            **self._environment(),
            "ANSIBLE_CALLBACK_PLUGINS": str(_CALLBACKS),
            "ANSIBLE_STDOUT_CALLBACK": "record",
            "ANSIBLE_DISPLAY_OK_HOSTS": "false",
            "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
            "ALICLOUD_TLS_RECORD": str(record),
        }
        self._emulator.take_calls()
        status = self._place.playbook(*arguments, env=extra)
        self._proofs.calls[self._proofs.step] = self._emulator.take_calls()
        if (status != 0) != fails:
            raise NotSoError(f"The playbook ended with exit status {status}.")
        told = Record.read(record.read_text(encoding="utf-8"))
        for lines in told.said[-1:]:
            _say("It says in the end:")
            _say("\n".join(f"  {line}" for line in lines))
        return told

    # --- proving ------------------------------------------------------------------------------------------------------

    def _prove_untouched(self, before: Mapping[str, t.Any]) -> None:
        actions = self._proofs.calls[self._proofs.step]
        if writes(actions):
            raise NotSoError(f"It called {counted(writes(actions))}.")
        self._proofs.that(
            self._emulator.state() == before,
            f"nothing was written: all {len(actions)} calls were reads, and the cloud is as it was",
            "Something was changed in the emulator.",
        )

    def _prove_as_planned(self, planned: Record, made: Record) -> None:
        count = len(made.changes)
        self._proofs.that(
            planned.changes == made.changes and count > 0,
            f"what was done is what check mode had said: {count} diffs, equal ones",
            f"Check mode planned {_tasks(planned)}, but what was done is {_tasks(made)}, or their diffs differ.",
        )

    def _prove_served(self, name: str, wanted: Issued, what: str, algorithm: str | None = None) -> None:
        kind = f"{algorithm} client" if algorithm else "client"
        try:
            version, served = self._client.handshake(name, algorithm)
        except OSError as exc:
            raise NotSoError(f"No TLS connection to {name} on {self._address}:{_PORT}: {exc}") from exc
        _say(f"{kind}, {name}: {version}, chain verified, SHA-256 {served}")
        self._proofs.that(
            served == wanted.sha256,
            f"{'an' if algorithm else 'a'} {kind} asking for {name} is served {what}",
            f"The {kind} is not served {what}, SHA-256 {wanted.sha256}.",
        )

    def _prove_served_over_quic(self, *wanted: Issued) -> None:
        try:
            served = self._client.quic_handshake(_WWW[0])
        except (OSError, asyncio.TimeoutError) as exc:
            raise NotSoError(f"No QUIC connection to {_WWW[0]} on {self._address}:{_PORT}: {exc}") from exc
        _say(f"QUIC client, {_WWW[0]}: chain verified, SHA-256 {served}")
        self._proofs.that(
            served in [each.sha256 for each in wanted],
            "a QUIC client is served a certificate of the pair",
            "The QUIC client is served another certificate.",
        )


def _own_address() -> str:
    """For the load balancer: one that nothing else is likely to use. Elsewhere only 127.0.0.1 is there by itself."""
    if sys.platform != "linux":
        return "127.0.0.1"
    return ".".join(["127", *(str(random.randrange(1, 255)) for _part in range(3))])  # noqa: S311 - not a secret


def _files(stem: str) -> tuple[str, str]:
    """An item of a list of certificates."""
    return f"  - certificate_path: DIRECTORY/{stem}.pem", f"    private_key_path: DIRECTORY/{stem}.key.pem"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines with columns of equal width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def without_repeats(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Rows whose first cell is empty where it is that of the row above."""
    firsts = ["", *(first for first, _second in rows)]
    return [("" if row[0] == above else row[0], row[1]) for above, row in zip(firsts, rows, strict=False)]


def _tasks(record: Record) -> str:
    return ", ".join(map(repr, record.tasks)) or "nothing"


def _bound(listener: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What a listener has of certificates, whatever the emulator calls it."""
    return {name: value for name, value in listener.items() if "certificate" in name}


def _lines(said: t.Any) -> list[str]:
    """A message as lines, with those of a mapping under its keys."""
    if isinstance(said, dict):
        return [line for key, value in said.items() for line in (f"{key}:", *(f"  {each}" for each in _lines(value)))]
    return [str(each) for each in said] if isinstance(said, list) else [str(said)]


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
