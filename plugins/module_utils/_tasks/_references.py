# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""What tasks with options that name certificates share: which they are, and what is known of them."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable
from dataclasses import replace

from .._alb.certificate import Certificate, check_validity, in_order, number_of, site_of
from .._alb.reference import Reference, read_reference
from .._ansible.task import Run
from .._cas.choice import newest_for
from .._core.errors import ApiError, InputError, NotFoundError
from .._x509.facts import CertificateFacts

if t.TYPE_CHECKING:
    from .._cas.certificate import StoredCertificate

Certificates = frozenset[Certificate]


def wanted_certificates(run: Run, values: Iterable[object], bound: Certificates) -> Certificates:
    """
    The certificates that an option names.

    What is bound already is not asked about, so that a task with nothing to do makes no call for it.

    :param bound: what the listener has now.
    :raises InputError: if one is named twice, is none, may be several, or has expired.
    :raises NotFoundError: if CAS has none that is meant.
    """
    references = [read_reference(value) for value in values]
    _ask_for_many(run, references, bound)
    found = [_resolve(run, reference, bound) for reference in references]
    twice = sorted({one.label() for one in found if found.count(one) > 1})
    if twice:
        raise InputError(f"certificates names the same certificate twice: {', '.join(twice)}.")
    if not run.params["allow_expired"]:
        for one in found:
            if one not in bound:
                check_validity(one, run.now)
    return frozenset(found)


def with_facts(run: Run, certificates: Certificates, *known: Certificates) -> Certificates:
    """
    The same certificates, with the facts that other sets have of them, or else what CAS tells.

    :raises ApiError: if CAS does not tell.
    """
    found = with_known_facts(certificates, *known)
    sites: dict[str, set[int]] = {}
    for one in found:
        site, number = site_of(one.id or ""), number_of(one.id or "")
        if one.facts is None and site is not None and number is not None:
            sites.setdefault(site, set()).add(number)
    told: dict[str, CertificateFacts] = {}
    for site, numbers in sorted(sites.items()):
        facts = run.cloud.certificates(site).known(numbers)
        told.update({f"{number}-{site}": one for number, one in facts.items()})
    return frozenset(one if one.facts else replace(one, facts=told.get(one.id or "")) for one in found)


def with_facts_if_told(run: Run, certificates: Certificates, *known: Certificates) -> Certificates:
    """
    Like with_facts(), for certificates that are there already.

    An account that may not read CAS does not stop the change; they are shown by identifier then.
    """
    try:
        return with_facts(run, certificates, *known)
    except (ApiError, NotFoundError):
        return with_known_facts(certificates, *known)


def with_known_facts(certificates: Certificates, *known: Certificates) -> Certificates:
    """The same certificates, with the facts that other sets have of them. No call is made."""
    facts = {one.key: one.facts for some in known for one in some if one.facts}
    return frozenset(replace(one, facts=one.facts or facts.get(one.key)) for one in certificates)


def same_content(one: Certificates, other: Certificates) -> bool:
    """Whether both are the same certificates, perhaps as other copies in CAS."""
    contents = [{single.facts and single.facts.sha256 for single in some} for some in (one, other)]
    return contents[0] == contents[1] and None not in contents[0]


def _ask_for_many(run: Run, references: Iterable[Reference], bound: Certificates) -> None:
    """Read at once what else would be read one by one."""
    ids = {one.id for one in bound}
    wanted = {each.id for each in references if each.id and each.facts is None and each.id not in ids}
    sites: dict[str, set[int]] = {}
    for identifier in wanted:
        site, number = site_of(identifier), number_of(identifier)
        if site is not None and number is not None:
            sites.setdefault(site, set()).add(number)
    for site, numbers in sorted(sites.items()):
        run.cloud.certificates(site).known(numbers)


def _resolve(run: Run, reference: Reference, bound: Certificates) -> Certificate:
    if reference.id is not None:
        one = Certificate(reference.id, reference.facts)
        if one in bound or one.facts is not None:
            return one
        return _by_identifier(run, reference.id)
    if reference.number is not None:
        stored = run.cloud.certificates().certificate(int(reference.number))
        return Certificate(stored.id, stored.facts)
    copies = copies_of(run, reference)
    if not copies and reference.facts is not None and run.check_mode:
        return Certificate(None, reference.facts)
    if not copies:
        raise not_found(run, reference)
    ids = {one.id for one in bound}
    chosen = next((one for one in copies if one.id in ids), copies[0])
    if chosen.id is None and chosen.number is not None:
        # Only the API knows what ALB calls it.
        chosen = run.cloud.certificates().certificate(chosen.number)
    return Certificate(chosen.id, reference.facts or chosen.facts)


def copies_of(run: Run, reference: Reference) -> list[StoredCertificate]:
    """
    All copies in CAS of a certificate that is named by something else than identifier or number.

    :raises InputError: if it may be several certificates.
    """
    copies = _copies(run, reference)
    if len({one.facts.sha256 for one in copies}) > 1:
        raise _ambiguous(reference, copies)
    return copies


def _copies(run: Run, reference: Reference) -> list[StoredCertificate]:
    """What CAS has of what is meant; more than one content if that may be several certificates."""
    store = run.cloud.certificates()
    if reference.sha256 is not None:
        return store.copies(reference.sha256, facts=reference.facts)
    if reference.domain is not None:
        return newest_for(store.everything(expired=False), reference.domain, run.now, algorithm=reference.algorithm)
    for expired in (False, True):
        # Most are not; those that are cost further calls.
        found = [
            one
            for one in store.everything(expired=expired)
            if (one.name == reference.name if reference.name is not None else one.facts.sha1 == reference.sha1)
        ]
        if found:
            return sorted(found, key=lambda one: one.number or 0)
    return []


def _by_identifier(run: Run, identifier: str) -> Certificate:
    number = number_of(identifier) or 0
    store = run.cloud.certificates(site_of(identifier))
    facts = store.known({number}).get(number)
    return Certificate(identifier, facts or store.certificate(number).facts)


def not_found(run: Run, reference: Reference) -> NotFoundError:
    """That CAS has no certificate that is meant."""
    site = run.cloud.access.site()
    if reference.domain is not None:
        kind = f"{reference.algorithm} certificate" if reference.algorithm else "certificate"
        return NotFoundError(f"CAS {site} has no valid {kind} that covers {reference.domain}.")
    if reference.name is not None:
        return NotFoundError(
            f"CAS {site} has no certificate named {reference.text}, and it is no identifier (12345678-cn-hangzhou),"
            " number or fingerprint either."
        )
    hint = " Upload it with alicloud.tls.cas_certificate first." if reference.facts else ""
    return NotFoundError(f"CAS {site} has no certificate that is {reference.text}.{hint}")


def _ambiguous(reference: Reference, copies: Iterable[StoredCertificate]) -> InputError:
    candidates = in_order(Certificate(one.id, one.facts) for one in copies if one.id)
    listed = "; ".join(f"{one.id}: {one.label()}" for one in candidates)
    hint = ", or add the algorithm, as in domain:www.example.com/ECC" if reference.domain else ""
    return InputError(f"{reference.text} may be several certificates: {listed}. Give the identifier of one{hint}.")
