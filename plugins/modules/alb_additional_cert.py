#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_additional_cert
short_description: Additional server certificates (SNI) of an ALB listener
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Adds additional certificates to an HTTPS or QUIC listener of an Application Load Balancer (ALB), or removes some.
    The listener serves them to clients that ask for their names (SNI).
  - >-
    Certificates are added before any is removed, in calls of at most 15. Default certificates are never touched: see
    M(alicloud.tls.alb_listener_cert).
  - >-
    Stops before it changes anything if a host name that is served now would have no matching certificate afterwards.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes
  - alicloud.tls._attributes.actiongroup_alb
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
      - With O(listener_id) or O(listener) it is checked, which takes one more call.
    type: str
    choices: [HTTPS, QUIC]
  certificates:
    description:
      - The certificates to add or to remove, or with O(state=exact) all that are to be there.
      - >-
        Each item is a CAS identifier (V(12345678-cn-hangzhou)), the number in it, a SHA-256 or SHA-1 fingerprint, the
        certificate's name in CAS (V(name:12345678) if it looks like something else), V(domain:www.example.com) for
        the newest valid certificate that covers a host name (V(domain:www.example.com/ECC) for one of an algorithm), or
        what M(alicloud.tls.cas_certificate) returned as RV(alicloud.tls.cas_certificate#module:certificate).
      - What may be several certificates is refused, with the candidates.
      - >-
        A default certificate of the listener is refused with every O(state): ALB does not take a certificate as default
        and as additional one at once, and removes no default certificate.
      - May be empty with O(state=exact) only.
    type: list
    elements: raw
    required: true
  state:
    description:
      - With V(present), the O(certificates) are among the additional ones; others stay, but see O(replace_superseded).
      - >-
        With V(absent), they are not. What CAS no longer has can be removed by identifier or number; what nobody has
        counts as absent.
      - With V(exact), they are the only additional ones, and all others are removed.
    type: str
    choices: [present, absent, exact]
    default: present
  replace_superseded:
    description:
      - >-
        Whether to remove, once the O(certificates) are seen to be associated, the additional certificates that they
        supersede: those with the very same set of names and the same key algorithm that are not valid longer. Only
        with O(state=present).
      - >-
        A certificate of the other algorithm stays, and so does one that has a name more or less, or that expires on a
        later day. A certificate whose names, algorithm or expiry are not known is never removed.
      - >-
        With this, a task has to ask CAS what the listener's other certificates are for, even if nothing is to be
        changed.
    type: bool
    default: false
  allow_expired:
    description:
      - Whether to add a certificate that is expired or not valid yet.
    type: bool
    default: false
  certificate_quota:
    description:
      - >-
        How many additional certificates the load balancer may have on all of its listeners, from 1 to 300: V(10) on a
        Basic load balancer, V(25) on others, unless your quota was raised.
      - >-
        If this listener alone would need more, if only for a moment, the task fails before it changes anything. What
        the other listeners use only the API knows; see the notes. If this listener has more already, the quota must
        have been raised, and the API judges.
    type: int
    default: 25
  allow_uncovered_names:
    description:
      - >-
        Whether to remove certificates even if host names that are served now would have no matching certificate
        afterwards, neither a default nor an additional one. Otherwise the task fails before it changes anything, and
        names them.
      - A certificate that CAS no longer has cannot be judged, so that removing it needs this, too.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until a fresh read of the listener shows what was changed.
      - >-
        With V(false) the task ends as soon as the API has accepted the last change; that it then fails is not noticed,
        and the next write to the listener may have to wait. The changes before the last are waited for in any case,
        so that no certificate is removed before those that were added are served.
    type: bool
    default: true
notes:
  - >-
    All listeners of a load balancer share a quota of additional certificates: 10 on a Basic load balancer, 25 on
    others, unless it was raised; a certificate on two listeners counts twice. O(replace_superseded=true) and
    O(state=exact) need the slots of what they add before those of what they remove become free.
    RV(listener.needs_free_slots) tells how many that is, in check mode, too. How many are free only the API knows;
    it refuses the first call that there are too few for, and O(check_mode_dry_run) asks it beforehand.
  - >-
    Whether the API takes a call with several certificates as a whole or in part when it refuses one of them is not
    documented. If a task fails half way, running it again goes on from there.
  - >-
    RAM permissions: C(alb:ListListenerCertificates), C(alb:AssociateAdditionalCertificatesWithListener),
    C(alb:DissociateAdditionalCertificatesFromListener), C(alb:ListAsynJobs), C(alb:GetListenerAttribute),
    C(alb:ListListeners), C(alb:ListLoadBalancers), C(alb:GetLoadBalancerAttribute),
    C(yundun-cert:ListUserCertificateOrder), C(yundun-cert:GetUserCertificateDetail), C(yundun-cert:ListCertificates).
    Which of them a task needs depends on how listener and certificates are named, see RV(api_calls).
seealso:
  - module: alicloud.tls.alb_listener
  - module: alicloud.tls.alb_listener_cert
  - module: alicloud.tls.cas_certificate
"""

EXAMPLES = r"""
---
- name: Add two certificates
  alicloud.tls.alb_additional_cert:
    region: cn-hangzhou
    listener_id: lsn-o4u54y73wq7b
    certificates:
      - 12345678-cn-hangzhou
      - 12345679-cn-hangzhou

- name: Replace a certificate by its successor, without a gap
  alicloud.tls.alb_additional_cert:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    certificates:
      - domain:api.example.com/RSA
    replace_superseded: true

- name: Remove a certificate, whose names another one covers
  alicloud.tls.alb_additional_cert:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    certificates:
      - 9f2d1c0b7a6e5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4
    state: absent

- name: Have no additional certificates but one
  alicloud.tls.alb_additional_cert:
    region: cn-hangzhou
    listener_id: lsn-o4u54y73wq7b
    certificates:
      - 12345679
    state: exact
    allow_uncovered_names: true
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
    certificates:
      description: >-
        The additional server certificates. Their facts are there if they were given, or if something was or would be
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
    default_certificates:
      description: The default server certificates, in the same form as RV(listener.certificates).
      returned: always
      type: list
      elements: dict
      sample:
        - id: 12345670-cn-hangzhou
    needs_free_slots:
      description: >-
        How many certificates more than at its start the load balancer has to take for a moment: those that the task
        added, or would add in check mode, before it removes any.
      returned: always
      type: int
      sample: 1
previous:
  description:
    - The RV(listener) before the task, in the same form but for C(needs_free_slots).
    - To put it back, give its C(certificates) with O(state=exact).
  returned: success, and when the task fails after it has changed something
  type: dict
  sample:
    id: lsn-o4u54y73wq7b
    certificates:
      - id: 12345677-cn-hangzhou
    default_certificates:
      - id: 12345670-cn-hangzhou
dry_run:
  description: The writes that the cloud has checked without making them.
  returned: in check mode with O(check_mode_dry_run)
  type: list
  elements: str
  sample:
    - >-
      AssociateAdditionalCertificatesWithListener: add CN=www.example.com (RSA, expires 2027-01-30, SHA-256
      9f2d1c0b7a6e)
steps:
  description:
    - The writes that were made, or in check mode would be made, in their order.
    - When the task fails, those that were made before it failed.
  returned: always, unless options are refused
  type: list
  elements: str
  sample:
    - >-
      AssociateAdditionalCertificatesWithListener: add CN=www.example.com (RSA, expires 2027-01-30, SHA-256
      9f2d1c0b7a6e)
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"AssociateAdditionalCertificatesWithListener": 1, "ListListenerCertificates": 3}
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
      sample: AssociateAdditionalCertificatesWithListener
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
from ..module_utils._tasks.alb_additional_cert import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
