# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Server certificates in CAS. Content is their identity: the same certificate is never uploaded twice."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from .._core.errors import InputError
from .._core.plan import Plan, Step
from .._x509.facts import CertificateFacts
from .._x509.names import same_names

LONGEST_NAME = 63  # Sources say 63, 64 and 128.
_MARK = 12  # Digits of the fingerprint in a name.


@dataclass(frozen=True)
class StoredCertificate:
    """
    A certificate in CAS, or about to be there.

    :param number: what the CAS API takes.
    :param id: what ALB takes, such as C(12345678-cn-hangzhou).
    :param site: CAS site.
    :param tags: None if nobody has asked.
    :param instance_id: what the tag actions take, such as C(cas-upload-50yf1q).
    :param uploaded: false if it was bought; None if that is not known.
    :param expired: what CAS says; None if it does not.
    :param products: the cloud products that use it, as far as CAS knows; None if nobody has asked.
    """

    name: str
    site: str
    facts: CertificateFacts
    number: int | None = field(default=None, compare=False)
    id: str | None = field(default=None, compare=False)
    tags: Mapping[str, str] | None = field(default=None, hash=False)
    instance_id: str | None = field(default=None, compare=False)
    resource_group_id: str | None = field(default=None, compare=False)
    uploaded: bool | None = field(default=None, compare=False)
    expired: bool | None = field(default=None, compare=False)
    products: tuple[str, ...] | None = field(default=None, compare=False)

    def located(self, stored: StoredCertificate) -> StoredCertificate:
        """This certificate with the numbers that CAS gave it. CAS tells less of the content than the PEM does."""
        return replace(self, number=stored.number, id=stored.id, instance_id=stored.instance_id)

    def is_expired(self, now: datetime) -> bool:
        """Dates of CAS are days of a time zone that nobody tells; what it says of the day itself counts more."""
        return bool(self.expired) or self.facts.is_expired(now)

    def title(self) -> str:
        return f"certificate in CAS {self.site}"

    def label(self) -> str:
        return f"{self.facts.label()}, {self.id or self.number} ({self.name})"

    def to_dict(self) -> dict[str, t.Any]:
        return {
            "id": self.id,
            "certificate_id": self.number,
            "name": self.name,
            "site": self.site,
            **self.facts.to_dict(),
            "tags": None if self.tags is None else dict(self.tags),
        }

    def summary(self) -> dict[str, t.Any]:
        tags = None if self.tags is None else dict(self.tags)
        return {"name": self.name, "site": self.site, **self.facts.summary(), "tags": tags}


@dataclass(frozen=True)
class Kept:
    """
    A certificate that CAS is to keep, and what becomes of those before it.

    :param retired: older ones that were deleted, or are about to be.
    """

    certificate: StoredCertificate
    retired: tuple[StoredCertificate, ...] = ()

    def title(self) -> str:
        return self.certificate.title()

    def to_dict(self) -> dict[str, t.Any]:
        return {**self.certificate.to_dict(), "retired": [one.to_dict() for one in self.retired]}

    def summary(self) -> dict[str, t.Any]:
        return {**self.certificate.summary(), "retired": [one.label() for one in self.retired]}


@dataclass(frozen=True)
class Upload:
    """
    :param pem: leaf first, then the chain.
    :param key_in_url: send PEM and key as the official SDK does, and not in the body.
    """

    certificate: StoredCertificate
    pem: str = field(repr=False)
    private_key: str = field(repr=False)
    key_in_url: bool = False

    def sentence(self) -> str:
        found = self.certificate
        tagged = f", tagged {_shown(found.tags)}" if found.tags else ""
        return f"UploadUserCertificate: {found.facts.label()} to CAS {found.site} as {found.name}{tagged}"


@dataclass(frozen=True)
class Delete:
    certificate: StoredCertificate

    def sentence(self) -> str:
        return f"DeleteUserCertificate: {self.certificate.label()}"


@dataclass(frozen=True)
class Tag:
    """:param tags: those that are new or get another value."""

    certificate: StoredCertificate
    tags: Mapping[str, str]

    def sentence(self) -> str:
        return f"TagResources: set {_shown(self.tags)} on {self.certificate.label()}"


@dataclass(frozen=True)
class Untag:
    certificate: StoredCertificate
    keys: tuple[str, ...]

    def sentence(self) -> str:
        return f"UntagResources: remove {', '.join(self.keys)} from {self.certificate.label()}"


def _shown(tags: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))


def with_mark(name: str, facts: CertificateFacts) -> str:
    """A name that tells the certificate apart from its predecessors, and is not too long for CAS."""
    mark = facts.sha256[:_MARK]
    return f"{name[: LONGEST_NAME - len(mark) - 1]}-{mark}"


def chosen_name(name: str | None, facts: CertificateFacts) -> str:
    """The user's name, or one that is made of the certificate's first name."""
    return name if name is not None else with_mark(facts.names[0] if facts.names else "certificate", facts)


