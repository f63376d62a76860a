#!/usr/bin/python
# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_security_policy
short_description: Custom TLS security policies for ALB listeners
version_added: 0.1.0
author:
  - The alicloud.tls contributors (@alicloud-tls)
description:
  - >-
    Creates, changes and deletes custom TLS security policies of Application Load Balancer (ALB): which TLS versions and
    ciphers an HTTPS listener offers.
  - >-
    TLS versions and ciphers are sets: only what is in them counts, not the order. A combination that cannot work is
    refused before anything is changed. Before a policy is changed or deleted, the listeners that have it are looked up
    and told in RV(security_policy.listeners) and the diff; a policy in use is not deleted.
extends_documentation_fragment:
  - alicloud.tls._auth
  - alicloud.tls._attributes
  - alicloud.tls._attributes.actiongroup_alb
  - alicloud.tls._dry_run
options:
  state:
    description:
      - V(present) creates the policy or changes what differs.
      - V(absent) deletes it. If listeners have it, the task fails and names them.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - >-
        Name of the policy, 2 to 128 letters, digits, Chinese characters, C(.), C(_), C(-) and blanks. It says which
        policy is meant, unless O(policy_id) does; then it is the name that the policy is to have.
      - The API allows several policies with one name. If there are, the task fails and lists their IDs.
      - At least one of O(name) and O(policy_id) is needed.
    type: str
  policy_id:
    description:
      - ID of an existing policy, such as V(sp-n0kn923ihzgqlg2qqd).
      - Policies of the system (V(tls_cipher_policy_1_2) and the like) cannot be changed by anybody.
    type: str
  tls_versions:
    description:
      - All TLS versions that the policy is to have. Needed to create it.
    type: list
    elements: str
    choices: [TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3]
  ciphers:
    description:
      - All ciphers that the policy is to have. Needed to create it.
      - >-
        For TLS 1.0 and later, except TLS 1.3: V(ECDHE-ECDSA-AES128-SHA), V(ECDHE-ECDSA-AES256-SHA),
        V(ECDHE-RSA-AES128-SHA), V(ECDHE-RSA-AES256-SHA), V(AES128-SHA), V(AES256-SHA), V(DES-CBC3-SHA).
      - >-
        For TLS 1.2 only: V(ECDHE-ECDSA-AES128-GCM-SHA256), V(ECDHE-ECDSA-AES256-GCM-SHA384),
        V(ECDHE-ECDSA-AES128-SHA256), V(ECDHE-ECDSA-AES256-SHA384), V(ECDHE-RSA-AES128-GCM-SHA256),
        V(ECDHE-RSA-AES256-GCM-SHA384), V(ECDHE-RSA-AES128-SHA256), V(ECDHE-RSA-AES256-SHA384),
        V(AES128-GCM-SHA256), V(AES256-GCM-SHA384), V(AES128-SHA256), V(AES256-SHA256).
      - >-
        For TLS 1.3 only: V(TLS_AES_128_GCM_SHA256), V(TLS_AES_256_GCM_SHA384), V(TLS_CHACHA20_POLY1305_SHA256),
        V(TLS_AES_128_CCM_SHA256), V(TLS_AES_128_CCM_8_SHA256).
      - >-
        Each cipher must be one of a version in O(tls_versions), and V(TLSv1.3) needs a cipher of its own; so says the
        API's documentation. That the other versions need one as well is a rule of this module: a version without
        ciphers would be offered, and nobody could connect with it. A policy that breaks it and is not to be changed
        is left alone.
      - >-
        The API takes 32 ciphers, more than there are here; the documentation of Resource Orchestration Service says 20.
        The module does not enforce either number.
    type: list
    elements: str
  tags:
    description:
      - Tags that the policy is to have, at most 20. Others stay, unless O(purge_tags=true).
    type: dict
  purge_tags:
    description:
      - >-
        Whether tags that are not in O(tags) are removed, except the cloud's own (C(aliyun…), C(acs:…)). If O(tags) is
        left out, nothing is removed; C({}) stands for no tags at all.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until a fresh read of the policy shows what was changed.
      - >-
        With V(false) the task ends as soon as the API has accepted the last change; that it then fails is not noticed,
        and the next task on the policy may have to wait.
    type: bool
    default: true
notes:
  - >-
    Creating and deleting take effect at once. A change of TLS versions, ciphers or name is a job, during which the
    policy is V(Configuring). Other clients allow 16 minutes for it, because it can take long for a policy in use; raise
    O(wait_timeout) accordingly.
  - >-
    After a listener was given another policy, the API may count the old one as in use for a while. If no listener has
    it any more, deleting is tried again until O(wait_timeout) is over.
  - >-
    Versions and ciphers are always sent together, in the order of the documentation. Whether their order means anything
    to ALB is not documented.
  - >-
    Custom policies are for listeners of Standard and WAF-enabled load balancers, at most 10 listeners each; a region
    takes 50 policies. The API checks these quotas, and this module reports what it says.
  - >-
    RAM permissions: C(alb:CreateSecurityPolicy), C(alb:DeleteSecurityPolicy), C(alb:ListAsynJobs),
    C(alb:ListSecurityPolicies), C(alb:ListSecurityPolicyRelations), C(alb:TagResources), C(alb:UnTagResources),
    C(alb:UpdateSecurityPolicyAttribute).
