#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_security_policy_info
short_description: List TLS security policies for ALB listeners
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Lists the TLS security policies that HTTPS listeners of Application Load Balancer (ALB) can have in a region: the
    system's, and your own.
  - Of several filters all must fit. If nothing fits, the list is empty.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes.info_module
  - alicloud.tls._attributes.actiongroup_alb
options:
  ids:
    description:
      - Only policies with one of these IDs, as many as you like. An empty list finds nothing.
    type: list
    elements: str
  names:
    description:
      - >-
        Only policies with exactly one of these names, as many as you like. An empty list finds nothing. Policies of the
        system have no name.
    type: list
    elements: str
  tags:
    description:
      - Only policies that have all of these tags, at most 20. Policies of the system have none.
    type: dict
  kind:
    description:
      - Only the policies of the V(system), or only your own (V(custom)).
    type: str
    choices: [all, custom, system]
    default: all
  with_listeners:
    description:
      - Whether to tell the listeners that have a policy; a further call for every five policies.
      - >-
        Of custom policies only. Whether the API tells it of those of the system is not documented, so it is not asked;
        M(alicloud.tls.alb_listener_info) knows the policy of each listener.
    type: bool
    default: false
notes:
  - >-
    Which ciphers some policies of the system have differs between sources, and so does whether a region has
    V(tls_cipher_policy_1_0_to_1_3). This module tells what the API answers.
  - >-
    RAM permissions: C(alb:ListSecurityPolicies), C(alb:ListSecurityPolicyRelations),
    C(alb:ListSystemSecurityPolicies).
seealso:
  - module: alicloud.tls.alb_security_policy
"""

EXAMPLES = r"""
---
- name: List all policies of a region
  alicloud.tls.alb_security_policy_info:
    region: cn-hangzhou
  register: policies

- name: Tell which of them offer TLS 1.0
  ansible.builtin.debug:
    msg: "{{ policies.security_policies | selectattr('tls_versions', 'contains', 'TLSv1.0') | map(attribute='id') }}"

- name: See who uses the policies of a team
  alicloud.tls.alb_security_policy_info:
    region: cn-hangzhou
    tags:
      team: web
    with_listeners: true
"""

RETURN = r"""
security_policies:
  description: What was found; your own policies first, by name and ID, then those of the system, by ID.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the policy.
      returned: always
      type: str
      sample: sp-n0kn923ihzgqlg2qqd
    name:
      description: Name of the policy. V(null) for one of the system.
      returned: always
      type: str
      sample: modern
    tls_versions:
      description: TLS versions, the oldest first.
      returned: always
      type: list
      elements: str
      sample: [TLSv1.2, TLSv1.3]
    ciphers:
      description: Ciphers, in the order of the documentation.
      returned: always
      type: list
      elements: str
      sample: [ECDHE-ECDSA-AES128-GCM-SHA256, ECDHE-RSA-AES128-GCM-SHA256, TLS_AES_128_GCM_SHA256]
    tags:
      description: Tags.
      returned: always
      type: dict
      sample: {"team": "web"}
    status:
      description: V(Available), or V(Configuring) while it is changed. V(null) for a policy of the system.
      returned: always
      type: str
      sample: Available
    listeners:
      description:
        - The listeners that have it.
        - V(null) without O(with_listeners), and for a policy of the system.
      returned: always
      type: list
      elements: dict
      contains:
        id:
          description: ID of the listener.
          returned: always
          type: str
          sample: lsn-o4u54y73wq7b
        load_balancer_id:
          description: ID of the load balancer.
          returned: always
          type: str
          sample: alb-bd6oylbckp6k9x
        protocol:
          description: Protocol of the listener.
          returned: always
          type: str
          sample: HTTPS
        port:
          description: Port of the listener.
          returned: always
          type: int
          sample: 443
    kind:
      description: V(custom), or V(system) for one that nobody can change.
      returned: always
      type: str
      sample: custom
    resource_group_id:
      description: Resource group of the policy. V(null) for one of the system.
      returned: always
      type: str
      sample: rg-acfmxazb4ph6aiy
    create_time:
      description: When it was created, in UTC. V(null) for one of the system.
      returned: always
      type: str
      sample: "2026-02-15T07:37:33Z"
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"ListSecurityPolicies": 1, "ListSystemSecurityPolicies": 1}
waited:
  description: Seconds that the task spent waiting between calls.
  returned: always, unless options are refused
  type: float
  sample: 1.84
error:
  description: What the API said.
  returned: when the API refused a call
  type: dict
  contains:
    action:
      description: The action that was called.
      returned: always
      type: str
      sample: ListSecurityPolicies
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
      sample: 400
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
from ..module_utils._tasks.alb_security_policy_info import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
