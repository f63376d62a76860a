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
        V(absent) deletes all uploaded copies of the certificate, unless one of them is in use; see O(check_listeners)
        and O(force). Certificates that were bought are never deleted.
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
      - The private key as PEM text (PKCS#1, SEC 1 or PKCS#8), not encrypted. CAS takes no passphrase.
      - Needed only if the certificate is not in CAS yet. If it is given, it must belong to the certificate.
    type: str
  private_key_path:
    description:
      - Like O(private_key), as a file where the task runs.
    type: path
  key_transport:
    description:
      - How PEM and private key travel in the upload.
      - >-
        V(body) sends them as a form. That is how clients with the older signature do it; that it works with the newer
        signature, which this collection uses, is not documented.
      - >-
        V(query) sends them in the URL, as the official SDK does. It is a last resort, for the case that V(body) is
        refused: whatever decrypts TLS on the way may log URLs. The task warns of it.
    type: str
    choices: [body, query]
    default: body
  sha256:
    description:
      - SHA-256 fingerprint of the certificate to delete, with or without colons. Only with O(state=absent).
    type: str
  name:
    description:
      - Name for the upload. A certificate that is there under another name keeps it.
      - If left out, it is made of the certificate's first name and the beginning of its SHA-256 fingerprint.
      - How long it may be sources disagree about (63, 64 or 128 characters). More than 128 are refused here, and names
        that the module makes have at most 63.
    type: str
  on_name_conflict:
    description:
      - >-
        What to do if another certificate has the O(name), expired ones included. Names in CAS are unique, and
        certificates can neither be changed nor renamed, so a fixed name alone does not survive a renewal.
      - >-
        V(suffix) uploads under the name with the beginning of the SHA-256 fingerprint behind it, cut to 63 characters.
        The certificate keeps that name later, when the other one has gone.
      - V(fail) refuses.
      - >-
        V(replace) deletes the other certificate before the upload, if it was uploaded and is not in use; see
        O(check_listeners) and O(force). Between the two writes neither is there. If the upload is refused, nothing
        listens with less than before, and the same task uploads it once the cause is mended.
    type: str
    choices: [suffix, fail, replace]
    default: suffix
  resource_group_id:
    description:
      - Resource group for the upload. That of a certificate which is there is left alone.
    type: str
  tags:
    description:
      - >-
        Tags, with the upload or for a certificate that is there. Others are left alone, unless O(purge_tags=true).
      - >-
        Whether tags of an uploaded certificate can be changed later is not documented. The module asks for it by the
        certificate's instance ID, reads the tags again, and fails if they stay as they were.
    type: dict
  purge_tags:
    description:
      - >-
        Whether to remove tags that O(tags) does not have; V({}) there means all. The cloud's own (C(aliyun), C(acs:))
        stay, and with O(retire_superseded=true) so does O(retire_tag).
    type: bool
    default: false
  allow_expired:
    description:
      - Whether to accept a certificate that is expired or not valid yet.
    type: bool
    default: false
  allow_weak_key:
    description:
      - Whether to accept an RSA key of less than 2048 bits. Whether CAS does is not documented.
    type: bool
    default: false
  retire_superseded:
    description:
      - Whether to delete predecessors of the certificate, once it is in CAS.
      - >-
        Those are uploaded certificates that have the O(retire_tag), are for exactly the same names, have the same kind
        of key, and began to be valid on an earlier day. They go when they are expired, or when a newer certificate for
        the same names became valid more than O(retire_after_days) ago, and only if they are not in use; of one that is
        in use the task warns. A certificate that is expired itself has no predecessors.
      - >-
        CAS does not tell when a certificate was uploaded; so the beginning of validity is what counts.
      - >-
        It takes one call for 50 and one for 100 certificates in CAS, the same again for expired ones, and one for
        each predecessor.
    type: bool
    default: false
  retire_after_days:
    description:
      - How many days a predecessor is kept after it was followed by a newer certificate.
    type: int
    default: 30
  retire_tag:
    description:
      - >-
        Tags by which O(retire_superseded) knows the certificates that it may delete. It puts them on what it uploads;
        others, such as those uploaded without it, can be given them with O(tags).
    type: dict
    default:
      managed-by: alicloud.tls
  check_listeners:
    description:
      - Whether to look at all listeners of the region before a certificate is deleted, besides asking CAS.
      - >-
        CAS tells the products that use a certificate, in all regions; how soon it notices a change is not documented.
        The look at the listeners is exact, but sees ALB in one region only. It takes one call for each hundred
        listeners, and one for each HTTPS and QUIC listener, four at a time; if CAS says that other products use the
        certificate, it is spared.
      - >-
        To stay below ALB's published rates it takes a minute more for each further 180 HTTPS and QUIC listeners;
        O(wait_timeout) has to allow for that.
    type: bool
    default: true
  force:
    description:
      - >-
        Whether to delete a certificate without looking whether it is in use, with O(state=absent) and
        O(on_name_conflict=replace). Whether the API then refuses is not documented.
    type: bool
    default: false
notes:
  - >-
    RAM permissions: C(yundun-cert:ListUserCertificateOrder), C(yundun-cert:GetUserCertificateDetail); to upload
    C(yundun-cert:UploadUserCertificate); to delete C(yundun-cert:DeleteUserCertificate),
    C(yundun-cert:GetCertificateDetail), and with O(check_listeners=true) C(alb:ListListeners) and
    C(alb:ListListenerCertificates); with O(retire_superseded=true) the same and C(yundun-cert:ListCertificates); to
    change tags C(yundun-cert:TagResources) and C(yundun-cert:UntagResources).
  - >-
    Something may begin to use a certificate between the look and its deletion. Delete certificates in a task of their
    own, some time after their successors are served.
seealso:
  - module: alicloud.tls.alb_listener_cert
  - module: alicloud.tls.alb_additional_cert
  - module: alicloud.tls.cas_certificate_info
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

- name: Upload from a bastion what only the controller has, under a name that stays readable
  alicloud.tls.cas_certificate:
    region: cn-hangzhou
    certificate: "{{ lookup('ansible.builtin.file', 'files/shop.fullchain.pem') }}"
    private_key: "{{ lookup('ansible.builtin.unvault', 'files/shop.key.pem') }}"
    name: shop
    tags:
      team: web

- name: Upload the next one, and delete those that have been replaced for a month
  alicloud.tls.cas_certificate:
    region: cn-hangzhou
    certificate_path: files/shop.fullchain.pem
    private_key_path: files/shop.key.pem
    retire_superseded: true
    retire_after_days: 30
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
    tags:
      description: Tags.
      returned: always
      type: dict
      sample: {"team": "web"}
    retired:
      description:
        - >-
          Predecessors that O(retire_superseded) has deleted, or in check mode would delete, in the form of
          RV(certificate). Always empty in RV(previous).
      returned: always
      type: list
      elements: dict
      sample: []
previous:
  description:
    - The RV(certificate) before the task, in the same form.
    - >-
      V(null) if there was none. With O(on_name_conflict=replace) it is the certificate that had the name.
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