seealso:
  - module: alicloud.tls.alb_security_policy_info
  - module: alicloud.tls.alb_listener
"""

EXAMPLES = r"""
---
- name: A policy for current clients
  alicloud.tls.alb_security_policy:
    region: cn-hangzhou
    name: modern
    tls_versions:
      - TLSv1.2
      - TLSv1.3
    ciphers:
      - ECDHE-ECDSA-AES128-GCM-SHA256
      - ECDHE-ECDSA-AES256-GCM-SHA384
      - ECDHE-RSA-AES128-GCM-SHA256
      - ECDHE-RSA-AES256-GCM-SHA384
      - TLS_AES_128_GCM_SHA256
      - TLS_AES_256_GCM_SHA384
      - TLS_CHACHA20_POLY1305_SHA256
    tags:
      team: web

- name: Change its versions and ciphers, and wait as long as it takes
  alicloud.tls.alb_security_policy:
    region: cn-hangzhou
    name: modern
    tls_versions:
      - TLSv1.3
    ciphers:
      - TLS_AES_128_GCM_SHA256
      - TLS_AES_256_GCM_SHA384
    wait_timeout: 1200

- name: Give it another name and just these tags
  alicloud.tls.alb_security_policy:
    region: cn-hangzhou
    policy_id: sp-n0kn923ihzgqlg2qqd
    name: tls13-only
    tags:
      team: platform
    purge_tags: true

- name: No such policy
  alicloud.tls.alb_security_policy:
    region: cn-hangzhou
    name: tls13-only
    state: absent
"""

RETURN = r"""
security_policy:
  description: The policy. V(null) if it does not exist after the task.
  returned: success
  type: dict
  contains:
    id:
      description: ID of the policy. V(null) for one that check mode would create.
      returned: always
      type: str
      sample: sp-n0kn923ihzgqlg2qqd
    name:
      description: Name of the policy.
      returned: always
      type: str
      sample: modern
    tls_versions:
      description: TLS versions, the oldest first.
      returned: always
      type: list
      elements: str
      sample: [TLSv1.2, TLSv1.3]
    ciphers:
      description: Ciphers, in the order of the documentation.
      returned: always
      type: list
      elements: str
      sample: [ECDHE-ECDSA-AES128-GCM-SHA256, ECDHE-RSA-AES128-GCM-SHA256, TLS_AES_128_GCM_SHA256]
    tags:
      description: Tags.
      returned: always
      type: dict
      sample: {"team": "web"}
    status:
      description: V(Available), or V(Configuring) while it is changed, if the task does not wait for that.
      returned: always
      type: str
      sample: Available
    listeners:
      description:
        - The listeners that have it.
        - V(null) if they were not asked for; a task that has nothing to do, or only tags to change, does not ask.
      returned: always
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
          description: Protocol of the listener.
          returned: always
          type: str
          sample: HTTPS
        port:
          description: Port of the listener.
          returned: always
          type: int
          sample: 443
previous:
  description:
    - The RV(security_policy) before the task, in the same form; what is needed to put it back.
    - V(null) if there was none.
  returned: success, and when the task fails after it has changed something
  type: dict
  sample:
    id: sp-n0kn923ihzgqlg2qqd
    name: modern
    tls_versions: [TLSv1.1, TLSv1.2]
    ciphers: [ECDHE-RSA-AES128-GCM-SHA256, AES128-SHA]
    tags: {}
    status: Available
    listeners: []
dry_run:
  description: The writes that the API has checked.
  returned: in check mode with O(check_mode_dry_run)
  type: list
  elements: str
  sample:
    - "DeleteSecurityPolicy: sp-n0kn923ihzgqlg2qqd (modern)"
steps:
  description:
    - The writes that were made, or in check mode would be made, in their order.
    - When the task fails, those that were made before it failed.
  returned: always, unless options are refused
  type: list
  elements: str
  sample:
    - "UpdateSecurityPolicyAttribute: remove TLSv1.1, AES128-SHA (sp-n0kn923ihzgqlg2qqd)"
api_calls:
  description: How often each action of the API was called.
  returned: always, unless options are refused
  type: dict
  sample: {"ListSecurityPolicies": 3, "ListSecurityPolicyRelations": 1, "UpdateSecurityPolicyAttribute": 1}
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
      sample: CreateSecurityPolicy
    code:
      description: Error code.
      returned: always
      type: str
      sample: QuotaExceeded.SecurityPoliciesNum
    message:
      description: The API's own message.
      returned: always
      type: str
      sample: "The quota of alb_quota_securitypolicies_num is exceeded, usage 50/50."
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
from ..module_utils._tasks.alb_security_policy import TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
