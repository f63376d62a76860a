# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Listeners: reads that end in states, and the writes of plans."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._alb.balancer import LoadBalancer
from .._alb.certificate import Certificate, in_order
from .._alb.listener import (
    CreateListener,
    DeleteListener,
    Listener,
    SwitchListener,
    UpdateListener,
    UpdateLogConfig,
)
from .._alb.listener_settings import AccessLog, CertificateHeader, QuicUpgrade, XForwardedFor, x_forwarded_for_of
from .._core.errors import ApiError, InputError, NotFoundError
from .._core.tags import TagResource, UntagResource
from .alb import AlbApi, Request, Sent, value_of
from .balancers import LOAD_BALANCER_ID, Balancers
from .tags import read_tags, tag_list, tag_request

_WIRE = {
    "description": "ListenerDescription",
    "security_policy_id": "SecurityPolicyId",
    "http2_enabled": "Http2Enabled",
    "gzip_enabled": "GzipEnabled",
    "idle_timeout": "IdleTimeout",
    "request_timeout": "RequestTimeout",
    "ca_enabled": "CaEnabled",
}
_ONLY_HTTPS = ("security_policy_id", "http2_enabled", "ca_enabled")

_X_FORWARDED_FOR = {
    "enabled": "XForwardedForEnabled",
    "processing_mode": "XForwardedForProcessingMode",
    "proto": "XForwardedForProtoEnabled",
    "host": "XForwardedForHostEnabled",
    "slb_id": "XForwardedForSLBIdEnabled",
    "slb_port": "XForwardedForSLBPortEnabled",
    "client_src_port": "XForwardedForClientSrcPortEnabled",
    "client_source_ips": "XForwardedForClientSourceIpsEnabled",
    "client_source_ips_trusted": "XForwardedForClientSourceIpsTrusted",
}
# Followed by Enabled and Alias.
_CERTIFICATE_HEADERS = {
    "client_cert_subject_dn": "XForwardedForClientCertSubjectDN",
    "client_cert_issuer_dn": "XForwardedForClientCertIssuerDN",
    "client_cert_fingerprint": "XForwardedForClientCertFingerprint",
    "client_cert_client_verify": "XForwardedForClientCertClientVerify",
}

# A read may be older than the write. A listener that is not there so often, although the job is done, is gone for good.
_LOOKS_FOR_WHAT_IS_GONE = 5

# The status in a refusal that says that a listener is already as it is to be.
_THERE_ALREADY = {"StartListener": "[Running]", "StopListener": "[Stopped]"}

# What to do next, by error code.
_ADVICE = {
    "OperationDenied.AccessLogDisabled": (
        "The load balancer has no access log; switch that on first, or leave access_log out."
    ),
    "OperationDenied.CrossLoadBalancerQUICListener": "A QUIC listener can be linked on its own load balancer only.",
    "ResourceInUse.Listener": (
        "An HTTPS listener is linked to this QUIC listener: unlink it first (quic_upgrade with enabled false)."
    ),
}
_STOPPED = (
    "The listener is stopped, and ALB does not change it so. Start it first: alicloud.tls.alb_listener with state"
    " running starts it and makes its changes after that."
)


class Listed(t.NamedTuple):
    """
    A listener as the list of its load balancer tells it.

    :param linked_to: ID of the QUIC listener that it sends clients to.
    """

    id: str
    protocol: str
    port: int
    linked_to: str | None = None


class Place(t.NamedTuple):
    """
    Where a listener is, or would be.

    :param balancer: None if it had not to be asked for.
    :param listener_id: None if there is none.
    :param listed: all listeners of the load balancer.
    """

    load_balancer_id: str
    balancer: LoadBalancer | None
    listener_id: str | None
    listed: tuple[Listed, ...]


