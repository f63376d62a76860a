# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CAS reads out of an uploaded certificate and its key."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import re
import typing as t
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtensionOID, NameOID, ObjectIdentifier

from .errors import refusal
from .invented import invented

PrivateKey: t.TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey: t.TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
_PKCS1 = "1.2.840.113549.1.1."
_BEGIN = "-----BEGIN CERTIFICATE-----"
_END = "-----END CERTIFICATE-----"
_BLOCK = re.compile(f"{_BEGIN}[A-Za-z0-9+/=\\s]*{_END}")
_FOREIGN = re.compile(r"-----|private[\W_]{0,16}key|[A-Za-z0-9+/]{60}", re.IGNORECASE)
"""Traces of anything but certificates, such as the private key of a combined PEM, be it without its heading."""
# The parser is lazy: names, dates and extensions are looked at when they are asked for.
_UNREADABLE = (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


@dataclass(frozen=True)
class ChainLink:
    common_name: str
    issuer_common_name: str
    not_before_ms: int
    not_after_ms: int


@dataclass(frozen=True)
class CertificateFacts:
    """Facts in the formats in which CAS tells them."""

    common_name: str
    names: tuple[str, ...]
    """DNS names and IP addresses; the common name if there are none."""
    issuer: str
    serial: str
    sha1: str
    sha256: str
    public_key_sha1: str
    algorithm: str
    key_size: int
    not_before_ms: int
    not_after_ms: int
    organization: str
    country: str
    province: str
    city: str
    chain: tuple[ChainLink, ...]
    sign_algorithm: str = ""
    is_ca: bool = False
    """Whether its basic constraints say so."""

    @property
    def start_date(self) -> str:
        return _day(self.not_before_ms)

    @property
    def end_date(self) -> str:
        return _day(self.not_after_ms)


def read_upload(certificate_pem: str, key_pem: str) -> CertificateFacts:
    """
    Check an upload and describe its leaf.

    :raises ApiRefusal: broken PEM, chain that is none, unusable key, key of another certificate
    """
    return read_chain(certificate_pem, lambda: load_key(key_pem))


def read_chain(
    certificate_pem: str, key: Callable[[], PrivateKey] | None = None, *, linked: bool = True
) -> CertificateFacts:
    """
    Check a certificate with its chain, and describe the first of it.

    :param key: gives the key that the certificate has to belong to
    :param linked: each must have been issued by the next; else they may have nothing to do with each other
    :raises ApiRefusal: as `read_upload`
    """
    chain = _parse_chain(certificate_pem)
    for issued, issuer in itertools.pairwise(chain) if linked else ():
        try:
            issued.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as exc:
            raise refusal("CertificateChainNotMatch") from exc
    try:
        public_key = chain[0].public_key()
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise refusal("CertificateFormatException") from exc
    if not isinstance(public_key, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)):
        raise invented("algorithm", "The certificate must have an RSA or ECC key.")
    if key is not None and _spki(public_key) != _spki(key().public_key()):
        raise invented("key-mismatch", "The private key does not belong to the certificate.")
    try:
        return facts_of(chain, public_key)
    except _UNREADABLE as exc:
        raise refusal("CertificateFormatException") from exc


def read_authorities(certificate_pem: str) -> CertificateFacts:
    """
    Check one or more CA certificates, each complete in itself, and describe the first.

    :raises ApiRefusal: as `read_upload`; `is_ca` is false unless all of them are
    """
    facts = read_chain(certificate_pem, linked=False)
    return dataclasses.replace(facts, is_ca=all(_is_ca(each) for each in _parse_chain(certificate_pem)))


def fingerprints(certificate_pem: str) -> frozenset[bytes]:
    """SHA-256 of each certificate of a text that was taken before."""
    return frozenset(each.fingerprint(hashes.SHA256()) for each in _parse_chain(certificate_pem))


