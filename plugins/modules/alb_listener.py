#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_listener
short_description: Listeners of Application Load Balancers
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Creates, changes, starts, stops and deletes HTTP, HTTPS and QUIC listeners of Alibaba Cloud's Application Load
    Balancer (ALB).
  - >-
    Only options that are given are compared and changed; a new listener takes the cloud's defaults for the others. All
    that C(CreateListener) or C(UpdateListenerAttribute) takes is written in one call. The access log, tags, and whether
    the listener runs have API actions of their own, and so have steps of their own.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes
  - alicloud.tls._attributes.actiongroup_alb
  - alicloud.tls._wait
  - alicloud.tls._dry_run
options:
  state:
    description:
      - V(present) creates the listener or changes what differs. Whether it runs is left alone.
      - V(running) and V(stopped) do the same, and start or stop it. A new listener runs.
      - V(absent) deletes it.
      - >-
        A stopped listener that is to run is started first and changed after that; one that is to be stopped is changed
        first. Whether ALB changes a stopped listener is not documented; if it refuses, the task fails and says so.
    type: str
    choices: [present, absent, running, stopped]
    default: present
  listener_id:
    description:
      - ID of an existing listener. Either O(listener_id) or O(load_balancer) with O(port) is needed.
      - >-
        With O(listener_id), O(load_balancer), O(port) and O(protocol) say what the listener is expected to be;
        otherwise the task fails, or with O(force_recreate) replaces it.
    type: str
  load_balancer:
    description:
      - ID or name of the load balancer, together with O(port).
    type: str
  port:
    description:
      - Port of the listener, from 1 to 65535. Needed with O(load_balancer), unless there is a O(listener_id).
    type: int
  protocol:
    description:
      - Protocol of the listener. It cannot be changed; see O(force_recreate).
      - >-
        A port can have a QUIC listener (UDP) and an HTTP or HTTPS listener (TCP). If left out, the HTTP or HTTPS
        listener on the O(port) of the O(load_balancer) is meant, and an HTTPS one is created if there is none.
    type: str
    choices: [HTTP, HTTPS, QUIC]
  force_recreate:
    description:
      - >-
        Whether to replace a listener whose protocol, port or load balancer is not as wanted, which ALB cannot change:
        another one is created with the settings and tags of the old one, as far as its protocol has them, and with the
        options given. An HTTPS or QUIC listener needs O(certificates) if the old one had none.
      - >-
        The new one is created before the old one is deleted. Only where both have the same port it is the other way
        round; then nothing is served in between, and if the creation is refused the old one is created again, with a
        new ID, running, without its access log settings and, if it had two certificates, the second. If even that
        fails, its settings are in RV(previous).
      - >-
        A task that was interrupted after it had created the new one completes it, and deletes the old one, when it is
        run again. Anything else that is already at the place of the new one is left alone, and the task fails.
      - >-
        B(Forwarding rules of the old listener are lost), except its default server group. One with additional
        certificates or access control lists is not replaced.
      - >-
        The new listener has a new ID. A playbook that goes on naming the old O(listener_id) finds the new one only if
        it gives O(load_balancer) and O(port), too.
    type: bool
    default: false
  certificates:
    description:
      - >-
        Default server certificates; one, or one RSA and one ECC. Needed to create an HTTPS or QUIC listener; HTTP
        listeners have none.
      - >-
        Each item is a CAS identifier (V(12345678-cn-hangzhou)), the number in it, a SHA-256 or SHA-1 fingerprint, the
        certificate's name in CAS (V(name:12345678) if it looks like something else), V(domain:www.example.com) for
        the newest valid certificate that covers a host name (V(domain:www.example.com/ECC) for one of an algorithm), or
        what M(alicloud.tls.cas_certificate) returned as RV(alicloud.tls.cas_certificate#module:certificate).
      - What may be several certificates is refused, with the candidates.
      - >-
        An additional certificate of the listener is refused, as ALB does not take a certificate as both;
        M(alicloud.tls.alb_listener_cert) makes it the default.
      - Another copy in CAS of what the listener has already is no change.
    type: list
    elements: raw
  replace_certificates:
    description:
      - >-
        Whether O(certificates), and O(ca_enabled) with O(ca_certificate), are wanted on a listener that exists already,
        too.
      - >-
        With V(false) they are used on creation only, for playbooks that leave later changes to
        M(alicloud.tls.alb_listener_cert), M(alicloud.tls.alb_mutual_auth) and M(alicloud.tls.alb_ca_cert). A new
        listener that clients need a certificate for then never is without mutual authentication.
    type: bool
    default: true
  allow_expired:
    description:
      - Whether to accept a new certificate, or a new CA certificate, that is expired or not valid yet.
      - Of O(ca_certificate) that is known only if it is given with its validity, as other modules return it.
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
  ca_enabled:
    description:
      - >-
        Whether clients have to show a certificate (mutual authentication). HTTPS listeners only, and not on load
        balancers of the Basic edition. The cloud's default is V(false).
    type: bool
  ca_certificate:
    description:
      - >-
        The CA that has to have signed the certificates of clients; needed to set O(ca_enabled) to V(true), unless the
        API still tells one from before. Ignored with O(ca_enabled=false).
      - >-
        Either an identifier, of a private CA of Alibaba Cloud or of an uploaded CA certificate, or an object with it as
        C(identifier), such as M(alicloud.tls.cas_ca_certificate) returns. In check mode the identifier may be V(null).
      - >-
        Sources disagree on whether ALB takes another CA while mutual authentication is on. This module tries;
        M(alicloud.tls.alb_ca_cert) knows another way.
    type: raw
  server_group:
    description:
      - ID or name of the server group that requests go to. Needed to create the listener.
      - Whether its protocol fits the listener's is left to ALB to judge.
    type: str
  description:
    description:
      - >-
        Description (the console's name of the listener): 2 to 256 letters, digits, Chinese characters and C(, . ; / @ _
        -).
    type: str
  security_policy_id:
    description:
      - >-
        ID of the TLS security policy, one of the system's or your own. HTTPS listeners only; your own not on load
        balancers of the Basic edition. The cloud's default is V(tls_cipher_policy_1_0).
    type: str
  security_policy:
    description:
      - >-
        The TLS security policy as M(alicloud.tls.alb_security_policy) returned it, in place of O(security_policy_id).
        In check mode it may be one that does not exist yet.
    type: dict
  http2_enabled:
    description:
      - Whether clients may use HTTP/2. HTTPS listeners only. The cloud's default is V(true).
    type: bool
  gzip_enabled:
    description:
      - Whether answers are compressed. The cloud's default is V(true).
    type: bool
  idle_timeout:
    description:
      - >-
        Seconds after which an idle connection is closed, from 1 to 600, or to 3600 if the quota was raised. The cloud's
        default is V(15).
    type: int
  request_timeout:
    description:
      - >-
        Seconds that a server may take to answer, from 1 to 600, or to 3600 if the quota was raised. The cloud's default
        is V(60).
    type: int
  quic_upgrade:
    description:
      - >-
        Whether an HTTPS listener tells clients that they can use QUIC. The QUIC listener has to be one of the same load
        balancer that no other listener is linked to.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether it does. With V(false) the other suboptions are ignored.
        type: bool
        required: true
      listener_id:
        description:
          - ID of the QUIC listener. Not needed if the listener is linked to one already.
        type: str
      listener:
        description:
          - The QUIC listener as this module returned it. In check mode it may be one that does not exist yet.
        type: dict
      port:
        description:
          - Port of the QUIC listener, instead of its ID.
        type: int
  x_forwarded_for:
    description:
      - >-
        Headers that the listener adds to requests. What is left out stays as it is; all of them are written together,
        because what ALB does with those that an update does not name is not documented.
      - >-
        QUIC listeners have only O(x_forwarded_for.proto), O(x_forwarded_for.host), O(x_forwarded_for.slb_id) and
        O(x_forwarded_for.slb_port); HTTP listeners all but those with a client's certificate.
    type: dict
    suboptions:
      enabled:
        description:
          - >-
            Whether the listener processes C(X-Forwarded-For); otherwise the header passes as it came. The cloud's
            default is V(true).
        type: bool
      processing_mode:
        description:
          - >-
            V(append) to add the client's address to C(X-Forwarded-For), V(remove) to remove the header. The cloud's
            default is V(append).
        type: str
      proto:
        description:
          - Whether C(X-Forwarded-Proto) has the protocol of the listener.
        type: bool
      host:
        description:
          - Whether C(X-Forwarded-Host) has the host that the client asked for.
        type: bool
      slb_id:
        description:
          - Whether C(SLB-ID) has the ID of the load balancer.
        type: bool
      slb_port:
        description:
          - Whether C(X-Forwarded-Port) has the port of the listener.
        type: bool
      client_src_port:
        description:
          - Whether C(X-Forwarded-Client-srcport) has the port of the client.
        type: bool
      client_source_ips:
        description:
          - >-
            Whether the client's address is looked for in C(X-Forwarded-For), from right to left, up to the first that
            is not trusted.
        type: bool
      client_source_ips_trusted:
        description:
          - >-
            Addresses that are trusted, as a CIDR block such as V(10.1.1.0/24). How several are separated is not
            documented; the text is sent as it is, after what stands between commas or semicolons was checked.
          - Empty text takes them away, if the API takes empty text, which is not documented.
        type: str
      client_cert_subject_dn:
        description:
          - Whether a header has the subject of the client's certificate.
        type: dict
        suboptions:
          enabled:
            description:
              - Whether it is added.
            type: bool
          alias:
            description:
              - Name of the header, 1 to 40 characters of C(a-z 0-9 - _). It has an effect only while it is added.
            type: str
      client_cert_issuer_dn:
        description:
          - Whether a header has the issuer of the client's certificate.
        type: dict
        suboptions:
          enabled:
            description:
              - Whether it is added.
            type: bool
          alias:
            description:
              - Name of the header, 1 to 40 characters of C(a-z 0-9 - _). It has an effect only while it is added.
            type: str
      client_cert_fingerprint:
        description:
          - Whether a header has the fingerprint of the client's certificate.
        type: dict
        suboptions:
          enabled:
            description:
              - Whether it is added.
            type: bool
          alias:
            description:
              - Name of the header, 1 to 40 characters of C(a-z 0-9 - _). It has an effect only while it is added.
            type: str
      client_cert_client_verify:
        description:
          - Whether a header has the result of the verification of the client's certificate.
        type: dict
        suboptions:
          enabled:
            description:
              - Whether it is added.
            type: bool
          alias:
            description:
              - Name of the header, 1 to 40 characters of C(a-z 0-9 - _). It has an effect only while it is added.
            type: str
  access_log:
    description:
      - What the listener writes to the access log. The load balancer has to have one.
    type: dict
    suboptions:
      customized_headers:
        description:
          - Whether custom headers are written. The cloud's default is V(false).
        type: bool
      tracing:
        description:
          - Tracing of requests (Xtrace). What is left out stays as it is.
        type: dict
        suboptions:
          enabled:
            description:
              - Whether requests are traced. The cloud's default is V(false).
            type: bool
          sample:
            description:
              - How many of 10000 requests are traced, from 1 to 10000. Needed to switch tracing on.
            type: int
          type:
            description:
              - Kind of tracing, V(Zipkin) or V(OpenTelemetry). Needed to switch tracing on.
            type: str
  tags:
    description:
      - Tags that the listener is to have, at most 20. Others stay, unless O(purge_tags=true).
      - >-
        Keys have 1 to 128 characters, values at most 128. Keys do not start with C(aliyun) or C(acs:); neither has
        C(http://) or C(https://) in it.
    type: dict
  purge_tags:
    description:
      - >-
        Whether tags that are not in O(tags) are removed, except the cloud's own (C(aliyun), C(acs:)). Does nothing if
        O(tags) is left out; with V({}) as O(tags) all are removed.
    type: bool
    default: false
notes:
  - >-
    To put back what a task has changed, hand the values of RV(previous) back as the options of the same name;
    C(server_group_id) as O(server_group), C(ca_certificate_id) as O(ca_certificate), tags with
    O(purge_tags=true), and C(Running) or C(Stopped) of C(status) as O(state). What is V(null) there stays as
    it is.
  - >-
    A server group given by ID is not looked up before the write, except in check mode; ALB refuses one that does not
    exist.
  - >-
    Whether a new listener takes an RSA and an ECC certificate at once is not documented; sources disagree. The module
    creates it with one, and adds the other with a second write.
  - >-
    RAM permissions: C(alb:GetListenerAttribute), C(alb:CreateListener), C(alb:UpdateListenerAttribute),
    C(alb:DeleteListener) and C(alb:ListAsynJobs); with O(load_balancer) C(alb:ListListeners),
    C(alb:GetLoadBalancerAttribute) and C(alb:ListLoadBalancers), of which the first two also serve O(quic_upgrade),
    O(ca_enabled), O(security_policy_id) and O(access_log); C(alb:ListServerGroups) with O(server_group);
    C(alb:StartListener) and C(alb:StopListener) with O(state); C(alb:UpdateListenerLogConfig) with O(access_log);
    C(alb:TagResources) and C(alb:UnTagResources) with O(tags); C(alb:ListListenerCertificates) with O(force_recreate)
    and O(certificates); C(yundun-cert:GetUserCertificateDetail), C(yundun-cert:ListUserCertificateOrder) and
    C(yundun-cert:ListCertificates) with O(certificates).
seealso:
  - module: alicloud.tls.alb_listener_cert
  - module: alicloud.tls.alb_additional_cert
  - module: alicloud.tls.alb_mutual_auth
  - module: alicloud.tls.alb_ca_cert
  - module: alicloud.tls.alb_security_policy
  - module: alicloud.tls.cas_certificate
  - module: alicloud.tls.cas_ca_certificate
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

- name: An HTTPS listener that lets only clients with a certificate in
  alicloud.tls.alb_listener:
    region: cn-hangzhou
    load_balancer: shop
    port: 8443
    server_group: shop-web
    certificates:
      - 12345678-cn-hangzhou
    security_policy_id: tls_cipher_policy_1_2
    ca_enabled: true
    ca_certificate: 1ed65580-7e33-6a50-8630-dd13fdc009ee
    x_forwarded_for:
      client_cert_subject_dn:
        enabled: true
        alias: client-subject

- name: A QUIC listener
  alicloud.tls.alb_listener:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    protocol: QUIC
    server_group: shop-web
    certificates:
      - 12345678-cn-hangzhou
  register: quic

- name: Tell clients of it, and add headers
  alicloud.tls.alb_listener:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    quic_upgrade:
      enabled: true
      listener: "{{ quic.listener }}"
    x_forwarded_for:
      proto: true
      slb_id: true
    tags:
      team: shop

- name: An HTTP listener that is stopped
  alicloud.tls.alb_listener:
    region: cn-hangzhou
    load_balancer: shop
    port: 80
    protocol: HTTP
    server_group: shop-web
    state: stopped

- name: HTTPS instead of HTTP on the same port
  alicloud.tls.alb_listener:
    region: cn-hangzhou
    load_balancer: shop
    port: 80
    protocol: HTTPS
    certificates:
      - 12345678-cn-hangzhou
    force_recreate: true

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
  description: The listener. V(null) with O(state=absent). The keys are the same for all protocols.
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
previous:
  description:
    - The RV(listener) before the task, in the same form; what is needed to put it back.
    - V(null) if there was none.
  returned: success, and when the task fails after it has changed something
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
dry_run:
  description: The writes that the cloud has checked without making them.
  returned: in check mode with O(check_mode_dry_run)
  type: list
  elements: str
  sample: ["StopListener: lsn-o4u54y73wq7b"]
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
