# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Mutual authentication of a listener: whether clients need a certificate, and which CA has to have signed it."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from .._core.errors import InputError
from .._core.plan import Plan, Step
from .._x509.facts import CertificateFacts
from .balancer import LoadBalancer
from .certificate import Certificate, check_validity
from .listener import Listener, UpdateListener

# Identifiers of CAs are opaque: UUIDs, 32 hexadecimal digits, and older forms. None that is known is as long as a line
# of a private key, which might be given by mistake and must not be sent or repeated.
_IDENTIFIER = re.compile(r"[0-9A-Za-z_.:-]{1,63}")


@dataclass(frozen=True, eq=False)
class CaReference:
    """
    A CA certificate of CAS, or one about to be there; several that were uploaded as one count as one.

    Two are the same if they have the same identifier. What is known of the content does not count.

    :param id: what ALB takes, such as C(1ed65580-7e33-6a50-8630-dd13fdc009ee); None if it is not uploaded yet.
    :param facts: None if nobody has told them.
    :param others: of the further certificates of a bundle.
    """

    id: str | None
    facts: CertificateFacts | None = None
    others: tuple[CertificateFacts, ...] = ()

    def __post_init__(self) -> None:
        if self.id is None and self.facts is None:
            raise ValueError("a CA certificate without an identifier needs facts")

    @property
    def fingerprints(self) -> frozenset[str]:
        """SHA-256 of each certificate; none if nobody has told them."""
        return frozenset(one.sha256 for one in (self.facts, *self.others) if one)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CaReference) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> str | frozenset[str]:
        return self.fingerprints if self.id is None else self.id

    def to_dict(self) -> dict[str, t.Any]:
        if self.facts is None:
            return {"id": self.id}
        others = [_without_names(one.to_dict()) for one in self.others]
        return {"id": self.id, **_without_names(self.facts.to_dict()), "others": others}

    def summary(self) -> dict[str, t.Any]:
        """Without the identifier if more is known: before the upload nobody knows it."""
        if self.facts is None:
            return {"id": self.id}
        others = [_without_names(one.summary()) for one in sorted(self.others, key=lambda one: one.sha256)]
        return {**_without_names(self.facts.summary()), **({"others": others} if others else {})}

    def label(self) -> str:
        return " and ".join(one.label() for one in (self.facts, *self.others) if one) or str(self.id)


@dataclass(frozen=True)
class MutualAuth:
    """
    Mutual authentication of a listener.

    :param listener_id: None if the listener does not exist yet (check mode).
    :param ca_certificate: the CA in use; None if it is disabled, whatever the API still shows then.
    :param remembered: the CA that the API still shows although it is disabled; whether it does is not documented.
    """

    listener_id: str | None
    load_balancer_id: str
    protocol: str
    port: int
    enabled: bool = False
    ca_certificate: CaReference | None = None
    remembered: CaReference | None = field(default=None, compare=False)

    def title(self) -> str:
        return f"mutual authentication of the {self._where()}"

    def label(self) -> str:
        """For messages."""
        return f"{self.listener_id} (the {self._where()})" if self.listener_id else f"the {self._where()}"

    def to_dict(self) -> dict[str, t.Any]:
        return {
            "id": self.listener_id,
            "load_balancer_id": self.load_balancer_id,
            "protocol": self.protocol,
            "port": self.port,
            "ca_enabled": self.enabled,
            "ca_certificate": self.ca_certificate.to_dict() if self.ca_certificate else None,
        }

    def summary(self) -> dict[str, t.Any]:
        return {
            "ca_enabled": self.enabled,
            "ca_certificate": self.ca_certificate.summary() if self.ca_certificate else None,
        }

    def knowing(self, *known: CaReference | None) -> MutualAuth:
        """The same, with what is known of its CA from elsewhere."""
        found = next((one for one in known if one is not None and one.facts and one == self.ca_certificate), None)
        return replace(self, ca_certificate=found) if found else self

    def _where(self) -> str:
        return f"{self.protocol} listener on port {self.port} of {self.load_balancer_id}"


