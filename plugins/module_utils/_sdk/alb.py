# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""The ALB API, 2020-06-16: reads that end in states, and the writes of plans."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .._alb.certificate import Certificate, in_order
from .._alb.listener import CreateListener, DeleteListener, Listener, UpdateListener
from .._core.errors import ApiError, InputError, JobFailedError, NotFoundError
from .._core.pace import Pace
from .access import Access
from .client import CallLog, Connection, defer_models, need_sdk

try:
    defer_models("alibabacloud_alb20200616")
    from alibabacloud_alb20200616.client import Client
except ImportError as exc:
    SDK_PROBLEM: str | None = str(exc)
else:
    SDK_PROBLEM = None

_WIRE = {
    "description": "ListenerDescription",
    "security_policy_id": "SecurityPolicyId",
    "http2_enabled": "Http2Enabled",
    "gzip_enabled": "GzipEnabled",
    "idle_timeout": "IdleTimeout",
    "request_timeout": "RequestTimeout",
}

_LOAD_BALANCER_ID = re.compile(r"alb-[0-9a-z]+")
_SERVER_GROUP_ID = re.compile(r"sgp-[0-9a-z]+")


class Sent(t.NamedTuple):
    """
    A write that the API accepted.

    :param job_id: of the work that goes on behind it.
    """

    listener_id: str
    job_id: str | None


