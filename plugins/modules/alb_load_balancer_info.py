#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_load_balancer_info
short_description: List Application Load Balancers
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - Lists the load balancers (ALB) of a region.
  - Of several filters all must fit. If nothing fits, the list is empty.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes.info_module
  - alicloud.tls._attributes.actiongroup_alb
options:
  load_balancers:
    description:
      - >-
        Only load balancers with one of these IDs or exactly one of these names, as many as you like. An empty list
        finds nothing.
    type: list
    elements: str
  vpc_ids:
    description:
      - Only load balancers in one of these VPCs. An empty list finds nothing.
    type: list
    elements: str
  tags:
    description:
      - Only load balancers that have all of these tags, at most 20.
    type: dict
  address_type:
    description:
      - Only load balancers that are reached from the V(Internet), or from a VPC only (V(Intranet)).
    type: str
    choices: [Internet, Intranet]
  status:
    description:
      - Only load balancers in this status.
    type: str
    choices: [Active, Configuring, CreateFailed, Inactive, Provisioning]
  with_details:
    description:
      - >-
        Whether to tell zones and addresses, too. That takes a further call for every load balancer; up to four are made
        at a time.
    type: bool
    default: false
notes:
  - >-
    The list takes one call for each 100 load balancers; with O(load_balancers), one for each 20 IDs and each 10 names.
  - "RAM permissions: C(alb:ListLoadBalancers), and with O(with_details) C(alb:GetLoadBalancerAttribute)."
seealso:
  - module: alicloud.tls.alb_listener_info
  - module: alicloud.tls.alb_server_group_info
"""

EXAMPLES = r"""
---
- name: List all load balancers of a region
  alicloud.tls.alb_load_balancer_info:
    region: cn-hangzhou
  register: everything

- name: Find some by name and by ID
  alicloud.tls.alb_load_balancer_info:
    region: cn-hangzhou
    load_balancers:
      - shop
      - alb-bd6oylbckp6k9x
    with_details: true
  register: some

- name: Tell where DNS records have to point to
  ansible.builtin.debug:
    msg: "{{ some.load_balancers | items2dict(key_name='name', value_name='dns_name') }}"

- name: Find those of a team that the Internet can reach
  alicloud.tls.alb_load_balancer_info:
    region: cn-hangzhou
    tags:
      team: web
    address_type: Internet
  register: public
