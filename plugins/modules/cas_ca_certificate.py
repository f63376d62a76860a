#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cas_ca_certificate
short_description: CA certificates for mutual authentication in Certificate Management Service
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Uploads CA certificates (roots and intermediates) to Alibaba Cloud's Certificate Management Service (CAS), and
    deletes them. A listener of an Application Load Balancer (ALB) verifies its clients with such a certificate.
  - >-
    CAS keeps them in repositories (also called warehouses) for uploaded CA certificates; one is found, or created.
  - >-
    A CA certificate is identified by its content: the same certificate is not uploaded again, whatever its name there
    is. CAS tells no fingerprint in its list, so that the certificates with the same serial number are read and
    compared.
  - >-
    Before anything is sent, the module checks that it is the certificate of a CA, that it is valid, and that ALB can
    use its key. No private key is ever sent: text with one is refused, and the key is in no answer, diff or log.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes
  - alicloud.tls._attributes.actiongroup_cas
options:
  state:
    description:
      - V(present) uploads the CA certificate unless CAS has it. The repository is created if need be.
      - >-
        V(absent) deletes all uploaded copies of the CA certificate, or the one with this O(identifier). Repositories
        are never deleted.
    type: str
    choices: [present, absent]
    default: present
  certificate:
    description:
      - The CA certificate as PEM text. Text around the PEM block is ignored.
      - One of O(certificate), O(certificate_path) and, with O(state=absent), O(identifier) is needed.
    type: str
  certificate_path:
    description:
      - Like O(certificate), as a file where the task runs. A relative path is relative to the playbook's directory on
        local connections.
    type: path
  bundle:
    description:
      - >-
        Whether to take several CA certificates as one. A listener of ALB takes one CA certificate; a bundle of an old
        and a new CA may let it accept the clients of both while they change over.
      - >-
        The API is documented to take a certificate and its chain. Whether it takes CA certificates that have nothing to
        do with each other, and whether ALB trusts all of them then, is not documented: try it with a listener that
        nobody depends on.
    type: bool
    default: false
  identifier:
    description:
      - Identifier of the CA certificate to delete. Only with O(state=absent).
    type: str
  repository:
    description:
      - Name of the repository. At most 128 characters.
      - >-
        If left out, a copy in any repository for uploaded CA certificates will do, and a new one goes to the repository
        C(alicloud-tls). With O(state=absent), copies in all repositories are deleted.
    type: str
  name:
    description:
      - >-
        Name for the upload, at most 128 characters. Whether two certificates of a repository can have one name is not
        documented. A certificate that is there under another name keeps it.
      - >-
        If left out, it is made of the certificate's common name and the beginning of its SHA-256 fingerprint, or of a
        hash over the fingerprints of a bundle.
    type: str
  allow_expired:
    description:
      - Whether to accept a CA certificate that is expired or not valid yet.
    type: bool
    default: false
  allow_weak_key:
    description:
      - Whether to accept an RSA key of less than 2048 bits.
    type: bool
    default: false
  force:
    description:
      - >-
        With O(state=absent), whether to delete without looking whether a listener uses the CA certificate. Whether the
        API itself refuses that is not documented.
      - >-
        Without it, the module reads all HTTPS listeners of the region, one call each, and refuses if mutual
        authentication of one of them uses it. Listeners of other regions are not looked at.
    type: bool
    default: false
notes:
  - >-
    RAM permissions: C(yundun-cert:ListCertWarehouse), C(yundun-cert:ListCert), C(yundun-cert:DescribeWarehouseCert); to
    upload, C(yundun-cert:CreateWarehouse) and C(yundun-cert:UploadPCACert); to delete, C(yundun-cert:DeletePCACert),
    and unless O(force) is set, C(alb:ListListeners) and C(alb:GetListenerAttribute).
  - >-
    For C(CreateWarehouse), C(DescribeWarehouseCert) and C(UploadPCACert) Alibaba Cloud publishes no authorization
    information, and for C(ListCert) and C(DeletePCACert) none was found; the names of their permissions are made like
    those of other actions of CAS.
  - >-
    Not documented by Alibaba Cloud: whether CAS takes the same CA certificate or the same name twice (if it refuses,
    the module looks again and reports what it finds), which names it takes, and that C(UploadPCACert) is what the
    console does to upload a CA certificate.
  - >-
    A copy that was uploaded together with its chain, as the console lets one do, is another content than the CA
    certificate alone, since a listener may trust all of it.
  - Private CAs of Alibaba Cloud are managed by another API, which this module does not use.
