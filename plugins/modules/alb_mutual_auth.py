#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_mutual_auth
short_description: Mutual authentication of an ALB listener
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Enables or disables mutual authentication (mTLS) of an HTTPS listener of an Application Load Balancer (ALB): whether
    clients need a certificate, and which CA has to have signed it.
  - >-
    All other settings of the listener stay as they are. QUIC and HTTP listeners and load balancers of the Basic edition
    have no mutual authentication; that is found out before anything is written.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes
  - alicloud.tls._attributes.actiongroup_alb
  - alicloud.tls._wait
  - alicloud.tls._dry_run
options:
  state:
    description:
      - V(enabled) lets only clients in that have a certificate of the CA.
      - >-
        V(disabled) lets all clients in. Of a listener that cannot have mutual authentication this is true already.
    type: str
    choices: [enabled, disabled]
    default: enabled
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
        The CA certificate that has to have signed the certificates of clients. A listener has exactly one.
      - >-
        Either an identifier, of a private CA of Alibaba Cloud or of an uploaded CA certificate, or what
        M(alicloud.tls.cas_ca_certificate) returned as C(ca_certificate).
      - >-
        Without it the CA that the listener has stays; a listener whose mutual authentication was disabled has one if
        the API still shows it, which is not documented. If there is none, the option is needed with O(state=enabled).
      - >-
        If mutual authentication is enabled with another CA, that is replaced, as M(alicloud.tls.alb_ca_cert) does it.
      - Ignored with O(state=disabled).
    type: raw
  allow_expired:
    description:
      - Whether the new CA certificate may be expired or not valid yet.
      - Of O(ca_certificate) that is known only if it is given with its validity, as other modules return it.
    type: bool
    default: false
notes:
  - >-
    The module does not ask CAS whether the CA certificate exists, is valid, and is one, see O(allow_expired); ALB
    refuses an identifier that it does not know. What it does about a CA certificate that has expired is not documented.
  - >-
    What the API shows as the CA of a listener whose mutual authentication is disabled is not documented. This module
    returns none then.
  - >-
    RAM permissions: C(alb:GetListenerAttribute) and C(alb:UpdateListenerAttribute) in any case;
    C(alb:GetLoadBalancerAttribute) to enable mutual authentication; C(alb:ListListeners), C(alb:ListLoadBalancers) and
    C(alb:GetLoadBalancerAttribute) to find the listener if O(load_balancer) is given; C(alb:ListAsynJobs) for the
    reason if a change is not seen.
seealso:
  - module: alicloud.tls.alb_ca_cert
  - module: alicloud.tls.alb_listener
  - module: alicloud.tls.cas_ca_certificate
"""

EXAMPLES = r"""
---
- name: Let only clients with a certificate in
  alicloud.tls.alb_mutual_auth:
    region: cn-hangzhou
    listener_id: lsn-o4u54y73wq7b
    state: enabled
    ca_certificate: 1ed65580-7e33-6a50-8630-dd13fdc009ee

- name: Let all clients in
  alicloud.tls.alb_mutual_auth:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    state: disabled
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
        The CA certificate. V(null) while mutual authentication is disabled. What is known of it is there only if it was
        given to the task; the module does not ask for it.
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
        others:
          description: The same of the further certificates, if several were uploaded as one.
          returned: if known
          type: list
          elements: dict
          sample: []
previous:
  description:
    - The RV(listener) before the task, in the same form; what is needed to put it back.
  returned: success, and when the task fails after it has changed something
  type: dict
  sample:
    id: lsn-o4u54y73wq7b
    load_balancer_id: alb-bd6oylbckp6k9x
    port: 443
    protocol: HTTPS
    ca_enabled: false
    ca_certificate:
steps:
  description:
    - The writes that were made, or in check mode would be made, in their order.
    - When the task fails, those that were made before it failed.
  returned: always, unless options are refused
  type: list
  elements: str
  sample:
    - "UpdateListenerAttribute: enable mutual authentication with the CA 1ed65580-7e33-6a50-8630-dd13fdc009ee"
dry_run:
  description: The writes that the API has checked with C(DryRun), as RV(steps) tells them.
  returned: in check mode with O(check_mode_dry_run)
  type: list
  elements: str
  sample:
    - "UpdateListenerAttribute: enable mutual authentication with the CA 1ed65580-7e33-6a50-8630-dd13fdc009ee"
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"GetListenerAttribute": 3, "GetLoadBalancerAttribute": 1, "UpdateListenerAttribute": 1}
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
from ..module_utils._tasks.alb_mutual_auth import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
