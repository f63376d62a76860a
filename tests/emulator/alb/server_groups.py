# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Server groups, and the servers that a seed put into them."""

from __future__ import annotations

import re

from ..actions import PAGING, WRITING, Context, Fields
from ..errors import refusal
from ..invented import invented
from ..listener_rules import read_tags
from ..parameters import flag, integer, text
from ..world import BackendServer, ServerGroup
from .common import ALB, TAGS, start, tag_fields, tagged

_NAME = re.compile(r"[^\W_][\w. -]{1,127}")
_PROTOCOLS = ("HTTP", "HTTPS", "GRPC")
_DEFAULTS: dict[str, Fields] = {
    "HealthCheckConfig": {
        "HealthCheckConnectPort": 0,
        "HealthCheckProtocol": "HTTP",
        "HealthCheckMethod": "HEAD",
        "HealthCheckHttpVersion": "HTTP1.1",
        "HealthCheckInterval": 2,
        "HealthCheckTimeout": 5,
        "HealthyThreshold": 3,
        "UnhealthyThreshold": 3,
    },
    "StickySessionConfig": {"StickySessionType": "Insert", "CookieTimeout": 1000},
    "ConnectionDrainConfig": {"ConnectionDrainTimeout": 300},
    "SlowStartConfig": {"SlowStartDuration": 30},
}
"""Of a block that is switched on."""


@ALB.action(
    "CreateServerGroup",
    text("ServerGroupName"),
    text("ServerGroupType", "Instance", "Ip", "Fc"),
    text("Protocol"),
    text("VpcId"),
    text("Scheduler", "Wrr", "Wlc", "Sch", "Uch"),
    text("ResourceGroupId"),
    text("ServiceName"),
    flag("HealthCheckConfig.HealthCheckEnabled"),
    text("HealthCheckConfig.HealthCheckCodes.N"),
    integer("HealthCheckConfig.HealthCheckConnectPort", 0, 65535),
    text("HealthCheckConfig.HealthCheckHost"),
    text("HealthCheckConfig.HealthCheckHttpVersion", "HTTP1.0", "HTTP1.1"),
    integer("HealthCheckConfig.HealthCheckInterval", 1, 50),
    text("HealthCheckConfig.HealthCheckMethod", "GET", "POST", "HEAD"),
    text("HealthCheckConfig.HealthCheckPath"),
    text("HealthCheckConfig.HealthCheckProtocol", "HTTP", "HTTPS", "TCP", "gRPC", "GRPC"),
    integer("HealthCheckConfig.HealthCheckTimeout", 1, 300),
    integer("HealthCheckConfig.HealthyThreshold", 2, 10),
    integer("HealthCheckConfig.UnhealthyThreshold", 2, 10),
    flag("StickySessionConfig.StickySessionEnabled"),
    text("StickySessionConfig.StickySessionType", "Insert", "Server"),
    text("StickySessionConfig.Cookie"),
    integer("StickySessionConfig.CookieTimeout", 1, 86400),
    flag("ConnectionDrainConfig.ConnectionDrainEnabled"),
    integer("ConnectionDrainConfig.ConnectionDrainTimeout", 0),
    flag("SlowStartConfig.SlowStartEnabled"),
    integer("SlowStartConfig.SlowStartDuration", 30),
    text("UchConfig.Type", "QueryString"),
    text("UchConfig.Value"),
    flag("UpstreamKeepaliveEnabled"),
    flag("CrossZoneEnabled"),
    flag("Ipv6Enabled"),
    text("IpVersionAffinityMode"),
    *TAGS,
    *WRITING,
    required=("ServerGroupName", "HealthCheckConfig.HealthCheckEnabled"),
)
def create_server_group(context: Context) -> Fields:
    """Makes an empty server group and a job; Creating meanwhile."""
    world, arguments = context.world, context.arguments
    group = ServerGroup(
        server_group_id="",
        name=arguments.text("ServerGroupName"),
        protocol=arguments.text("Protocol", "HTTP").upper(),
        vpc_id=arguments.text("VpcId") or None,
        server_group_type=arguments.text("ServerGroupType", "Instance"),
        scheduler=arguments.text("Scheduler", "Wrr"),
        resource_group_id=arguments.text("ResourceGroupId", "rg-emulator"),
        create_time=context.clock.stamp(),
        options=_options(context),
        tags=read_tags(arguments, "Tag"),
    )
    _check(context, group)
    used, quota = len(world.server_groups), context.settings.quota_server_groups
    if used >= quota:
        raise refusal("QuotaExceeded.ServerGroupsNum", "alb_quota_servergroups_num", used, quota)
    context.passed()
    group.server_group_id = world.new_id("sgp-", 17)
    world.server_groups[group.server_group_id] = group
    return {"JobId": start(context, group, "Create").job_id, "ServerGroupId": group.server_group_id}


