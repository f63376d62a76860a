#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cas_ca_certificate_info
short_description: Look up CA certificates in Certificate Management Service
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Lists the CA certificates that the repositories of Alibaba Cloud's Certificate Management Service (CAS) hold, among
    them those that listeners of an Application Load Balancer (ALB) can verify clients with.
  - All filters that are given must fit. If nothing fits, the list is empty.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes.info_module
  - alicloud.tls._attributes.actiongroup_cas
options:
  identifiers:
    description:
      - Identifiers of CA certificates. Those that do not exist are left out; an empty list finds nothing.
    type: list
    elements: str
  sha256:
    description:
      - >-
        SHA-256 fingerprints, with or without colons. CAS does not tell them in its list, so that every certificate that
        the other filters leave is read, as with O(with_details=true). An empty list finds nothing.
    type: list
    elements: str
  common_name:
    description:
      - Common name of the subject, in capital or small letters.
    type: str
  repository:
    description:
      - Name of a repository for uploaded CA certificates.
    type: str
  source:
    description:
      - V(uploaded) for CA certificates that were uploaded to a repository.
      - >-
        V(alicloud) for those of which the list of repositories (C(ListCert)) says that Alibaba Cloud issued them.
        Whether all private CAs are among them is not documented; they are managed by another version of the API
        (2020-06-30), which this module does not use.
    type: str
    choices: [uploaded, alicloud, all]
    default: all
  with_details:
    description:
      - Whether to read each certificate, which is a call for each; up to four are made at a time.
    type: bool
    default: false
notes:
  - >-
    RAM permissions: C(yundun-cert:ListCertWarehouse), C(yundun-cert:ListCert); for details and O(sha256),
    C(yundun-cert:DescribeWarehouseCert). For C(DescribeWarehouseCert) Alibaba Cloud publishes no authorization
    information, and for C(ListCert) none was found; these names are made like that of the first.
  - CAS does not tell the names that CA certificates were uploaded with.
seealso:
  - module: alicloud.tls.cas_ca_certificate
"""

EXAMPLES = r"""
---
- name: List the CA certificates that were uploaded
  alicloud.tls.cas_ca_certificate_info:
    region: cn-hangzhou
    source: uploaded
  register: uploaded

- name: Look one up by its fingerprint
  alicloud.tls.cas_ca_certificate_info:
    region: cn-hangzhou
    sha256:
      - 9f2d1c0b7a6e5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4

- name: Read those of the partners
  alicloud.tls.cas_ca_certificate_info:
    region: cn-hangzhou
    repository: partners
    with_details: true
  register: partners

- name: Tell which of them expire before 2027
  ansible.builtin.debug:
    msg: "{{ item.subject }} expires at {{ item.not_after }}"
  loop: "{{ partners.ca_certificates }}"
  when: item.not_after < '2027'
"""

RETURN = r"""
ca_certificates:
  description:
    - The CA certificates that fit, the oldest identifier first. M(alicloud.tls.alb_mutual_auth) takes one as it is.
    - >-
      With O(with_details=true) or O(sha256), one that is no CA certificate that ALB could use, or that cannot be read,
      has only the facts that it has without them, and the fingerprint.
  returned: success
  type: list
  elements: dict
  contains:
    identifier:
      description: What ALB takes.
      returned: always
      type: str
      sample: 1efd3cac-e8c1-611d-b971-f96e5e432aba
    source:
      description: V(uploaded) or V(alicloud).
      returned: always
      type: str
      sample: uploaded
    status:
      description: What CAS says of it, such as V(ISSUE) or V(REVOKE).
      returned: always
      type: str
      sample: ISSUE
    repository:
      description: >-
        The repository that holds it. V(null) for a CA certificate outside of repositories. A repository that is not for
        uploaded CA certificates is called by its number.
      returned: always
      type: dict
      contains:
        name:
          description: Name of the repository.
          returned: always
          type: str
          sample: alicloud-tls
        id:
          description: Number of the repository.
          returned: always
          type: int
          sample: 12
    site:
      description: CAS site.
      returned: always
      type: str
      sample: cn-hangzhou
    sign_algorithm:
      description: How it was signed, as CAS writes it.
      returned: always
      type: str
      sample: SHA256WITHRSA
    subject:
      description: Subject, as RFC 4514 writes it. Without details only its common name.
      returned: always
      type: str
      sample: CN=Example Root
    issuer:
      description: Issuer, as RFC 4514 writes it. Without details the short name that CAS gives it.
      returned: always
      type: str
      sample: CN=Example Root
    not_before:
      description: Start of validity in UTC.
      returned: always
      type: str
      sample: "2026-11-01T00:00:00Z"
    not_after:
      description: End of validity in UTC.
      returned: always
      type: str
      sample: "2036-10-29T23:59:59Z"
    algorithm:
      description: Kind of its public key, such as V(RSA) or V(ECC).
      returned: always
      type: str
      sample: RSA
    key_size:
      description: Size of its public key in bits. V(null) without details.
      returned: always
      type: int
      sample: 4096
    sha256:
      description: SHA-256 fingerprint. V(null) without details.
      returned: always
      type: str
      sample: 9f2d1c0b7a6e5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4
    sha1:
      description: SHA-1 fingerprint. V(null) without details.
      returned: always
      type: str
      sample: 1d7801bbe772d5de55cbf1f88aeb41a42402da07
    serial:
      description: Serial number in hexadecimal.
      returned: always
      type: str
      sample: 6ea4879591ddf84e6c8b6ba43607ccf
    self_signed:
      description: >-
        V(true) for a root; V(false) for an intermediate CA, and for a root in its cross-signed form. V(null) without
        details.
      returned: always
      type: bool
      sample: true
    others:
      description: >-
        The further CA certificates, if there are several under this identifier, with the same facts as the first one.
        V(null) without details.
      returned: always
      type: list
      elements: dict
      sample: []
    pem:
      description: The CA certificates under this identifier as PEM text. V(null) without details.
      returned: always
      type: str
      sample: |
        -----BEGIN CERTIFICATE-----
        MIIBvTCCAWOgAwIBAgIUYy...
        -----END CERTIFICATE-----
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"ListCert": 1, "ListCertWarehouse": 1}
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
      sample: ListCert
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
from ..module_utils._tasks.cas_ca_certificate_info import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