class Listeners:
    """
    :param api: ALB in the region of the task.
    :param balancers: to look load balancers up by name.
    """

    def __init__(self, api: AlbApi, balancers: Balancers) -> None:
        self._api = api
        self._balancers = balancers

    def find_listener_id(self, load_balancer: str, port: int, protocol: str | None) -> tuple[str, str | None]:
        """
        Look a listener up by where it is.

        :param load_balancer: id or name.
        :param protocol: needed only where TCP (HTTP, HTTPS) and UDP (QUIC) listeners share a port.
        :returns: id of the load balancer, and of the listener or None.
        :raises NotFoundError: if there is no such load balancer.
        """
        place = self.place(load_balancer, port, protocol)
        return place.load_balancer_id, place.listener_id

    def place(self, load_balancer: str, port: int, protocol: str | None) -> Place:
        """The same, with all that was learnt on the way."""
        if LOAD_BALANCER_ID.fullmatch(load_balancer):
            listed = self.listed(load_balancer)
            found = _at(listed, load_balancer, port, protocol)
            if found is not None:
                return Place(load_balancer, None, found, listed)
        balancer = self._balancers.load_balancer(load_balancer)
        if balancer.id == load_balancer:
            return Place(balancer.id, balancer, None, listed)
        listed = self.listed(balancer.id)
        return Place(balancer.id, balancer, _at(listed, balancer.id, port, protocol), listed)

    def listed(self, load_balancer_id: str) -> tuple[Listed, ...]:
        """All listeners of a load balancer; none if there is no such load balancer."""
        rows = self._api.pages("ListListeners", {"LoadBalancerIds": [load_balancer_id]}, "Listeners")
        return tuple(
            Listed(
                str(row["ListenerId"]),
                str(row.get("ListenerProtocol") or "").upper(),
                int(row.get("ListenerPort") or 0),
                _read_quic(row).listener_id,
            )
            for row in rows
        )

    def listener(self, listener_id: str) -> Listener:
        """
        A listener, once no other change of it is under way.

        :raises NotFoundError: if it does not exist.
        :raises DeadlineError: if it does not settle.
        """
        found = self._api.pace.until(
            lambda: self._listener(listener_id),
            lambda seen: seen is None or seen.settled,
            lambda seen: (
                f"{listener_id} is still {seen.status if seen else 'gone'} after {self._api.pace.seconds:g} s, so"
                " another change of it is under way. Nothing was changed."
            ),
        )
        if found is None:
            raise NotFoundError(f"There is no listener {listener_id} {self._api.where}.")
        return found

    def ids(self, protocol: str) -> list[str]:
        """Ids of all listeners of the region that have a protocol."""
        rows = self._api.pages("ListListeners", {"ListenerProtocol": protocol}, "Listeners")
        return [str(row["ListenerId"]) for row in rows]

    def as_it_is(self, listener_id: str) -> Listener | None:
        """A listener, whether or not a change of it is under way; None if it does not exist."""
        return self._listener(listener_id)

    def send(self, step: object, before: Sent | None = None) -> Sent:
        """
        Make one write of a plan; it is under way when this returns.

        :param before: the write before it, if it is about the same listener.
        """
        request = _request(step, before)
        try:
            answer = self._api.write(request)
        except ApiError as error:
            if not _there_already(error):
                _advise(error)
                raise
            answer = {}
        resource_id = request.parameters.get("ListenerId") or getattr(step, "resource_id", None)
        return Sent(str(answer.get("ListenerId") or resource_id), answer.get("JobId"))

    def rehearse(self, step: object) -> bool:
        """
        Have the API check a write without making it.

        :returns: whether it could be asked: not about tags, whose actions have no DryRun, and not about certificates,
            policies or listeners that are only planned.
        :raises ApiError: what it would refuse the write with.
        """
        settings: Mapping[str, t.Any] = getattr(step, "settings", {})
        quic: QuicUpgrade = settings.get("quic_upgrade") or QuicUpgrade()
        if (
            isinstance(step, (TagResource, UntagResource))
            or any(one.id is None for one in settings.get("certificates", ()))
            or any(settings.get(name, "") is None for name in ("ca_certificate_id", "security_policy_id"))
            or (quic.enabled and quic.listener_id is None)
        ):
            return False
        try:
            self._api.rehearse(_request(step, None))
        except ApiError as error:
            if not _there_already(error):
                _advise(error)
                raise
        return True

    def settle(self, sent: Sent, settings: Mapping[str, t.Any] | None) -> Listener | None:
        """
        Wait until a fresh read shows what was written.

        :param settings: attributes of the listener and their wanted values; None if it is to be gone. Of tags only
            those that are named count; None stands for no such tag.
        :raises JobFailedError: if the cloud gave up; with its reason.
        :raises NotFoundError: if somebody has deleted the listener meanwhile.
        :raises DeadlineError: if it was not so in time.
        """
        missed = 0

        def done(seen: Listener | None) -> bool:
            nonlocal missed
            if settings is None or seen is None:
                reached = seen is None and settings is None
            else:
                reached = seen.settled and all(_shows(seen, name, value) for name, value in settings.items())
            if not reached and (seen is None or seen.settled):
                # At rest, but not as planned: the job has failed, or not begun, or this read is stale.
                status = self._api.job(sent)
                missed = missed + 1 if seen is None and status == "Succeeded" else 0
                if missed == _LOOKS_FOR_WHAT_IS_GONE:
                    raise NotFoundError(
                        f"{sent.id} is not there any more: it was deleted after the change was accepted, perhaps with"
                        " its load balancer."
                    )
            return reached

        def late(seen: Listener | None) -> str:
            # A last question, which raises if the job has failed without the listener coming to rest.
            status = self._api.job(sent)
            return (
                f"{sent.id} is not as planned after {self._api.pace.seconds:g} s: it is"
                f" {seen.status if seen else 'not to be found'} (job {sent.job_id}: {status}). The change was accepted"
                " and may still be under way; run the task again, or raise wait_timeout."
            )

        return self._api.pace.until(lambda: self._listener(sent.id), done, late, pause_first=True)

    def _listener(self, listener_id: str) -> Listener | None:
        try:
            answer = self._api.read("GetListenerAttribute", {"ListenerId": listener_id})
        except ApiError as error:
            if error.code == "ResourceNotFound.Listener":
                return None
            raise
        return _read_listener({"ListenerId": listener_id, **answer})


