# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Server certificates as users name them and as listeners refer to them."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from .._core.errors import InputError
from .._x509.facts import CertificateFacts

_IDENTIFIER = re.compile(r"(?P<number>[0-9]+)-(?P<site>[a-z]{2}(-[a-z0-9]+)+)")

_NO_FACTS = dict.fromkeys(one.name for one in fields(CertificateFacts))


@dataclass(frozen=True, eq=False)
class Certificate:
    """
    A certificate in CAS, or about to be there.

    Two are the same if they have the same identifier. What is known of the content does not count, because what the
    API tells of a certificate is less than what its PEM tells.

    :param id: what ALB takes, such as C(12345678-cn-hangzhou); None if it is not uploaded yet.
    :param facts: None if nobody has asked for them.
    """

    id: str | None
    facts: CertificateFacts | None = None

    def __post_init__(self) -> None:
        if self.id is None and self.facts is None:
            raise ValueError("a certificate without an identifier needs facts")

    @property
    def key(self) -> str:
        if self.id is not None or self.facts is None:
            return f"id:{self.id}"
        return f"sha256:{self.facts.sha256}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def to_dict(self) -> dict[str, t.Any]:
        return {"id": self.id, **(self.facts.to_dict() if self.facts else {})}

    def told(self) -> dict[str, t.Any]:
        """Like to_dict(), with the same keys for all: None for facts that nobody knows."""
        return {**_NO_FACTS, **self.to_dict()}

    def summary(self) -> dict[str, t.Any]:
        """Without the identifier if more is known: before the upload nobody knows it."""
        return self.facts.summary() if self.facts else {"id": self.id}

    def label(self) -> str:
        return self.facts.label() if self.facts else f"certificate {self.id}"


def in_order(certificates: Iterable[Certificate]) -> list[Certificate]:
    """In an order that does not depend on identifiers where more is known, unless they are copies of one content."""
    return sorted(
        certificates,
        key=lambda one: (one.facts.algorithm, one.facts.sha256, one.key) if one.facts else ("", one.key, ""),
    )


def site_of(identifier: str) -> str | None:
    """The CAS site in an identifier."""
    found = _IDENTIFIER.fullmatch(identifier)
    return found["site"] if found else None


def check_default_set(certificates: Iterable[Certificate]) -> None:
    """:raises InputError: unless this can be a listener's default: one certificate, or one RSA and one ECC."""
    given = in_order(certificates)
    if not given:
        raise InputError("A listener needs a default certificate: certificates must not be empty.")
    if len(given) > 2:
        raise InputError(f"A listener takes one default certificate, or one RSA and one ECC, not {len(given)}.")
    kinds = [one.facts.algorithm for one in given if one.facts and one.facts.algorithm != "unknown"]
    if len(given) == 2 and len(kinds) == 2 and sorted(kinds) != ["ECC", "RSA"]:
        raise InputError(
            "Two default certificates must be one RSA and one ECC; these are "
            + " and ".join(one.label() for one in given)
            + "."
        )


def check_validity(
    certificate: Certificate, now: datetime, *, advice: str = "Set allow_expired to use it anyway."
) -> None:
    """
    :param advice: what the user can do about it.
    :raises InputError: if it is known to be expired or not yet valid.
    """
    facts = certificate.facts
    if facts is None:
        return
    if facts.is_expired(now):
        raise InputError(f"{certificate.label()} expired on {facts.not_after}. {advice}")
    if facts.is_not_yet_valid(now):
        raise InputError(f"{certificate.label()} is not valid before {facts.not_before}. {advice}")


def is_identifier(text: str) -> bool:
    return _IDENTIFIER.fullmatch(text) is not None


def checked_identifier(text: str) -> str:
    """:raises InputError: if it is not the identifier of a certificate."""
    if not is_identifier(text):
        raise InputError(f"{text[:20]!r} is not the identifier of a certificate; they look like 12345678-cn-hangzhou.")
    return text


def number_of(identifier: str) -> int | None:
    """The CAS number in an identifier; None for identifiers of older kinds."""
    found = _IDENTIFIER.fullmatch(identifier)
    return int(found["number"]) if found else None
