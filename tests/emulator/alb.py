# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ALB actions of version 2020-06-16. Field names are the API's, misspelt ones included."""

from __future__ import annotations

import typing as t

from . import jobs
from .actions import PAGING, WRITING, Catalogue, Context, Fields
from .errors import refusal
from .listener_rules import CONFIG_PARAMETERS, checked_config, normal_certificate_id, read_tags
from .parameters import integer, text
from .world import Job, Listener, LoadBalancer, Protocol, ServerGroup

ALB = Catalogue("Alb", "2020-06-16", "alb.cn-hangzhou.aliyuncs.com")
LISTENERS_PER_LOAD_BALANCER = 50
_TAGS = (text("Tag.N.Key", items=20), text("Tag.N.Value"))


# --- listeners ---------------------------------------------------------------------------------------------------


@ALB.action(
    "CreateListener",
    text("LoadBalancerId"),
    text("ListenerProtocol", "HTTP", "HTTPS", "QUIC"),
    integer("ListenerPort", 1, 65535),
    *CONFIG_PARAMETERS,
    *_TAGS,
    *WRITING,
    required=("LoadBalancerId", "ListenerProtocol", "ListenerPort", "DefaultActions"),
)
def create_listener(context: Context) -> Fields:
    """Makes a listener (HTTP, HTTPS, QUIC) and a job."""
    world, arguments = context.world, context.arguments
    load_balancer = _usable_load_balancer(context, arguments.text("LoadBalancerId"))
    protocol = t.cast(Protocol, arguments.text("ListenerProtocol"))
    port = arguments.integer("ListenerPort", 0)
    config = checked_config(context, load_balancer, protocol)
    tags = read_tags(arguments, "Tag")
    listener = Listener("", load_balancer.load_balancer_id, protocol, port, config, tags=tags)
    others = world.listeners_of(load_balancer.load_balancer_id)
    for other in others:
        if (other.port, other.transport) == (port, listener.transport):
            raise refusal("ResourceAlreadyExist.Listener", f"{listener.transport}:{port}")
    if len(others) >= LISTENERS_PER_LOAD_BALANCER:
        raise refusal(
            "ResourceQuotaExceeded.LoadBalancerListenersNum",
            "alb_quota_loadbalancer_listeners_num",
            load_balancer.load_balancer_id,
            len(others),
            LISTENERS_PER_LOAD_BALANCER,
        )
    context.passed()
    listener.listener_id = world.new_id("lsn-", 16)
    world.listeners[listener.listener_id] = listener
    job = _start(context, listener, "Create")
    return {"JobId": job.job_id, "ListenerId": listener.listener_id}


@ALB.action("UpdateListenerAttribute", text("ListenerId"), *CONFIG_PARAMETERS, *WRITING, required=("ListenerId",))
def update_listener_attribute(context: Context) -> Fields:
    """Changes what is sent, leaves the rest; Certificates replaces the default certificates. Makes a job."""
    listener = _idle_listener(context)
    load_balancer = _usable_load_balancer(context, listener.load_balancer_id)
    config = checked_config(context, load_balancer, listener.protocol, listener)
    context.passed()
    job = jobs.start(
        context.world,
        context.clock,
        context.settings,
        listener,
        api_name=context.action,
        operate_type="Update",
        pending=config,
        fails_with=context.job_failure,
    )
    return {"JobId": job.job_id}


@ALB.action("DeleteListener", text("ListenerId"), *WRITING, required=("ListenerId",))
def delete_listener(context: Context) -> Fields:
    """Removes a listener through a job; Deleting meanwhile."""
    listener = _idle_listener(context)
    _usable_load_balancer(context, listener.load_balancer_id)
    for other in context.world.listeners.values():
        if any(config.quic_listener_id == listener.listener_id for config in other.configs()):
            raise refusal("ResourceInUse.Listener", listener.listener_id)
    context.passed()
    return {"JobId": _start(context, listener, "Delete").job_id}


