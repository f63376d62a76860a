# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""
CA certificates in the repositories of CAS. Content is their identity: the same one is never uploaded twice.

CAS calls a repository a warehouse. It tells neither names nor fingerprints of the certificates in it, so that content
is compared by the certificates themselves.
"""

from __future__ import annotations

import base64
import hashlib
import re
import typing as t
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from .._core.plan import Plan, Step
from .._x509.facts import CertificateFacts

DEFAULT_REPOSITORY = "alicloud-tls"
_LONGEST_NAME = 63  # Documented for server certificates only; there sources say 63, 64 and 128.
_CN = re.compile(r"(?:^|,)CN=((?:\\.|[^,\\])*)")
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")


@dataclass(frozen=True)
class Repository:
    """
    A repository for uploaded CA certificates.

    :param site: CAS site.
    :param number: what the API takes for uploads and in lists; None if it is not there yet.
    """

    name: str
    site: str
    number: int | None = field(default=None, compare=False)

    def to_dict(self) -> dict[str, t.Any]:
        return {"name": self.name, "id": self.number}


@dataclass(frozen=True)
class Content:
    """
    What a CA certificate is, wherever it is.

    :param self_signed: true for a root; None if nobody could tell.
    :param others: the further certificates, if several were uploaded as one.
    """

    facts: CertificateFacts
    self_signed: bool | None
    others: tuple[CertificateFacts, ...] = ()

    @property
    def fingerprints(self) -> frozenset[str]:
        """SHA-256 of each certificate. A copy with its chain is another content: a listener may trust all of it."""
        return frozenset(one.sha256 for one in (self.facts, *self.others))

    @property
    def serials(self) -> frozenset[int]:
        """The serial numbers; nothing at all if one of them is not known."""
        found = [one.serial for one in (self.facts, *self.others)]
        return frozenset(int(one, 16) for one in found if one) if all(found) else frozenset()

    @property
    def mark(self) -> str:
        """A few digits that tell it apart: of the fingerprint, or of all fingerprints of a bundle."""
        if not self.others:
            return self.facts.sha256[:12]
        return hashlib.sha256("".join(sorted(self.fingerprints)).encode("ascii")).hexdigest()[:12]

    def label(self) -> str:
        """One line for a person."""
        return " and ".join(one.label() for one in (self.facts, *self.others))

    def to_dict(self) -> dict[str, t.Any]:
        return {
            **_without_names(self.facts.to_dict()),
            "self_signed": self.self_signed,
            "others": [_without_names(one.to_dict()) for one in self.others],
        }

    def summary(self) -> dict[str, t.Any]:
        others = [_without_names(one.summary()) for one in sorted(self.others, key=lambda one: one.sha256)]
        return {**_without_names(self.facts.summary()), **({"others": others} if others else {})}


@dataclass(frozen=True)
class StoredAuthority:
    """
    A CA certificate in CAS, or about to be there.

    :param name: in the repository; None if somebody else uploaded it, since CAS does not tell.
    :param identifier: what ALB takes, such as C(1efd3cac-e8c1-611d-b971-f96e5e432aba).
    """

    content: Content
    repository: Repository
    name: str | None = None
    identifier: str | None = field(default=None, compare=False)

    def title(self) -> str:
        return f"CA certificate in CAS {self.repository.site}"

    def to_dict(self) -> dict[str, t.Any]:
        return {
            "identifier": self.identifier,
            "repository": self.repository.to_dict(),
            "name": self.name,
            "site": self.repository.site,
            **self.content.to_dict(),
        }

    def summary(self) -> dict[str, t.Any]:
        where = {"repository": self.repository.name, "site": self.repository.site}
        return {**where, "name": self.name, **self.content.summary()}


@dataclass(frozen=True)
class ListedAuthority:
    """
    A CA certificate as the list of CAS tells it.

    :param source: C(upload), or C(aliyun) if Alibaba Cloud issued it.
    :param is_ca: false for the other certificates that repositories may hold.
    :param repository: number of its repository, if it is in one.
    :param issuer: as CAS tells it, which is not RFC 4514.
    :param serial: as CAS tells it.
    :param not_before: UTC.
    :param not_after: UTC.
    """

    identifier: str
    source: str
    is_ca: bool
    status: str
    repository: int | None
    common_name: str
    issuer: str
    serial: str
    algorithm: str
    sign_algorithm: str
    not_before: str
    not_after: str

    def may_have(self, serials: frozenset[int]) -> bool:
        """
        Whether it is worth the call for the certificate itself.

        How CAS writes a serial number in this list is not documented; elsewhere it is hexadecimal, with leading zeros.
        """
        text = re.sub(r"[:\s]", "", self.serial).lower().removeprefix("0x")
        told = {int(text, base) for base, digits in ((16, "[0-9a-f]+"), (10, "[0-9]+")) if re.fullmatch(digits, text)}
        return not told or not serials or not told.isdisjoint(serials)

    def facts(self, sha256: str = "") -> CertificateFacts:
        """As far as the list tells them."""
        serial = re.sub(r"[:\s]", "", self.serial).lower().lstrip("0")
        return CertificateFacts(
            subject=f"CN={self.common_name}" if self.common_name else "",
            names=(),
            issuer=self.issuer,
            not_before=self.not_before,
            not_after=self.not_after,
            algorithm=self.algorithm or "unknown",
            key_size=None,
            sha256=sha256,
            sha1=None,
            serial=serial or None,
        )


@dataclass(frozen=True)
class CreateRepository:
    repository: Repository

    def sentence(self) -> str:
        return f"CreateWarehouse: {self.repository.name} for uploaded CA certificates in CAS {self.repository.site}"


@dataclass(frozen=True)
class UploadCaCertificate:
    """:param pem: all of its certificates."""

    authority: StoredAuthority
    pem: str = field(repr=False)

    def sentence(self) -> str:
        one = self.authority
        return (
            f"UploadPCACert: {one.content.label()} to repository {one.repository.name} of CAS {one.repository.site} as"
            f" {one.name}"
        )


@dataclass(frozen=True)
class DeleteCaCertificate:
    authority: StoredAuthority

    def sentence(self) -> str:
        one = self.authority
        return f"DeletePCACert: {one.content.label()}, {one.identifier} in repository {one.repository.name}"


def chosen_name(name: str | None, content: Content) -> str:
    """The user's name, or one that tells the certificate apart from its predecessors."""
    if name is not None:
        return name
    mark = content.mark
    found = _CN.search(content.facts.subject)
    common = re.sub(r"[^A-Za-z0-9._-]+", "-", found[1] if found else "").strip("-.")
    return f"{(common or 'ca')[: _LONGEST_NAME - len(mark) - 1]}-{mark}"