def _request(step: object, before: Sent | None) -> Request:
    """A step as the API takes it."""
    if isinstance(step, CreateListener):
        where = {
            "LoadBalancerId": step.load_balancer_id,
            "ListenerProtocol": step.protocol,
            "ListenerPort": step.port,
        }
        return Request("CreateListener", {**where, **_wire(step.settings)})
    if isinstance(step, UpdateListener):
        listener_id = before.id if before else str(step.listener_id)
        return Request("UpdateListenerAttribute", {"ListenerId": listener_id, **_wire(step.settings)})
    if isinstance(step, UpdateLogConfig):
        log = step.access_log
        tracing: dict[str, t.Any] = {"TracingEnabled": log.tracing_enabled}
        if log.tracing_enabled:
            tracing |= {"TracingSample": log.sample, "TracingType": log.type}
        wanted = {
            "AccessLogRecordCustomizedHeadersEnabled": log.customized_headers,
            "AccessLogTracingConfig": tracing,
        }
        listener_id = before.id if before else str(step.listener_id)
        return Request("UpdateListenerLogConfig", {"ListenerId": listener_id, **wanted})
    if isinstance(step, SwitchListener):
        action = "StopListener" if step.stopped else "StartListener"
        return Request(action, {"ListenerId": before.id if before else str(step.listener_id)})
    if isinstance(step, (TagResource, UntagResource)):
        return tag_request(step)
    if isinstance(step, DeleteListener):
        return Request("DeleteListener", {"ListenerId": step.listener_id})
    raise TypeError(f"there is no write for {type(step).__name__}")


def _at(listed: tuple[Listed, ...], load_balancer_id: str, port: int, protocol: str | None) -> str | None:
    """ID of the listener on a port, if there is one. TCP and UDP have ports of their own."""
    found = {one.protocol == "QUIC": one.id for one in listed if one.port == port}
    if protocol is not None:
        return found.get(protocol == "QUIC")
    if len(found) > 1:
        raise InputError(
            f"Port {port} of {load_balancer_id} has a QUIC and another listener"
            f" ({', '.join(sorted(found.values()))}). Say which one with protocol."
        )
    return next(iter(found.values()), None)


def _shows(seen: Listener, name: str, value: t.Any) -> bool:
    if name == "tags":
        return all(seen.tags.get(key) == wanted for key, wanted in value.items())
    return bool(getattr(seen, name) == value)


def _there_already(error: ApiError) -> bool:
    """Whether somebody else, or a try whose answer was lost, has done what was refused."""
    if error.action == "DeleteListener":
        return error.code == "ResourceNotFound.Listener"
    state = _THERE_ALREADY.get(error.action)
    return state is not None and error.code == "IncorrectStatus.Listener" and state in error.detail


def _advise(error: ApiError) -> None:
    advice = _ADVICE.get(error.code)
    if error.code == "IncorrectStatus.Listener" and "[Stopped]" in error.detail:
        advice = _STOPPED
    if advice:
        error.message += f" {advice}"


