# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Which certificates in CAS a question is about, and what it is told of them."""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from .certificate import StoredCertificate

STATUSES = ("valid", "not_yet_valid", "expired")


@dataclass(frozen=True)
class Question:
    """
    Which certificates; all that is given has to hold. None: whatever it is; an empty collection: no certificate.

    :param sha256: fingerprints in lower case, without colons.
    :param sha1: likewise.
    :param names: exact names in CAS.
    :param domain: a host name, IP address or wildcard that the certificate has to cover.
    :param statuses: of STATUSES.
    :param expires_within_days: expired ones do, too.
    :param tags: that it has to have.
    """

    now: datetime
    sha256: Collection[str] | None = None
    sha1: Collection[str] | None = None
    names: Collection[str] | None = None
    domain: str | None = None
    statuses: Collection[str] | None = None
    expires_within_days: int | None = None
    algorithm: str | None = None
    uploaded_only: bool = False
    tags: Mapping[str, str] | None = None

    @property
    def wants_expired(self) -> bool:
        return self.statuses is None or "expired" in self.statuses

    def is_about(self, certificate: StoredCertificate) -> bool:
        """Tags apart, which take a call to learn."""
        facts = certificate.facts
        left = facts.days_left(self.now)
        return (
            _among(facts.sha256, self.sha256)
            and _among(facts.sha1, self.sha1)
            and _among(certificate.name, self.names)
            and _among(status_of(certificate, self.now), self.statuses)
            and (self.domain is None or facts.covers(self.domain))
            and (self.expires_within_days is None or (left is not None and left <= self.expires_within_days))
            and self.algorithm in (None, facts.algorithm)
            and (not self.uploaded_only or certificate.uploaded is True)
        )

    def is_tagged(self, certificate: StoredCertificate) -> bool:
        return self.tags is None or (certificate.tags or {}).items() >= self.tags.items()


def _among(value: str | None, wanted: Collection[str] | None) -> bool:
    return wanted is None or value in wanted


def status_of(certificate: StoredCertificate, now: datetime) -> str:
    """One of STATUSES."""
    if certificate.is_expired(now):
        return "expired"
    return "not_yet_valid" if certificate.facts.is_not_yet_valid(now) else "valid"


def answer(certificate: StoredCertificate, now: datetime, listeners: list[dict[str, t.Any]] | None) -> dict[str, t.Any]:
    """:param listeners: that use it; None if nobody has looked."""
    return {
        **certificate.to_dict(),
        "instance_id": certificate.instance_id,
        "resource_group_id": certificate.resource_group_id,
        "uploaded": certificate.uploaded,
        "status": status_of(certificate, now),
        "days_left": certificate.facts.days_left(now),
        "used_by": None if certificate.products is None else list(certificate.products),
        "listeners": listeners,
    }
