#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_listener
short_description: HTTPS listeners of Application Load Balancers
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - Creates, changes and deletes HTTPS listeners of Alibaba Cloud's Application Load Balancer (ALB).
  - >-
    Only options that are given are compared and changed, all in one call; a new listener takes the cloud's defaults for
    the others.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes
  - alicloud.tls._attributes.actiongroup_alb
  - alicloud.tls._wait
options:
  state:
    description:
      - V(present) creates the listener or changes what differs.
      - V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  listener_id:
    description:
      - ID of an existing listener. Either O(listener_id) or O(load_balancer) with O(port) is needed.
    type: str
  load_balancer:
    description:
      - ID or name of the load balancer, together with O(port).
    type: str
  port:
    description:
      - Port of the listener, from 1 to 65535, together with O(load_balancer).
    type: int
  protocol:
    description:
      - Protocol of the listener. It cannot be changed; an existing listener of another protocol is an error.
      - If left out, a listener named by O(load_balancer) and O(port) is an HTTPS one.
    type: str
    choices: [HTTPS]
  certificates:
    description:
      - Default server certificates; one, or one RSA and one ECC. Needed to create the listener.
      - >-
        Each item is a CAS identifier (V(12345678-cn-hangzhou)), the number in it, a SHA-256 fingerprint, or what
        M(alicloud.tls.cas_certificate) returned as RV(alicloud.tls.cas_certificate#module:certificate).
    type: list
    elements: raw
  replace_certificates:
    description:
      - Whether O(certificates) are wanted on a listener that exists already, too.
      - >-
        With V(false) they are used on creation only, for playbooks that leave later changes to
        M(alicloud.tls.alb_listener_cert).
    type: bool
    default: true
  allow_expired:
    description:
      - Whether to accept a new certificate that is expired or not valid yet.
    type: bool
    default: false
  server_group:
    description:
      - ID or name of the server group that requests go to. Needed to create the listener.
    type: str
  description:
    description:
      - Description (the console's name of the listener), 2 to 256 characters.
    type: str
  security_policy_id:
    description:
      - ID of the TLS security policy, one of the system's or your own. The cloud's default is V(tls_cipher_policy_1_0).
    type: str
  http2_enabled:
    description:
      - Whether clients may use HTTP/2. The cloud's default is V(true).
    type: bool
  gzip_enabled:
    description:
      - Whether answers are compressed. The cloud's default is V(true).
    type: bool
  idle_timeout:
    description:
      - Seconds after which an idle connection is closed. The cloud's default is V(15).
    type: int
  request_timeout:
    description:
      - Seconds that a server may take to answer. The cloud's default is V(60).
    type: int
seealso:
  - module: alicloud.tls.alb_listener_cert
  - module: alicloud.tls.cas_certificate
"""

EXAMPLES = r"""
---
- name: An HTTPS listener
  alicloud.tls.alb_listener:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    server_group: shop-web
    certificates:
      - 12345678-cn-hangzhou
    security_policy_id: tls_cipher_policy_1_2
    description: shop

- name: Longer requests
  alicloud.tls.alb_listener:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    request_timeout: 120

- name: No listener
  alicloud.tls.alb_listener:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    state: absent
"""

RETURN = r"""
listener:
  description: The listener. V(null) with O(state=absent).
  returned: success
  type: dict
  contains:
    id:
      description: ID of the listener. V(null) if check mode would create it.
      returned: always
      type: str
      sample: lsn-o4u54y73wq7b
    status:
      description: Status, V(Running) or V(Stopped); V(Configuring) if the task did not wait.
      returned: always
      type: str
      sample: Running
    load_balancer_id:
      description: ID of the load balancer.
      returned: always
      type: str
      sample: alb-bd6oylbckp6k9x
    protocol:
      description: Protocol.
      returned: always
      type: str
      sample: HTTPS
    port:
      description: Port.
      returned: always
      type: int
      sample: 443
    description:
      description: Description.
      returned: always
      type: str
      sample: shop
    certificates:
      description: >-
        The default server certificates. Their facts are there if they were given, or if something was or would be
        changed; a task with nothing to do does not ask for them.
      returned: always
      type: list
      elements: dict
      contains:
        id:
          description: CAS identifier. V(null) for a certificate that check mode would upload.
          returned: always
          type: str
          sample: 12345678-cn-hangzhou
        subject:
          description: Subject, as RFC 4514 writes it.
          returned: if known
          type: str
          sample: CN=www.example.com
        names:
          description: DNS names and IP addresses that it is for.
          returned: if known
          type: list
          elements: str
          sample: [www.example.com, example.com]
        issuer:
          description: Issuer, as RFC 4514 writes it. If only CAS was asked, the short name that CAS gives it.
          returned: if known
          type: str
          sample: CN=Example CA
        not_before:
          description: Start of validity in UTC. If only CAS was asked, a date.
          returned: if known
          type: str
          sample: "2026-11-01T00:00:00Z"
        not_after:
          description: End of validity in UTC. If only CAS was asked, a date.
          returned: if known
          type: str
          sample: "2027-01-30T23:59:59Z"
        algorithm:
          description: Kind of its public key, V(RSA) or V(ECC).
          returned: if known
          type: str
          sample: RSA
        key_size:
          description: Size of its public key in bits.
          returned: if known
          type: int
          sample: 2048
        sha256:
          description: SHA-256 fingerprint.
          returned: if known
          type: str
          sample: 9f2d1c0b7a6e5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4
        sha1:
          description: SHA-1 fingerprint.
          returned: if known
          type: str
          sample: 1d7801bbe772d5de55cbf1f88aeb41a42402da07
        serial:
          description: Serial number in hexadecimal.
          returned: if known
          type: str
          sample: 6ea4879591ddf84e6c8b6ba43607ccf
    security_policy_id:
      description: ID of the TLS security policy.
      returned: always
      type: str
      sample: tls_cipher_policy_1_2
    http2_enabled:
      description: Whether clients may use HTTP/2.
      returned: always
      type: bool
      sample: true
    gzip_enabled:
      description: Whether answers are compressed.
      returned: always
      type: bool
      sample: true
    idle_timeout:
      description: Seconds after which an idle connection is closed.
      returned: always
      type: int
      sample: 15
    request_timeout:
      description: Seconds that a server may take to answer.
      returned: always
      type: int
      sample: 60
    server_group_id:
      description: ID of the server group that requests go to.
      returned: always
      type: str
      sample: sgp-i5qt20o4
    ca_enabled:
      description: Whether clients have to show a certificate (mutual authentication).
      returned: always
      type: bool
      sample: false
    ca_certificate_id:
      description:
        - Identifier of the CA certificate of mutual authentication.
        - After it was switched off the API may still tell the one that was used; sources disagree.
      returned: always
      type: str
      sample: 1efd3cac-e8c1-611d-b971-f96e5e432aba
previous:
  description:
    - The RV(listener) before the task, in the same form; what is needed to put it back.
    - V(null) if there was none.
  returned: success
  type: dict
  sample: null
steps:
  description:
    - The writes that were made, or in check mode would be made, in their order.
    - When the task fails, those that were made before it failed.
  returned: always, unless options are refused
  type: list
  elements: str
  sample:
    - >-
      CreateListener: HTTPS on port 443 of alb-bd6oylbckp6k9x serving CN=www.example.com (RSA, expires
      2027-01-30, SHA-256 9f2d1c0b7a6e)
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"CreateListener": 1, "GetListenerAttribute": 2, "GetLoadBalancerAttribute": 1, "ListListeners": 1}
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
      sample: CreateListener
    code:
      description: Error code.
      returned: always
      type: str
      sample: ResourceNotFound.ServerGroup
    message:
      description: The API's own message.
      returned: always
      type: str
      sample: "The specified resource sgp-i5qt20o4 is not found."
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
from ..module_utils._tasks.alb_listener import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