def mutual_auth(listener: Listener) -> MutualAuth:
    """The state of a listener that this is about; HTTP and QUIC listeners have it disabled."""
    ca = CaReference(listener.ca_certificate_id) if listener.ca_certificate_id else None
    enabled = bool(listener.ca_enabled)
    return MutualAuth(
        listener_id=listener.id,
        load_balancer_id=listener.load_balancer_id,
        protocol=listener.protocol,
        port=listener.port,
        enabled=enabled,
        ca_certificate=ca if enabled else None,
        remembered=None if enabled else ca,
    )


def read_ca_reference(value: object) -> CaReference:
    """
    Understand an option that takes a CA certificate. Only what is planned in check mode has no identifier.

    :raises InputError: if it is none of the forms.
    """
    if isinstance(value, Mapping):
        identifier = str(value.get("identifier") or value.get("id") or "").strip()
        facts = CertificateFacts.from_dict(value) if value.get("sha256") else None
        others = tuple(CertificateFacts.from_dict(one) for one in value.get("others") or () if isinstance(one, Mapping))
        if (identifier and _IDENTIFIER.fullmatch(identifier)) or (facts and not identifier):
            return CaReference(identifier or None, facts, others if facts else ())
    else:
        identifier = str(value).strip()
        if _IDENTIFIER.fullmatch(identifier):
            return CaReference(identifier)
    # Whatever it is, it may be a key that was given by mistake.
    raise InputError(
        "ca_certificate does not name a CA certificate: give the identifier of a private CA or of an uploaded CA"
        " certificate (such as 1ed65580-7e33-6a50-8630-dd13fdc009ee), or what alicloud.tls.cas_ca_certificate returned"
        " as ca_certificate. The text of a certificate is not taken for it; upload that with"
        " alicloud.tls.cas_ca_certificate first."
    )


@dataclass(frozen=True)
class SetMutualAuth(UpdateListener):
    """
    Switches mutual authentication, or replaces its CA.

    :param ca_certificate: the one in C(settings), with what is known of it.
    :param replaces: whether it was enabled before.
    """

    ca_certificate: CaReference | None = None
    replaces: bool = False

    def sentence(self) -> str:
        if not self.settings["ca_enabled"]:
            return "UpdateListenerAttribute: disable mutual authentication"
        ca = f" the CA {self.ca_certificate.label()}" if self.ca_certificate else ""
        if self.replaces:
            return f"UpdateListenerAttribute: replace the CA of mutual authentication with{ca}"
        return f"UpdateListenerAttribute: enable mutual authentication{' with' if ca else ''}{ca}"


@dataclass(frozen=True)
class Restore(SetMutualAuth):
    """Enables mutual authentication as it was before an Interrupt."""


@dataclass(frozen=True)
class Interrupt(SetMutualAuth):
    """
    Disables mutual authentication only for the next write to be possible.

    :param old: the CA to enable it with again.
    """

    old: CaReference | None = None

    def sentence(self) -> str:
        return f"{super().sentence()} for the next write"

    def reversal(self) -> Restore:
        return Restore(listener_id=self.listener_id, settings=_enabled_with(self.old), ca_certificate=self.old)


def plan_enabled(current: MutualAuth, ca_certificate: CaReference | None) -> Plan[MutualAuth]:
    """
    Plan clients that need a certificate.

    :param ca_certificate: None for the one that the listener has.
    :raises InputError: if the listener cannot have mutual authentication, or has no CA and none is given.
    """
    _check_protocol(current)
    if current.enabled:
        return plan_ca(current, ca_certificate) if ca_certificate else Plan(before=current, after=current)
    wanted = ca_certificate or current.remembered
    if wanted is None:
        raise InputError(
            f"ca_certificate is needed to enable mutual authentication of {current.label()}: it has no CA certificate."
        )
    after = replace(current, enabled=True, ca_certificate=wanted)
    return Plan(before=current, after=after, steps=(_enable(current.listener_id, wanted),))


