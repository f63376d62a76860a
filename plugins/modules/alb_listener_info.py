#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_listener_info
short_description: List listeners of Application Load Balancers, with their certificates
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Lists the listeners of the Application Load Balancers (ALB) of a region: HTTP, HTTPS and QUIC, and if wanted their
    default and additional server certificates and the CA of their mutual authentication.
  - Also tells which listeners use a certificate, for instance one that is to be replaced.
  - Of several filters all must fit. If nothing fits, the list is empty.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes.info_module
  - alicloud.tls._attributes.actiongroup_alb
options:
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
    choices: [HTTP, HTTPS, QUIC]
  ports:
    description:
      - Only listeners on these ports, from 1 to 65535. An empty list finds nothing.
    type: list
    elements: int
  tags:
    description:
      - Only listeners that have all of these tags, at most 20.
    type: dict
  certificate:
    description:
      - >-
        Only listeners that have this server certificate, as default or additional one. Certificates are told then as
        with O(with_certificates).
      - >-
        It is a CAS identifier (V(12345678-cn-hangzhou)), the number in it, a SHA-256 or SHA-1 fingerprint, its name in
        CAS, V(domain:www.example.com) for the newest valid one of a host (V(domain:www.example.com/RSA) for that of an
        algorithm), or what M(alicloud.tls.cas_certificate) returned as
        RV(alicloud.tls.cas_certificate#module:certificate).
      - >-
        An identifier or a number is not looked up, so that listeners can be found that still have a certificate which
        CAS no longer has. By anything else every copy in CAS is meant; what CAS does not have is on no listener.
    type: raw
  with_certificates:
    description:
      - >-
        Whether to tell default and additional certificates and the CA of mutual authentication. The API tells them of
        one listener at a time, so this takes two further calls for every HTTPS and QUIC listener; up to four are made
        at a time.
    type: bool
    default: false
  with_facts:
    description:
      - >-
        Whether to ask CAS for the facts of the certificates, such as names and expiry; that takes about one call for
        each 50 certificates in CAS. What CAS does not have is told by its identifier, all facts being V(null).
      - With V(true), certificates are told as with O(with_certificates).
      - If left out, facts are told whenever certificates are. Set it to V(false) if the account may not read CAS.
    type: bool
notes:
  - >-
    The list takes one call for each 100 listeners; one for each 20 O(listener_ids) or IDs of O(load_balancers), and one
    for each 10 load balancers that have to be looked up by name. An ID whose load balancer has no such listener is
    tried as a name.
  - Facts are what CAS tells, in the words of CAS. Several certificates are looked up in its list, which does not tell
    their algorithm.
  - A listener that is deleted, or changed, while it is read is left out, or told as it is. The module does not wait.
  - >-
    RAM permissions: C(alb:ListListeners); with names of load balancers C(alb:ListLoadBalancers); with certificates
    C(alb:GetListenerAttribute) and C(alb:ListListenerCertificates); with facts, and for a O(certificate) that is named
    by anything but identifier or number, C(yundun-cert:ListUserCertificateOrder) and
    C(yundun-cert:GetUserCertificateDetail); by name, SHA-1 fingerprint or domain C(yundun-cert:ListCertificates), too.
seealso:
  - module: alicloud.tls.alb_additional_cert
  - module: alicloud.tls.alb_listener
  - module: alicloud.tls.alb_listener_cert
  - module: alicloud.tls.alb_load_balancer_info
"""

EXAMPLES = r"""
---
- name: List all HTTPS and QUIC listeners of two load balancers
  alicloud.tls.alb_listener_info:
    region: cn-hangzhou
    load_balancers:
      - shop
      - alb-bd6oylbckp6k9x
    protocols: [HTTPS, QUIC]
  register: encrypted

- name: Find all listeners that have a certificate
  alicloud.tls.alb_listener_info:
    region: cn-hangzhou
    certificate: 12345677-cn-hangzhou
  register: affected

- name: Replace it wherever it is the default
  alicloud.tls.alb_listener_cert:
    region: cn-hangzhou
    listener_id: "{{ item.id }}"
    certificates:
      - 12345678-cn-hangzhou
  loop: "{{ affected.listeners }}"
  loop_control:
    label: "{{ item.id }}"
  when: "'12345677-cn-hangzhou' in item.certificates | map(attribute='id')"

- name: Read what a region serves
  alicloud.tls.alb_listener_info:
    region: cn-hangzhou
    with_certificates: true
  register: served
"""

RETURN = r"""
listeners:
  description:
    - What was found, by load balancer, port and protocol. What the API does not tell of a listener is V(null).
    - >-
      If certificates were not asked for, RV(listeners[].certificates), RV(listeners[].additional_certificates),
      RV(listeners[].ca_enabled) and RV(listeners[].ca_certificate_id) are V(null): a list of listeners does not tell
      them.
  returned: success
  type: list
  elements: dict
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
      description: ID of the TLS security policy. V(null) on others than HTTPS listeners.
      returned: always
      type: str
      sample: tls_cipher_policy_1_2
    http2_enabled:
      description: Whether clients may use HTTP/2. V(null) on others than HTTPS listeners.
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
      description: >-
        Whether clients have to show a certificate (mutual authentication). V(null) on others than HTTPS listeners.
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
    quic_upgrade:
      description: Whether clients are told of a QUIC listener. V(null) on others than HTTPS listeners.
      returned: always
      type: dict
      contains:
        enabled:
          description: Whether they are.
          returned: always
          type: bool
          sample: true
        listener_id:
          description: ID of the QUIC listener. V(null) if there is none, or if check mode was given a planned one.
          returned: always
          type: str
          sample: lsn-quic4y73wq7b
    x_forwarded_for:
      description:
        - >-
          Headers that are added to requests, as in O(alicloud.tls.alb_listener#module:x_forwarded_for); V(null) for
          those that the protocol does not have.
        - What the API does not tell is taken to be as documented for a new listener.
      returned: always
      type: dict
      contains:
        enabled:
          description: Whether C(X-Forwarded-For) is processed.
          returned: always
          type: bool
          sample: true
        processing_mode:
          description: V(append) or V(remove).
          returned: always
          type: str
          sample: append
        proto:
          description: Whether there is C(X-Forwarded-Proto).
          returned: always
          type: bool
          sample: true
        host:
          description: Whether there is C(X-Forwarded-Host).
          returned: always
          type: bool
          sample: false
        slb_id:
          description: Whether there is C(SLB-ID).
          returned: always
          type: bool
          sample: false
        slb_port:
          description: Whether there is C(X-Forwarded-Port).
          returned: always
          type: bool
          sample: false
        client_src_port:
          description: Whether there is C(X-Forwarded-Client-srcport).
          returned: always
          type: bool
          sample: false
        client_source_ips:
          description: Whether the client's address is looked for in C(X-Forwarded-For).
          returned: always
          type: bool
          sample: false
        client_source_ips_trusted:
          description: Addresses that are trusted there. V(null) if there are none.
          returned: always
          type: str
          sample: 10.1.1.0/24
        client_cert_subject_dn:
          description: Header with the subject of the client's certificate.
          returned: always
          type: dict
          contains:
            enabled:
              description: Whether it is added.
              returned: always
              type: bool
              sample: false
            alias:
              description: Its name. V(null) if it has none of your own.
              returned: always
              type: str
              sample: client-subject
        client_cert_issuer_dn:
          description: Header with the issuer of the client's certificate.
          returned: always
          type: dict
          contains:
            enabled:
              description: Whether it is added.
              returned: always
              type: bool
              sample: false
            alias:
              description: Its name. V(null) if it has none of your own.
              returned: always
              type: str
              sample: client-subject
        client_cert_fingerprint:
          description: Header with the fingerprint of the client's certificate.
          returned: always
          type: dict
          contains:
            enabled:
              description: Whether it is added.
              returned: always
              type: bool
              sample: false
            alias:
              description: Its name. V(null) if it has none of your own.
              returned: always
              type: str
              sample: client-subject
        client_cert_client_verify:
          description: Header with the result of the verification of the client's certificate.
          returned: always
          type: dict
          contains:
            enabled:
              description: Whether it is added.
              returned: always
              type: bool
              sample: false
            alias:
              description: Its name. V(null) if it has none of your own.
              returned: always
              type: str
              sample: client-subject
    access_log:
      description: What the listener writes to the access log.
      returned: always
      type: dict
      contains:
        customized_headers:
          description: Whether custom headers are written.
          returned: always
          type: bool
          sample: false
        tracing:
          description: Tracing of requests.
          returned: always
          type: dict
          contains:
            enabled:
              description: Whether requests are traced.
              returned: always
              type: bool
              sample: true
            sample:
              description: How many of 10000. V(null) while tracing is off.
              returned: always
              type: int
              sample: 100
            type:
              description: V(Zipkin) or V(OpenTelemetry). V(null) while tracing is off.
              returned: always
              type: str
              sample: Zipkin
    tags:
      description: Tags.
      returned: always
      type: dict
      sample: {"team": "shop"}
    additional_certificates:
      description:
        - The certificates for SNI besides the default ones.
        - V(null) if certificates were not asked for.
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
        status:
          description: V(Associated), or V(Associating) or V(Dissociating) while it is added or removed.
          returned: always
          type: str
          sample: Associated
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"GetListenerAttribute": 3, "ListListenerCertificates": 3, "ListListeners": 1, "ListUserCertificateOrder": 2}
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
from ..module_utils._tasks.alb_listener_info import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
