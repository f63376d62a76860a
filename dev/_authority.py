# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Throw-away certification authorities: a root to be trusted, an intermediate that signs certificates."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_ROOT_DAYS = 365


@dataclass(frozen=True)
class Issued:
    """
    A certificate and what belongs to it.

    :param fullchain: PEM of the certificate and of the intermediate.
    :param key: PEM of the private key.
    :param sha256: fingerprint of the certificate, 64 lower-case digits.
    :param not_after: end of validity, UTC.
    """

    fullchain: bytes
    key: bytes
    sha256: str
    not_after: datetime.datetime

    def write(self, fullchain: Path, key: Path) -> None:
        """Put both into files; the key's is for its owner only."""
        fullchain.write_bytes(self.fullchain)
        key.touch(mode=0o600)
        key.write_bytes(self.key)


class Authority:
    """
    Lives in memory only: the keys of root and intermediate are never written to a file.

    :param name: begins the names of both.
    """

    def __init__(self, name: str = "Demo") -> None:
        self._now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        root_key, self._key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root_name = _name(f"{name} Root CA")
        self._root = self._sign_authority(root_name, root_key, root_name, root_key, 1)
        self._intermediate = self._sign_authority(_name(f"{name} Issuing CA"), self._key, root_name, root_key, 0)

    @property
    def root(self) -> bytes:
        """PEM of the certificate that a client has to trust."""
        return _pem(self._root)

    def issue(
        self, *names: str, since_days: int = 0, days: int = 90, ecc: bool = False, client: bool = False
    ) -> Issued:
        """
        A certificate with a new key.

        :param names: DNS names; the first is also the common name.
        :param since_days: for how long it is valid already.
        :param days: for how long it is still valid.
        :param ecc: with an ECC key, not an RSA key.
        :param client: for a client, not a server.
        """
        key: _Key = ec.generate_private_key(ec.SECP256R1())
        if not ecc:
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        usage = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        builder = self._builder(_name(names[0]), key, self._intermediate.subject, since_days=since_days, days=days)
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False, encipherment=not ecc), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return Issued(
            fullchain=_pem(certificate) + _pem(self._intermediate),
            key=private,
            sha256=certificate.fingerprint(hashes.SHA256()).hex(),
            not_after=self._now + datetime.timedelta(days=days),
        )

    def _sign_authority(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        issuer: x509.Name,
        issuer_key: ec.EllipticCurvePrivateKey,
        path_length: int,
    ) -> x509.Certificate:
        return (
            self._builder(name, key, issuer, since_days=1, days=_ROOT_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
            .add_extension(_usage(authority=True, encipherment=False), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
            .sign(issuer_key, hashes.SHA256())
        )

    def _builder(
        self, name: x509.Name, key: _Key, issuer: x509.Name, *, since_days: int, days: int
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - datetime.timedelta(days=since_days))
            .not_valid_after(self._now + datetime.timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, authority: bool, encipherment: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_encipherment=encipherment,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
