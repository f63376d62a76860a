# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.cases.alb_security_policy import policy, used_policy
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("alb_security_policy_info")


@CASES.case(changed=False)
def _all_with_listeners(stage: Stage) -> Answer:
    used_policy(stage, tags={"team": "web"})
    return {"with_listeners": True}


@CASES.case(changed=False)
def _by_every_filter(stage: Stage) -> Answer:
    one = policy(stage, tags={"team": "web"})
    return {"ids": [one["id"]], "names": ["modern"], "tags": {"team": "web"}, "kind": "custom"}


@CASES.case(changed=False)
def _of_the_system(stage: Stage) -> Answer:
    return {"kind": "system"}


@CASES.case(changed=False)
def _nothing(stage: Stage) -> Answer:
    return {"names": ["modern"]}
