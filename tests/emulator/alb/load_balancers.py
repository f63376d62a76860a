# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers: seeded, and read."""

from __future__ import annotations

from ..actions import PAGING, Context, Fields
from ..listener_rules import read_tags
from ..parameters import text
from ..world import LoadBalancer
from .common import ALB, TAGS, find_load_balancer, load_balancer_status, tag_fields, tagged


@ALB.action("GetLoadBalancerAttribute", text("LoadBalancerId"), required=("LoadBalancerId",))
def get_load_balancer_attribute(context: Context) -> Fields:
    """One load balancer."""
    load_balancer = find_load_balancer(context, context.arguments.text("LoadBalancerId"))
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
    return {**_load_balancer_fields(context, load_balancer), "RegionId": region, "ZoneMappings": zones}


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
    *TAGS,
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
        and tagged(each.tags, wanted_tags)
        for fields in [_load_balancer_fields(context, each)]
        if all(fields.get(name) == value for name, value in scalars.items())
    ]
    rows, page = context.page(found)
    return {"LoadBalancers": rows, **page}


def _load_balancer_fields(context: Context, load_balancer: LoadBalancer) -> Fields:
    fields: Fields = {
        "LoadBalancerId": load_balancer.load_balancer_id,
        "LoadBalancerName": load_balancer.name,
        "LoadBalancerEdition": load_balancer.edition,
        "LoadBalancerStatus": load_balancer_status(context, load_balancer),
        "LoadBalancerBussinessStatus": load_balancer.business_status,
        "AddressType": load_balancer.address_type,
        "AddressIpVersion": "IPv4",
        "AddressAllocatedMode": "Dynamic",
        "DNSName": load_balancer.dns_name,
        "VpcId": load_balancer.vpc_id,
        "ResourceGroupId": load_balancer.resource_group_id,
        "CreateTime": load_balancer.create_time,
        "SecurityGroupIds": [],
        "Tags": tag_fields(load_balancer.tags),
        "DeletionProtectionConfig": {"Enabled": False},
        "ModificationProtectionConfig": {"Status": "NonProtection"},
        "LoadBalancerBillingConfig": {"PayType": "PostPay"},
        "LoadBalancerOperationLocks": [],
    }
    if load_balancer.log_project:
        fields["AccessLogConfig"] = {"LogProject": load_balancer.log_project, "LogStore": load_balancer.log_store}
    return fields
