# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""How users name a certificate."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._core.errors import InputError
from .._x509.facts import CertificateFacts, normalise_fingerprint
from .._x509.names import is_host_name, normalise_name
from .certificate import checked_identifier, is_identifier

ALGORITHMS = ("RSA", "ECC")

_FORMS = (
    "a CAS identifier (12345678-cn-hangzhou), its number, a SHA-256 or SHA-1 fingerprint, its name in CAS,"
    " domain:www.example.com for the newest valid one of a host, or what alicloud.tls.cas_certificate returned as"
    " certificate"
)

# What a message may repeat: nothing that could be a line of a private key.
_HARMLESS = re.compile(r"[\w.:*@ -]{0,40}|(sha1|sha256)?[:=]?[0-9A-Fa-f: ]+")
_ALGORITHM = re.compile(r"(?P<host>[^/]*)/(?P<algorithm>[^/]*)")


@dataclass(frozen=True)
class Reference:
    """
    How a user names a certificate: exactly one of C(id), C(number), C(sha256), C(sha1), C(name) and C(domain), and with
    an object its facts too.

    :param text: what the user wrote, for messages.
    :param number: CAS number without a site; the API knows which site it is on.
    :param name: in CAS.
    :param domain: host name, IP address or wildcard; the newest valid certificate that covers it is meant.
    :param algorithm: C(RSA) or C(ECC), if only such a certificate is meant by C(domain).
    """

    text: str
    id: str | None = None
    number: str | None = None
    sha256: str | None = None
    sha1: str | None = None
    name: str | None = None
    domain: str | None = None
    algorithm: str | None = None
    facts: CertificateFacts | None = field(default=None, repr=False)


def read_reference(value: object) -> Reference:
    """
    Understand one item of an option that takes certificates.

    :raises InputError: if it is none of the forms.
    """
    if isinstance(value, Mapping):
        return _read_object(value)
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise _no_reference(str(value))
    text = str(value).strip()
    if is_identifier(text):
        return Reference(text=text, id=text)
    if re.fullmatch(r"[1-9][0-9]{0,18}", text, re.ASCII):
        return Reference(text=text, number=text)
    fingerprint = normalise_fingerprint(text)
    if fingerprint is not None:
        long = len(fingerprint) == 64
        return Reference(text=text, sha256=fingerprint if long else None, sha1=None if long else fingerprint)
    kind, colon, rest = text.partition(":")
    if colon and kind == "domain":
        found = _ALGORITHM.fullmatch(rest)
        return _of_domain(text, found["host"] if found else rest, found["algorithm"] if found else None)
    if colon and kind in ("sha1", "sha256"):
        raise _no_reference(text)
    named = bool(colon) and kind == "name"
    name = rest if named else text
    # Numbers that are none, and what a file with a certificate or a key begins with.
    if not name or (not named and re.fullmatch(r"[-+]?[0-9.]+", name)) or "-----" in name or "\n" in name:
        raise _no_reference(text)
    return Reference(text=shown(name), name=name)


def shown(text: str) -> str:
    """What a message may repeat of what a user wrote."""
    return repr(text) if _HARMLESS.fullmatch(text) else "what was given"


def _read_object(value: Mapping[str, t.Any]) -> Reference:
    if value.get("domain"):
        algorithm = value.get("algorithm")
        text = f"domain:{value['domain']}" + (f"/{algorithm}" if algorithm else "")
        return _of_domain(text, str(value["domain"]), str(algorithm) if algorithm else None)
    identifier = checked_identifier(str(value["id"])) if value.get("id") else None
    if identifier is not None and not (value.get("sha256") and value.get("names") and value.get("not_after")):
        # What is missing is asked for.
        return Reference(text=identifier, id=identifier)
    if set(value) == {"name"} and isinstance(value["name"], str) and value["name"]:
        return Reference(text=shown(value["name"]), name=value["name"])
    facts = CertificateFacts.from_dict(value)
    text = f"the certificate {facts.label()}"
    if identifier is not None:
        return Reference(text=text, id=identifier, facts=facts)
    return Reference(text=text, sha256=facts.sha256, facts=facts)


def _of_domain(text: str, host: str, algorithm: str | None) -> Reference:
    if not is_host_name(host):
        raise InputError(f"{shown(text)} does not name a certificate: {shown(host)} is no host name or IP address.")
    if algorithm is not None and algorithm.upper() not in ALGORITHMS:
        raise InputError(f"{shown(text)} does not name a certificate: the algorithm is {' or '.join(ALGORITHMS)}.")
    return Reference(text=text, domain=normalise_name(host), algorithm=algorithm.upper() if algorithm else None)


def _no_reference(text: str) -> InputError:
    # Whatever it is, it may be a key that was given by mistake.
    known = shown(text)
    return InputError(f"{known[:1].upper()}{known[1:]} does not name a certificate: give {_FORMS}.")