@ALB.action("GetListenerAttribute", text("ListenerId"), required=("ListenerId",))
def get_listener_attribute(context: Context) -> Fields:
    """One listener with its default certificates and CA; while Configuring, as it was before."""
    listener = _listener(context)
    config = listener.config
    fields = _listener_fields(listener)
    if listener.protocol != "HTTP":
        fields["Certificates"] = [{"CertificateId": each} for each in config.certificate_ids]
    if listener.protocol == "HTTPS":
        fields["CaEnabled"] = config.ca_enabled
        shown = config.ca_enabled or context.settings.show_ca_when_disabled
        if config.ca_certificate_ids and shown:
            fields["CaCertificates"] = [
                {"CertificateId": each, "Status": "Associated", "IsDefault": True} for each in config.ca_certificate_ids
            ]
    return fields


@ALB.action(
    "ListListeners",
    text("ListenerIds.N", items=20),
    text("LoadBalancerIds.N", items=20),
    text("ListenerProtocol", "HTTP", "HTTPS", "QUIC"),
    *_TAGS,
    *PAGING,
)
def list_listeners(context: Context) -> Fields:
    """Listeners by id, load balancer, protocol or tag; without certificates."""
    arguments = context.arguments
    ids, load_balancers = arguments.texts("ListenerIds"), arguments.texts("LoadBalancerIds")
    protocol = arguments.text("ListenerProtocol")
    wanted_tags = read_tags(arguments, "Tag")
    found = [
        listener
        for listener in context.world.listeners.values()
        if (not ids or listener.listener_id in ids)
        and (not load_balancers or listener.load_balancer_id in load_balancers)
        and (not protocol or listener.protocol == protocol)
        and _tagged(listener.tags, wanted_tags)
    ]
    rows, page = context.page(found)
    return {"Listeners": [_listener_fields(each) for each in rows], **page}


@ALB.action(
    "ListListenerCertificates",
    text("ListenerId"),
    text("CertificateType", "Ca", "Server"),
    text("CertificateIds.N", items=20),
    *PAGING,
    required=("ListenerId",),
)
def list_listener_certificates(context: Context) -> Fields:
    """Certificates of an HTTPS or QUIC listener; refused for HTTP."""
    listener = _listener(context)
    if listener.protocol == "HTTP":
        raise refusal("OperationDenied.HttpListenerNotSupport", "HttpListenerNotSupport")
    kind = context.arguments.text("CertificateType")
    with_ca = kind == "Ca" or (not kind and context.settings.unfiltered_certificates_include_ca)
    rows: list[Fields] = []
    if kind != "Ca":
        rows += [_certificate_row(each, "Server") for each in listener.config.certificate_ids]
    if with_ca and listener.config.ca_enabled:
        rows += [_certificate_row(each, "Ca") for each in listener.config.ca_certificate_ids]
    ids = context.arguments.texts("CertificateIds")
    site = context.settings.site
    wanted = {normal_certificate_id(each, site) for each in ids}
    found, page = context.page([row for row in rows if not ids or row["CertificateId"] in wanted])
    return {"Certificates": found, **page}


# --- around them -------------------------------------------------------------------------------------------------


@ALB.action("GetLoadBalancerAttribute", text("LoadBalancerId"), required=("LoadBalancerId",))
def get_load_balancer_attribute(context: Context) -> Fields:
    """One load balancer."""
    load_balancer = _load_balancer(context, context.arguments.text("LoadBalancerId"))
    region = context.settings.region
    zones = [
        {
            "ZoneId": f"{region}-{letter}",
            "VSwitchId": f"vsw-{letter}-{load_balancer.vpc_id}",
            "Status": "Active",
            "LoadBalancerAddresses": [{"IntranetAddress": f"192.168.{index}.10", "IntranetAddressHcStatus": "Healthy"}],
        }
        for index, letter in enumerate("hi")
    ]
    return {**_load_balancer_fields(load_balancer), "RegionId": region, "ZoneMappings": zones}


