# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import GROUP, Stage

CASES = Cases("alb_server_group_info")


@CASES.case(changed=False)
def _all_with_servers(stage: Stage) -> Answer:
    servers = [{"server_id": "i-1", "server_ip": "192.168.1.1"}, {"server_id": "i-2", "port": 8080}]
    stage.cloud.seed({"server_groups": [{"name": "shop", "servers": servers}]})
    return {"with_servers": True}


@CASES.case(changed=False)
def _by_every_filter(stage: Stage) -> Answer:
    stage.cloud.seed({"server_groups": [{"name": "shop", "server_group_type": "Ip", "tags": {"team": "web"}}]})
    return {
        "server_groups": ["shop", "demo-web"],
        "vpc_ids": ["vpc-demo"],
        "tags": {"team": "web"},
        "type": "Ip",
    }


@CASES.case(changed=False)
def _by_id(_stage: Stage) -> Answer:
    return {"server_groups": [GROUP]}


@CASES.case(changed=False)
def _nothing(_stage: Stage) -> Answer:
    return {"server_groups": ["nobody"]}
