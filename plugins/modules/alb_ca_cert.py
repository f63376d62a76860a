#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_ca_cert
short_description: CA certificate of an ALB listener with mutual authentication
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Replaces the CA certificate with which an HTTPS listener of an Application Load Balancer (ALB) checks the
    certificates of its clients. Mutual authentication has to be enabled; M(alicloud.tls.alb_mutual_auth) does that.
  - All other settings of the listener stay as they are.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes
  - alicloud.tls._attributes.actiongroup_alb
  - alicloud.tls._wait
  - alicloud.tls._dry_run
options:
  listener_id:
    description:
      - ID of the listener. Exactly one of O(listener_id), O(listener) and O(load_balancer) is needed.
    type: str
  listener:
    description:
      - The listener as M(alicloud.tls.alb_listener) returned it. In check mode it may be one that does not exist yet.
    type: dict
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
      - Protocol of the listener. Needed only if an HTTPS and a QUIC listener share the O(port).
    type: str
    choices: [HTTPS]
  ca_certificate:
    description:
      - >-
        The CA certificate that is to have signed the certificates of clients. A listener has exactly one.
      - >-
        Either an identifier, of a private CA of Alibaba Cloud or of an uploaded CA certificate, or what
        M(alicloud.tls.cas_ca_certificate) returned as C(ca_certificate).
    type: raw
    required: true
  allow_interruption:
    description:
      - >-
        Whether mutual authentication may be disabled for the change if the API does not replace the CA otherwise. For
        some seconds clients without a certificate are let in then. If the API refuses the new CA all the same, the old
        one is put back.
      - >-
        The API is asked to replace the CA while mutual authentication stays enabled first. Whether it does that is not
        documented. If it refuses, the task fails and tells so, unless this is V(true).
      - >-
        In check mode the plan is the one write, which the API might refuse; with O(check_mode_dry_run) the API is asked,
        and the plan is the one that it takes.
    type: bool
    default: false
notes:
  - >-
    From the moment of the change, clients whose certificates were signed by the old CA are refused. To have both served
    for a while, see the description of O(ca_certificate).
  - >-
    The module does not ask CAS whether the CA certificate exists, is valid, and is one; ALB refuses an identifier that
    it does not know. What it does about a CA certificate that has expired is not documented.
  - >-
    RAM permissions: C(alb:GetListenerAttribute) and C(alb:UpdateListenerAttribute) in any case; C(alb:ListListeners)
    and C(alb:ListLoadBalancers) if O(load_balancer) is given; C(alb:ListAsynJobs) for the reason if a change is not
    seen.
seealso:
  - module: alicloud.tls.alb_mutual_auth
  - module: alicloud.tls.cas_ca_certificate
"""

EXAMPLES = r"""
---
- name: Replace the CA that clients' certificates have to be of
  alicloud.tls.alb_ca_cert:
    region: cn-hangzhou
    listener_id: lsn-o4u54y73wq7b
    ca_certificate: 1efd3caf-3cc7-6f42-be33-29ca9cecdfd3
"""

RETURN = r"""
listener:
  description: Which listener it is, and its mutual authentication.
  returned: success
  type: dict
  contains:
    id:
      description: ID of the listener. V(null) if check mode was given a listener that does not exist yet.
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
    ca_enabled:
      description: Whether mutual authentication is enabled.
      returned: always
      type: bool
      sample: true
    ca_certificate:
      description: >-
        The CA certificate. V(null) while mutual authentication is disabled. Its facts are there if they were given; the
        module does not ask for them.
      returned: always
      type: dict
      contains:
        id:
          description: Identifier. V(null) for a certificate that check mode would upload.
          returned: always
          type: str
          sample: 1ed65580-7e33-6a50-8630-dd13fdc009ee
        subject:
          description: Subject, as RFC 4514 writes it.
          returned: if known
          type: str
          sample: CN=Example Client CA
        names:
          description: DNS names and IP addresses that it is for; of a CA certificate its common name.
          returned: if known
          type: list
          elements: str
          sample: [Example Client CA]
        issuer:
          description: Issuer, as RFC 4514 writes it.
          returned: if known
          type: str
          sample: CN=Example Client CA
        not_before:
          description: Start of validity in UTC.
          returned: if known
          type: str
          sample: "2026-11-01T00:00:00Z"
        not_after:
          description: End of validity in UTC.
          returned: if known
          type: str
          sample: "2036-10-29T23:59:59Z"
        algorithm:
          description: Kind of its public key, V(RSA) or V(ECC).
          returned: if known
          type: str
          sample: ECC
        key_size:
          description: Size of its public key in bits.
          returned: if known
          type: int
          sample: 256
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
previous:
  description:
    - The RV(listener) before the task, in the same form; what is needed to put it back.
  returned: success
  type: dict
  sample:
    id: lsn-o4u54y73wq7b
    load_balancer_id: alb-bd6oylbckp6k9x
    port: 443
    protocol: HTTPS
    ca_enabled: true
    ca_certificate:
      id: 1ed65580-7e33-6a50-8630-dd13fdc009ee
steps:
  description:
    - The writes that were made, or in check mode would be made, in their order.
    - When the task fails, those that were made before it failed.
  returned: always, unless options are refused
  type: list
  elements: str
  sample:
    - "UpdateListenerAttribute: replace the CA of mutual authentication with the CA 1efd3caf-3cc7-6f42-be33-29ca9cecdfd3"
dry_run:
  description: The writes that the API has checked with C(DryRun), as RV(steps) tells them.
  returned: in check mode with O(check_mode_dry_run)
  type: list
  elements: str
  sample:
    - "UpdateListenerAttribute: replace the CA of mutual authentication with the CA 1efd3caf-3cc7-6f42-be33-29ca9cecdfd3"
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"GetListenerAttribute": 3, "UpdateListenerAttribute": 1}
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
      sample: UpdateListenerAttribute
    code:
      description: Error code.
      returned: always
      type: str
      sample: ResourceNotFound.Certificate
    message:
      description: The API's own message.
      returned: always
      type: str
      sample: "The specified resource 1ed65580-7e33-6a50-8630-dd13fdc009ee is not found."
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
from ..module_utils._tasks.alb_ca_cert import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