@ALB.action(
    "ListServerGroups",
    text("ServerGroupIds.N", items=20),
    text("ServerGroupNames.N", items=10),
    text("ServerGroupType", "Instance", "Ip", "Fc"),
    text("VpcId"),
    text("ResourceGroupId"),
    *TAGS,
    *PAGING,
)
def list_server_groups(context: Context) -> Fields:
    """Server groups by id, name, type, VPC, resource group or tag."""
    arguments = context.arguments
    ids, names = arguments.texts("ServerGroupIds"), arguments.texts("ServerGroupNames")
    kind, vpc, resource_group = (arguments.text(name) for name in ("ServerGroupType", "VpcId", "ResourceGroupId"))
    wanted_tags = read_tags(arguments, "Tag")
    found = [
        each
        for each in context.world.server_groups.values()
        if (not ids or each.server_group_id in ids)
        and (not names or each.name in names)
        and (not kind or each.server_group_type == kind)
        and (not vpc or each.vpc_id == vpc)
        and (not resource_group or each.resource_group_id == resource_group)
        and tagged(each.tags, wanted_tags)
    ]
    rows, page = context.page(found)
    return {"ServerGroups": [_group_fields(context, each) for each in rows], **page}


@ALB.action("ListServerGroupServers", text("ServerGroupId"), text("ServerIds.N", items=40), *TAGS, *PAGING)
def list_server_group_servers(context: Context) -> Fields:
    """Servers by group, id, or tag of their group. Only a seed puts servers there."""
    arguments = context.arguments
    group_id, ids = arguments.text("ServerGroupId"), arguments.texts("ServerIds")
    wanted_tags = read_tags(arguments, "Tag")
    found = [
        (group, server)
        for group in context.world.server_groups.values()
        if group_id in ("", group.server_group_id) and tagged(group.tags, wanted_tags)
        for server in group.servers
        if not ids or server.server_id in ids
    ]
    rows, page = context.page(found)
    return {"Servers": [_server_fields(*each) for each in rows], **page}


def _options(context: Context) -> Fields:
    """The blocks and flags as they were sent, completed with the documented defaults."""
    arguments = context.arguments
    options: Fields = {}
    for block in (*_DEFAULTS, "UchConfig"):
        sent = arguments.group(block).without()
        if sent:
            enabled = any(value is True for name, value in sent.items() if name.endswith("Enabled"))
            options[block] = {**(_DEFAULTS.get(block, {}) if enabled else {}), **sent}
    health = options["HealthCheckConfig"]
    if health.get("HealthCheckProtocol") == "GRPC":
        health["HealthCheckProtocol"] = "gRPC"
    for name in ("UpstreamKeepaliveEnabled", "CrossZoneEnabled", "Ipv6Enabled"):
        if name in arguments:
            options[name] = arguments.flag(name)
    for name in ("IpVersionAffinityMode", "ServiceName"):
        if arguments.text(name):
            options[name] = arguments.text(name)
    return options


