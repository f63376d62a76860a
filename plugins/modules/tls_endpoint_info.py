#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tls_endpoint_info
short_description: What clients of a TLS or QUIC endpoint get
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Makes real handshakes with an endpoint, over TCP or QUIC, and tells per host name and kind of key what clients get:
    certificate chain, verification, protocol version, cipher, ALPN, client certificates, C(Alt-Svc).
  - >-
    With O(until) it repeats that until what is served is what was wanted, because a change reaches the nodes of a load
    balancer one after another.
  - >-
    What an endpoint does is no failure of the task, unless O(until) wants something else: one that cannot be reached,
    or that does not speak TLS, is told as such.
extends_documentation_fragment:
  - alicloud.tls._attributes.info_module
options:
  address:
    description:
      - Host name or IP address to connect to.
      - >-
        A host name is looked up anew for every handshake. If it has several addresses, the second of O(attempts)
        handshakes begins with the second one, and so on. With O(transport=tcp) an address that takes no connection is
        passed over.
    type: str
    required: true
  port:
    description:
      - Port to connect to; of UDP with O(transport=quic).
    type: int
    default: 443
  transport:
    description:
      - V(tcp) for TLS over TCP, V(quic) for QUIC and HTTP/3, which needs the Python package C(aioquic).
    type: str
    choices: [tcp, quic]
    default: tcp
  server_names:
    description:
      - >-
        Host names to ask for (SNI), and to compare with the names of the certificate. The names need not point to the
        endpoint. An IP address is only compared: there is no SNI for it.
      - >-
        If left out, the names of O(until.certificates), as O(names_per_certificate) tells; without these, or if they
        have no names, O(address).
    type: list
    elements: str
  key_types:
    description:
      - >-
        The handshakes to make for each name. V(any) leaves the choice of the certificate to the server. V(rsa) and
        V(ecdsa) each offer nothing but signatures with keys of that kind, with TLS 1.3 as with the versions before it.
      - >-
        If left out, V([any]); with O(until.certificates) the kinds of keys that those of them have that are for the
        name, V(rsa) before V(ecdsa). Those that have the name itself go before those with a wildcard, as they do in
        servers. V(any) is in front if the kind of one is not known, and alone if none is for the name.
    type: list
    elements: str
    choices: [any, rsa, ecdsa]
  names_per_certificate:
    description:
      - >-
        How many names of each of O(until.certificates) to ask for, its first ones, if O(server_names) is left out;
        V(0) for all. Whether the others are served is not looked at.
      - >-
        A name that several have is asked for once, and counts for each. A wildcard such as C(*.example.com) is asked
        for as C(wildcard-check.example.com). IP addresses are only looked at if a certificate has no other names.
    type: int
    default: 10
  ca_certificates:
    description:
      - >-
        CA certificates as PEM texts to verify the chain with, in place of those of the system. A text may have several.
        They need not be roots.
      - Together with O(ca_path) both count.
    type: list
    elements: str
  ca_path:
    description:
      - >-
        Path of a PEM file with CA certificates to verify the chain with, in place of those of the system. Where the
        task runs; relative to the playbook if that is the controller.
    type: path
  client_certificate:
    description:
      - Client certificate to show when the endpoint asks for one, as PEM text, followed by its chain if it has one.
      - Only with O(transport=tcp). Needs O(client_key) or O(client_key_path).
    type: str
  client_certificate_path:
    description:
      - Path of a file with what O(client_certificate) tells.
    type: path
  client_key:
    description:
      - Private key of the client certificate as PEM text, not encrypted. It is in no output.
    type: str
  client_key_path:
    description:
      - Path of a file with what O(client_key) tells.
    type: path
  alpn:
    description:
      - Application protocols to offer, in order of preference. An empty list offers none.
      - V([h2, http/1.1]) if left out; V([h3]) with O(transport=quic).
    type: list
    elements: str
  http:
    description:
      - >-
        Whether to make a request for each name and kind of key, to tell the status and C(Alt-Svc). Redirects are not
        followed.
      - >-
        With O(transport=tcp) it is C(HEAD /), over a connection of its own that offers C(http/1.1) alone, whatever
        O(alpn) is: that HTTP/2 is spoken is only known from ALPN. With O(transport=quic) it is C(GET /), and is left
        out unless C(h3) was negotiated.
      - >-
        An endpoint that asks for client certificates gets a request of a client without one, and, if
        O(client_certificate) is given, one of a client with it.
    type: bool
    default: true
  check_versions:
    description:
      - >-
        Whether to find out, by a handshake each, which of TLS 1.0, 1.1, 1.2 and 1.3 are accepted. Only with
        O(transport=tcp).
    type: bool
    default: false
  check_ciphers:
    description:
      - >-
        Whether to find out which ciphers are accepted, with each version. Slow: one handshake for each of them, and one
        more for each version. Only with O(transport=tcp).
      - Only ciphers that the OpenSSL of the Python package C(cryptography) knows are found.
    type: bool
    default: false
  attempts:
    description:
      - >-
        How many handshakes to make, one after another, for each name and kind of key. With O(until) each of them has to
        be as wanted, and all of them have to agree.
    type: int
    default: 1
  handshake_timeout:
    description:
      - Seconds that one handshake, or one request, may take, the connection included.
    type: float
    default: 10.0
  until:
    description:
      - >-
        What is wanted of every name and kind of key. The task looks again and again until all of it holds, and fails if
        that is not so after O(timeout); the message then tells what was seen last, and how that differs.
    type: dict
    suboptions:
      reached:
        description:
          - >-
            Whether the endpoint is to show a certificate at all. V(false) waits until it does not, and goes with no
            other condition.
        type: bool
        default: true
      sha256:
        description:
          - >-
            SHA-256 fingerprints, with or without colons, one of which the server's certificate must have. For a pair of
            RSA and ECC certificates give both.
        type: list
        elements: str
      certificates:
        description:
          - >-
            The certificates that a listener is meant to serve, default and additional ones, as
            M(alicloud.tls.cas_certificate), M(alicloud.tls.cas_certificate_info) and the modules for listeners return
            them. C(sha256) is needed, C(names) and C(algorithm) are used, other keys are ignored.
          - >-
            M(alicloud.tls.alb_listener), M(alicloud.tls.alb_listener_cert) and M(alicloud.tls.alb_additional_cert) may
            return certificates without C(sha256) when they had nothing to do, and M(alicloud.tls.alb_listener_info)
            without C(algorithm). M(alicloud.tls.cas_certificate_info) tells both.
          - >-
            What is served must be one of them that is good for the name. For a name that none of them is good for, any
            of them will do, as a listener serves its default then.
          - >-
            What to ask for is taken from them, too, unless O(server_names) and O(key_types) tell it.
          - >-
            As there is no SNI for IP addresses, one that is asked for gets the listener's default, which then must be
            good for it.
          - Together with O(until.sha256) both have to hold.
        type: list
        elements: dict
      verified:
        description:
          - Whether the chain is to be verified with the CA certificates.
        type: bool
      covers_server_name:
        description:
          - Whether the certificate is to be good for the name.
        type: bool
      client_certificate:
        description:
          - >-
            What is to become of clients that have no certificate. V(not_requested): they are not asked for one.
            V(optional): they are asked, and served without. V(required): they are asked, and refused without. See
            RV(endpoints[].client_certificate).
        type: str
        choices: [not_requested, optional, required]
      client_certificate_accepted:
        description:
          - Whether clients with the given certificate are to be asked for it and to be served.
        type: bool
      min_version:
        description:
          - Lowest version that may be negotiated.
        type: str
        choices: [TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3]
      versions:
        description:
          - >-
            The versions that are to be accepted, these and no others. As O(check_versions=true). A version that cannot
            be tried here is not compared.
        type: list
        elements: str
        choices: [TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3]
      alpn:
        description:
          - The application protocol that is to be negotiated, such as V(h2).
        type: str
      http_status:
        description:
          - HTTP statuses, one of which the request must get.
        type: list
        elements: int
      h3_offered:
        description:
          - >-
            Whether the answer is to have an C(Alt-Svc) that offers HTTP/3, as that of a listener that is linked to a
            QUIC listener.
        type: bool
  timeout:
    description:
      - Seconds in which O(until) has to come true. A look that has begun is finished.
    type: int
    default: 60
  interval:
    description:
      - >-
        Seconds that the pauses between two looks grow to; they begin with 0.2 seconds, and are jittered.
    type: float
    default: 5.0
