#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_cert_rotation_info
short_description: Which listeners new certificates should go to, and what they replace there
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Finds the HTTPS and QUIC listeners of the Application Load Balancers (ALB) of a region that have server certificates
    which others are to replace, as default or as additional ones (SNI), and tells for each listener what it will have
    then.
  - >-
    Only reads. M(alicloud.tls.alb_listener_cert) and M(alicloud.tls.alb_additional_cert) take what it answers, listener
    by listener.
  - >-
    What nobody asked for stays as it is: of a pair of an RSA and an ECC certificate only the half whose algorithm the
    new certificate has is replaced. When everything is done, the answer is empty.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes.info_module
  - alicloud.tls._attributes.actiongroup_alb
options:
  certificates:
    description:
      - >-
        The new certificates. If left out, all valid certificates that CAS has at the site of the region, bought and
        uploaded ones.
      - >-
        Each item is a CAS identifier (V(12345678-cn-hangzhou)), the number in it, a SHA-256 or SHA-1 fingerprint, the
        certificate's name in CAS (V(name:12345678) if it looks like something else), V(domain:www.example.com) for
        the newest valid certificate that covers a host name (V(domain:www.example.com/RSA) for one of an algorithm), or
        what M(alicloud.tls.cas_certificate) returned as RV(alicloud.tls.cas_certificate#module:certificate). That may
        be a certificate which check mode has only planned; it has no identifier in the answer then.
      - What may be several certificates is refused, with the candidates, and so is what is not valid now.
    type: list
    elements: raw
  supersedes:
    description:
      - >-
        The old certificates, as items of O(certificates) are written. If given, only these are replaced, whatever their
        names are, and even by a certificate that ends before them.
      - >-
        Each is replaced by the one new certificate of its algorithm. If there are several, by the one of them that
        covers all of its names, of several such by the one that is valid longest, and then by the newest. If
        O(certificates) is left out, it has to cover all of its names in any case.
      - >-
        An identifier or a number is not looked up, so that what CAS no longer has can be replaced. As CAS does not tell
        its algorithm, that needs O(certificates) to be just one. By anything else every copy in CAS is meant; what CAS
        does not have is on no listener.
      - An empty list replaces nothing.
    type: list
    elements: raw
  names:
    description:
      - Which certificates a new one replaces if O(supersedes) is not given.
      - With V(same), those with the very same set of names and the same key algorithm.
      - >-
        With V(covered), those of the same algorithm all of whose names the new one covers, so that one for
        V(*.example.com) replaces one for V(www.example.com). One for the very same names goes before one for more.
      - >-
        Of several new ones the one that is valid longest is taken, and then the newest. A certificate whose names or
        algorithm CAS does not tell is not replaced, and neither is another copy of the new one, or one that is valid
        longer.
    type: str
    choices: [same, covered]
    default: same
  expires_within_days:
    description:
      - >-
        Replace only certificates that have at most so many whole days left, expired ones included; V(0) is those that
        have expired or are in their last day. Goes with O(certificates) and O(supersedes), and alone.
    type: int
  listener_ids:
    description:
      - Only listeners with one of these IDs, as many as you like. An empty list finds nothing.
    type: list
    elements: str
  load_balancers:
    description:
      - >-
        Only listeners of load balancers with one of these IDs or exactly one of these names, as many as you like. An
        empty list finds nothing.
    type: list
    elements: str
  protocols:
    description:
      - Only listeners of these protocols. An empty list finds nothing.
    type: list
    elements: str
    choices: [HTTPS, QUIC]
  tags:
    description:
      - Only listeners that have all of these tags, at most 20.
    type: dict
notes:
  - At least one of O(certificates), O(supersedes) and O(expires_within_days) is needed.
  - >-
    The list of listeners takes one call for each 100 of them, one for each 20 O(listener_ids) or IDs of
    O(load_balancers), and one for each 10 load balancers that have to be looked up by name. Each HTTPS and QUIC
    listener takes one call more; four are made at a time, and at most 180 in a minute. HTTP listeners take none.
  - >-
    For M certificates in CAS it takes M/50 and M/100 calls more, each rounded up, and the same again for expired ones
    if there may be some among what is looked for. They are saved if nothing needs them: if no listener has a
    certificate of O(supersedes), say, and O(certificates) are what M(alicloud.tls.cas_certificate) returned.
  - >-
    A listener that is being changed is told as it is, without waiting; additional certificates that are being removed
    count as removed. Which of its certificates are the default ones is taken from the list of all of them
    (C(IsDefault)); whether that tells both of a pair is not documented.
  - Facts are what CAS tells, in the words of CAS, unless the certificate was given with its facts.
  - >-
    RAM permissions: C(alb:ListListeners) and C(alb:ListListenerCertificates); with names of load balancers
    C(alb:ListLoadBalancers); C(yundun-cert:ListUserCertificateOrder) and C(yundun-cert:ListCertificates); for a
    certificate that these lists lack C(yundun-cert:GetUserCertificateDetail).
seealso:
  - module: alicloud.tls.alb_additional_cert
  - module: alicloud.tls.alb_listener_cert
  - module: alicloud.tls.alb_listener_info
  - module: alicloud.tls.cas_certificate
  - module: alicloud.tls.cas_certificate_info
"""

EXAMPLES = r"""
---
- name: Have the renewed certificate in CAS
  alicloud.tls.cas_certificate:
    region: cn-hangzhou
    certificate_path: files/shop.fullchain.pem
    private_key_path: files/shop.key.pem
  register: renewed

- name: Find what is to be done for it
  alicloud.tls.alb_cert_rotation_info:
    region: cn-hangzhou
    certificates:
      - "{{ renewed.certificate }}"
  register: rotation

- name: Serve it wherever its predecessor is the default
  alicloud.tls.alb_listener_cert:
    region: cn-hangzhou
    listener_id: "{{ item.id }}"
    certificates: "{{ item.planned_certificates }}"
  loop: "{{ rotation.rotations }}"
  loop_control:
    label: "{{ item.id }}"
  when: item.default_changes | length > 0

- name: Find everything that expires within 30 days and has a successor in CAS
  alicloud.tls.alb_cert_rotation_info:
    region: cn-hangzhou
    expires_within_days: 30
  register: expiring

- name: Tell what has none
  ansible.builtin.debug:
    msg: "{{ item.certificate.names }} on {{ item.load_balancer_id }}:{{ item.port }}: {{ item.reason }}"
  loop: "{{ expiring.unmatched }}"
  loop_control:
    label: "{{ item.id }}"

- name: Find where a certificate is to be replaced by one for other names
  alicloud.tls.alb_cert_rotation_info:
    region: cn-hangzhou
    certificates:
      - name:wildcard-2027
    supersedes:
      - 12345677-cn-hangzhou
    load_balancers:
      - shop
  register: moved
"""

RETURN = r"""
rotations:
  description:
    - The listeners that have something to replace, by load balancer, port and protocol.
    - Certificates are all told in the form of RV(rotations[].certificates).
  returned: success
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
      description: Protocol of the listener, V(HTTPS) or V(QUIC).
      returned: always
      type: str
      sample: HTTPS
    port:
      description: Port of the listener.
      returned: always
      type: int
      sample: 443
    status:
      description: Status of the listener, V(Running) or V(Stopped); V(Configuring) if it is being changed.
      returned: always
      type: str
      sample: Running
    certificates:
      description: The default server certificates that it has now. Facts that CAS does not tell are V(null).
      returned: always
      type: list
      elements: dict
      contains:
        id:
          description: CAS identifier. V(null) for a certificate that is not uploaded yet.
          returned: always
          type: str
          sample: 12345677-cn-hangzhou
        subject:
          description: Subject, as RFC 4514 writes it; CAS tells its common name only.
          returned: always
          type: str
          sample: CN=www.example.com
        names:
          description: DNS names and IP addresses that it is for.
          returned: always
          type: list
          elements: str
          sample: [www.example.com, example.com]
        issuer:
          description: Issuer; CAS tells a short name only.
          returned: always
          type: str
          sample: Example CA
        not_before:
          description: Start of validity. CAS tells a date, and not in which time zone.
          returned: always
          type: str
          sample: "2026-09-01"
        not_after:
          description: End of validity, likewise.
          returned: always
          type: str
          sample: "2026-11-30"
        algorithm:
          description: Kind of its public key, V(RSA) or V(ECC).
          returned: always
          type: str
          sample: RSA
        key_size:
          description: Size of its public key in bits.
          returned: always
          type: int
          sample: 2048
        sha256:
          description: SHA-256 fingerprint.
          returned: always
          type: str
          sample: 9f2d1c0b7a6e5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4
        sha1:
          description: SHA-1 fingerprint.
          returned: always
          type: str
          sample: 1d7801bbe772d5de55cbf1f88aeb41a42402da07
        serial:
          description: Serial number in hexadecimal.
          returned: always
          type: str
          sample: 6ea4879591ddf84e6c8b6ba43607ccf
    additional_certificates:
      description: The additional server certificates that it has now.
      returned: always
      type: list
      elements: dict
      sample:
        - id: 12345676-cn-hangzhou
          names: [api.example.com]
    default_changes:
      description: Which of the default certificates are to be replaced.
      returned: always
      type: list
      elements: dict
      contains:
        old:
          description: The certificate that goes.
          returned: always
          type: dict
          sample:
            id: 12345677-cn-hangzhou
            names: [www.example.com, example.com]
        new:
          description:
            - The certificate in its place; a copy that the listener has already, if it has one.
            - >-
              One that is served as a default certificate does not come to the additional ones again, and one that
              becomes default leaves these: see RV(rotations[].planned_additional_certificates).
          returned: always
          type: dict
          sample:
            id: 12345678-cn-hangzhou
            names: [www.example.com, example.com]
        summary:
          description: Both in words, for reports.
          returned: always
          type: str
          sample: >-
            CN=www.example.com (RSA, expires 2026-11-30, SHA-256 0f9e8d7c6b5a) is replaced by CN=www.example.com (RSA,
            expires 2027-02-28, SHA-256 9f2d1c0b7a6e)
        days_left:
          description: >-
            Whole days until the old one expires; V(0) on the last day, negative afterwards. V(null) if CAS does not
            tell.
          returned: always
          type: int
          sample: 7
        lost_names:
          description: >-
            Names of the old certificate that none of the planned default and additional certificates covers. V(null) if
            CAS does not tell its names.
          returned: always
          type: list
          elements: str
          sample: []
    additional_changes:
      description: >-
        Which of the additional certificates are to be replaced, in the form of RV(rotations[].default_changes).
      returned: always
      type: list
      elements: dict
      contains:
        old:
          description: The certificate that goes.
          returned: always
          type: dict
          sample:
            id: 12345676-cn-hangzhou
            names: [api.example.com]
        new:
          description: The certificate in its place.
          returned: always
          type: dict
          sample:
            id: 12345679-cn-hangzhou
            names: [api.example.com]
        summary:
          description: Both in words.
          returned: always
          type: str
          sample: >-
            CN=api.example.com (ECC, expires 2026-11-30, SHA-256 1a2b3c4d5e6f) is replaced by CN=api.example.com (ECC,
            expires 2027-02-28, SHA-256 6f5e4d3c2b1a)
        days_left:
          description: Whole days until the old one expires.
          returned: always
          type: int
          sample: 7
        lost_names:
          description: Names of the old certificate that nothing covers afterwards.
          returned: always
          type: list
          elements: str
          sample: []
    planned_certificates:
      description: The default certificates as they are to be, for M(alicloud.tls.alb_listener_cert).
      returned: always
      type: list
      elements: dict
      sample:
        - id: 12345678-cn-hangzhou
          names: [www.example.com, example.com]
    planned_additional_certificates:
      description: >-
        The additional certificates as they are to be, for M(alicloud.tls.alb_additional_cert) with
        O(alicloud.tls.alb_additional_cert#module:state=exact).
      returned: always
      type: list
      elements: dict
      sample:
        - id: 12345679-cn-hangzhou
          names: [api.example.com]
unmatched:
  description:
    - >-
      Certificates on listeners that were asked for to be replaced and stay, by load balancer, port and protocol.
    - >-
      Asked for is what O(supersedes) names; without it, what O(expires_within_days) is about, or what CAS does not tell
      the expiry of; and with O(certificates) alone, what is replaced but for being valid longer.
    - What is one of O(certificates) itself is told only if O(supersedes) names it.
  returned: success
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
      description: Protocol of the listener, V(HTTPS) or V(QUIC).
      returned: always
      type: str
      sample: HTTPS
    port:
      description: Port of the listener.
      returned: always
      type: int
      sample: 443
    role:
      description: What the certificate is on the listener, V(default) or V(additional).
      returned: always
      type: str
      sample: additional
    certificate:
      description: The certificate, in the form of RV(rotations[].certificates).
      returned: always
      type: dict
      sample:
        id: 12345675-cn-hangzhou
        names: [old.example.com]
    reason:
      description: Why it stays, in a sentence.
      returned: always
      type: str
      sample: No other valid certificate in CAS is RSA and for exactly its names.
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"ListCertificates": 1, "ListListenerCertificates": 3, "ListListeners": 1, "ListUserCertificateOrder": 2}
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
      sample: ListListeners
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
from ..module_utils._tasks.alb_cert_rotation_info import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