def _check(context: Context, group: ServerGroup) -> None:
    world, options = context.world, group.options
    if not _NAME.fullmatch(group.name):
        raise invented("server-group-name", "ServerGroupName must have 2 to 128 characters, of certain kinds.")
    if group.protocol not in _PROTOCOLS:
        raise invented("choice", f"Protocol must be one of {', '.join(_PROTOCOLS)}.")
    if "UchConfig" in options and set(options["UchConfig"]) != {"Type", "Value"}:
        raise invented("uch-config", "UchConfig needs Type and Value.")
    if group.server_group_type != "Fc":
        if group.vpc_id is None:
            raise invented("server-group-vpc", f"A server group of type {group.server_group_type} needs a VpcId.")
        vpcs = {each.vpc_id for each in world.server_groups.values()}
        if group.vpc_id not in vpcs | {each.vpc_id for each in world.load_balancers.values()}:
            raise refusal("ResourceNotFound.Vpc", group.vpc_id)
    known = {
        "rg-emulator",
        *(each.resource_group_id for each in world.load_balancers.values()),
        *(each.resource_group_id for each in world.server_groups.values()),
        *(each.resource_group_id for each in world.security_policies.values()),
    }
    if group.resource_group_id not in known:
        raise refusal("NotExist.ResourceGroup", group.resource_group_id)
    if options.get("Ipv6Enabled"):
        raise refusal("OperationDenied.VpcNotSupportIpv6", "VpcNotSupportIpv6")
    _check_drain_and_slow_start(group)


def _check_drain_and_slow_start(group: ServerGroup) -> None:
    drain = group.options.get("ConnectionDrainConfig", {})
    slow_start = group.options.get("SlowStartConfig", {})
    if group.server_group_type == "Fc":
        if drain.get("ConnectionDrainEnabled"):
            raise refusal("UnsupportedFeature.ConnectionDrain", "ConnectionDrain")
        if slow_start.get("SlowStartEnabled"):
            raise refusal("UnsupportedFeature.SlowStart", "SlowStart")
    if slow_start.get("SlowStartEnabled") and group.scheduler != "Wrr":
        raise refusal("Mismatch.ServerGroupSchedulerAndSlowStartEnable", "Scheduler", "SlowStartEnabled")
    seconds = drain.get("ConnectionDrainTimeout", 0)
    if seconds > 900:
        raise refusal("QuotaExceeded.ConnectionDrainTimeout", "ConnectionDrainTimeout", seconds, 900)
    seconds = slow_start.get("SlowStartDuration", 30)
    if seconds > 900:
        raise refusal("QuotaExceeded.SlowStartDuration", "SlowStartDuration", seconds, 900)


def _group_fields(context: Context, group: ServerGroup) -> Fields:
    users = sorted(
        {
            listener.load_balancer_id
            for listener in context.world.listeners.values()
            if group.server_group_id in listener.config.server_group_ids
        }
    )
    fields: Fields = {
        "ServerGroupId": group.server_group_id,
        "ServerGroupName": group.name,
        "ServerGroupStatus": group.status,
        "ServerGroupType": group.server_group_type,
        "Protocol": group.protocol,
        "Scheduler": group.scheduler,
        "ServerCount": len(group.servers),
        "RelatedLoadBalancerIds": users,
        "ResourceGroupId": group.resource_group_id,
        "HealthCheckConfig": {"HealthCheckEnabled": False},
        "StickySessionConfig": {"StickySessionEnabled": False},
        "ConnectionDrainConfig": {"ConnectionDrainEnabled": False},
        "SlowStartConfig": {"SlowStartEnabled": False},
        "UpstreamKeepaliveEnabled": False,
        "CrossZoneEnabled": True,
        "Ipv6Enabled": False,
        "ConfigManagedEnabled": False,
        "CreateTime": group.create_time,
        "Tags": tag_fields(group.tags),
        **group.options,
    }
    if group.vpc_id is not None:
        fields["VpcId"] = group.vpc_id
    return fields


def _server_fields(group: ServerGroup, server: BackendServer) -> Fields:
    return {
        "ServerGroupId": group.server_group_id,
        "ServerId": server.server_id,
        "ServerIp": server.server_ip,
        "ServerType": server.server_type,
        "Port": server.port,
        "Weight": server.weight,
        "Status": server.status,
        "Description": server.description,
        "RemoteIpEnabled": server.remote_ip_enabled,
    }
