# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Listeners: reads that end in states, and the writes of plans."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._alb.certificate import Certificate, in_order
from .._alb.listener import CreateListener, DeleteListener, Listener, UpdateListener
from .._core.errors import ApiError, InputError, NotFoundError
from .alb import AlbApi, Request, Sent, value_of
from .balancers import LOAD_BALANCER_ID, Balancers

_WIRE = {
    "description": "ListenerDescription",
    "security_policy_id": "SecurityPolicyId",
    "http2_enabled": "Http2Enabled",
    "gzip_enabled": "GzipEnabled",
    "idle_timeout": "IdleTimeout",
    "request_timeout": "RequestTimeout",
    "ca_enabled": "CaEnabled",
}


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
        if LOAD_BALANCER_ID.fullmatch(load_balancer):
            found = self._listener_on(load_balancer, port, protocol)
            if found is not None:
                return load_balancer, found
        balancer = self._balancers.load_balancer(load_balancer)
        if balancer.id == load_balancer:
            return balancer.id, None
        return balancer.id, self._listener_on(balancer.id, port, protocol)

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
            # Deleted by somebody else, or by a try whose answer was lost.
            if request.action != "DeleteListener" or error.code != "ResourceNotFound.Listener":
                raise
            answer = {}
        return Sent(str(answer.get("ListenerId") or request.parameters["ListenerId"]), answer.get("JobId"))

    def rehearse(self, step: object) -> bool:
        """
        Have the API check a write without making it.

        :returns: whether it could be asked: not about certificates that are only planned.
        :raises ApiError: what it would refuse the write with.
        """
        settings: Mapping[str, t.Any] = getattr(step, "settings", {})
        if any(one.id is None for one in settings.get("certificates", ())):
            return False
        self._api.rehearse(_request(step, None))
        return True

    def settle(self, sent: Sent, settings: Mapping[str, t.Any] | None) -> Listener | None:
        """
        Wait until a fresh read shows what was written.

        :param settings: attributes of the listener and their wanted values; None if it is to be gone.
        :raises JobFailedError: if the cloud gave up; with its reason.
        :raises DeadlineError: if it was not so in time.
        """

        def done(seen: Listener | None) -> bool:
            if settings is None or seen is None:
                reached = seen is None and settings is None
            else:
                reached = seen.settled and all(getattr(seen, name) == value for name, value in settings.items())
            if not reached and (seen is None or seen.settled):
                # At rest, but not as planned: the job has failed, or not begun, or this read is stale.
                self._api.job(sent)
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

    def _listener_on(self, load_balancer_id: str, port: int, protocol: str | None) -> str | None:
        rows = self._api.pages("ListListeners", {"LoadBalancerIds": [load_balancer_id]}, "Listeners")
        found = {
            row.get("ListenerProtocol") == "QUIC": str(row["ListenerId"])
            for row in rows
            if row.get("ListenerPort") == port
        }
        if protocol is not None:
            return found.get(protocol == "QUIC")
        if len(found) > 1:
            raise InputError(
                f"Port {port} of {load_balancer_id} has a QUIC and another listener"
                f" ({', '.join(sorted(found.values()))}). Say which one with protocol."
            )
        return next(iter(found.values()), None)

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
    if isinstance(step, DeleteListener):
        return Request("DeleteListener", {"ListenerId": step.listener_id})
    raise TypeError(f"there is no write for {type(step).__name__}")


def _wire(settings: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Attributes of a listener as parameters of CreateListener and UpdateListenerAttribute."""
    found: dict[str, t.Any] = {}
    for name, value in settings.items():
        if name == "certificates":
            found["Certificates"] = [{"CertificateId": one.id} for one in in_order(value)]
        elif name == "ca_certificate_id":
            found["CaCertificates"] = [{"CertificateId": value}]
        elif name == "server_group_id":
            group = {"ServerGroupTuples": [{"ServerGroupId": value}]}
            found["DefaultActions"] = [{"Type": "ForwardGroup", "ForwardGroupConfig": group}]
        else:
            found[_WIRE[name]] = value
    return found


def _read_listener(answer: Mapping[str, t.Any]) -> Listener:
    """Every field may be missing, depending on protocol and age of the listener."""
    group = None
    for action in answer.get("DefaultActions") or []:
        for row in (action.get("ForwardGroupConfig") or {}).get("ServerGroupTuples") or []:
            group = group or row.get("ServerGroupId")
    return Listener(
        id=str(answer["ListenerId"]),
        status=str(answer.get("ListenerStatus") or "Unknown"),
        load_balancer_id=str(answer.get("LoadBalancerId") or ""),
        protocol=str(answer.get("ListenerProtocol") or "").upper(),
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
        **{name: value_of(answer.get(wire)) for name, wire in _WIRE.items()},
    )
