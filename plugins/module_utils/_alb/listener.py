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
from .._core.plan import Plan, Step
from .._core.tags import tag_steps, tags_afterwards
from .balancer import LoadBalancer
from .certificate import Certificate, check_default_set, in_order
from .listener_settings import (
    AccessLog,
    QuicUpgrade,
    XForwardedFor,
    check_access_log,
    check_description,
    check_x_forwarded_for,
    x_forwarded_for_of,
)

CERTIFICATE_PROTOCOLS = ("HTTPS", "QUIC")
_ONLY_HTTPS = (
    "security_policy_id",
    "security_policy_planned",
    "http2_enabled",
    "ca_enabled",
    "ca_certificate",
    "quic_upgrade",
)

# As documented. The quota of both timeouts can be raised to this; without that it is 600.
_LONGEST_TIMEOUT = 3600

# IDs of the system's TLS policies begin with it; those of one's own do not.
_SYSTEM_POLICY = "tls_cipher_policy_"

# Tags whose keys begin like this are the cloud's own; nobody else can set them.
_CLOUD_TAGS = ("aliyun", "acs:")

# Wishes that are more than a value for a setting.
_SPECIAL_WISHES = (
    "security_policy_planned",
    "ca_enabled",
    "ca_certificate",
    "x_forwarded_for",
    "access_log",
    "tags",
    "purge_tags",
    "stopped",
)

# What the cloud takes for what CreateListener is not told, as documented.
_DEFAULTS: dict[str, t.Any] = {
    "security_policy_id": "tls_cipher_policy_1_0",
    "http2_enabled": True,
    "gzip_enabled": True,
    "idle_timeout": 15,
    "request_timeout": 60,
    "ca_enabled": False,
    "quic_upgrade": QuicUpgrade(),
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
    :param stopped: whether it is, or is to be, stopped; its status says so only when nothing is under way.
    :param access_control_lists: IDs. They are no setting of the listener, but are lost with it.
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
    quic_upgrade: QuicUpgrade | None = None
    x_forwarded_for: XForwardedFor = field(default_factory=XForwardedFor)
    access_log: AccessLog = field(default_factory=AccessLog)
    tags: Mapping[str, str] = field(default_factory=dict)
    stopped: bool = False
    access_control_lists: tuple[str, ...] = field(default=(), compare=False)

    @property
    def settled(self) -> bool:
        return self.status in ("Running", "Stopped")

    def title(self) -> str:
        return f"{self.protocol} listener on port {self.port} of {self.load_balancer_id}"

    def to_dict(self) -> dict[str, t.Any]:
        """Keys are the same for all protocols; a value is None where the protocol has none."""
        found = self._values("stopped", "access_control_lists")
        return {**found, "certificates": [one.to_dict() for one in in_order(self.certificates)]}

    def summary(self) -> dict[str, t.Any]:
        found = self._values("id", "status", "stopped", "access_control_lists")
        certificates = [one.summary() for one in in_order(self.certificates)]
        return {**found, "certificates": certificates, "state": "stopped" if self.stopped else "running"}

    def _values(self, *without: str) -> dict[str, t.Any]:
        found = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in without}
        return {
            **found,
            "quic_upgrade": self.quic_upgrade.to_dict() if self.quic_upgrade else None,
            "x_forwarded_for": self.x_forwarded_for.to_dict(),
            "access_log": self.access_log.to_dict(),
            "tags": dict(sorted(self.tags.items())),
        }