"""

RETURN = r"""
load_balancers:
  description: What was found, by name and ID. What the API does not tell of a load balancer is V(null).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the load balancer.
      returned: always
      type: str
      sample: alb-bd6oylbckp6k9x
    name:
      description: Name. Several load balancers may have the same.
      returned: always
      type: str
      sample: shop
    edition:
      description: >-
        Edition, such as V(Basic), V(Standard) or V(StandardWithWaf). Basic ones take no mutual authentication.
      returned: always
      type: str
      sample: Standard
    status:
      description: Status. Only one that is V(Active) takes changes.
      returned: always
      type: str
      sample: Active
    business_status:
      description: V(Normal), or V(Abnormal), in which no changes are taken.
      returned: always
      type: str
      sample: Normal
    dns_name:
      description: Host name that clients are to reach it by, as the target of a CNAME record.
      returned: always
      type: str
      sample: alb-bd6oylbckp6k9x.cn-hangzhou.alb.aliyuncs.com
    address_type:
      description: V(Internet) or V(Intranet).
      returned: always
      type: str
      sample: Internet
    address_ip_version:
      description: V(IPv4) or V(DualStack).
      returned: always
      type: str
      sample: IPv4
    ipv6_address_type:
      description: V(Internet) or V(Intranet), for the IPv6 addresses.
      returned: always
      type: str
      sample: null
    address_allocated_mode:
      description: V(Fixed), one address in each zone, or V(Dynamic), as many as it needs.
      returned: always
      type: str
      sample: Dynamic
    bandwidth_package_id:
      description: ID of the Internet Shared Bandwidth instance.
      returned: always
      type: str
      sample: null
    vpc_id:
      description: ID of the VPC.
      returned: always
      type: str
      sample: vpc-bp1b49rqrybk45nio
    resource_group_id:
      description: ID of the resource group.
      returned: always
      type: str
      sample: rg-acfmxazb4ph6aiy
    security_group_ids:
      description: IDs of the security groups.
      returned: always
      type: list
      elements: str
      sample: []
    access_log:
      description: Where the access log goes, in Simple Log Service. V(null) if there is none.
      returned: always
      type: dict
      contains:
        project:
          description: Project.
          returned: always
          type: str
          sample: alb-logs
        store:
          description: Logstore in the project.
          returned: always
          type: str
          sample: alb_shop
    deletion_protection:
      description: Whether it is protected from being deleted.
      returned: always
      type: bool
      sample: false
    modification_protection:
      description: V(ConsoleProtection) if it cannot be changed in the console, or V(NonProtection).
      returned: always
      type: str
      sample: NonProtection
    operation_locks:
      description: Why the cloud refuses changes; empty if it does not.
      returned: always
      type: list
      elements: dict
      contains:
        type:
          description: Kind of the lock.
          returned: always
          type: str
          sample: SecurityLocked
        reason:
          description: Reason for it.
          returned: always
          type: str
          sample: null
    pay_type:
      description: How it is paid for.
      returned: always
      type: str
      sample: PostPay
    create_time:
      description: When it was created, in UTC.
      returned: always
      type: str
      sample: "2026-02-15T07:37:33Z"
    tags:
      description: Tags.
      returned: always
      type: dict
      sample: {"team": "web"}
    zones:
      description: Its zones. V(null) without O(with_details), since lists do not tell them.
      returned: always
      type: list
      elements: dict
      contains:
        id:
          description: ID of the zone.
          returned: always
          type: str
          sample: cn-hangzhou-h
        vswitch_id:
          description: ID of the vSwitch.
          returned: always
          type: str
          sample: vsw-bp10ttov87felojcn
        status:
          description: Status of the zone, such as V(Active), or V(Shifted) if it takes no traffic.
          returned: always
          type: str
          sample: Active
        addresses:
          description: Addresses there.
          returned: always
          type: list
          elements: dict
          contains:
            address:
              description: Public IPv4 address. V(null) for a load balancer in an intranet.
              returned: always
              type: str
              sample: 203.0.113.10
            allocation_id:
              description: ID of the elastic IP address.
              returned: always
              type: str
              sample: eip-uf6wm5kh1wjwn3qcl
            eip_type:
              description: Kind of the elastic IP address.
              returned: always
              type: str
              sample: Common
            intranet_address:
              description: Private IPv4 address.
              returned: always
              type: str
              sample: 192.168.10.1
            intranet_address_health:
              description: Health of the private IPv4 address as the API tells it.
              returned: always
              type: str
              sample: Healthy
            ipv4_local_addresses:
              description: IPv4 addresses that servers are called from.
              returned: always
              type: list
              elements: str
              sample: []
            ipv6_address:
              description: IPv6 address.
              returned: always
              type: str
              sample: null
            ipv6_address_health:
              description: Health of the IPv6 address as the API tells it.
              returned: always
              type: str
              sample: null
            ipv6_local_addresses:
              description: IPv6 addresses that servers are called from.
              returned: always
              type: list
              elements: str
              sample: []
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"GetLoadBalancerAttribute": 2, "ListLoadBalancers": 1}
waited:
  description: Seconds that the task spent waiting between calls.
  returned: always, unless options are refused
  type: float
  sample: 0.0
error:
  description: What the API said.
  returned: when the API refused a call
  type: dict
  contains:
    action:
      description: The action that was called.
      returned: always
      type: str
      sample: ListLoadBalancers
    code:
      description: Error code.
      returned: always
      type: str
      sample: Forbidden.RAM
    message:
      description: The API's own message.
      returned: always
      type: str
      sample: "The user has no permission."
    http_status:
      description: HTTP status.
      returned: always
      type: int
      sample: 403
    request_id:
      description: What Alibaba Cloud's support asks for.
      returned: always
      type: str
      sample: CEF72CEB-54B6-4AE8-B225-F876FF7BA984
    endpoint:
      description: Host that answered.
      returned: always
      type: str
      sample: alb.cn-hangzhou.aliyuncs.com
"""

from ..module_utils._ansible.module import run_module
from ..module_utils._tasks.alb_load_balancer_info import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