class AlbGateway:
    """
    ALB in one region.

    :param pace: bounds all waiting of the task.
    :param log: counts the calls.
    """

    def __init__(self, access: Access, pace: Pace, log: CallLog) -> None:
        need_sdk(SDK_PROBLEM)
        self._api = Connection(
            product="ALB",
            version="2020-06-16",
            make_client=Client,
            where=access.alb(),
            access=access,
            pace=pace,
            log=log,
        )
        self._pace = pace
        self._region = access.region

    def find_listener_id(self, load_balancer: str, port: int, protocol: str | None) -> tuple[str, str | None]:
        """
        Look a listener up by where it is.

        :param load_balancer: id or name.
        :param protocol: needed only where TCP (HTTP, HTTPS) and UDP (QUIC) listeners share a port.
        :returns: id of the load balancer, and of the listener or None.
        :raises NotFoundError: if there is no such load balancer.
        """
        if _LOAD_BALANCER_ID.fullmatch(load_balancer):
            found = self._listener_on(load_balancer, port, protocol)
            if found is not None:
                return load_balancer, found
        balancer = self.load_balancer(load_balancer)
        balancer_id = str(balancer["LoadBalancerId"])
        if balancer_id == load_balancer:
            return balancer_id, None
        return balancer_id, self._listener_on(balancer_id, port, protocol)

    def load_balancer(self, load_balancer: str) -> dict[str, t.Any]:
        """
        Look a load balancer up by id or name.

        :raises NotFoundError: if there is none.
        :raises InputError: if several have that name.
        """
        if _LOAD_BALANCER_ID.fullmatch(load_balancer):
            try:
                return self._api.read("GetLoadBalancerAttribute", {"LoadBalancerId": load_balancer})
            except ApiError as error:
                if error.code not in ("ResourceNotFound.LoadBalancer", "-735"):
                    raise
        rows = self._api.pages("ListLoadBalancers", {"LoadBalancerNames": [load_balancer]}, "LoadBalancers")
        found = [row for row in rows if row.get("LoadBalancerName") == load_balancer]
        if len(found) > 1:
            ids = ", ".join(sorted(str(row["LoadBalancerId"]) for row in found))
            raise InputError(f"{len(found)} load balancers are named {load_balancer!r}: {ids}. Give the id of one.")
        if not found:
            raise NotFoundError(
                f"There is no ALB load balancer with the id or name {load_balancer!r} in region {self._region}"
                f" (asked {self._api.host})."
            )
        return found[0]

    def server_group_id(self, server_group: str) -> str:
        """
        Id of a server group given by id or name.

        :raises NotFoundError: if there is none.
        :raises InputError: if several have that name.
        """
        by_id = _SERVER_GROUP_ID.fullmatch(server_group) is not None
        where, attribute = ("ServerGroupIds", "ServerGroupId") if by_id else ("ServerGroupNames", "ServerGroupName")
        rows = self._api.pages("ListServerGroups", {where: [server_group]}, "ServerGroups")
        found = sorted(str(row["ServerGroupId"]) for row in rows if row.get(attribute) == server_group)
        if not found:
            raise NotFoundError(
                f"There is no server group with the {'id' if by_id else 'name'} {server_group!r} in region"
                f" {self._region} (asked {self._api.host})."
            )
        if len(found) > 1:
            raise InputError(f"{len(found)} server groups are named {server_group!r}: {', '.join(found)}. Give an id.")
        return found[0]

    def listener(self, listener_id: str) -> Listener:
        """
        A listener, once no other change of it is under way.

        :raises NotFoundError: if it does not exist.
        :raises DeadlineError: if it does not settle.
        """
        found = self._pace.until(
            lambda: self._listener(listener_id),
            lambda seen: seen is None or seen.settled,
            lambda seen: (
                f"{listener_id} is still {seen.status if seen else 'gone'} after {self._pace.seconds:g} s, so another"
                " change of it is under way. Nothing was changed."
            ),
        )
        if found is None:
            raise NotFoundError(
                f"There is no listener {listener_id} in region {self._region} (asked {self._api.host})."
            )
        return found

    def send(self, step: object, before: Sent | None = None) -> Sent:
        """
        Make one write of a plan; it is under way when this returns.

        :param before: the write before it, if it is about the same listener.
        """
        if isinstance(step, CreateListener):
            answer = self._api.write(
                "CreateListener",
                {
                    "LoadBalancerId": step.load_balancer_id,
                    "ListenerProtocol": step.protocol,
                    "ListenerPort": step.port,
                    **_wire(step.settings),
                },
            )
            return Sent(str(answer["ListenerId"]), answer.get("JobId"))
        if isinstance(step, UpdateListener):
            listener_id = before.listener_id if before else str(step.listener_id)
            answer = self._api.write("UpdateListenerAttribute", {"ListenerId": listener_id, **_wire(step.settings)})
            return Sent(listener_id, answer.get("JobId"))
        if isinstance(step, DeleteListener):
            try:
                answer = self._api.write("DeleteListener", {"ListenerId": step.listener_id})
            except ApiError as error:
                # Deleted by somebody else, or by a try whose answer was lost.
                if error.code != "ResourceNotFound.Listener":
                    raise
                answer = {}
            return Sent(step.listener_id, answer.get("JobId"))
        raise TypeError(f"ALB has no write for {type(step).__name__}")

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
                self._job(sent)
            return reached

        def late(seen: Listener | None) -> str:
            # A last question, which raises if the job has failed without the listener coming to rest.
            status = self._job(sent)
            return (
                f"{sent.listener_id} is not as planned after {self._pace.seconds:g} s: it is"
                f" {seen.status if seen else 'not to be found'} (job {sent.job_id}: {status}). The change was accepted"
                " and may still be under way; run the task again, or raise wait_timeout."
            )

        return self._pace.until(lambda: self._listener(sent.listener_id), done, late, pause_first=True)

    def _job(self, sent: Sent) -> str:
        """Status of the job behind a write."""
        if sent.job_id is None:
            return "unknown"
        answer = self._api.read("ListAsynJobs", {"JobIds": [sent.job_id]})
        for job in answer.get("Jobs") or []:
            if job.get("Status") == "Failed":
                raise JobFailedError(
                    f"The cloud accepted {job.get('ApiName')} for {sent.listener_id} and then failed to do it:"
                    f" {job.get('ErrorCode')}: {job.get('ErrorMessage')} (job {sent.job_id})."
                )
            return str(job.get("Status"))
        return "unknown"

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


def _wire(settings: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Attributes of a listener as parameters of CreateListener and UpdateListenerAttribute."""
    found: dict[str, t.Any] = {}
    for name, value in settings.items():
        if name == "certificates":
            found["Certificates"] = [{"CertificateId": one.id} for one in in_order(value)]
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
        **{name: _value(answer.get(wire)) for name, wire in _WIRE.items()},
    )


def _value(found: t.Any) -> t.Any:
    return None if found == "" else found
