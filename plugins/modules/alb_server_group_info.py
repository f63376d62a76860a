#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_server_group_info
short_description: List server groups of Application Load Balancers
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - Lists the server groups of a region that listeners of Application Load Balancers (ALB) forward requests to.
  - Of several filters all must fit. If nothing fits, the list is empty.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes.info_module
  - alicloud.tls._attributes.actiongroup_alb
options:
  server_groups:
    description:
      - >-
        Only server groups with one of these IDs or exactly one of these names, as many as you like. An empty list finds
        nothing.
    type: list
    elements: str
  vpc_ids:
    description:
      - Only server groups in one of these VPCs. An empty list finds nothing.
    type: list
    elements: str
  tags:
    description:
      - >-
        Only server groups that have all of these tags. The API is documented to take 10 here; what it makes of more is
        not known.
    type: dict
  type:
    description:
      - Only server groups whose servers are instances (V(Instance)), addresses (V(Ip)) or functions (V(Fc)).
    type: str
    choices: [Fc, Instance, Ip]
  with_servers:
    description:
      - >-
        Whether to tell the servers, too. That takes a further call for every server group that has some; up to four are
        made at a time.
    type: bool
    default: false
notes:
  - >-
    The list takes one call for each 100 server groups; with O(server_groups), one for each 20 IDs and each 10 names;
    with only O(vpc_ids), one for each VPC.
  - "RAM permissions: C(alb:ListServerGroups), and with O(with_servers) C(alb:ListServerGroupServers)."
seealso:
  - module: alicloud.tls.alb_listener_info
  - module: alicloud.tls.alb_load_balancer_info
"""

EXAMPLES = r"""
---
- name: List all server groups of a region
  alicloud.tls.alb_server_group_info:
    region: cn-hangzhou
  register: everything

- name: Find some by name and by ID, with their servers
  alicloud.tls.alb_server_group_info:
    region: cn-hangzhou
    server_groups:
      - shop-web
      - sgp-i5qt20o4
    with_servers: true
  register: some

- name: Find those that no load balancer uses
  ansible.builtin.debug:
    msg: "{{ everything.server_groups | rejectattr('load_balancer_ids') | map(attribute='id') }}"
"""

RETURN = r"""
server_groups:
  description: What was found, by name and ID. What the API does not tell of a server group is V(null).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the server group.
      returned: always
      type: str
      sample: sgp-i5qt20o4
    name:
      description: Name. Several server groups may have the same.
      returned: always
      type: str
      sample: shop-web
    status:
      description: Status, V(Available) or one of those in between.
      returned: always
      type: str
      sample: Available
    type:
      description: Kind of its servers, V(Instance), V(Ip) or V(Fc).
      returned: always
      type: str
      sample: Instance
    protocol:
      description: Protocol that servers speak, V(HTTP), V(HTTPS) or V(GRPC).
      returned: always
      type: str
      sample: HTTP
    scheduler:
      description: How requests are spread, such as V(Wrr) or V(Wlc).
      returned: always
      type: str
      sample: Wrr
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
    service_name:
      description: Name of the Kubernetes service that it belongs to, if the cloud made it for one.
      returned: always
      type: str
      sample: null
    load_balancer_ids:
      description: IDs of the load balancers that use it.
      returned: always
      type: list
      elements: str
      sample: [alb-bd6oylbckp6k9x]
    server_count:
      description: How many servers it has.
      returned: always
      type: int
      sample: 2
    health_check:
      description: Health checks.
      returned: always
      type: dict
      contains:
        enabled:
          description: Whether servers are checked.
          returned: always
          type: bool
          sample: true
        protocol:
          description: Protocol of the checks.
          returned: always
          type: str
          sample: HTTP
        port:
          description: Port of the checks; 0 is the port of each server.
          returned: always
          type: int
          sample: 0
        host:
          description: Host name in the checks.
          returned: always
          type: str
          sample: null
        path:
          description: Path of the checks.
          returned: always
          type: str
          sample: /healthz
        method:
          description: Method of the checks.
          returned: always
          type: str
          sample: HEAD
        http_version:
          description: Version of HTTP.
          returned: always
          type: str
          sample: HTTP1.1
        codes:
          description: Status codes that are taken for healthy.
          returned: always
          type: list
          elements: str
          sample: [http_2xx]
        interval:
          description: Seconds between two checks.
          returned: always
          type: int
          sample: 2
        timeout:
          description: Seconds that a check may take.
          returned: always
          type: int
          sample: 5
        healthy_threshold:
          description: Checks in a row until a server is healthy.
          returned: always
          type: int
          sample: 3
        unhealthy_threshold:
          description: Checks in a row until a server is unhealthy.
          returned: always
          type: int
          sample: 3
    sticky_session:
      description: Whether a client stays with its server.
      returned: always
      type: dict
      contains:
        enabled:
          description: Whether it does.
          returned: always
          type: bool
          sample: false
        type:
          description: V(Insert) if the load balancer sets a cookie, V(Server) if it rewrites one of the server.
          returned: always
          type: str
          sample: Insert
        cookie:
          description: Name of the cookie that is rewritten.
          returned: always
          type: str
          sample: null
        cookie_timeout:
          description: Seconds that the cookie lasts.
          returned: always
          type: int
          sample: 1000
    connection_drain:
      description: Seconds that connections to a server may last after it was removed. V(null) if that is not limited.
      returned: always
      type: int
      sample: 300
    slow_start:
      description: Seconds in which a new server gets its full share. V(null) if that is at once.
      returned: always
      type: int
      sample: null
    upstream_keepalive_enabled:
      description: Whether connections to servers are kept open.
      returned: always
      type: bool
      sample: false
    cross_zone_enabled:
      description: Whether requests may go to servers in other zones.
      returned: always
      type: bool
      sample: true
    ipv6_enabled:
      description: Whether servers may have IPv6 addresses.
      returned: always
      type: bool
      sample: null
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
    servers:
      description: Its servers, by ID and port. V(null) without O(with_servers), since lists do not tell them.
      returned: always
      type: list
      elements: dict
      contains:
        id:
          description: ID of the instance or interface, or the IP address.
          returned: always
          type: str
          sample: i-bp67acfmxazb4ph6aiy
        ip:
          description: IP address.
          returned: always
          type: str
          sample: 192.168.1.11
        type:
          description: V(Ecs), V(Eni), V(Eci), V(Ip) or V(Fc).
          returned: always
          type: str
          sample: Ecs
        port:
          description: Port.
          returned: always
          type: int
          sample: 80
        weight:
          description: Weight; 0 gets no requests.
          returned: always
          type: int
          sample: 100
        status:
          description: Status, V(Available) or one of those in between. That is not its health.
          returned: always
          type: str
          sample: Available
        description:
          description: Description.
          returned: always
          type: str
          sample: null
        remote_ip_enabled:
          description: Whether the address is outside of the VPC.
          returned: always
          type: bool
          sample: false
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"ListServerGroupServers": 2, "ListServerGroups": 1}
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
      sample: ListServerGroups
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
from ..module_utils._tasks.alb_server_group_info import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