notes:
  - Needs no access to Alibaba Cloud and calls none of its APIs.
  - >-
    Needs the Python package C(pyOpenSSL), and C(aioquic) with O(transport=quic), where the task runs. The standard
    library of Python can neither ask for RSA or ECDSA with TLS 1.3 nor, before 3.13, tell the certificate chain.
  - >-
    Where the endpoint runs behind a load balancer that chooses a node for every connection, O(attempts) handshakes that
    agree make it likely, not certain, that all nodes have a change.
  - >-
    Where nothing answers to the first name and kind of key, no connection over TCP or no datagram over QUIC, the others
    are not tried in the same look, and are told to be the same.
  - >-
    With O(transport=quic) RV(endpoints[].client_certificate), RV(endpoints[].versions) and RV(endpoints[].ciphers) are
    V(null): ALB has no mutual authentication for QUIC, and QUIC is TLS 1.3 always, so none of them is tried.
    RV(endpoints[].version), which is V(TLSv1.3), and RV(endpoints[].cipher) tell what was negotiated.
  - Proxies are not used. Revocation (CRL, OCSP) is not checked.
seealso:
  - module: alicloud.tls.alb_listener
  - module: alicloud.tls.alb_listener_cert
"""

EXAMPLES = r"""
---
- name: What clients of a host get
  alicloud.tls.tls_endpoint_info:
    address: www.example.com
  register: served

