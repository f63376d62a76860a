# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Listeners: what they are, what is wanted, and the plan between the two."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from .._core.errors import InputError
from .._core.plan import Plan
from .certificate import Certificate, check_default_set, in_order

CERTIFICATE_PROTOCOLS = ("HTTPS", "QUIC")

# What the cloud takes for what CreateListener is not told, as documented.
_DEFAULTS: dict[str, t.Any] = {
    "security_policy_id": "tls_cipher_policy_1_0",
    "http2_enabled": True,
    "gzip_enabled": True,
    "idle_timeout": 15,
    "request_timeout": 60,
    "ca_enabled": False,
}


@dataclass(frozen=True)
class Listener:
    """
    A listener.

    :param id: C(lsn-…); None if it does not exist yet.
    :param status: C(Running), C(Stopped), or one of the states in between.
    :param certificates: the default server certificates only.
    :param idle_timeout: seconds.
    :param request_timeout: seconds.
    :param ca_certificate_id: the CA of mutual authentication; the API may still tell it after that was switched off.
    """

    id: str | None = field(compare=False)
    status: str = field(compare=False)
    load_balancer_id: str
    protocol: str
    port: int
    description: str | None = None
    certificates: frozenset[Certificate] = frozenset()
    security_policy_id: str | None = None
    http2_enabled: bool | None = None
    gzip_enabled: bool | None = None
    idle_timeout: int | None = None
    request_timeout: int | None = None
    server_group_id: str | None = None
    ca_enabled: bool | None = None
    ca_certificate_id: str | None = None

    @property
    def settled(self) -> bool:
        return self.status in ("Running", "Stopped")

    def title(self) -> str:
        return f"{self.protocol} listener on port {self.port} of {self.load_balancer_id}"

    def to_dict(self) -> dict[str, t.Any]:
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**found, "certificates": [one.to_dict() for one in in_order(self.certificates)]}

    def summary(self) -> dict[str, t.Any]:
        found = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("id", "status")}
        return {**found, "certificates": [one.summary() for one in in_order(self.certificates)]}


@dataclass(frozen=True)
class Wishes:
    """What the user said of a listener. None: leave alone, or the cloud's default on creation."""

    description: str | None = None
    certificates: frozenset[Certificate] | None = None
    security_policy_id: str | None = None
    http2_enabled: bool | None = None
    gzip_enabled: bool | None = None
    idle_timeout: int | None = None
    request_timeout: int | None = None
    server_group_id: str | None = None

    def given(self) -> dict[str, t.Any]:
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if value not in {None, ""}}


@dataclass(frozen=True)
class CreateListener:
    """:param settings: what to say of it; the rest is left to the cloud."""

    load_balancer_id: str
    protocol: str
    port: int
    settings: Mapping[str, t.Any]

    def sentence(self) -> str:
        certificates = in_order(self.settings.get("certificates", ()))
        served = " serving " + " and ".join(one.label() for one in certificates) if certificates else ""
        return f"CreateListener: {self.protocol} on port {self.port} of {self.load_balancer_id}{served}"


@dataclass(frozen=True)
class UpdateListener:
    """
    :param listener_id: None if the listener is only planned, or created by the step before.
    :param settings: what changes, and only that.
    """

    listener_id: str | None
    settings: Mapping[str, t.Any]

    def sentence(self) -> str:
        changes = []
        for name, value in self.settings.items():
            shown = " and ".join(one.label() for one in in_order(value)) if name == "certificates" else repr(value)
            changes.append(f"{name} to {shown}")
        return f"UpdateListenerAttribute: set {', '.join(changes)}"


@dataclass(frozen=True)
class DeleteListener:
    listener_id: str

    def sentence(self) -> str:
        return f"DeleteListener: {self.listener_id}"


def plan_present(
    current: Listener | None, wishes: Wishes, *, load_balancer_id: str, protocol: str | None, port: int | None
) -> Plan[Listener]:
    """
    Plan a listener that exists and is as wished.

    :param protocol: of the wanted listener; an existing one keeps its own, and must have this one if it is given.
    """
    if current is None:
        return _plan_creation(wishes, load_balancer_id=load_balancer_id, protocol=protocol or "HTTPS", port=port)
    _check_identity(current, protocol, port)
    _check(wishes, current.protocol)
    settings = {name: value for name, value in wishes.given().items() if getattr(current, name) != value}
    if not settings:
        return Plan(before=current, after=current)
    if "certificates" in settings:
        check_default_set(settings["certificates"])
    after = replace(current, **settings)
    return Plan(before=current, after=after, steps=(UpdateListener(current.id, settings),))


def plan_absent(current: Listener | None, *, protocol: str | None) -> Plan[Listener]:
    """Plan a listener that does not exist. One of another protocol is not the one that was meant."""
    if current is None or current.id is None:
        return Plan(before=None, after=None)
    _check_identity(current, protocol, None)
    return Plan(before=current, after=None, steps=(DeleteListener(current.id),))


def _plan_creation(wishes: Wishes, *, load_balancer_id: str, protocol: str, port: int | None) -> Plan[Listener]:
    if port is None:
        raise InputError("A listener that does not exist can be created only if port is given.")
    settings = wishes.given()
    for name, reason in (("server_group_id", "server_group"), ("certificates", "certificates")):
        if name not in settings and (name != "certificates" or protocol in CERTIFICATE_PROTOCOLS):
            raise InputError(
                f"There is no {protocol} listener on port {port} of {load_balancer_id} yet; {reason} is needed to"
                " create it."
            )
    _check(wishes, protocol)
    if "certificates" in settings:
        check_default_set(settings["certificates"])
    after = Listener(
        id=None,
        status="Running",
        load_balancer_id=load_balancer_id,
        protocol=protocol,
        port=port,
        **{**_defaults(protocol), **settings},
    )
    pair = in_order(settings.get("certificates", ()))
    later: tuple[UpdateListener, ...] = ()
    if len(pair) > 1:
        # Sources disagree on whether a new listener takes two certificates; one is always taken.
        later = (UpdateListener(None, {"certificates": settings["certificates"]}),)
        settings["certificates"] = frozenset(pair[-1:])
    step = CreateListener(load_balancer_id=load_balancer_id, protocol=protocol, port=port, settings=settings)
    return Plan(before=None, after=after, steps=(step, *later))


def _check_identity(current: Listener, protocol: str | None, port: int | None) -> None:
    if protocol in (None, current.protocol) and port in (None, current.port):
        return
    raise InputError(
        f"{current.id} is the {current.title()}, not {protocol or current.protocol} on port {port or current.port}."
        " Protocol and port of a listener cannot be changed: name another one, or delete this one first."
    )


def _defaults(protocol: str) -> dict[str, t.Any]:
    only_https = ("security_policy_id", "http2_enabled", "ca_enabled")
    return {name: value for name, value in _DEFAULTS.items() if protocol == "HTTPS" or name not in only_https}


def _check(wishes: Wishes, protocol: str) -> None:
    if wishes.certificates is not None and protocol not in CERTIFICATE_PROTOCOLS:
        raise InputError(f"{protocol} listeners take no certificates; only HTTPS and QUIC do.")
    for name in ("security_policy_id", "http2_enabled"):
        if getattr(wishes, name) is not None and protocol != "HTTPS":
            raise InputError(f"{name} exists on HTTPS listeners only, not on {protocol}.")
