# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Server certificates in CAS. Content is their identity: the same certificate is never uploaded twice."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from .._core.errors import InputError
from .._core.plan import Plan
from .._x509.facts import CertificateFacts

_LONGEST_NAME = 63  # Sources say 63, 64 and 128.


@dataclass(frozen=True)
class StoredCertificate:
    """
    A certificate in CAS, or about to be there.

    :param number: what the CAS API takes.
    :param id: what ALB takes, such as C(12345678-cn-hangzhou).
    :param site: CAS site.
    :param uploaded: false if it was bought; None if that is not known.
    :param products: the cloud products that use it, as far as CAS knows; None if nobody has asked.
    """

    name: str
    site: str
    facts: CertificateFacts
    number: int | None = field(default=None, compare=False)
    id: str | None = field(default=None, compare=False)
    uploaded: bool | None = field(default=None, compare=False)
    products: tuple[str, ...] | None = field(default=None, compare=False)

    def located(self, stored: StoredCertificate) -> StoredCertificate:
        """This certificate with the numbers that CAS gave it. CAS tells less of the content than the PEM does."""
        return replace(self, number=stored.number, id=stored.id)

    def title(self) -> str:
        return f"certificate in CAS {self.site}"

    def to_dict(self) -> dict[str, t.Any]:
        return {
            "id": self.id,
            "certificate_id": self.number,
            "name": self.name,
            "site": self.site,
            **self.facts.to_dict(),
        }

    def summary(self) -> dict[str, t.Any]:
        return {"name": self.name, "site": self.site, **self.facts.summary()}


@dataclass(frozen=True)
class Upload:
    """:param pem: leaf first, then the chain."""

    certificate: StoredCertificate
    pem: str = field(repr=False)
    private_key: str = field(repr=False)

    def sentence(self) -> str:
        found = self.certificate
        return f"UploadUserCertificate: {found.facts.label()} to CAS {found.site} as {found.name}"


@dataclass(frozen=True)
class Delete:
    certificate: StoredCertificate

    def sentence(self) -> str:
        found = self.certificate
        return f"DeleteUserCertificate: {found.facts.label()}, {found.id or found.number} ({found.name})"


def chosen_name(name: str | None, facts: CertificateFacts) -> str:
    """The user's name, or one that tells the certificate apart from its predecessors."""
    if name is not None:
        return name
    mark = facts.sha256[:12]
    first = facts.names[0] if facts.names else "certificate"
    return f"{first[: _LONGEST_NAME - len(mark) - 1]}-{mark}"


def plan_present(
    found: list[StoredCertificate],
    *,
    facts: CertificateFacts,
    name: str | None,
    site: str,
    pem: str,
    private_key: str | None,
) -> Plan[StoredCertificate]:
    """
    Plan a certificate that is in CAS.

    :param found: the copies of this content that CAS holds, oldest first.
    :param facts: of the certificate's PEM; more exact than what CAS tells, so they go into the answer.
    """
    if found:
        there = replace(found[0], facts=facts)
        return Plan(before=there, after=there)
    if private_key is None:
        raise InputError(
            f"{facts.label()} is not in CAS {site} yet; private_key or private_key_path is needed to upload it."
        )
    after = StoredCertificate(name=chosen_name(name, facts), site=site, facts=facts)
    return Plan(before=None, after=after, steps=(Upload(after, pem, private_key),))


def plan_absent(found: list[StoredCertificate]) -> Plan[StoredCertificate]:
    """Plan that CAS holds no copy of a certificate."""
    if not found:
        return Plan(before=None, after=None)
    return Plan(before=found[0], after=None, steps=tuple(Delete(one) for one in found))
