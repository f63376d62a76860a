# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small certificate authority for tests. Nothing here is stored: every key is made at run time."""

from __future__ import annotations

import base64
import ipaddress
import textwrap
import traceback
import typing as t
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
PASSPHRASE = BestAvailableEncryption(b"correct horse")

if t.TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes


@dataclass(frozen=True)
class Issued:
    """A certificate together with its key."""

    certificate: x509.Certificate
    key: CertificateIssuerPrivateKeyTypes

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def subject(self) -> str:
        return self.certificate.subject.rfc4514_string()

    def key_pem(
        self, form: PrivateFormat = PrivateFormat.PKCS8, encryption: KeySerializationEncryption | None = None
    ) -> str:
        return self.key.private_bytes(Encoding.PEM, form, encryption or NoEncryption()).decode()


def name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def general_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def issue(
    subject: str | x509.Name,
    *,
    issuer: Issued | None = None,
    key: CertificateIssuerPrivateKeyTypes | None = None,
    names: t.Sequence[str | x509.GeneralName] | None = None,
    ca: bool | None = None,
    not_before: datetime = NOW - timedelta(days=30),
    not_after: datetime = NOW + timedelta(days=60),
    serial: int | None = None,
    extensions: t.Sequence[x509.ExtensionType] = (),
) -> Issued:
    """
    :param subject: a name, or the text of a CN.
    :param issuer: who signs; without one the certificate signs itself.
    :param names: the SAN extension; None leaves it out.
    :param ca: the basic constraint; None leaves it out.
    :param extensions: further ones.
    """
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject_name = name((NameOID.COMMON_NAME, subject)) if isinstance(subject, str) else subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject_name)
        .issuer_name(issuer.certificate.subject if issuer else subject_name)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
    if names is not None:
        san = [each if isinstance(each, x509.GeneralName) else general_name(each) for each in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(san), critical=False)
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    signer = issuer.key if issuer else key
    edwards = isinstance(signer, (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey))
    return Issued(builder.sign(signer, None if edwards else hashes.SHA256()), key)


def armour(der: bytes, label: str = "CERTIFICATE") -> str:
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


# As DER has them: the curves P-256 and SM2, and the signatures ECDSA with SHA-256 and SM2 with SM3.
_SM2_FOR = {
    bytes.fromhex("06082a8648ce3d030107"): bytes.fromhex("06082a811ccf5501822d"),
    bytes.fromhex("06082a8648ce3d040302"): bytes.fromhex("06082a811ccf55018375"),
}


def as_sm2(issued: Issued) -> str:
    """PEM of the certificate with the marks of SM2: cryptography cannot make one, and nothing here checks its maths."""
    der = issued.der
    for ours, theirs in _SM2_FOR.items():
        assert ours in der
        der = der.replace(ours, theirs)
    return armour(der)


# RSA with these, as DER has it.
OLD_SIGNATURES = {
    "md2": bytes.fromhex("06092a864886f70d010102"),
    "md5": bytes.fromhex("06092a864886f70d010104"),
    "sha1": bytes.fromhex("06092a864886f70d010105"),
}
_RSA_WITH_SHA256 = bytes.fromhex("06092a864886f70d01010b")


def with_old_signature(issued: Issued, digest: str) -> str:
    """PEM of a certificate that says that its issuer signed it with RSA and another digest."""
    assert issued.der.count(_RSA_WITH_SHA256) == 2
    return armour(issued.der.replace(_RSA_WITH_SHA256, OLD_SIGNATURES[digest]))


def require_silence(error: BaseException, key_pem: str) -> None:
    """No 16 characters in a row of the key's base64 are in the error, its traceback, or any error behind it."""
    chain: list[BaseException] = []
    behind: BaseException | None = error
    while behind is not None and behind not in chain:
        chain.append(behind)
        behind = behind.__cause__ or behind.__context__
    told = "".join(
        "".join(
            (str(each), repr(each), repr(vars(each)), *traceback.format_exception(type(each), each, each.__traceback__))
        )
        for each in chain
    )
    lines = [line.strip() for line in key_pem.splitlines() if ":" not in line and "-----" not in line]
    body = "".join("".join(lines).split())
    heard = [body[i : i + 16] for i in range(len(body) - 15) if body[i : i + 16] in "".join(told.split())]
    assert not heard, f"{len(heard)} pieces of the key are in a {type(error).__name__}"