- name: What clients of a name get that does not point to the load balancer yet, with either kind of key
  alicloud.tls.tls_endpoint_info:
    address: alb-bd6oylbckp6k9x.cn-hangzhou.alb.aliyuncs.com
    server_names:
      - www.example.com
      - api.example.com
    key_types:
      - rsa
      - ecdsa
    check_versions: true

- name: Wait until every node of the load balancer serves the new pair of certificates
  alicloud.tls.tls_endpoint_info:
    address: alb-bd6oylbckp6k9x.cn-hangzhou.alb.aliyuncs.com
    server_names:
      - www.example.com
    key_types:
      - rsa
      - ecdsa
    ca_path: files/ca.pem
    attempts: 5
    until:
      sha256:
        - "{{ rsa.certificate.sha256 }}"
        - "{{ ecc.certificate.sha256 }}"
      verified: true
      covers_server_name: true
    timeout: 120

- name: What is on the listener
  alicloud.tls.alb_listener_info:
    region: cn-hangzhou
    load_balancers: [shop]
    ports: [443]
    protocols: [HTTPS]
    with_certificates: true
  register: found

- name: Every name of what the listener has is served with it
  alicloud.tls.tls_endpoint_info:
    address: alb-bd6oylbckp6k9x.cn-hangzhou.alb.aliyuncs.com
    attempts: 5
    until:
      certificates: "{{ found.listeners[0].certificates + found.listeners[0].additional_certificates }}"
      verified: true
    timeout: 120

- name: Only clients with a certificate of ours are served
  alicloud.tls.tls_endpoint_info:
    address: partners.example.com
    client_certificate_path: files/partner.pem
    client_key_path: files/partner.key.pem
    until:
      client_certificate: required
      client_certificate_accepted: true

- name: HTTP/2 is spoken, and browsers are told of HTTP/3
  alicloud.tls.tls_endpoint_info:
    address: www.example.com
    until:
      alpn: h2
      h3_offered: true

- name: HTTP/3 is served
  alicloud.tls.tls_endpoint_info:
    address: www.example.com
    transport: quic
    until:
      verified: true
      http_status:
        - 200