def free_name(
    name: str, facts: CertificateFacts, taken: Mapping[str, int], *, on_conflict: str, site: str
) -> tuple[str, int | None]:
    """
    What to call an upload whose content CAS does not have.

    :param name: that the user wants.
    :param taken: number of the certificate that has it, for the names in use.
    :param on_conflict: C(suffix), C(fail) or C(replace).
    :returns: the name, and the number of the certificate that has to be deleted first, if there is one.
    :raises InputError: if the name cannot be had.
    """
    holder = taken.get(name)
    if holder is None:
        return name, None
    if on_conflict == "replace":
        return name, holder
    marked = with_mark(name, facts)
    if on_conflict == "suffix" and marked not in taken:
        return marked, None
    raise InputError(
        f"CAS {site} already has another certificate named {marked if on_conflict == 'suffix' else name!r} (number"
        f" {taken.get(marked) if on_conflict == 'suffix' else holder}), and names cannot be used twice. Leave out name"
        " to have one made from each certificate, or see on_name_conflict."
    )


def in_use(certificate: StoredCertificate, listeners: Sequence[str]) -> str | None:
    """
    What uses a certificate, in words; None if nothing is known to.

    :param listeners: labels of the listeners that do.
    """
    users = [*(certificate.products or ()), *listeners]
    return ", ".join(dict.fromkeys(users)) or None


def check_deletable(certificate: StoredCertificate, users: str | None) -> None:
    """:raises InputError: if something uses the certificate."""
    if users:
        raise InputError(
            f"{certificate.label()} is in use by {users}; it was not deleted, and nothing was changed. Have another"
            " certificate used there first (alicloud.tls.alb_listener_cert, alicloud.tls.alb_additional_cert), or set"
            " force to ask the API to delete it all the same."
        )


def superseded(
    given: CertificateFacts, others: Iterable[StoredCertificate], *, now: datetime, after_days: int
) -> list[StoredCertificate]:
    """
    The uploaded certificates that have had their day, oldest first.

    Those have that are for the same names and of the same algorithm as C(given), began before it, and are expired or
    were followed by a newer one more than C(after_days) ago. When a certificate was uploaded CAS does not tell, so the
    beginning of its validity counts.

    :param given: of the certificate that stays; it must be good itself, or nothing is superseded.
    """
    start = _start(given)
    if start is None or given.is_expired(now) or given.is_not_yet_valid(now):
        return []
    family = [
        (begun, one)
        for one in others
        if one.uploaded
        and one.facts.sha256 != given.sha256
        and one.facts.algorithm == given.algorithm
        and same_names(one.facts.names, given.names)
        and (begun := _start(one.facts)) is not None
    ]
    found = []
    for begun, one in family:
        followed = min([start, *(other for other, _one in family if other > begun)])
        gone_by = now.date() - followed > timedelta(days=after_days)
        if begun < start and (one.is_expired(now) or gone_by):
            found.append(one)
    return sorted(found, key=lambda one: one.number or 0)


def _start(facts: CertificateFacts) -> date | None:
    try:
        return date.fromisoformat(facts.not_before[:10])
    except ValueError:
        return None


def plan_present(
    found: StoredCertificate | None,
    wanted: StoredCertificate,
    *,
    upload: Upload | None,
    replaced: StoredCertificate | None = None,
    retired: Sequence[StoredCertificate] = (),
) -> Plan[Kept]:
    """
    Plan a certificate that is in CAS.

    :param found: the copy of this content that CAS holds.
    :param wanted: with the facts of its PEM, which are more exact than what CAS tells.
    :param upload: how to bring it there; None without a private key.
    :param replaced: a certificate of other content that has its name; it is deleted first, as names are unique.
    :param retired: older certificates that are to go, once this one is there.
    """
    later = tuple(Delete(one) for one in retired)
    after = Kept(wanted, tuple(retired))
    if found is not None:
        there = replace(found, facts=wanted.facts, tags=found.tags or {})
        return Plan(before=Kept(there), after=after, steps=(*_tag_steps(there, wanted.tags or {}), *later))
    if upload is None:
        raise InputError(
            f"{wanted.facts.label()} is not in CAS {wanted.site} yet; private_key or private_key_path is needed to"
            " upload it."
        )
    first = (Delete(replaced),) if replaced else ()
    return Plan(before=Kept(replaced) if replaced else None, after=after, steps=(*first, upload, *later))


def _tag_steps(there: StoredCertificate, afterwards: Mapping[str, str]) -> list[Step]:
    before = there.tags or {}
    gone = tuple(sorted(set(before) - set(afterwards)))
    new = {key: value for key, value in afterwards.items() if before.get(key) != value}
    # Removals first: a certificate has room for so many only.
    steps: list[Step] = [Untag(there, gone)] if gone else []
    return [*steps, Tag(there, new)] if new else steps


def plan_absent(found: list[StoredCertificate]) -> Plan[Kept]:
    """Plan that CAS holds no copy of a certificate."""
    if not found:
        return Plan(before=None, after=None)
    return Plan(before=Kept(found[0]), after=None, steps=tuple(Delete(one) for one in found))
