#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cas_certificate_info
short_description: Server certificates in Certificate Management Service, and what uses them
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - Tells which server certificates Alibaba Cloud's Certificate Management Service (CAS) has, bought and uploaded ones.
  - >-
    Expired ones are included, unless O(status) leaves them out. All filters that are given have to hold; a filter that
    is an empty list holds for no certificate. Nothing found is an empty list, not an error.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes.info_module
  - alicloud.tls._attributes.actiongroup_cas
options:
  ids:
    description:
      - >-
        CAS identifiers (V(12345678-cn-hangzhou)) or the numbers in them. A number is one of the site that the region or
        O(cas_site) tells; an identifier may be of either site.
      - The certificates are then asked for one by one, with two calls each, and not listed.
    type: list
    elements: raw
  references:
    description:
      - >-
        Certificates as the modules for listeners take them: a CAS identifier (V(12345678-cn-hangzhou)), the number in
        it, a SHA-256 or SHA-1 fingerprint, the certificate's name in CAS (V(name:12345678) if it looks like something
        else), V(domain:www.example.com) for the newest valid certificate that covers a host name
        (V(domain:www.example.com/ECC) for one of an algorithm).
      - >-
        What is found can be given to those modules in place of the reference: they need not ask CAS again then. Several
        copies of one certificate are all found; what may be several certificates is refused, with the candidates.
      - >-
        An identifier or number takes one call; a SHA-256 fingerprint one for 50 certificates in CAS, and one for each
        copy; anything else what the whole list takes, once.
    type: list
    elements: str
  sha256:
    description:
      - SHA-256 fingerprints, with or without colons.
    type: list
    elements: str
  sha1:
    description:
      - SHA-1 fingerprints, with or without colons.
    type: list
    elements: str
  names:
    description:
      - Exact names in CAS.
    type: list
    elements: str
  domain:
    description:
      - >-
        A host name, wildcard or IP address. Finds the certificates that are good for it. Only the same wildcard covers
        a wildcard.
    type: str
  status:
    description:
      - What the certificates may be. All if left out.
      - Without V(expired) the expired ones are not listed at all, which halves the calls.
    type: list
    elements: str
    choices: [valid, not_yet_valid, expired]
  expires_within_days:
    description:
      - >-
        Finds certificates that have at most so many whole days left, among them expired ones; combine it with
        O(status) to leave them out.
    type: int
  algorithm:
    description:
      - Kind of the public key.
    type: str
    choices: [RSA, ECC, SM2]
  uploaded_only:
    description:
      - Whether to leave out certificates that were bought.
    type: bool
    default: false
  tags:
    description:
      - Tags that the certificates must have, with these values.
      - Costs as much as O(with_tags).
    type: dict
  with_tags:
    description:
      - >-
        Whether to ask for tags, one call for each certificate that the other filters have found, four at a time. With
        O(ids) they are told anyhow.
    type: bool
    default: false
  with_listeners:
    description:
      - >-
        Whether to look which listeners of the region use the certificates. Takes one call for each hundred listeners
        and one for each HTTPS and QUIC listener, four at a time, and at most 180 in a minute.
    type: bool
    default: false
notes:
  - >-
    RAM permissions: C(yundun-cert:ListUserCertificateOrder) and C(yundun-cert:ListCertificates); with O(ids)
    C(yundun-cert:GetUserCertificateDetail) and C(yundun-cert:GetCertificateDetail) in their place, with O(references)
    C(yundun-cert:GetUserCertificateDetail) in their place or in addition; with O(tags) or
    O(with_tags=true) C(yundun-cert:GetUserCertificateDetail); with O(with_listeners=true) C(alb:ListListeners) and
    C(alb:ListListenerCertificates).
  - >-
    For M certificates it takes M/50 and M/100 calls, each rounded up, and the same again for expired ones: one list
    tells the fingerprints, the other one identifiers and algorithms.
  - >-
    A certificate whose SHA-256 fingerprint CAS does not tell is left out, and so are orders that have no certificate
    yet, and bought certificates that were revoked.
seealso:
  - module: alicloud.tls.cas_certificate
