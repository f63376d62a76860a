# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificates that tests of whole modules use: made at run time, valid around the time of the run."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path

from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._x509.pki import PASSPHRASE, Issued, issue
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat

NAMES = ("www.example.com", "example.com")


@dataclass(frozen=True)
class Bundle:
    """
    A server certificate as files have it.

    :param pem: the leaf alone.
    :param chain: the certificates between leaf and root, leaf's issuer first; empty if the root signed the leaf.
    :param key: PKCS#8.
    """

    issued: Issued
    chain: str = ""

    @property
    def pem(self) -> str:
        return self.issued.pem

    @property
    def fullchain(self) -> str:
        return self.pem + self.chain

    @property
    def key(self) -> str:
        return self.issued.key_pem()

    @property
    def sha256(self) -> str:
        return self.issued.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def fingerprint(self) -> str:
        """As openssl writes it."""
        return ":".join(f"{byte:02X}" for byte in bytes.fromhex(self.sha256))

    def options(self) -> dict[str, t.Any]:
        """For cas_certificate."""
        return {"certificate": self.fullchain, "private_key": self.key}

    def files(self, directory: Path, name: str = "www") -> dict[str, t.Any]:
        """The same, by files in a directory."""
        paths = {"certificate_path": directory / f"{name}.pem", "private_key_path": directory / f"{name}.key.pem"}
        paths["certificate_path"].write_text(self.fullchain, encoding="ascii")
        paths["private_key_path"].write_text(self.key, encoding="ascii")
        return {option: str(path) for option, path in paths.items()}


class Pki:
    """
    A root, an intermediate, and leaves; each is made when first asked for.

    :ivar now: what validity is counted from.
    """

    def __init__(self) -> None:
        self.now = datetime.now(timezone.utc).replace(microsecond=0)
        self._numbered: dict[int, Bundle] = {}

    def issue(self, subject: str | x509.Name, *, start: float = -30, end: float = 90, **more: t.Any) -> Issued:
        """
        :param start: of its validity, in days from now.
        :param end: likewise.
        """
        days: dict[str, t.Any] = {
            "not_before": self.now + timedelta(days=start),
            "not_after": self.now + timedelta(days=end),
        }
        return issue(subject, **days, **more)

    @cached_property
    def root(self) -> Issued:
        return self.issue("Example Root", ca=True, end=3650)

    @cached_property
    def intermediate(self) -> Issued:
        return self.issue("Example CA", issuer=self.root, ca=True, end=1000)

    @cached_property
    def stranger(self) -> Issued:
        """A CA with which nothing here has to do."""
        return self.issue("Other CA", ca=True)

    @cached_property
    def second_stranger(self) -> Issued:
        """Another one."""
        return self.issue("Another CA", ca=True)

    @cached_property
    def rsa(self) -> Bundle:
        return self._leaf(key=rsa.generate_private_key(65537, 2048))

    @cached_property
    def renewed(self) -> Bundle:
        """The same names as C(rsa), a new key, a later end."""
        return self._leaf(key=rsa.generate_private_key(65537, 2048), start=-1, end=180)

    @cached_property
    def outdated(self) -> Bundle:
        """A predecessor of C(rsa) and C(renewed) that is good for some days yet."""
        return self._leaf(key=rsa.generate_private_key(65537, 2048), start=-80, end=10)

    @cached_property
    def ecc(self) -> Bundle:
        return self._leaf()

    @cached_property
    def single(self) -> Bundle:
        """Signed by the root: without a chain."""
        return Bundle(self.issue("single.example.com", issuer=self.root, names=["single.example.com"]))

    @cached_property
    def edwards(self) -> Bundle:
        return self._leaf(key=ed25519.Ed25519PrivateKey.generate())

    @cached_property
    def expired(self) -> Bundle:
        return self._leaf(start=-90, end=-1)

    @cached_property
    def not_yet(self) -> Bundle:
        return self._leaf(start=2, end=90)

    def numbered(self, number: int) -> Bundle:
        """One of many that differ in their names only."""
        if number not in self._numbered:
            name = f"n{number:03}.example.net"
            issued = self.issue(name, issuer=self.intermediate, names=[name], key=self.ecc.issued.key)
            self._numbered[number] = Bundle(issued)
        return self._numbered[number]

    def _leaf(self, **more: t.Any) -> Bundle:
        return Bundle(self.issue(NAMES[0], issuer=self.intermediate, names=NAMES, **more), self.intermediate.pem)


def encrypted(bundle: Bundle, *, traditional: bool) -> str:
    """The key with a passphrase: as PKCS#8, or as OpenSSL did it before."""
    form = PrivateFormat.TraditionalOpenSSL if traditional else PrivateFormat.PKCS8
    return bundle.issued.key_pem(form, PASSPHRASE)
