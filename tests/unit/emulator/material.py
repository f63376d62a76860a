# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and certificates, made when needed."""

from __future__ import annotations

import datetime as dt
import functools
import ipaddress
import typing as t
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

Algorithm = t.Literal["RSA", "ECC"]
_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@functools.cache
def key(algorithm: Algorithm = "ECC", number: int = 0) -> _Key:
    """The same key for the same arguments: RSA keys are slow to make."""
    if number < 0:
        raise ValueError("keys are numbered from 0")
    if algorithm == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Material:
    """A certificate with its chain and key, as PEM."""

    certificate: x509.Certificate
    chain_pem: str
    key_pem: str = field(repr=False)

    @property
    def sha256(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex().upper()


@functools.cache
def authority() -> tuple[x509.Certificate, _Key]:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Emulator Test CA")])
    return _build(name, name, key("ECC", 99), key("ECC", 99), (), ca=True), key("ECC", 99)


def authority_pem() -> str:
    return authority()[0].public_bytes(serialization.Encoding.PEM).decode()


def edwards_pem() -> str:
    """A certificate of neither RSA nor ECC."""
    own = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ed25519.example.com")])
    now = dt.datetime.now(dt.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(own.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    return builder.sign(own, None).public_bytes(serialization.Encoding.PEM).decode()


def make(
    common_name: str = "www.example.com",
    names: tuple[str, ...] = (),
    *,
    algorithm: Algorithm = "ECC",
    key_number: int = 0,
    begins: float = -1,
    days: float = 90,
    key_format: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8,
    password: bytes | None = None,
) -> Material:
    """A certificate signed by the authority, with the authority in its chain."""
    issuer, issuer_key = authority()
    own = key(algorithm, key_number)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "Zhejiang"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, "Hangzhou"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    certificate = _build(subject, issuer.subject, own, issuer_key, names or (common_name,), begins=begins, days=days)
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        encryption = serialization.BestAvailableEncryption(password)
    return Material(
        certificate,
        certificate.public_bytes(serialization.Encoding.PEM).decode() + authority_pem(),
        own.private_bytes(serialization.Encoding.PEM, key_format, encryption).decode(),
    )


def _build(
    subject: x509.Name,
    issuer: x509.Name,
    own: _Key,
    issuer_key: _Key,
    names: tuple[str, ...],
    *,
    ca: bool = False,
    begins: float = -1,
    days: float = 90,
) -> x509.Certificate:
    now = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=begins))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), False)
    # Python's ssl wants them when it verifies strictly.
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
    if ca:
        usage = dict.fromkeys(
            (
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        builder = builder.add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), True
        )
    return builder.sign(issuer_key, hashes.SHA256())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