def plan_disabled(current: MutualAuth) -> Plan[MutualAuth]:
    """Plan clients that need no certificate. Nothing else of the listener is sent, so that it stays as it is."""
    if not current.enabled:
        return Plan(before=current, after=current)
    after = replace(current, enabled=False, ca_certificate=None)
    return Plan(before=current, after=after, steps=(SetMutualAuth(current.listener_id, {"ca_enabled": False}),))


def plan_ca(current: MutualAuth, ca_certificate: CaReference, *, uploads: tuple[Step, ...] = ()) -> Plan[MutualAuth]:
    """
    Plan another CA for clients that need a certificate already, in one write to the listener.

    :param uploads: the writes that bring the CA certificate to CAS.
    :raises InputError: if they need none.
    """
    check_enabled(current)
    if current.ca_certificate == ca_certificate:
        known = current.knowing(ca_certificate)
        return Plan(before=known, after=known)
    after = replace(current, ca_certificate=ca_certificate)
    step = _enable(current.listener_id, ca_certificate, replaces=True)
    return Plan(before=current, after=after, steps=(*uploads, step))


def plan_ca_with_interruption(made: Plan[MutualAuth]) -> Plan[MutualAuth]:
    """
    The same change as plan_ca() plans, for an API that does not take it in one write: disabled, and enabled again.

    In between, clients without a certificate are let in.

    :param made: its last write is the one that plan_ca() planned; those before it stay.
    """
    if made.before is None or made.after is None or made.after.ca_certificate is None:
        raise ValueError("not a plan of plan_ca()")
    listener_id = made.before.listener_id
    first = Interrupt(listener_id, {"ca_enabled": False}, old=made.before.ca_certificate)
    second = _enable(listener_id, made.after.ca_certificate)
    return Plan(before=made.before, after=made.after, steps=(*made.steps[:-1], first, second))


def check_enabled(current: MutualAuth) -> None:
    """:raises InputError: with the way out, if a listener has no mutual authentication whose CA could be replaced."""
    _check_protocol(current)
    if not current.enabled:
        raise InputError(
            f"Mutual authentication of {current.label()} is disabled, so that there is no CA to replace. Enable it with"
            " alicloud.tls.alb_mutual_auth, state enabled, which takes the CA as well. Load balancers of the Basic"
            " edition have no mutual authentication."
        )


def check_ca_validity(ca_certificate: CaReference, now: datetime) -> None:
    """:raises InputError: if it, or one that was uploaded with it, is known to be expired or not yet valid."""
    for facts in (ca_certificate.facts, *ca_certificate.others):
        if facts is not None:
            check_validity(Certificate(ca_certificate.id, facts), now)


def check_edition(current: MutualAuth, balancer: LoadBalancer) -> None:
    """:raises InputError: if the edition of the load balancer has no mutual authentication."""
    if balancer.basic:
        raise InputError(
            f"{balancer.label()} is of the Basic edition, which has no mutual authentication; it needs Standard or"
            f" StandardWithWaf. {current.label()} was not changed."
        )


def _check_protocol(current: MutualAuth) -> None:
    if current.protocol != "HTTPS":
        raise InputError(
            f"{current.label()} cannot have mutual authentication: ALB has it for HTTPS listeners only, not for"
            f" {current.protocol}."
        )


def _enable(listener_id: str | None, ca_certificate: CaReference, *, replaces: bool = False) -> SetMutualAuth:
    settings = _enabled_with(ca_certificate)
    return SetMutualAuth(listener_id=listener_id, settings=settings, ca_certificate=ca_certificate, replaces=replaces)


def _enabled_with(ca_certificate: CaReference | None) -> dict[str, t.Any]:
    return {"ca_enabled": True, **({"ca_certificate_id": ca_certificate.id} if ca_certificate else {})}


def _without_names(shown: dict[str, t.Any]) -> dict[str, t.Any]:
    """Host names are of no use to a CA."""
    return {name: value for name, value in shown.items() if name != "names"}
