#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_listener_cert
short_description: Default server certificates of an ALB listener
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - Replaces the default server certificates of an HTTPS or QUIC listener of an Application Load Balancer (ALB).
  - >-
    That is one certificate, or one RSA and one ECC certificate. The old ones are served until the new ones are;
    additional certificates (SNI), mutual authentication and all other settings of the listener stay as they are.
  - >-
    Stops before it changes anything if a host name that is served now would have no matching certificate afterwards.
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
    choices: [HTTPS, QUIC]
  certificates:
    description:
      - The certificates that are to be the default, and with O(algorithm_scope=all) the only ones.
      - >-
        Each item is a CAS identifier (V(12345678-cn-hangzhou)), the number in it, a SHA-256 or SHA-1 fingerprint, the
        certificate's name in CAS (V(name:12345678) if it looks like something else), V(domain:www.example.com) for
        the newest valid certificate that covers a host name (V(domain:www.example.com/ECC) for one of an algorithm), or
        what M(alicloud.tls.cas_certificate) returned as RV(alicloud.tls.cas_certificate#module:certificate).
      - What may be several certificates is refused, with the candidates.
      - Another copy in CAS of what the listener has already is no change.
      - >-
        An additional certificate of the listener can become the default one. ALB does not take a certificate as both,
        so it is dissociated just before and put back if ALB then refuses the change; for these seconds clients that ask
        for its names get the old default certificate.
    type: list
    elements: raw
    required: true
  algorithm_scope:
    description:
      - With V(all), O(certificates) is the whole default set.
      - >-
        With V(same), a certificate replaces only the one of the same algorithm, and the RSA or ECC certificate beside
        it stays, or the pair is completed.
    type: str
    choices: [all, same]
    default: all
  allow_expired:
    description:
      - Whether to accept a new certificate that is expired or not valid yet.
    type: bool
    default: false
  allow_uncovered_names:
    description:
      - >-
        Whether to go on if host names that are served now would have no matching certificate afterwards, neither a
        default nor an additional one. Otherwise the task fails before it changes anything, and names them.
      - A certificate that CAS no longer has cannot be judged, so that replacing it needs this, too.
    type: bool
    default: false
notes:
  - >-
    Whether the API still takes a pair of RSA and ECC certificates in all regions is not documented; sources disagree.
    The module sends both in one call and reports what the API says.
  - >-
    RAM permissions: C(alb:GetListenerAttribute), C(alb:UpdateListenerAttribute), C(alb:ListAsynJobs),
    C(alb:ListListeners), C(alb:ListLoadBalancers), C(alb:GetLoadBalancerAttribute), C(alb:ListListenerCertificates),
    C(alb:DissociateAdditionalCertificatesFromListener), C(alb:AssociateAdditionalCertificatesWithListener),
    C(yundun-cert:GetUserCertificateDetail), C(yundun-cert:ListUserCertificateOrder), C(yundun-cert:ListCertificates).
    Which of them a task needs depends on how listener and certificates are named, see RV(api_calls).
seealso:
  - module: alicloud.tls.alb_additional_cert
  - module: alicloud.tls.alb_listener
  - module: alicloud.tls.cas_certificate
"""

EXAMPLES = r"""
---
- name: Replace the default certificate
  alicloud.tls.alb_listener_cert:
    region: cn-hangzhou
    listener_id: lsn-o4u54y73wq7b
    certificates:
      - 12345678-cn-hangzhou

- name: Serve an RSA and an ECC certificate, by fingerprint and by number
  alicloud.tls.alb_listener_cert:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    certificates:
      - 9f2d1c0b7a6e5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4
      - 12345679

- name: Replace the ECC half of the pair by the newest certificate for the shop
  alicloud.tls.alb_listener_cert:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    algorithm_scope: same
    certificates:
      - domain:shop.example.com/ECC
"""

RETURN = r"""
listener:
  description: Where the certificates are, and which they are.
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
previous:
  description:
    - The RV(listener) before the task, in the same form; what is needed to put it back.
    - V(null) if there was none.
  returned: success, and when the task fails after it has changed something
  type: dict
  sample:
    id: lsn-o4u54y73wq7b
    load_balancer_id: alb-bd6oylbckp6k9x
    port: 443
    protocol: HTTPS
    certificates:
      - id: 12345677-cn-hangzhou
dry_run:
  description: The writes that the cloud has checked without making them.
  returned: in check mode with O(check_mode_dry_run)
  type: list
  elements: str
  sample:
    - "UpdateListenerAttribute: set certificates to CN=www.example.com (RSA, expires 2027-01-30, SHA-256 9f2d1c0b7a6e)"
steps:
  description:
    - The writes that were made, or in check mode would be made, in their order.
    - When the task fails, those that were made before it failed.
  returned: always, unless options are refused
  type: list
  elements: str
  sample:
    - "UpdateListenerAttribute: set certificates to CN=www.example.com (RSA, expires 2027-01-30, SHA-256 9f2d1c0b7a6e)"
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"GetListenerAttribute": 3, "GetUserCertificateDetail": 2, "UpdateListenerAttribute": 1}
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
      sample: "The specified resource 12345678-cn-hangzhou is not found."
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
from ..module_utils._tasks.alb_listener_cert import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
