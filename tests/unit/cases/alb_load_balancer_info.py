# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, Stage

CASES = Cases("alb_load_balancer_info")


@CASES.case(changed=False)
def _all_with_details(stage: Stage) -> Answer:
    stage.cloud.seed({"load_balancers": [{"name": "logged", "log_project": "logs", "log_store": "alb"}]})
    return {"with_details": True}


@CASES.case(changed=False)
def _by_every_filter(stage: Stage) -> Answer:
    stage.cloud.seed({"load_balancers": [{"name": "shop", "address_type": "Internet", "tags": {"team": "web"}}]})
    return {
        "load_balancers": ["shop", "demo"],
        "vpc_ids": ["vpc-demo"],
        "tags": {"team": "web"},
        "address_type": "Internet",
        "status": "Active",
    }


@CASES.case(changed=False)
def _by_id(_stage: Stage) -> Answer:
    return {"load_balancers": [DEMO]}


@CASES.case(changed=False)
def _nothing(_stage: Stage) -> Answer:
    return {"load_balancers": ["nobody"]}