"""

RETURN = r"""
endpoints:
  description:
    - >-
      What was seen, by name in the order of O(server_names), then by kind of key in the order of O(key_types). When
      O(until) did not come true, what was seen last.
    - >-
      Where these were left out with O(until.certificates), in the order of the certificates and of their names.
  returned: success, or when O(until) did not come true
  type: list
  elements: dict
  contains:
    server_name:
      description: Host name that was asked for.
      returned: always
      type: str
      sample: www.example.com
    key_type:
      description: Kind of key that was asked for, V(rsa) or V(ecdsa). V(null) if the server had the choice.
      returned: always
      type: str
      sample: ecdsa
    transport:
      description: V(tcp) or V(quic).
      returned: always
      type: str
      sample: tcp
    peer:
      description: IP address and port of the last handshake. V(null) without a connection.
      returned: always
      type: str
      sample: 203.0.113.10:443
    reached:
      description: Whether the endpoint has shown a certificate. The other facts are V(null) or empty if not.
      returned: always
      type: bool
      sample: true
    error:
      description:
        - >-
          Why it was not reached, such as a closed port, no answer in time, an answer that is not TLS, or no certificate
          with that kind of key.
        - >-
          If it was reached, why the handshake was broken off after the certificate, as it is when a client certificate
          is missing, or that the kind of key is not the one that was asked for. V(null) if it was not. With O(until)
          it must not be, unless a client certificate was asked for.
      returned: always
      type: str
      sample: null
    attempts:
      description: How many handshakes were made. After one that is not as wanted (O(until)) no more are.
      returned: always
      type: int
      sample: 1
    agreed:
      description:
        - >-
          Whether all of them were alike in certificate, version, ALPN, and being asked for a client certificate, or in
          that the endpoint was not reached. All else here is of the last one.
      returned: always
      type: bool
      sample: true
    leaves:
      description: SHA-256 fingerprints of the server certificates that were seen, each once, in that order.
      returned: always
      type: list
      elements: str
      sample: [9f2d1c0b7a6e5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4]
    version:
      description: Negotiated version, V(TLSv1.0), V(TLSv1.1), V(TLSv1.2) or V(TLSv1.3).
      returned: always
      type: str
      sample: TLSv1.3
    cipher:
      description: Negotiated cipher by OpenSSL's name. V(null) if the handshake was broken off before it was settled.
      returned: always
      type: str
      sample: TLS_AES_256_GCM_SHA384
    alpn:
      description: Negotiated application protocol. V(null) if there is none.
      returned: always
      type: str
      sample: h2
    chain:
      description: The certificates that the server sent, its own first.
      returned: always
      type: list
      elements: dict
      contains:
        subject:
          description: Subject, as RFC 4514 writes it.
          returned: always
          type: str
          sample: CN=www.example.com
        names:
          description: DNS names and IP addresses the certificate is for.
          returned: always
          type: list
          elements: str
          sample: [www.example.com, example.com]
        issuer:
          description: Issuer, as RFC 4514 writes it.
          returned: always
          type: str
          sample: CN=Example CA
        not_before:
          description: Start of validity in UTC.
          returned: always
          type: str
          sample: "2026-11-01T00:00:00Z"
        not_after:
          description: End of validity in UTC.
          returned: always
          type: str
          sample: "2027-01-29T23:59:59Z"
        algorithm:
          description: Kind of its public key, such as V(RSA) or V(ECC).
          returned: always
          type: str
          sample: ECC
        key_size:
          description: Size of its public key in bits.
          returned: always
          type: int
          sample: 256
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
    verified:
      description:
        - >-
          Whether the chain leads to one of the CA certificates, and is valid today and for servers. Whether it is good
          for the name is told apart.
      returned: always
      type: bool
      sample: true
    verify_error:
      description: Why it is not verified.
      returned: always
      type: str
      sample: null
    covers_server_name:
      description: Whether the certificate is good for the name.
      returned: always
      type: bool
      sample: true
    client_certificate:
      description: What becomes of clients with and without a certificate. V(null) with O(transport=quic).
      returned: always
      type: dict
      contains:
        requested:
          description: Whether the endpoint asks for a client certificate.
          returned: always
          type: bool
          sample: true
        without:
          description:
            - >-
              What becomes of a client without one, V(served) or V(refused). V(null) if none is asked for.
            - >-
              Refused is who gets a TLS alert, no answer, or the HTTP status 400, 495 or 496, which servers akin to
              nginx answer with in place of an alert (not seen with O(http=false)).
            - >-
              With O(http=false) and TLS 1.3 an endpoint whose only answer to a goodbye is to close the connection is
              taken to refuse the client if it has not sent a session ticket before.
          returned: always
          type: str
          sample: refused
        without_error:
          description: How it was refused.
          returned: always
          type: str
          sample: "TLS alert: certificate required"
        with:
          description: What becomes of a client with the given one. V(null) if none is asked for, or none was given.
          returned: always
          type: str
          sample: served
        with_error:
          description: How it was refused.
          returned: always
          type: str
          sample: null
        accepted_issuers:
          description: Subjects of the CAs that the endpoint says it accepts, as RFC 4514 writes them. Often empty.
          returned: always
          type: list
          elements: str
          sample: [CN=Example Client CA]
    http:
      description: The answer to the request. V(null) with O(http=false), and if the endpoint was not reached.
      returned: always
      type: dict
      contains:
        status:
          description: HTTP status. V(null) without an answer.
          returned: always
          type: int
          sample: 200
        alt_svc:
          description: C(Alt-Svc) as it came. V(null) without one.
          returned: always
          type: str
          sample: h3=":443"; ma=86400
        h3:
          description: Where C(Alt-Svc) offers HTTP/3. An empty host is that of the endpoint.
          returned: always
          type: list
          elements: str
          sample: [":443"]
        error:
          description: Why there was no answer.
          returned: always
          type: str
          sample: null
    versions:
      description:
        - >-
          Versions with whether each is accepted, V(null) for one that cannot be tried here. Only with
          O(check_versions=true) or O(until.versions); V(null) otherwise.
      returned: always
      type: dict
      sample: {"TLSv1.0": false, "TLSv1.1": false, "TLSv1.2": true, "TLSv1.3": true}
    ciphers:
      description:
        - >-
          Versions with the ciphers each accepts, in the order in which the server took them from a client that offers
          all that are left. Only with O(check_ciphers=true); V(null) otherwise.
      returned: always
      type: dict
      sample: {"TLSv1.2": [ECDHE-ECDSA-AES128-GCM-SHA256], "TLSv1.3": [TLS_AES_128_GCM_SHA256]}
unmet:
  description: What was wanted and is not so, one sentence each.
  returned: when O(until) did not come true
  type: list
  elements: str
  sample: ["www.example.com (rsa): h2 was negotiated by ALPN, not http/1.1"]
looks:
  description: How often the task looked.
  returned: success, or when O(until) did not come true
  type: int
  sample: 1
waited:
  description: Seconds that the task spent waiting between looks.
  returned: always, unless options are refused
  type: float
  sample: 0.0
"""

from ..module_utils._ansible.module import run_module
from ..module_utils._tasks.tls_endpoint_info import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
