# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
A real ACME server: Pebble, with the DNS server that belongs to it, on a loopback address that no other run has.

It validates names as Let's Encrypt does, by asking DNS, but asks that one DNS server and nobody else. dev/get_others.py
fetches both, and the collection community.crypto.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import socket
import ssl
import subprocess
import time
import typing as t
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import issue
from ansible_collections.alicloud.tls.tests.unit.support import others

_DAYS = 90
_SECONDS = 20


# Why there is no ACME server here; empty if there is one.
MISSING = others.missing("Pebble and community.crypto", "bin/pebble", "ansible_collections/community/crypto")
needs_acme = pytest.mark.skipif(bool(MISSING), reason=MISSING)


def own_address() -> str:
    """A loopback address that nothing else is likely to use."""
    return ".".join(["127", *(str(random.randrange(1, 255)) for _part in range(3))])  # noqa: S311 - not a secret


class Acme:
    """
    The two servers while they run.

    :param directory: for what they read and write.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._address = own_address()
        self._log = directory / "pebble.log"
        self.directory_url = f"https://{self._address}:14000/dir"
        self.management_url = f"http://{self._address}:8055"
        # What a client of the server has to trust, and what clients of the certificates do.
        self.ca_path = directory / "acme.pem"
        self.root_path = directory / "root.pem"

    @contextlib.contextmanager
    def running(self) -> Iterator[Acme]:
        with contextlib.ExitStack() as stack:
            self._configure()
            dns = ["-dns01", f"{self._address}:8053", "-management", f"{self._address}:8055"]
            self._start(stack, "pebble-challtestsrv", *dns, "-http01", "", "-https01", "", "-tlsalpn01", "")
            # Names are validated at once, and once only. No request has to be made again, so they can be counted.
            switches = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_AUTHZREUSE": "100", "PEBBLE_WFE_NONCEREJECT": "0"}
            self._start(stack, "pebble", "-config", "pebble.json", "-dnsserver", f"{self._address}:8053", **switches)
            for port in (8053, 8055, 14000, 15000):
                self._wait_for(port)
            self.root_path.write_bytes(self._get("roots/0"))
            yield self

    @property
    def requests(self) -> list[str]:
        """What was asked so far: method and path, without identifiers."""
        return re.findall(r"(\w+ /[\w-]+)\S* -> calling handler", self._log.read_text(encoding="utf-8"))

    def texts(self, record: str) -> int:
        """How many TXT records there are under a name."""
        name = b"".join(bytes([len(label)]) + label for label in record.encode().split(b"."))
        question = b"\0\1" + b"\1\0" + b"\0\1" + 6 * b"\0" + name + b"\0" + b"\0\x10" + b"\0\1"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(_SECONDS)
            asking.connect((self._address, 8053))
            asking.send(question)
            answer = asking.recv(4096)
        assert answer[:2] == question[:2]
        return int.from_bytes(answer[6:8], "big")

    def _configure(self) -> None:
        own = issue("acme", names=[self._address])
        self.ca_path.write_text(own.pem, encoding="ascii")
        (self._directory / "acme.key.pem").write_text(own.key_pem(), encoding="ascii")
        pebble = {
            "listenAddress": f"{self._address}:14000",
            "managementListenAddress": f"{self._address}:15000",
            "certificate": str(self.ca_path),
            "privateKey": str(self._directory / "acme.key.pem"),
            "httpPort": 5002,
            "tlsPort": 5001,
            "certificateValidityPeriod": _DAYS * 24 * 60 * 60,
        }
        (self._directory / "pebble.json").write_text(json.dumps({"pebble": pebble}), encoding="utf-8")

    def _start(self, stack: contextlib.ExitStack, program: str, *arguments: str, **environment: str) -> None:
        log = stack.enter_context((self._directory / f"{program}.log").open("wb"))
        process = subprocess.Popen(
            [others.PLACE / "bin" / program, *arguments],
            cwd=self._directory,
            env={"PATH": os.defpath, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        stack.callback(process.wait)
        stack.callback(process.terminate)

    def _wait_for(self, port: int) -> None:
        deadline = time.monotonic() + _SECONDS
        while True:
            try:
                socket.create_connection((self._address, port), timeout=1).close()
                return
            except OSError:
                logs = "".join(log.read_text(encoding="utf-8") for log in self._directory.glob("*.log"))
                assert time.monotonic() < deadline, logs
                time.sleep(0.05)

    def _get(self, path: str) -> bytes:
        trust = ssl.create_default_context(cafile=self.ca_path)
        url = f"https://{self._address}:15000/{path}"
        with urlopen(url, timeout=_SECONDS, context=trust) as answer:
            return t.cast("bytes", answer.read())
