# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The CA certificate with which a listener verifies its clients (mutual authentication)."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from .._core.errors import InputError
from .facts import CertificateFacts
from .pem import Certificate, check_key, check_validity, read_certificates, uses_old_hash

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.x509.oid import ExtendedKeyUsageOID
except ImportError:
    pass  # pem.py says so to the user

if t.TYPE_CHECKING:
    from datetime import datetime

_Extension = t.TypeVar("_Extension", bound="x509.ExtensionType")
# Anywhere in a line, whole or not: better to refuse a comment than to let a key pass.
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY")


@dataclass(frozen=True)
class CaCertificate:
    """
    A CA certificate, or several that are uploaded as one.

    :param facts: of the certificate; of the first one of a bundle.
    :param self_signed: true for a root; false for an intermediate CA, and for a root in its cross-signed form.
    :param pem: all that is to be uploaded, encoded anew; it ends in a newline.
    :param others: the further certificates of a bundle, in the order given. Each is complete in itself.
    :param warnings: what is odd, yet no reason to refuse it; one sentence each. Those of others included.
    """

    facts: CertificateFacts
    self_signed: bool
    pem: str = field(repr=False)
    others: tuple[CaCertificate, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, t.Any]:
        """The facts of the (first) certificate as JSON types, and C(is_root)."""
        return {**self.facts.to_dict(), "is_root": self.self_signed}


def _find(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    values = (extension.value for extension in certificate.extensions)
    return next((value for value in values if isinstance(value, kind)), None)


def _self_signed(certificate: x509.Certificate) -> bool:
    if certificate.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return uses_old_hash(certificate)  # nobody trusts a root for its own signature: it may be as old as it is
    return True


def _require_ca(certificate: Certificate, source: str) -> None:
    constraints = _find(certificate.parsed, x509.BasicConstraints)
    usage = _find(certificate.parsed, x509.KeyUsage)
    if constraints is None:
        reason = "it has no basic constraints"
    elif not constraints.ca:
        reason = "its basic constraints say CA:FALSE"
    elif usage is not None and not usage.key_cert_sign:
        reason = "its key usage does not let it sign certificates"
    else:
        return
    facts = certificate.facts
    if not certificate.is_ca and facts.names:
        reason += f", and it looks like the server certificate of {facts.names[0]}"
    issuer = f"; this one was issued by {facts.issuer}" if facts.issuer not in ("", facts.subject) else ""
    raise InputError(
        f"{source}: {facts.title} is not a CA certificate: {reason}. Give the certificate of the CA that issues the"
        f" clients' certificates{issuer}."
    )


def _client_warnings(certificate: Certificate, source: str) -> tuple[str, ...]:
    allowed = {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    usage = _find(certificate.parsed, x509.ExtendedKeyUsage)
    if usage is None or not allowed.isdisjoint(usage):
        return ()
    who = f"{source}: {certificate.facts.title}"
    return (f"{who} is limited to other uses than client authentication: the clients it vouches for may be refused.",)


def load_ca_certificate(
    text: str,
    *,
    source: str,
    now: datetime,
    allow_expired: bool = False,
    allow_weak_key: bool = False,
    bundle: bool = False,
) -> CaCertificate:
    """
    Read a CA certificate and find everything that would make the upload or the listener fail.

    :param text: PEM, roots and intermediate CAs alike. A certificate given twice counts once.
    :param source: what to call the text in an error, such as C(certificate_path /etc/ssl/ca.pem).
    :param now: with time zone.
    :param allow_weak_key: let an RSA key have less than 2048 bits.
    :param bundle: take several certificates as one.
    """
    if _PRIVATE_KEY.search(text):
        raise InputError(
            f"{source}: there is a private key in it. A CA is uploaded without its key: give its certificate alone, and"
            " keep the key where it was."
        )
    found = tuple({each.facts.sha256: each for each in read_certificates(text, source=source)}.values())
    for each in found:
        _require_ca(each, source)
    if len(found) > 1 and not bundle:
        titles = "; ".join(each.facts.label() for each in found)
        raise InputError(
            f"{source}: ALB takes one CA certificate per listener, but there are {len(found)} in it: {titles}. Give"
            " only the one that issues the clients' certificates. To accept the clients of an old and a new CA while"
            " they change over, set bundle: true of alicloud.tls.alb_ca_cert, which uploads all of them as one."
        )
    read = []
    for each in found:
        warnings = check_key(each, source=source, allow_weak_key=allow_weak_key) + _client_warnings(each, source)
        if not allow_expired:
            check_validity(each, source=source, now=now)
        read.append(CaCertificate(each.facts, _self_signed(each.parsed), each.pem, warnings=warnings))
    first, *others = read
    return CaCertificate(
        first.facts,
        first.self_signed,
        "".join(each.pem for each in read),
        tuple(others),
        tuple(warning for each in read for warning in each.warnings),
    )