@ALB.action(
    "ListLoadBalancers",
    text("LoadBalancerIds.N", items=20),
    text("LoadBalancerNames.N", items=10),
    text("VpcIds.N", items=10),
    text("LoadBalancerStatus"),
    text("LoadBalancerBussinessStatus"),
    text("AddressType"),
    text("AddressIpVersion"),
    text("Ipv6AddressType"),
    text("DNSName"),
    text("ZoneId"),
    text("PayType"),
    text("ResourceGroupId"),
    *_TAGS,
    *PAGING,
)
def list_load_balancers(context: Context) -> Fields:
    """Load balancers by id, name, VPC, status, address type, DNS name, resource group or tag."""
    arguments = context.arguments
    ids, names, vpcs = (arguments.texts(name) for name in ("LoadBalancerIds", "LoadBalancerNames", "VpcIds"))
    wanted_tags = read_tags(arguments, "Tag")
    scalars = {
        name: arguments.text(name)
        for name in (
            "LoadBalancerStatus",
            "LoadBalancerBussinessStatus",
            "AddressType",
            "AddressIpVersion",
            "Ipv6AddressType",
            "DNSName",
            "ResourceGroupId",
        )
        if arguments.text(name)
    }
    pay_type, zone = arguments.text("PayType"), arguments.text("ZoneId")
    region = context.settings.region
    found = [
        fields
        for each in context.world.load_balancers.values()
        if (not ids or each.load_balancer_id in ids)
        and (not names or each.name in names)
        and (not vpcs or each.vpc_id in vpcs)
        and pay_type in ("", "PostPay")
        and zone in ("", f"{region}-h", f"{region}-i")
        and _tagged(each.tags, wanted_tags)
        for fields in [_load_balancer_fields(each)]
        if all(fields.get(name) == value for name, value in scalars.items())
    ]
    rows, page = context.page(found)
    return {"LoadBalancers": rows, **page}


@ALB.action(
    "ListServerGroups",
    text("ServerGroupIds.N", items=20),
    text("ServerGroupNames.N", items=10),
    text("ServerGroupType", "Instance", "Ip", "Fc"),
    text("VpcId"),
    text("ResourceGroupId"),
    *_TAGS,
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
        and _tagged(each.tags, wanted_tags)
    ]
    rows, page = context.page(found)
    return {"ServerGroups": [_server_group_fields(context, each) for each in rows], **page}


@ALB.action(
    "ListAsynJobs",
    text("JobIds.N", items=10),
    text("ResourceIds.N", items=10),
    text("ResourceType", "loadbalancer", "listener", "rule", "acl", "securitypolicy", "servergroup"),
    text("ApiName"),
    integer("BeginTime"),
    integer("EndTime"),
    *PAGING,
)
def list_asyn_jobs(context: Context) -> Fields:
    """Jobs by id, resource, type, action or time."""
    arguments = context.arguments
    ids, resources = arguments.texts("JobIds"), arguments.texts("ResourceIds")
    kind, api_name = arguments.text("ResourceType"), arguments.text("ApiName")
    begin, end = arguments.integer("BeginTime", 0), arguments.integer("EndTime", 2**63)
    found = [
        job
        for job in context.world.jobs.values()
        if (not ids or job.job_id in ids)
        and (not resources or job.listener_id in resources)
        and kind in ("", "listener")
        and api_name in ("", job.api_name)
        and begin <= job.created_ms <= end
    ]
    rows, page = context.page(found)
    return {"Jobs": [_job_fields(each) for each in rows], **page}


# --- parts -------------------------------------------------------------------------------------------------------


def _load_balancer(context: Context, load_balancer_id: str) -> LoadBalancer:
    load_balancer = context.world.load_balancers.get(load_balancer_id)
    if load_balancer is None:
        raise refusal("ResourceNotFound.LoadBalancer", load_balancer_id)
    return load_balancer


def _usable_load_balancer(context: Context, load_balancer_id: str) -> LoadBalancer:
    load_balancer = _load_balancer(context, load_balancer_id)
    if load_balancer.status != "Active":
        raise refusal("IncorrectStatus.LoadBalancer", load_balancer_id, load_balancer.status)
    if load_balancer.business_status != "Normal":
        raise refusal("IncorrectBusinessStatus.LoadBalancer", load_balancer_id, load_balancer.business_status)
    return load_balancer


def _listener(context: Context) -> Listener:
    listener_id = context.arguments.text("ListenerId")
    listener = context.world.listeners.get(listener_id)
    if listener is None:
        raise refusal("ResourceNotFound.Listener", listener_id)
    return listener


