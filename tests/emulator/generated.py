# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
Certificates that a seed does not bring with it.

They are real ones, but cheap: all of one algorithm have the same key, made at its first use and never stored, and all
are signed by the same authority. A process has its own.
"""

from __future__ import annotations

import datetime as dt
import functools
import ipaddress
import typing as t
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from .certificates import PrivateKey, PublicKey

Algorithm: t.TypeAlias = t.Literal["RSA", "ECC"]
ALGORITHMS: tuple[Algorithm, ...] = t.get_args(Algorithm)
_AUTHORITY = "Emulator seed CA"


def certificate(
    names: Sequence[str], now: dt.datetime, *, algorithm: Algorithm = "ECC", days: float = 90
) -> x509.Certificate:
    """
    A server certificate; the first name is its common name, too.

    :param now: it began a day earlier, and ends `days` later
    :raises ValueError: a name that cannot be in a certificate
    """
    begin = now - dt.timedelta(days=1)
    end = max(now + dt.timedelta(days=days), begin + dt.timedelta(minutes=1))
    builder = _builder(_name(names[0]), _public_key(algorithm), begin, end)
    builder = builder.add_extension(
        x509.SubjectAlternativeName([_general_name(each) for each in names]), critical=False
    )
    return builder.sign(_key("ECC", signing=True), hashes.SHA256())


def authority(common_name: str = _AUTHORITY) -> x509.Certificate:
    """A self-signed CA. The one without a name of its own signs the certificates of this module."""
    now = dt.datetime.now(dt.timezone.utc)
    key = _key("ECC", signing=True)
    begin, end = now - dt.timedelta(days=1), now + dt.timedelta(days=3650)
    builder = _builder(_name(common_name), key.public_key(), begin, end, issuer=common_name)
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
        x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), critical=True
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.sign(key, hashes.SHA256())


@functools.cache
def authority_pem() -> str:
    """The authority that signs, for chains and for those who want to trust it."""
    return pem_of(authority())


def pem_of(made: x509.Certificate) -> str:
    return made.public_bytes(serialization.Encoding.PEM).decode()


@functools.cache
def key_pem(algorithm: Algorithm = "ECC") -> str:
    """The key of all generated certificates of an algorithm."""
    return (
        _key(algorithm)
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


def _builder(
    subject: x509.Name, public_key: PublicKey, begin: dt.datetime, end: dt.datetime, *, issuer: str = _AUTHORITY
) -> x509.CertificateBuilder:
    issuer_key = _key("ECC", signing=True).public_key()
    return (
        x509.CertificateBuilder(
            issuer_name=_name(issuer),
            subject_name=subject,
            public_key=public_key,
            serial_number=x509.random_serial_number(),
            not_valid_before=begin.replace(microsecond=0, tzinfo=None),
            not_valid_after=end.replace(microsecond=0, tzinfo=None),
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


@functools.cache
def _key(algorithm: Algorithm, *, signing: bool = False) -> PrivateKey:
    """One key for the authority, one of each algorithm for everything else."""
    if algorithm == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


@functools.cache
def _public_key(algorithm: Algorithm) -> PublicKey:
    return _key(algorithm).public_key()


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