seealso:
  - module: alicloud.tls.cas_ca_certificate_info
  - module: alicloud.tls.alb_mutual_auth
  - module: alicloud.tls.alb_ca_cert
"""

EXAMPLES = r"""
---
- name: Upload the CA that issues the clients' certificates
  alicloud.tls.cas_ca_certificate:
    region: cn-hangzhou
    certificate_path: files/clients-ca.pem
  register: clients_ca

- name: Let only these clients in
  alicloud.tls.alb_mutual_auth:
    region: cn-hangzhou
    load_balancer: shop
    port: 443
    ca_certificate: "{{ clients_ca.ca_certificate }}"

- name: Keep the CAs of partners in a repository of their own
  alicloud.tls.cas_ca_certificate:
    region: cn-hangzhou
    certificate_path: files/partner-ca.pem
    repository: partners
    name: partner-2027

- name: Delete a CA certificate that no listener of the region uses
  alicloud.tls.cas_ca_certificate:
    region: cn-hangzhou
    state: absent
    certificate_path: files/clients-ca.old.pem
"""

RETURN = r"""
ca_certificate:
  description:
    - The CA certificate. M(alicloud.tls.alb_mutual_auth) takes it as it is.
    - V(null) with O(state=absent).
  returned: success
  type: dict
  contains:
    identifier:
      description: What ALB takes. V(null) if check mode would upload the CA certificate.
      returned: always
      type: str
      sample: 1efd3cac-e8c1-611d-b971-f96e5e432aba
    repository:
      description: The repository that holds it.
      returned: always
      type: dict
      contains:
        name:
          description: Name of the repository.
          returned: always
          type: str
          sample: alicloud-tls
        id:
          description: Number of the repository. V(null) if check mode would create it.
          returned: always
          type: int
          sample: 12
    name:
      description: Name that this task uploaded it with. V(null) if it was there already, since CAS does not tell names.
      returned: always
      type: str
      sample: Example-Root-9f2d1c0b7a6e
    site:
      description: CAS site.
      returned: always
      type: str
      sample: cn-hangzhou
    subject:
      description: Subject, as RFC 4514 writes it.
      returned: always
      type: str
      sample: CN=Example Root
    issuer:
      description: Issuer, as RFC 4514 writes it.
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
      description: Kind of its public key, V(RSA) or V(ECC).
      returned: always
      type: str
      sample: RSA
    key_size:
      description: Size of its public key in bits.
      returned: always
      type: int
      sample: 4096
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
    self_signed:
      description: V(true) for a root; V(false) for an intermediate CA, and for a root in its cross-signed form.
      returned: always
      type: bool
      sample: true
    others:
      description: The further CA certificates of a bundle, with the same facts as the first one.
      returned: always
      type: list
      elements: dict
      sample: []
previous:
  description:
    - The RV(ca_certificate) before the task, in the same form. Of several copies that are deleted, the oldest.
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
    - "CreateWarehouse: alicloud-tls for uploaded CA certificates in CAS cn-hangzhou"
    - >-
      UploadPCACert: CN=Example Root (RSA, expires 2036-10-29, SHA-256 9f2d1c0b7a6e) to repository alicloud-tls of CAS
      cn-hangzhou as Example-Root-9f2d1c0b7a6e
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"CreateWarehouse": 1, "DescribeWarehouseCert": 1, "ListCert": 1, "ListCertWarehouse": 2, "UploadPCACert": 1}
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
      sample: UploadPCACert
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
from ..module_utils._tasks.cas_ca_certificate import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