@dataclass(frozen=True)
class Wishes:
    """
    What the user said of a listener. None: leave alone, or the cloud's default on creation.

    :param security_policy_planned: it is to have a TLS policy that check mode has only planned, and that has no id yet.
    :param ca_certificate: without an identifier if check mode has only planned it.
    :param x_forwarded_for: names of XForwardedFor and values; None in it leaves a field alone.
    :param access_log: in the form of the option; None in it leaves a field alone.
    :param purge_tags: whether tags that are not wanted go.
    :param stopped: whether the listener is to be stopped, or to run.
    """

    description: str | None = None
    certificates: frozenset[Certificate] | None = None
    security_policy_id: str | None = None
    security_policy_planned: bool | None = None
    http2_enabled: bool | None = None
    gzip_enabled: bool | None = None
    idle_timeout: int | None = None
    request_timeout: int | None = None
    server_group_id: str | None = None
    ca_enabled: bool | None = None
    ca_certificate: Certificate | None = None
    quic_upgrade: QuicUpgrade | None = None
    x_forwarded_for: Mapping[str, t.Any] | None = None
    access_log: Mapping[str, t.Any] | None = None
    tags: Mapping[str, str] | None = None
    purge_tags: bool = False
    stopped: bool | None = None

    def given(self) -> dict[str, t.Any]:
        """What is the same setting of a listener, and said."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _SPECIAL_WISHES}
        found = {name: value for name, value in values.items() if value is not None and value != ""}
        return {**found, "security_policy_id": None} if self.security_policy_planned else found


@dataclass(frozen=True)
class CreateListener:
    """
    :param settings: what to say of it; the rest is left to the cloud.
    :param missing: what this does not bring back of a listener that was there before, for messages.
    """

    load_balancer_id: str
    protocol: str
    port: int
    settings: Mapping[str, t.Any]
    missing: tuple[str, ...] = ()

    def sentence(self) -> str:
        certificates = in_order(self.settings.get("certificates", ()))
        served = " serving " + " and ".join(one.label() for one in certificates) if certificates else ""
        clients = ", with mutual authentication" if self.settings.get("ca_enabled") else ""
        but = f", still without its {' and '.join(self.missing)}" if self.missing else ""
        return f"CreateListener: {self.protocol} on port {self.port} of {self.load_balancer_id}{served}{clients}{but}"


@dataclass(frozen=True)
class UpdateListener:
    """
    :param listener_id: None if the listener is only planned, or created by the step before.
    :param settings: what changes, and only that.
    :param before: the listener before the change, for messages.
    """

    listener_id: str | None
    settings: Mapping[str, t.Any]
    before: Listener | None = field(default=None, compare=False, repr=False)

    @property
    def replaces_ca(self) -> bool:
        """Whether clients need certificates already, and another CA is to have signed them."""
        return bool(self.before and self.before.ca_enabled and "ca_certificate_id" in self.settings)

    def sentence(self) -> str:
        changes = []
        for name, value in self.settings.items():
            if name == "certificates":
                changes.append(f"{name} to {' and '.join(one.label() for one in in_order(value))}")
            elif isinstance(value, XForwardedFor):
                there = self.before.x_forwarded_for if self.before else XForwardedFor()
                changes.append(f"{name} to {there.changes_to(value)}")
            elif value is None:
                changes.append(f"{name} to that of what is only planned")
            else:
                changes.append(f"{name} to {value if isinstance(value, QuicUpgrade) else repr(value)}")
        return f"UpdateListenerAttribute: set {', '.join(changes)}"


@dataclass(frozen=True)
class UnlinkQuic(UpdateListener):
    """
    Frees a QUIC listener only for another HTTPS listener to be created with it.

    :param linked: to what it was.
    """

    linked: QuicUpgrade = field(default_factory=QuicUpgrade)

    def reversal(self) -> UpdateListener:
        return UpdateListener(self.listener_id, {"quic_upgrade": self.linked})

    def caution(self) -> str:
        return (
            f"{self.listener_id} was linked to {self.linked.listener_id}. If it is not any more, give quic_upgrade with"
            " that as listener_id when the task is run again, or the new listener will not be linked either."
        )


@dataclass(frozen=True)
class UpdateLogConfig:
    """:param listener_id: None if the listener is created by a step before."""

    listener_id: str | None
    access_log: AccessLog

    @property
    def settings(self) -> Mapping[str, t.Any]:
        return {"access_log": self.access_log}

    def sentence(self) -> str:
        return f"UpdateListenerLogConfig: {self.access_log}"


@dataclass(frozen=True)
class SwitchListener:
    """
    Starts or stops.

    :param listener_id: None if the listener is created by a step before.
    """

    listener_id: str | None
    stopped: bool

    @property
    def settings(self) -> Mapping[str, t.Any]:
        return {"stopped": self.stopped}

    def sentence(self) -> str:
        action = "StopListener" if self.stopped else "StartListener"
        return f"{action}: {self.listener_id or 'the new listener'}"


@dataclass(frozen=True)
class DeleteListener:
    listener_id: str

    def sentence(self) -> str:
        return f"DeleteListener: {self.listener_id}"


@dataclass(frozen=True)
class MakeRoom(DeleteListener):
    """
    Deletes a listener only for another one to be created in its place.

    :param back: creates it again; what CreateListener does not take stays lost.
    """

    back: CreateListener

    def reversal(self) -> CreateListener:
        return self.back

    def caution(self) -> str:
        return (
            f"What {self.listener_id} was is in previous. If it is gone, the task creates the new listener when it is"
            " run again, but only with options for all settings that it is to have from the old one."
        )


def plan_present(
    current: Listener | None, wishes: Wishes, *, load_balancer_id: str, protocol: str | None, port: int | None
) -> Plan[Listener]:
    """
    Plan a listener that exists and is as wished.

    :param protocol: of the wanted listener; an existing one keeps its own, and must have this one if it is given.
    """
    if current is None:
        return _plan_creation(wishes, load_balancer_id=load_balancer_id, protocol=protocol or "HTTPS", port=port)
    if not is_at(current, load_balancer_id, protocol, port):
        raise _elsewhere(current, load_balancer_id, protocol, port)
    _check(wishes, current.protocol)
    settings = _changes(current, wishes)
    if "certificates" in settings:
        check_default_set(settings["certificates"])
    log = current.access_log.merged(wishes.access_log or {})
    tags = tags_afterwards(current.tags, wishes.tags, purge=wishes.purge_tags)
    stopped = current.stopped if wishes.stopped is None else wishes.stopped
    after = replace(
        current,
        **settings,
        access_log=log,
        tags=tags,
        stopped=stopped,
        # Where nothing is said it stays whatever it is, which may be something in between.
        status=current.status if stopped == current.stopped else _status(stopped),
    )
    if after == current:
        return Plan(before=current, after=current)
    steps: list[Step] = []
    if current.stopped and not stopped:
        steps.append(SwitchListener(current.id, stopped=False))
    if settings:
        steps.append(UpdateListener(current.id, settings, current))
    if log != current.access_log:
        steps.append(UpdateLogConfig(current.id, log))
    if stopped and not current.stopped:
        steps.append(SwitchListener(current.id, stopped=True))
    steps += tag_steps("listener", str(current.id), current.tags, tags)
    return Plan(before=current, after=after, steps=tuple(steps))


def plan_absent(
    current: Listener | None, *, load_balancer_id: str = "", protocol: str | None = None, port: int | None = None
) -> Plan[Listener]:
    """Plan a listener that does not exist. One elsewhere, or of another protocol, is not the one that was meant."""
    if current is None or current.id is None:
        return Plan(before=None, after=None)
    if not is_at(current, load_balancer_id, protocol, port):
        raise _elsewhere(current, load_balancer_id, protocol, port)
    return Plan(before=current, after=None, steps=(DeleteListener(current.id),))


def plan_recreation(
    current: Listener,
    wishes: Wishes,
    *,
    load_balancer_id: str,
    protocol: str | None,
    port: int | None,
    there: Listener | None = None,
) -> Plan[Listener]:
    """
    Plan another listener instead of an existing one, at another place or of another protocol.

    It has all settings of the old one that its protocol has, with what is wished put over them. The new one is created
    before the old one is deleted, except where both would have the same port.

    :param there: what is at the new place already. If it is what CreateListener would make, a run that was interrupted
        has made it, and only the rest is planned.
    :raises InputError: if it is something else, or if what is wished does not fit together.
    """
    if current.id is None:
        raise ValueError("a listener that does not exist cannot be replaced")
    protocol = protocol or current.protocol
    port = port or current.port
    moves = load_balancer_id != current.load_balancer_id
    if moves and wishes.quic_upgrade is None and current.quic_upgrade and current.quic_upgrade.enabled:
        raise InputError(
            f"{current.id} is linked to the QUIC listener {current.quic_upgrade.listener_id}, which is not on"
            f" {load_balancer_id}. Say with quic_upgrade what the new listener is to have instead."
        )
    both = _with(_wishes_as(current, protocol), wishes)
    if there is not None:
        return _plan_rest(current, there, both, load_balancer_id=load_balancer_id, protocol=protocol, port=port)
    created = _plan_creation(both, load_balancer_id=load_balancer_id, protocol=protocol, port=port)
    in_the_way = not moves and port == current.port and (protocol == "QUIC") == (current.protocol == "QUIC")
    if in_the_way:
        steps: tuple[Step, ...] = (MakeRoom(current.id, _creation_of(current)), *created.steps)
    else:
        link = created.after.quic_upgrade if created.after else None
        free: tuple[Step, ...] = ()
        if current.quic_upgrade and current.quic_upgrade.enabled and link == current.quic_upgrade:
            free = (UnlinkQuic(current.id, {"quic_upgrade": QuicUpgrade()}, linked=current.quic_upgrade),)
        steps = (*free, *created.steps, DeleteListener(current.id))
    return Plan(before=current, after=created.after, steps=steps)


def _plan_rest(
    current: Listener, there: Listener, both: Wishes, *, load_balancer_id: str, protocol: str, port: int
) -> Plan[Listener]:
    """:raises InputError: if what is there is not what plan_recreation() would create."""
    if is_at(there, load_balancer_id, protocol, port):
        rest = plan_present(there, both, load_balancer_id=load_balancer_id, protocol=protocol, port=port)
        if all(_follows_creation(step, there) for step in rest.steps):
            return Plan(before=current, after=rest.after, steps=(*rest.steps, DeleteListener(str(current.id))))
    raise InputError(
        f"{current.id} cannot be replaced: {there.id} is already where the new listener would be, and is not as that"
        " would be. Delete one of the two first."
    )


def _follows_creation(step: Step, there: Listener) -> bool:
    """Whether a write is one of those that complete what CreateListener has made; see _plan_creation()."""
    if isinstance(step, UpdateListener):
        return set(step.settings) == {"certificates"} and there.certificates < step.settings["certificates"]
    return isinstance(step, UpdateLogConfig) or (isinstance(step, SwitchListener) and step.stopped)


def is_at(current: Listener, load_balancer_id: str, protocol: str | None, port: int | None) -> bool:
    """Whether a listener has the place and protocol that are wanted; None stands for any."""
    wanted = (load_balancer_id or current.load_balancer_id, protocol or current.protocol, port or current.port)
    return wanted == (current.load_balancer_id, current.protocol, current.port)


def needs_balancer(made: Plan[Listener]) -> bool:
    """Whether what a plan writes depends on the load balancer, so that check_balancer() has to be asked."""
    return any(_needed(step) for step in made.steps)


def check_balancer(made: Plan[Listener], balancer: LoadBalancer) -> None:
    """:raises InputError: if a plan writes what the load balancer cannot have."""
    for name in (name for step in made.steps for name in _needed(step)):
        if name == "access_log" and balancer.access_log is None:
            raise InputError(
                f"{balancer.label()} has no access log, so its listeners cannot say what goes into it (access_log)."
                " Switch the access log of the load balancer on first."
            )
        if name != "access_log" and balancer.basic:
            what = "mutual authentication" if name == "ca_enabled" else "TLS policies of your own"
            raise InputError(
                f"{balancer.label()} is of the Basic edition, which has no {what} ({name}); it needs Standard or"
                " StandardWithWaf."
            )


def check_recreatable(current: Listener, additional: int) -> None:
    """
    :param additional: how many additional certificates it has.
    :raises InputError: if more than its settings would be lost with it.
    """
    if additional:
        them = "1 additional certificate" if additional == 1 else f"{additional} additional certificates"
        raise InputError(
            f"{current.id} has {them}, which a new listener would not have. Remove what is additional first"
            " (alicloud.tls.alb_additional_cert), and add it to the new listener."
        )
    if current.access_control_lists:
        raise InputError(
            f"{current.id} has access control lists ({', '.join(current.access_control_lists)}), which a new listener"
            " would not have: whom they keep out would be let in. Take them away first."
        )


def _needed(step: Step) -> list[str]:
    settings: Mapping[str, t.Any] = getattr(step, "settings", {})
    found = [name for name in ("ca_enabled", "access_log") if settings.get(name)]
    own = not (settings.get("security_policy_id", _SYSTEM_POLICY) or "").startswith(_SYSTEM_POLICY)
    return [*found, "security_policy_id"] if own else found


def _changes(current: Listener, wishes: Wishes) -> dict[str, t.Any]:
    """What UpdateListenerAttribute has to be told."""
    settings = {name: value for name, value in wishes.given().items() if getattr(current, name) != value}
    settings |= _mutual_authentication(current, wishes)
    headers = current.x_forwarded_for.merged(wishes.x_forwarded_for or {})
    if headers != current.x_forwarded_for:
        settings["x_forwarded_for"] = headers
    return settings


def _mutual_authentication(current: Listener, wishes: Wishes) -> dict[str, t.Any]:
    """
    What has to be said of it. The CA goes with every write that leaves it on: it is needed there, as documented.

    :raises InputError: if it is not clear which CA is wanted, or whether it is to be on.
    """
    on = bool(current.ca_enabled)
    wanted = on if wishes.ca_enabled is None else wishes.ca_enabled
    if not wanted:
        if wishes.ca_certificate is not None and wishes.ca_enabled is None:
            raise InputError("ca_certificate says nothing while mutual authentication is off: set ca_enabled to true.")
        return {"ca_enabled": False} if on else {}
    identifier = wishes.ca_certificate.id if wishes.ca_certificate else current.ca_certificate_id
    if wishes.ca_certificate is None and identifier is None and not on:
        raise InputError("ca_certificate is needed to switch mutual authentication on (ca_enabled).")
    if on and identifier == current.ca_certificate_id:
        return {}
    return {"ca_enabled": True, "ca_certificate_id": identifier}


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
    # Before anything is wished.
    blank = Listener(
        id=None,
        status="Running",
        load_balancer_id=load_balancer_id,
        protocol=protocol,
        port=port,
        x_forwarded_for=x_forwarded_for_of(protocol),
        **_defaults(protocol),
    )
    asked = _mutual_authentication(blank, wishes)
    settings |= asked or ({"ca_enabled": False} if wishes.ca_enabled is False else {})
    if wishes.x_forwarded_for and any(value is not None for value in wishes.x_forwarded_for.values()):
        settings["x_forwarded_for"] = blank.x_forwarded_for.merged(wishes.x_forwarded_for)
    if wishes.tags:
        settings["tags"] = wishes.tags
    log = blank.access_log.merged(wishes.access_log or {})
    stopped = bool(wishes.stopped)
    after = replace(blank, **{**settings, "access_log": log, "stopped": stopped, "status": _status(stopped)})
    pair = in_order(settings.get("certificates", ()))
    later: list[Step] = []
    if len(pair) > 1:
        # Sources disagree on whether a new listener takes two certificates; one is always taken.
        later.append(UpdateListener(None, {"certificates": settings["certificates"]}))
        settings["certificates"] = frozenset(pair[-1:])
    if log != blank.access_log:
        later.append(UpdateLogConfig(None, log))
    if stopped:
        later.append(SwitchListener(None, stopped=True))
    step = CreateListener(load_balancer_id=load_balancer_id, protocol=protocol, port=port, settings=settings)
    return Plan(before=None, after=after, steps=(step, *later))


def _wishes_as(current: Listener, protocol: str) -> Wishes:
    """All settings of a listener, as far as another protocol has them, as if somebody wished for them."""
    found: dict[str, t.Any] = {
        "description": current.description,
        "gzip_enabled": current.gzip_enabled,
        "idle_timeout": current.idle_timeout,
        "request_timeout": current.request_timeout,
        "server_group_id": current.server_group_id,
        "access_log": current.access_log.to_dict(),
        "tags": {key: value for key, value in current.tags.items() if not key.startswith(_CLOUD_TAGS)},
        "stopped": current.stopped,
    }
    headers = x_forwarded_for_of(protocol, current.x_forwarded_for.to_dict())
    if headers != x_forwarded_for_of(protocol):
        found["x_forwarded_for"] = {name: value for name, value in headers.to_dict().items() if value is not None}
    if protocol in CERTIFICATE_PROTOCOLS:
        found["certificates"] = current.certificates or None
    if protocol == "HTTPS" == current.protocol:
        found["security_policy_id"] = current.security_policy_id
        found["http2_enabled"] = current.http2_enabled
        if current.quic_upgrade and current.quic_upgrade.enabled:
            found["quic_upgrade"] = current.quic_upgrade
        if current.ca_enabled:
            found["ca_enabled"] = True
            found["ca_certificate"] = Certificate(current.ca_certificate_id) if current.ca_certificate_id else None
    return Wishes(**found)


def _with(base: Wishes, wishes: Wishes) -> Wishes:
    """The first, with the second put over it."""
    said = {one.name: getattr(wishes, one.name) for one in fields(wishes)}
    said = {name: value for name, value in said.items() if value is not None}
    for name in ("x_forwarded_for", "access_log"):
        if name in said:
            said[name] = _merged(getattr(base, name) or {}, said[name])
    if wishes.tags is not None:
        said["tags"] = tags_afterwards(base.tags or {}, wishes.tags, purge=wishes.purge_tags)
    if wishes.ca_enabled is False:
        said["ca_certificate"] = None
    return replace(base, **said)


def _merged(base: Mapping[str, t.Any], over: Mapping[str, t.Any]) -> dict[str, t.Any]:
    found = dict(base)
    for name, value in over.items():
        if isinstance(value, Mapping):
            found[name] = _merged(found.get(name) or {}, value)
        elif value is not None:
            found[name] = value
    return found


def _creation_of(current: Listener) -> CreateListener:
    """Makes the same listener again, as far as one call can."""
    wishes = replace(_wishes_as(current, current.protocol), access_log=None, stopped=None)
    made = _plan_creation(
        wishes, load_balancer_id=current.load_balancer_id, protocol=current.protocol, port=current.port
    )
    lost = {
        "second certificate": len(current.certificates) > 1,
        "access log settings": current.access_log != AccessLog(),
        "being stopped": current.stopped,
    }
    first = t.cast("CreateListener", made.steps[0])
    return replace(first, missing=tuple(what for what, is_lost in lost.items() if is_lost))


def _elsewhere(current: Listener, load_balancer_id: str, protocol: str | None, port: int | None) -> InputError:
    place = f" of {load_balancer_id}" if load_balancer_id not in ("", current.load_balancer_id) else ""
    return InputError(
        f"{current.id} is the {current.title()}, not {protocol or current.protocol} on port {port or current.port}"
        f"{place}. Protocol, port and load balancer of a listener cannot be changed: name another one, delete this one"
        " first, or set force_recreate to have it replaced."
    )


def _defaults(protocol: str) -> dict[str, t.Any]:
    return {name: value for name, value in _DEFAULTS.items() if protocol == "HTTPS" or name not in _ONLY_HTTPS}


def _status(stopped: bool) -> str:
    return "Stopped" if stopped else "Running"


def _check(wishes: Wishes, protocol: str) -> None:
    if wishes.certificates is not None and protocol not in CERTIFICATE_PROTOCOLS:
        raise InputError(f"{protocol} listeners take no certificates; only HTTPS and QUIC do.")
    for name in _ONLY_HTTPS:
        if getattr(wishes, name) is not None and protocol != "HTTPS":
            option = name.removesuffix("_planned")
            raise InputError(f"{option} exists on HTTPS listeners only, not on {protocol}.")
    for name in ("idle_timeout", "request_timeout"):
        seconds = getattr(wishes, name)
        if seconds is not None and not 1 <= seconds <= _LONGEST_TIMEOUT:
            raise InputError(f"{name} must be from 1 to {_LONGEST_TIMEOUT} seconds, not {seconds}.")
    if wishes.description:
        check_description(wishes.description)
    check_x_forwarded_for(wishes.x_forwarded_for or {}, protocol)
    check_access_log(wishes.access_log or {})
