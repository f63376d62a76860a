# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The default server certificates of a listener: one, or one RSA and one ECC."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from .._core.errors import InputError
from .._core.plan import Plan, Step
from .additional_certs import Associate, Dissociate
from .certificate import Certificate, check_default_set, in_order
from .listener import CERTIFICATE_PROTOCOLS, Listener, UpdateListener


@dataclass(frozen=True)
class DefaultCertificates:
    """
    What a listener serves to clients that no additional certificate matches.

    :param listener_id: None if the listener does not exist yet (check mode).
    """

    listener_id: str | None
    load_balancer_id: str
    protocol: str
    port: int
    certificates: frozenset[Certificate]

    def with_certificates(self, certificates: frozenset[Certificate]) -> DefaultCertificates:
        return replace(self, certificates=certificates)

    def title(self) -> str:
        return f"default certificates of the {self.protocol} listener on port {self.port} of {self.load_balancer_id}"

    def to_dict(self) -> dict[str, t.Any]:
        return {
            "id": self.listener_id,
            "load_balancer_id": self.load_balancer_id,
            "protocol": self.protocol,
            "port": self.port,
            "certificates": [one.to_dict() for one in in_order(self.certificates)],
        }

    def summary(self) -> dict[str, t.Any]:
        return {"certificates": [one.summary() for one in in_order(self.certificates)]}


@dataclass(frozen=True)
class Withdraw(Dissociate):
    """Additional certificates that are to become default; additional again if that is refused."""

    def reversal(self) -> Step:
        return Associate(self.listener_id, self.certificates)


def default_certificates(listener: Listener) -> DefaultCertificates:
    """
    The state of a listener that this is about.

    :raises InputError: if the listener's protocol has no certificates.
    """
    if listener.protocol not in CERTIFICATE_PROTOCOLS:
        raise InputError(f"{listener.id} is an {listener.title()}; only HTTPS and QUIC listeners have certificates.")
    return DefaultCertificates(
        listener_id=listener.id,
        load_balancer_id=listener.load_balancer_id,
        protocol=listener.protocol,
        port=listener.port,
        certificates=listener.certificates,
    )


def wanted_set(current: frozenset[Certificate], given: frozenset[Certificate]) -> frozenset[Certificate]:
    """
    The default set in which what is given replaces only what is of the same algorithm.

    :raises InputError: if the algorithm of a certificate is not known.
    """
    for one in in_order(given | current):
        if one.facts is None or one.facts.algorithm == "unknown":
            raise InputError(
                f"algorithm_scope is same, but CAS does not tell the algorithm of {one.label()}. Name the whole default"
                " set in certificates, and leave out algorithm_scope."
            )
    replaced = {one.facts.algorithm for one in given if one.facts}
    return given | {one for one in current if one.facts and one.facts.algorithm not in replaced}


def plan(
    current: DefaultCertificates, wanted: frozenset[Certificate], additional: frozenset[Certificate] = frozenset()
) -> Plan[DefaultCertificates]:
    """
    Replace the whole default set in one write; the old set is served until the new one is.

    :param additional: those additional certificates of the listener that are known. ALB does not take a certificate as
        additional and default at once, so one that is to become default is dissociated just before.
    """
    check_default_set(wanted)
    if current.certificates == wanted:
        return Plan(before=current, after=current)
    steps: list[Step] = []
    promoted = frozenset(one for one in wanted if one in additional)
    if promoted and current.listener_id is not None:
        steps.append(Withdraw(current.listener_id, promoted))
    steps.append(UpdateListener(current.listener_id, {"certificates": wanted}))
    return Plan(before=current, after=current.with_certificates(wanted), steps=tuple(steps))
