# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to alicloud.tls: nothing here is for use from outside of the collection.

"""Load balancers and server groups, which listeners connect."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from .._alb.balancer import AccessLog, LoadBalancer, OperationLock, Zone, ZoneAddress
from .._alb.server_group import HealthCheck, Server, ServerGroup, StickySession
from .._core.errors import ApiError, InputError, NotFoundError
from .alb import AlbApi, value_of
from .tags import read_tags, tag_list

LOAD_BALANCER_ID = re.compile(r"alb-[0-9a-z]+")
SERVER_GROUP_ID = re.compile(r"sgp-[0-9a-z]+")
_NOT_FOUND = ("ResourceNotFound.LoadBalancer", "-735")

# How many of a kind the API takes in one call. Of ids of server groups it is not documented.
IDS_PER_CALL = 20
_NAMES_PER_CALL = 10
_VPCS_PER_CALL = 10

_Row = Mapping[str, t.Any]

# Fields of states and what the API calls them.
_LOAD_BALANCER = {
    "name": "LoadBalancerName",
    "edition": "LoadBalancerEdition",
    "status": "LoadBalancerStatus",
    "business_status": "LoadBalancerBussinessStatus",
    "dns_name": "DNSName",
    "address_type": "AddressType",
    "address_ip_version": "AddressIpVersion",
    "ipv6_address_type": "Ipv6AddressType",
    "address_allocated_mode": "AddressAllocatedMode",
    "bandwidth_package_id": "BandwidthPackageId",
    "resource_group_id": "ResourceGroupId",
    "vpc_id": "VpcId",
    "create_time": "CreateTime",
}
_ZONE_ADDRESS = {
    "address": "Address",
    "allocation_id": "AllocationId",
    "eip_type": "EipType",
    "intranet_address": "IntranetAddress",
    "intranet_address_health": "IntranetAddressHcStatus",
    "ipv6_address": "Ipv6Address",
    "ipv6_address_health": "Ipv6AddressHcStatus",
}
_SERVER_GROUP = {
    "name": "ServerGroupName",
    "status": "ServerGroupStatus",
    "type": "ServerGroupType",
    "scheduler": "Scheduler",
    "vpc_id": "VpcId",
    "resource_group_id": "ResourceGroupId",
    "service_name": "ServiceName",
    "server_count": "ServerCount",
    "upstream_keepalive_enabled": "UpstreamKeepaliveEnabled",
    "cross_zone_enabled": "CrossZoneEnabled",
    "ipv6_enabled": "Ipv6Enabled",
    "create_time": "CreateTime",
}
_HEALTH_CHECK = {
    "enabled": "HealthCheckEnabled",
    "protocol": "HealthCheckProtocol",
    "port": "HealthCheckConnectPort",
    "host": "HealthCheckHost",
    "path": "HealthCheckPath",
    "method": "HealthCheckMethod",
    "http_version": "HealthCheckHttpVersion",
    "interval": "HealthCheckInterval",
    "timeout": "HealthCheckTimeout",
    "healthy_threshold": "HealthyThreshold",
    "unhealthy_threshold": "UnhealthyThreshold",
}
_STICKY_SESSION = {
    "enabled": "StickySessionEnabled",
    "type": "StickySessionType",
    "cookie": "Cookie",
    "cookie_timeout": "CookieTimeout",
}
_SERVER = {
    "id": "ServerId",
    "ip": "ServerIp",
    "type": "ServerType",
    "port": "Port",
    "weight": "Weight",
    "status": "Status",
    "description": "Description",
    "remote_ip_enabled": "RemoteIpEnabled",
}


class Balancers:
    """:param api: ALB in the region of the task."""

    def __init__(self, api: AlbApi) -> None:
        self._api = api

    def load_balancer(self, load_balancer: str) -> LoadBalancer:
        """
        Look a load balancer up by id or name.

        :raises NotFoundError: if there is none.
        :raises InputError: if several have that name.
        """
        if LOAD_BALANCER_ID.fullmatch(load_balancer):
            try:
                answer = self._api.read("GetLoadBalancerAttribute", {"LoadBalancerId": load_balancer})
            except ApiError as error:
                if error.code not in _NOT_FOUND:
                    raise
            else:
                return _read_load_balancer({"LoadBalancerId": load_balancer, **answer})
        rows = self._api.pages("ListLoadBalancers", {"LoadBalancerNames": [load_balancer]}, "LoadBalancers")
        found = [_read_load_balancer(row) for row in rows if row.get("LoadBalancerName") == load_balancer]
        if len(found) > 1:
            ids = ", ".join(sorted(one.id for one in found))
            raise InputError(f"{len(found)} load balancers are named {load_balancer!r}: {ids}. Give the id of one.")
        if not found:
            raise NotFoundError(
                f"There is no ALB load balancer with the id or name {load_balancer!r} {self._api.where}."
            )
        return found[0]

    def server_group_id(self, server_group: str) -> str:
        """
        Id of a server group given by id or name.

        :raises NotFoundError: if there is none.
        :raises InputError: if several have that name.
        """
        by_id = SERVER_GROUP_ID.fullmatch(server_group) is not None
        where, attribute = ("ServerGroupIds", "ServerGroupId") if by_id else ("ServerGroupNames", "ServerGroupName")
        rows = self._api.pages("ListServerGroups", {where: [server_group]}, "ServerGroups")
        found = sorted(str(row["ServerGroupId"]) for row in rows if row.get(attribute) == server_group)
        if not found:
            raise NotFoundError(
                f"There is no server group with the {'id' if by_id else 'name'} {server_group!r} {self._api.where}."
            )
        if len(found) > 1:
            raise InputError(f"{len(found)} server groups are named {server_group!r}: {', '.join(found)}. Give an id.")
        return found[0]

    def load_balancers(
        self,
        given: Collection[str] | None = None,
        *,
        vpc_ids: Collection[str] | None = None,
        tags: Mapping[str, str] | None = None,
        address_type: str | None = None,
        status: str | None = None,
    ) -> list[LoadBalancer]:
        """
        Load balancers to which all filters apply, by name and id; without their zones.

        :param given: ids and names. None is all; of none there is none. Likewise with VPCs.
        :param tags: which they have, perhaps among others.
        """
        query = _without_none(
            {"AddressType": address_type, "LoadBalancerStatus": status, "Tag": tag_list(tags) if tags else None}
        )
        found = [
            _read_load_balancer(row)
            for more in batches("VpcIds", vpc_ids, _VPCS_PER_CALL)
            for row in self._rows("LoadBalancer", LOAD_BALANCER_ID, given, {**query, **more})
        ]
        return sorted(
            (one for one in found if _tagged(one.tags, tags) and (vpc_ids is None or one.vpc_id in vpc_ids)),
            key=lambda one: (one.name or "", one.id),
        )

    def load_balancer_ids(self, names: Collection[str]) -> list[str]:
        """Ids of all load balancers that have one of these names."""
        return [str(row["LoadBalancerId"]) for row in self._named("LoadBalancer", names, {})]

    def with_zones(self, load_balancer: LoadBalancer) -> LoadBalancer | None:
        """Read again, with zones; None if it was deleted meanwhile."""
        try:
            answer = self._api.read("GetLoadBalancerAttribute", {"LoadBalancerId": load_balancer.id})
        except ApiError as error:
            if error.code not in _NOT_FOUND:
                raise
            return None
        found = _read_load_balancer({**answer, "LoadBalancerId": load_balancer.id})
        return replace(found, zones=tuple(_read_zone(row) for row in answer.get("ZoneMappings") or []))

    def server_groups(
        self,
        given: Collection[str] | None = None,
        *,
        vpc_ids: Collection[str] | None = None,
        tags: Mapping[str, str] | None = None,
        kind: str | None = None,
    ) -> list[ServerGroup]:
        """
        Server groups to which all filters apply, by name and id; without their servers.

        :param given: ids and names. None is all; of none there is none. Likewise with VPCs.
        :param tags: which they have, perhaps among others.
        :param kind: C(Instance), C(Ip) or C(Fc).
        """
        query = _without_none({"ServerGroupType": kind, "Tag": tag_list(tags) if tags else None})
        # The API takes one VPC in a call; where few groups are listed anyway, it need not know.
        asked: Collection[str] | None = vpc_ids if given is None or not vpc_ids else None
        wheres = [{"VpcId": one} for one in dict.fromkeys(asked)] if asked is not None else [{}]
        found = [
            _read_server_group(row)
            for where in wheres
            for row in self._rows("ServerGroup", SERVER_GROUP_ID, given, {**query, **where})
        ]
        return sorted(
            (one for one in found if _tagged(one.tags, tags) and (vpc_ids is None or one.vpc_id in vpc_ids)),
            key=lambda one: (one.name or "", one.id),
        )

    def with_servers(self, group: ServerGroup) -> ServerGroup | None:
        """
        With its servers, by id and port. A group that is told to have none is not asked about.

        :returns: None if it was deleted meanwhile.
        """
        if group.server_count == 0:
            return replace(group, servers=())
        try:
            rows = list(self._api.pages("ListServerGroupServers", {"ServerGroupId": group.id}, "Servers"))
        except ApiError as error:
            if error.code != "ResourceNotFound.ServerGroup":
                raise
            return None
        found = (Server(**_fields(row, _SERVER)) for row in rows)
        return replace(group, servers=tuple(sorted(found, key=lambda one: (one.id or "", one.port or 0))))

    def _rows(self, kind: str, ids: re.Pattern[str], given: Collection[str] | None, query: _Row) -> list[_Row]:
        """
        Rows of a list, each once.

        :param kind: C(LoadBalancer) or C(ServerGroup); all else about them has its name from that.
        :param ids: what an id looks like. What looks like one and is none may still be a name.
        """
        if given is None:
            return list(self._api.pages(f"List{kind}s", query, f"{kind}s"))
        found: dict[str, _Row] = {}
        for where in batches(f"{kind}Ids", [one for one in given if ids.fullmatch(one)], IDS_PER_CALL):
            rows = self._api.pages(f"List{kind}s", {**query, **where}, f"{kind}s")
            found.update({str(row[f"{kind}Id"]): row for row in rows if row.get(f"{kind}Id") in given})
        for row in self._named(kind, [one for one in given if one not in found], query):
            found.setdefault(str(row[f"{kind}Id"]), row)
        return list(found.values())

    def _named(self, kind: str, names: Collection[str], query: _Row) -> Iterator[_Row]:
        """Rows with exactly one of these names; how the API itself compares is not documented."""
        for where in batches(f"{kind}Names", names, _NAMES_PER_CALL):
            rows = self._api.pages(f"List{kind}s", {**query, **where}, f"{kind}s")
            yield from (row for row in rows if row.get(f"{kind}Name") in names)


def batches(parameter: str, values: Collection[str] | None, size: int) -> Iterator[dict[str, list[str]]]:
    """
    The parameter for as many calls as are needed; no call if there are no values, and one without it for None.

    :param values: empty ones are left out: the API might take them for none at all, and tell of everything.
    """
    if values is None:
        yield {}
        return
    different = [one for one in dict.fromkeys(values) if one]
    for start in range(0, len(different), size):
        yield {parameter: different[start : start + size]}


def _without_none(query: _Row) -> dict[str, t.Any]:
    return {name: value for name, value in query.items() if value is not None}


def _tagged(tags: Mapping[str, str], wanted: Mapping[str, str] | None) -> bool:
    """Whether all of them are there; whether the API wants all or any is not documented."""
    return (wanted or {}).items() <= tags.items()


def _fields(row: _Row, wire: Mapping[str, str]) -> dict[str, t.Any]:
    """Each may be missing."""
    return {name: value_of(row.get(key)) for name, key in wire.items()}


def _texts(found: t.Any) -> tuple[str, ...]:
    return tuple(str(one) for one in found or ())


def _read_load_balancer(answer: _Row) -> LoadBalancer:
    log = answer.get("AccessLogConfig") or {}
    locks = answer.get("LoadBalancerOperationLocks") or []
    return LoadBalancer(
        id=str(answer["LoadBalancerId"]),
        security_group_ids=_texts(answer.get("SecurityGroupIds")),
        access_log=AccessLog(log.get("LogProject"), log.get("LogStore")) if log.get("LogProject") else None,
        deletion_protection=(answer.get("DeletionProtectionConfig") or {}).get("Enabled"),
        modification_protection=value_of((answer.get("ModificationProtectionConfig") or {}).get("Status")),
        operation_locks=tuple(OperationLock(row.get("LockType"), row.get("LockReason")) for row in locks),
        pay_type=value_of((answer.get("LoadBalancerBillingConfig") or {}).get("PayType")),
        tags=read_tags(answer.get("Tags")),
        **_fields(answer, _LOAD_BALANCER),
    )


def _read_zone(row: _Row) -> Zone:
    return Zone(
        id=value_of(row.get("ZoneId")),
        vswitch_id=value_of(row.get("VSwitchId")),
        status=value_of(row.get("Status")),
        addresses=tuple(
            ZoneAddress(
                ipv4_local_addresses=_texts(one.get("Ipv4LocalAddresses")),
                ipv6_local_addresses=_texts(one.get("Ipv6LocalAddresses")),
                **_fields(one, _ZONE_ADDRESS),
            )
            for one in row.get("LoadBalancerAddresses") or []
        ),
    )


def _read_server_group(row: _Row) -> ServerGroup:
    check, drain, slow = (
        row.get(name) or {} for name in ("HealthCheckConfig", "ConnectionDrainConfig", "SlowStartConfig")
    )
    protocol = value_of(row.get("Protocol"))
    return ServerGroup(
        id=str(row["ServerGroupId"]),
        # gRPC in some places.
        protocol=str(protocol).upper() if protocol else None,
        load_balancer_ids=_texts(row.get("RelatedLoadBalancerIds")),
        health_check=HealthCheck(codes=_texts(check.get("HealthCheckCodes")), **_fields(check, _HEALTH_CHECK)),
        sticky_session=StickySession(**_fields(row.get("StickySessionConfig") or {}, _STICKY_SESSION)),
        connection_drain=drain.get("ConnectionDrainTimeout") if drain.get("ConnectionDrainEnabled") else None,
        slow_start=slow.get("SlowStartDuration") if slow.get("SlowStartEnabled") else None,
        tags=read_tags(row.get("Tags")),
        **_fields(row, _SERVER_GROUP),
    )