def _idle_listener(context: Context) -> Listener:
    listener = _listener(context)
    if listener.job_id is not None or listener.status not in ("Running", "Stopped"):
        raise refusal("IncorrectStatus.Listener", listener.listener_id, listener.status)
    return listener


def _start(context: Context, listener: Listener, operate_type: t.Literal["Create", "Delete"]) -> Job:
    return jobs.start(
        context.world,
        context.clock,
        context.settings,
        listener,
        api_name=context.action,
        operate_type=operate_type,
        fails_with=context.job_failure,
    )


def _tagged(tags: dict[str, str], wanted: dict[str, str]) -> bool:
    """A tag given without a value asks for the key alone."""
    return all(name in tags and value in ("", tags[name]) for name, value in wanted.items())


def _tag_fields(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]


def _certificate_row(certificate_id: str, kind: str) -> Fields:
    return {"CertificateId": certificate_id, "CertificateType": kind, "IsDefault": True, "Status": "Associated"}


def _listener_fields(listener: Listener) -> Fields:
    config = listener.config
    tuples = [{"ServerGroupId": each} for each in config.server_group_ids]
    fields: Fields = {
        "ListenerId": listener.listener_id,
        "LoadBalancerId": listener.load_balancer_id,
        "ListenerProtocol": listener.protocol,
        "ListenerPort": listener.port,
        "ListenerStatus": listener.status,
        "ListenerDescription": config.description,
        "GzipEnabled": config.gzip_enabled,
        "IdleTimeout": config.idle_timeout,
        "RequestTimeout": config.request_timeout,
        "DefaultActions": [{"Type": "ForwardGroup", "ForwardGroupConfig": {"ServerGroupTuples": tuples}}],
        "XForwardedForConfig": {name: value for name, value in config.x_forwarded_for if value != ""},
        "LogConfig": {
            "AccessLogRecordCustomizedHeadersEnabled": False,
            "AccessLogTracingConfig": {"TracingEnabled": False},
        },
        "Tags": _tag_fields(listener.tags),
    }
    if listener.protocol == "HTTPS":
        fields["SecurityPolicyId"] = config.security_policy_id
        fields["Http2Enabled"] = config.http2_enabled
        fields["QuicConfig"] = {"QuicUpgradeEnabled": config.quic_upgrade_enabled}
        if config.quic_listener_id:
            fields["QuicConfig"]["QuicListenerId"] = config.quic_listener_id
    return fields


def _load_balancer_fields(load_balancer: LoadBalancer) -> Fields:
    return {
        "LoadBalancerId": load_balancer.load_balancer_id,
        "LoadBalancerName": load_balancer.name,
        "LoadBalancerEdition": load_balancer.edition,
        "LoadBalancerStatus": load_balancer.status,
        "LoadBalancerBussinessStatus": load_balancer.business_status,
        "AddressType": load_balancer.address_type,
        "AddressIpVersion": "IPv4",
        "AddressAllocatedMode": "Dynamic",
        "DNSName": load_balancer.dns_name,
        "VpcId": load_balancer.vpc_id,
        "ResourceGroupId": load_balancer.resource_group_id,
        "CreateTime": load_balancer.create_time,
        "SecurityGroupIds": [],
        "Tags": _tag_fields(load_balancer.tags),
        "DeletionProtectionConfig": {"Enabled": False},
        "ModificationProtectionConfig": {"Status": "NonProtection"},
        "LoadBalancerBillingConfig": {"PayType": "PostPay"},
        "LoadBalancerOperationLocks": [],
    }


def _server_group_fields(context: Context, group: ServerGroup) -> Fields:
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
        "ServerCount": 0,
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
        "Tags": _tag_fields(group.tags),
    }
    if group.vpc_id is not None:
        fields["VpcId"] = group.vpc_id
    return fields


def _job_fields(job: Job) -> Fields:
    return {
        "Id": job.job_id,
        "ApiName": job.api_name,
        "Status": job.status,
        "OperateType": job.operate_type,
        "ResourceType": "listener",
        "ResourceId": job.listener_id,
        "CreateTime": job.created_ms,
        "ModifyTime": job.modified_ms,
        "ErrorCode": job.error_code,
        "ErrorMessage": job.error_message,
    }