def plan_present(
    stored: StoredAuthority | None, *, wanted: Content, repository: Repository, name: str | None, pem: str
) -> Plan[StoredAuthority]:
    """
    Plan a CA certificate that is in CAS.

    :param stored: the copy of it that CAS has.
    :param repository: where to upload it to if there is none; without a number, it is created before.
    """
    if stored is not None:
        there = replace(stored, content=wanted)
        return Plan(before=there, after=there)
    after = StoredAuthority(wanted, repository, chosen_name(name, wanted))
    first: tuple[Step, ...] = () if repository.number is not None else (CreateRepository(repository),)
    return Plan(before=None, after=after, steps=(*first, UploadCaCertificate(after, pem)))


def plan_absent(stored: Sequence[StoredAuthority]) -> Plan[StoredAuthority]:
    """Plan that CAS holds none of these copies. Their repositories stay, even if they are empty then."""
    if not stored:
        return Plan(before=None, after=None)
    return Plan(before=stored[0], after=None, steps=tuple(DeleteCaCertificate(one) for one in stored))


def pem_fingerprints(text: str) -> frozenset[str]:
    """SHA-256 of the certificates in a PEM text that CAS gave; what cannot be decoded is none."""
    found = set()
    for block in _CERTIFICATE.finditer(text):
        try:
            found.add(hashlib.sha256(base64.b64decode("".join(block[1].split()), validate=True)).hexdigest())
        except ValueError:
            continue
    return frozenset(found)


def utc_of(milliseconds: t.Any) -> str:
    """C(2026-11-23T00:00:00Z) from the API's milliseconds; empty if it tells none."""
    if not isinstance(milliseconds, int) or not 0 < milliseconds < 253402300800000:
        return ""
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc).replace(tzinfo=None)
    return f"{moment.isoformat(timespec='seconds')}Z"


def named(repositories: Iterable[Repository], name: str) -> list[Repository]:
    """Those of this very name, oldest first; whether CAS lets several have one name is not documented."""
    return sorted((one for one in repositories if one.name == name), key=lambda one: one.number or 0)


def in_order_of_choice(
    found: Iterable[ListedAuthority], *, prefer: str | None = None, repositories: Collection[int | None] = ()
) -> list[ListedAuthority]:
    """
    Which copy to take first: the preferred one, then those in these repositories, then the oldest.

    :param prefer: identifier.
    """
    return sorted(found, key=lambda one: (one.identifier != prefer, one.repository not in repositories, one.identifier))


def _without_names(shown: dict[str, t.Any]) -> dict[str, t.Any]:
    """Host names are of no use to a CA."""
    return {name: value for name, value in shown.items() if name != "names"}