def load_key(key_pem: str) -> PrivateKey:
    """
    PKCS#1, PKCS#8 or SEC1; also PKCS#1 under the heading of PKCS#8, which is known to pass.

    :raises ApiRefusal: not a PEM key, encrypted, or neither RSA nor ECC
    """
    for heading in ("PRIVATE KEY", "RSA PRIVATE KEY"):
        relabelled = key_pem.replace("BEGIN PRIVATE KEY", f"BEGIN {heading}").replace(
            "END PRIVATE KEY", f"END {heading}"
        )
        try:
            key = serialization.load_pem_private_key(relabelled.encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
        if isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
            return key
    raise invented("broken-key", "The private key must be an unencrypted RSA or ECC key in PEM form.")


def _parse_chain(text: str) -> list[x509.Certificate]:
    lines = [line.strip() for line in text.strip().splitlines()]
    # A PEM whose line breaks got lost is refused, as the real service does, whatever the parser thinks of it.
    if not lines or text.count(_BEGIN) != lines.count(_BEGIN) or lines.count(_BEGIN) != lines.count(_END):
        raise refusal("CertificateFormatException")
    # What is taken is shown as it is, so a key must not get in with it.
    if _FOREIGN.search(_BLOCK.sub("\n", text)):
        raise refusal("CertificateFormatException")
    try:
        return x509.load_pem_x509_certificates(text.encode())
    except (ValueError, x509.InvalidVersion) as exc:
        raise refusal("CertificateFormatException") from exc


def facts_of(chain: list[x509.Certificate], public_key: PublicKey) -> CertificateFacts:
    """Describe the first of a chain that is known to be one."""
    leaf = chain[0]
    der = leaf.public_bytes(serialization.Encoding.DER)
    common_name = _attribute(leaf.subject, NameOID.COMMON_NAME)
    serial = f"{leaf.serial_number:x}"
    return CertificateFacts(
        common_name=common_name,
        names=_names(leaf) or ((common_name,) if common_name else ()),
        issuer=_attribute(leaf.issuer, NameOID.COMMON_NAME) or _attribute(leaf.issuer, NameOID.ORGANIZATION_NAME),
        serial=serial if len(serial) % 2 == 0 else f"0{serial}",
        sha1=hashlib.sha1(der, usedforsecurity=False).hexdigest().upper(),
        sha256=hashlib.sha256(der).hexdigest().upper(),
        public_key_sha1=hashlib.sha1(_spki(public_key), usedforsecurity=False).hexdigest().upper(),
        algorithm="RSA" if isinstance(public_key, rsa.RSAPublicKey) else "ECC",
        key_size=public_key.key_size,
        not_before_ms=_milliseconds(leaf.not_valid_before_utc),
        not_after_ms=_milliseconds(leaf.not_valid_after_utc),
        organization=_attribute(leaf.subject, NameOID.ORGANIZATION_NAME),
        country=_attribute(leaf.subject, NameOID.COUNTRY_NAME),
        province=_attribute(leaf.subject, NameOID.STATE_OR_PROVINCE_NAME),
        city=_attribute(leaf.subject, NameOID.LOCALITY_NAME),
        chain=tuple(
            ChainLink(
                _attribute(each.subject, NameOID.COMMON_NAME),
                _attribute(each.issuer, NameOID.COMMON_NAME),
                _milliseconds(each.not_valid_before_utc),
                _milliseconds(each.not_valid_after_utc),
            )
            for each in chain
        ),
        sign_algorithm=_sign_algorithm(leaf),
        is_ca=_is_ca(leaf),
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except x509.ExtensionNotFound:
        return ()
    names: list[str] = []
    if isinstance(extension, x509.SubjectAlternativeName):
        for name in extension:
            if isinstance(name, x509.DNSName):
                names.append(name.value)
            elif isinstance(name, x509.IPAddress):
                names.append(str(name.value))
    return tuple(names)


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _sign_algorithm(certificate: x509.Certificate) -> str:
    """As in SHA256WITHRSA."""
    try:
        digest = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return ""
    kind = "RSA" if certificate.signature_algorithm_oid.dotted_string.startswith(_PKCS1) else "ECDSA"
    return f"{digest.name.upper()}WITH{kind}" if digest is not None else ""


def _attribute(name: x509.Name, oid: ObjectIdentifier) -> str:
    for attribute in name.get_attributes_for_oid(oid):
        return attribute.value if isinstance(attribute.value, str) else attribute.value.decode("utf-8", "replace")
    return ""


def _spki(key: PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).strftime("%Y-%m-%d")
