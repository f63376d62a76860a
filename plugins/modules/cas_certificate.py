#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cas_certificate
short_description: Server certificates in Certificate Management Service
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - Uploads third-party server certificates to Alibaba Cloud's Certificate Management Service (CAS), and deletes them.
  - >-
    A certificate is identified by its content: the same certificate, found by its SHA-256 fingerprint, is not uploaded
    again, whatever its name there is.
  - >-
    Before anything is sent, the PEM, the order of the chain, the validity and the match of private key and certificate
    are checked. The private key travels in the body of one request only; it is in no URL, answer, diff or log.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes
  - alicloud.tls._attributes.actiongroup_cas
options:
  state:
    description:
      - V(present) uploads the certificate unless CAS has it.
      - >-
        V(absent) deletes all uploaded copies of the certificate. Make sure that nothing uses it: the module does not
        look, and whether the API refuses to delete a certificate in use is not documented.
    type: str
    choices: [present, absent]
    default: present
  certificate:
    description:
      - The certificate as PEM text, alone or with its chain. Text around and between the PEM blocks is ignored.
      - >-
        A chain in the wrong order is put right if only one order is possible; a certificate that is not part of the
        chain is an error.
      - One of O(certificate), O(certificate_path) and, with O(state=absent), O(sha256) is needed.
    type: str
  certificate_path:
    description:
      - Like O(certificate), as a file where the task runs. A relative path is relative to the playbook's directory on
        local connections.
    type: path
  chain:
    description:
      - Intermediate certificates as PEM text, if O(certificate) does not have them.
    type: str
  chain_path:
    description:
      - Like O(chain), as a file where the task runs.
    type: path
  private_key:
    description:
      - The private key as PEM text (PKCS#1, SEC 1 or PKCS#8), not encrypted.
      - Needed only if the certificate is not in CAS yet. If it is given, it must belong to the certificate.
    type: str
  private_key_path:
    description:
      - Like O(private_key), as a file where the task runs.
    type: path
  sha256:
    description:
      - SHA-256 fingerprint of the certificate to delete, with or without colons. Only with O(state=absent).
    type: str
  name:
    description:
      - >-
        Name for the upload, which must not be in use in CAS, so a fixed name does not survive a renewal. A certificate
        that is there under another name keeps it.
      - If left out, it is made of the certificate's first name and the beginning of its SHA-256 fingerprint.
    type: str
  allow_expired:
    description:
      - Whether to accept a certificate that is expired or not valid yet.
    type: bool
    default: false
seealso:
  - module: alicloud.tls.alb_listener_cert
"""

EXAMPLES = r"""
---
- name: Upload a certificate with its chain
  alicloud.tls.cas_certificate:
    region: cn-hangzhou
    certificate_path: files/www.example.com.fullchain.pem
    private_key_path: files/www.example.com.key.pem
  register: www

- name: Serve it
  alicloud.tls.alb_listener_cert:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    certificates:
      - "{{ www.certificate }}"

- name: Delete its predecessor
  alicloud.tls.cas_certificate:
    region: cn-hangzhou
    state: absent
    certificate_path: files/www.example.com.old.pem
"""

RETURN = r"""
certificate:
  description:
    - The certificate. M(alicloud.tls.alb_listener) and M(alicloud.tls.alb_listener_cert) take it as it is, in check
      mode too.
    - V(null) with O(state=absent).
  returned: success
  type: dict
  contains:
    id:
      description: What ALB takes. V(null) if check mode would upload the certificate.
      returned: always
      type: str
      sample: 12345678-cn-hangzhou
    certificate_id:
      description: Number of the certificate in CAS. V(null) if check mode would upload the certificate.
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
      description: Subject, as RFC 4514 writes it.
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
      description: Issuer, as RFC 4514 writes it. If only CAS was asked, the short name that CAS gives it.
      returned: always
      type: str
      sample: CN=Example CA
    not_before:
      description: Start of validity in UTC. If only CAS was asked, a date.
      returned: always
      type: str
      sample: "2026-11-01T00:00:00Z"
    not_after:
      description: End of validity in UTC. If only CAS was asked, a date.
      returned: always
      type: str
      sample: "2027-01-30T23:59:59Z"
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
previous:
  description:
    - The RV(certificate) before the task, in the same form; what is needed to put it back.
    - V(null) if there was none.
  returned: success
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
      UploadUserCertificate: CN=www.example.com (RSA, expires 2027-01-30, SHA-256 9f2d1c0b7a6e) to CAS cn-hangzhou as
      www.example.com-9f2d1c0b7a6e
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"GetUserCertificateDetail": 1, "ListUserCertificateOrder": 2, "UploadUserCertificate": 1}
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
      sample: UploadUserCertificate
    code:
      description: Error code.
      returned: always
      type: str
      sample: CertificateFormatException
    message:
      description: The API's own message.
      returned: always
      type: str
      sample: "The format of the certificate is wrong."
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
      sample: cas.aliyuncs.com
"""

from ..module_utils._ansible.module import run_module
from ..module_utils._tasks.cas_certificate import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