def _wire(settings: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Attributes of a listener as parameters of CreateListener and UpdateListenerAttribute."""
    found: dict[str, t.Any] = {}
    for name, value in settings.items():
        if name == "certificates":
            found["Certificates"] = [{"CertificateId": one.id} for one in in_order(value)]
        elif name == "ca_certificate_id":
            found["CaCertificates"] = [{"CertificateId": value}]
        elif isinstance(value, QuicUpgrade):
            link = {"QuicListenerId": value.listener_id} if value.enabled else {}
            found["QuicConfig"] = {"QuicUpgradeEnabled": value.enabled, **link}
        elif isinstance(value, XForwardedFor):
            found["XForwardedForConfig"] = _headers(value)
        elif name == "tags":
            found["Tag"] = tag_list(value)
        elif name == "server_group_id":
            group = {"ServerGroupTuples": [{"ServerGroupId": value}]}
            found["DefaultActions"] = [{"Type": "ForwardGroup", "ForwardGroupConfig": group}]
        else:
            found[_WIRE[name]] = value
    return found


def _headers(value: XForwardedFor) -> dict[str, t.Any]:
    """All of them that have a value."""
    found: dict[str, t.Any] = {wire: getattr(value, name) for name, wire in _X_FORWARDED_FOR.items()}
    for name, wire in _CERTIFICATE_HEADERS.items():
        header: CertificateHeader | None = getattr(value, name)
        if header is not None:
            found |= {f"{wire}Enabled": header.enabled, f"{wire}Alias": header.alias}
    return {name: one for name, one in found.items() if one is not None}


def _read_headers(answer: Mapping[str, t.Any], protocol: str) -> XForwardedFor:
    """What is not told is taken for what the documentation has as default."""
    told = answer.get("XForwardedForConfig") or {}
    found: dict[str, t.Any] = {name: value_of(told.get(wire)) for name, wire in _X_FORWARDED_FOR.items()}
    for name, wire in _CERTIFICATE_HEADERS.items():
        found[name] = {"enabled": told.get(f"{wire}Enabled"), "alias": value_of(told.get(f"{wire}Alias"))}
    return x_forwarded_for_of(protocol, found)


def _read_quic(answer: Mapping[str, t.Any]) -> QuicUpgrade:
    """Which listener is told while the upgrade is off does not matter."""
    told = answer.get("QuicConfig") or {}
    if not told.get("QuicUpgradeEnabled"):
        return QuicUpgrade()
    return QuicUpgrade(True, value_of(told.get("QuicListenerId")))


def _read_log(answer: Mapping[str, t.Any]) -> AccessLog:
    told = answer.get("LogConfig") or {}
    tracing = told.get("AccessLogTracingConfig") or {}
    return AccessLog(
        customized_headers=bool(told.get("AccessLogRecordCustomizedHeadersEnabled")),
        tracing_enabled=bool(tracing.get("TracingEnabled")),
        sample=value_of(tracing.get("TracingSample")),
        type=value_of(tracing.get("TracingType")),
    )


def _read_listener(answer: Mapping[str, t.Any]) -> Listener:
    """Every field may be missing, or be told although the protocol has no such thing."""
    group = None
    for action in answer.get("DefaultActions") or []:
        for row in (action.get("ForwardGroupConfig") or {}).get("ServerGroupTuples") or []:
            group = group or row.get("ServerGroupId")
    protocol = str(answer.get("ListenerProtocol") or "").upper()
    status = str(answer.get("ListenerStatus") or "Unknown")
    simple = {name: value_of(answer.get(wire)) for name, wire in _WIRE.items()}
    if protocol in ("HTTP", "QUIC"):
        simple |= dict.fromkeys(_ONLY_HTTPS)
    return Listener(
        id=str(answer["ListenerId"]),
        status=status,
        load_balancer_id=str(answer.get("LoadBalancerId") or ""),
        protocol=protocol,
        port=int(answer.get("ListenerPort") or 0),
        certificates=frozenset(
            Certificate(str(row["CertificateId"]))
            for row in answer.get("Certificates") or []
            if row.get("CertificateId")
        ),
        server_group_id=group,
        ca_certificate_id=next(
            (str(row["CertificateId"]) for row in answer.get("CaCertificates") or [] if row.get("CertificateId")), None
        ),
        quic_upgrade=_read_quic(answer) if protocol == "HTTPS" else None,
        x_forwarded_for=_read_headers(answer, protocol),
        access_log=_read_log(answer),
        tags=read_tags(answer.get("Tags")),
        stopped=status == "Stopped",
        access_control_lists=tuple(
            str(row["AclId"]) for row in (answer.get("AclConfig") or {}).get("AclRelations") or [] if row.get("AclId")
        ),
        **simple,
    )
