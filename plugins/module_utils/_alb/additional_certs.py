# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The additional server certificates of a listener, which it serves to clients that ask for their names (SNI)."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .._core.errors import InputError
from .._core.plan import Plan, Step
from .._x509.names import same_names
from .certificate import Certificate, in_order
from .coverage import check_coverage
from .listener import CERTIFICATE_PROTOCOLS, Listener

Certificates = frozenset[Certificate]
Wanted = t.Literal["present", "absent", "exact"]

# What one call takes, to add and to remove alike.
BATCH = 15

# The quota of a load balancer that is not Basic, and the most that it can be raised to.
QUOTA = 25
MOST = 300


@dataclass(frozen=True)
class AdditionalCertificates:
    """
    The certificates of a listener.

    :param listener_id: None if the listener does not exist yet (check mode).
    :param certificates: the additional ones only.
    :param default: what is served to clients that no additional one is for.
    :param needs_free_slots: of a state that is planned: how many certificates more than now the load balancer has to
        take for a moment.
    """

    listener_id: str | None
    certificates: Certificates
    default: Certificates = frozenset()
    needs_free_slots: int | None = field(default=None, compare=False)

    def title(self) -> str:
        return f"additional certificates of listener {self.listener_id or 'that is only planned'}"

    def to_dict(self) -> dict[str, t.Any]:
        slots = {} if self.needs_free_slots is None else {"needs_free_slots": self.needs_free_slots}
        return {
            "id": self.listener_id,
            "certificates": [one.to_dict() for one in in_order(self.certificates)],
            "default_certificates": [one.to_dict() for one in in_order(self.default)],
            **slots,
        }

    def summary(self) -> dict[str, t.Any]:
        return {"certificates": [one.summary() for one in in_order(self.certificates)]}


@dataclass(frozen=True)
class Associate:
    """
    Add certificates; at most BATCH.

    :param listener_id: None if the listener is only planned.
    :param slots: how many the load balancer has to have free for this and what the plan adds before and after it.
    """

    listener_id: str | None
    certificates: Certificates
    slots: int | None = None

    def sentence(self) -> str:
        return f"AssociateAdditionalCertificatesWithListener: add {_told(self.certificates)}"


@dataclass(frozen=True)
class Dissociate:
    """Take additional certificates away; at most BATCH."""

    listener_id: str | None
    certificates: Certificates

    def sentence(self) -> str:
        return f"DissociateAdditionalCertificatesFromListener: remove {_told(self.certificates)}"


def planned_certificates(listener: Listener) -> AdditionalCertificates:
    """
    The state of a listener that does not exist yet.

    :raises InputError: if the listener's protocol has no certificates.
    """
    if listener.protocol not in CERTIFICATE_PROTOCOLS:
        raise InputError(f"The listener is an {listener.title()}; only HTTPS and QUIC listeners have certificates.")
    return AdditionalCertificates(None, frozenset(), listener.certificates)


def plan(
    current: AdditionalCertificates,
    wanted: Certificates,
    *,
    state: Wanted,
    superseded: Certificates = frozenset(),
    quota: int = MOST,
) -> Plan[AdditionalCertificates]:
    """
    Plan the additional certificates; all are added before any is removed, and default ones are never touched.

    :param state: present adds those that are wanted, absent removes them, exact does the one and removes all others.
    :param superseded: what has to go because of those that are wanted; see superseded_by().
    :param quota: how many the load balancer is thought to be allowed on all of its listeners; what the others have, and
        whether the quota was raised, only the API knows.
    :raises InputError: if a default certificate is wanted, present or absent; or if they would be too many.
    """
    _check_defaults(current, wanted, state)
    there = current.certificates
    gone = {"present": superseded - wanted, "absent": wanted, "exact": there - wanted}[state] & there
    new = frozenset() if state == "absent" else wanted - there
    # One that is exceeded already is no longer the quota: the API judges then.
    if new and len(there) <= quota < len(there | new):
        raise InputError(
            f"{current.listener_id or 'The listener'} would have {len(there | new)} additional certificates for a"
            f" moment: {len(there)} are in use on it, and {len(new)} are to be added before any is removed. The quota"
            f" of the load balancer, for all of its listeners, is taken to be {quota}; nothing was changed. Remove what"
            " is not needed any more, or have the quota raised and say so with certificate_quota:"
            " alb_quota_loadbalancer_certificates_num_standard_edition can be up to 300, ..._basic_edition up to 150."
        )
    after = replace(current, certificates=(there | new) - gone, needs_free_slots=len(new))
    steps: tuple[Step, ...] = (
        *(Associate(current.listener_id, some, len(new)) for some in _batches(new)),
        *(Dissociate(current.listener_id, some) for some in _batches(gone)),
    )
    return Plan(before=current, after=after, steps=steps)


def namesakes(wanted: Certificates, others: Certificates) -> Certificates:
    """Those others that have the very same names as one that is wanted; which says nothing of their algorithms."""
    return frozenset(one for one in others - wanted if any(_same_names(one, new) for new in wanted))


def superseded_by(wanted: Certificates, others: Certificates) -> Certificates:
    """
    Those others that have the same names and the same algorithm as one that is wanted, and are not valid longer.

    What is not known never matches: an empty list of names has once made a tool remove everything.
    """
    return frozenset(one for one in others - wanted if any(_supersedes(new, one) for new in wanted))


def check_names_left(made: Plan[AdditionalCertificates]) -> None:
    """
    See to it that every host name that is served now still has a certificate that matches it.

    :raises InputError: if not, or if that cannot be told.
    """
    before, after = made.before, made.after
    if before is None or after is None:
        return
    check_coverage(before.certificates - after.certificates, after.certificates | after.default)


def _check_defaults(current: AdditionalCertificates, wanted: Certificates, state: Wanted) -> None:
    both = in_order(one for one in wanted if one in current.default)
    if not both:
        return
    what = f"{_told(both)} {'is' if len(both) == 1 else 'are'} the default of {current.listener_id or 'the listener'}"
    if state == "absent":
        raise InputError(
            f"{what}, which cannot be removed but only replaced: with alicloud.tls.alb_listener_cert. Nothing was"
            " changed."
        )
    raise InputError(
        f"{what}, and served already. ALB does not take a certificate as default and as additional one at once: leave"
        " it out here. Nothing was changed."
    )


def _batches(certificates: Certificates) -> list[Certificates]:
    ordered = in_order(certificates)
    return [frozenset(ordered[begin : begin + BATCH]) for begin in range(0, len(ordered), BATCH)]


def _names(certificate: Certificate) -> tuple[str, ...]:
    return certificate.facts.names if certificate.facts else ()


def _same_names(one: Certificate, other: Certificate) -> bool:
    return same_names(_names(one), _names(other))


def _supersedes(new: Certificate, old: Certificate) -> bool:
    if _algorithm(old) is None or _algorithm(old) != _algorithm(new) or not _same_names(old, new):
        return False
    return old.facts is not None and new.facts is not None and old.facts.outlasts(new.facts) is False


def _algorithm(certificate: Certificate) -> str | None:
    """None if nobody knows."""
    found = certificate.facts.algorithm if certificate.facts else "unknown"
    return None if found == "unknown" else found


def _told(certificates: Iterable[Certificate]) -> str:
    return " and ".join(one.label() for one in in_order(certificates))