"""

EXAMPLES = r"""
---
- name: Find what expires within a month
  alicloud.tls.cas_certificate_info:
    region: cn-hangzhou
    status: [valid]
    expires_within_days: 30
  register: soon

- name: Find what serves a name, and where it is used
  alicloud.tls.cas_certificate_info:
    region: cn-hangzhou
    domain: www.example.com
    with_listeners: true
  register: www

- name: Find what is meant by references
  alicloud.tls.cas_certificate_info:
    region: cn-hangzhou
    references:
      - domain:www.example.com/ECC
      - 12345678-cn-hangzhou
  register: meant

- name: Serve it
  alicloud.tls.alb_listener_cert:
    region: cn-hangzhou
    listener_id: lsn-o4u54y73wq7b
    certificates: "{{ meant.certificates }}"

- name: Find expired certificates of a team that nothing uses
  alicloud.tls.cas_certificate_info:
    region: cn-hangzhou
    status: [expired]
    uploaded_only: true
    tags:
      team: web
  register: expired

- name: Show them
  ansible.builtin.debug:
    msg: "{{ expired.certificates | rejectattr('used_by') | map(attribute='name') }}"
"""

RETURN = r"""
certificates:
  description: What was found, oldest first; with O(ids) or O(references) in their order.
  returned: success
  type: list
  elements: dict
  contains:
    reference:
      description: The item of O(references) that means it. V(null) without O(references).
      returned: always
      type: str
      sample: domain:www.example.com/ECC
    id:
      description: What ALB takes.
      returned: always
      type: str
      sample: 12345678-cn-hangzhou
    certificate_id:
      description: Number of the certificate in CAS.
      returned: always
      type: int
      sample: 12345678
    name:
      description: Name in CAS.
      returned: always
      type: str
      sample: www.example.com-9f2d1c0b7a6e
    site:
      description: CAS site.
      returned: always
      type: str
      sample: cn-hangzhou
    subject:
      description: Common name of the subject, as RFC 4514 writes it; CAS tells no more of it.
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
      description: First day of validity. In which time zone is not documented.
      returned: always
      type: str
      sample: "2026-11-01"
    not_after:
      description: Last day of validity, likewise.
      returned: always
      type: str
      sample: "2027-01-30"
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
    tags:
      description: Tags. V(null) unless O(ids), O(tags) or O(with_tags) is given, or one of O(references) told them.
      returned: always
      type: dict
      sample: {"team": "web"}
    instance_id:
      description: ID that the tag actions of CAS take.
      returned: always
      type: str
      sample: cas-upload-50yf1q
    resource_group_id:
      description: ID of its resource group.
      returned: always
      type: str
      sample: rg-acfmz7u4zzr2a5i
    uploaded:
      description: Whether it was uploaded, and not bought.
      returned: always
      type: bool
      sample: true
    status:
      description: V(valid), V(not_yet_valid) or V(expired).
      returned: always
      type: str
      sample: valid
    days_left:
      description: Whole days until it expires; V(0) on the last day, negative afterwards.
      returned: always
      type: int
      sample: 68
    used_by:
      description:
        - The cloud products that use it, in all regions, as far as CAS knows; how soon it does is not documented.
        - V(null) if CAS does not tell.
      returned: always
      type: list
      elements: str
      sample: [ALB]
    listeners:
      description: The listeners of the region that use it. V(null) unless O(with_listeners=true).
      returned: always
      type: list
      elements: dict
      contains:
        listener_id:
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
        default:
          description: Whether it is a default certificate of the listener; otherwise it is an additional one (SNI).
          returned: always
          type: bool
          sample: true
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"ListCertificates": 2, "ListUserCertificateOrder": 2}
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
      sample: ListCertificates
    code:
      description: Error code.
      returned: always
      type: str
      sample: Forbidden.RAM
    message:
      description: The API's own message.
      returned: always
      type: str
      sample: "User not authorized to operate on the specified resource."
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
      sample: cas.aliyuncs.com
"""

from ..module_utils._ansible.module import run_module
from ..module_utils._tasks.cas_certificate_info import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
