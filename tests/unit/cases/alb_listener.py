# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage

CASES = Cases("alb_listener")


@CASES.case()
def _create_by_ids(stage: Stage) -> Answer:
    one = stage.uploaded(stage.pki.rsa)
    return {"load_balancer": DEMO, "port": 443, "server_group": GROUP, "certificates": [one["id"]]}


@CASES.case()
def _create_by_names_with_an_object(stage: Stage) -> Answer:
    one = stage.uploaded(stage.pki.rsa)
    return {**stage.at, "server_group": "demo-web", "certificates": [one]}


@CASES.case()
def _create_with_every_setting(stage: Stage) -> Answer:
    one = stage.uploaded(stage.pki.ecc)
    return {
        **stage.at,
        "protocol": "HTTPS",
        "server_group": "demo-web",
        "certificates": [one["sha256"]],
        "description": "shop",
        "security_policy_id": "tls_cipher_policy_1_2_strict_with_1_3",
        "http2_enabled": False,
        "gzip_enabled": False,
        "idle_timeout": 30,
        "request_timeout": 90,
    }


@CASES.case()
def _change_one_setting(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "description": "shop"}


@CASES.case()
def _change_many_settings_by_id(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, description="shop")
    return {
        "listener_id": listener["id"],
        "description": "shop-2",
        "security_policy_id": "tls_cipher_policy_1_2",
        "http2_enabled": False,
        "gzip_enabled": False,
        "idle_timeout": 5,
        "request_timeout": 5,
    }


@CASES.case()
def _change_the_server_group(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.cloud.seed({"server_groups": [{"server_group_id": "sgp-other", "name": "other", "vpc_id": "vpc-demo"}]})
    return {**stage.at, "server_group": "other"}


@CASES.case()
def _change_certificate_and_setting(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)], "description": "renewed"}


@CASES.case()
def _add_the_other_algorithm(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [listener["certificates"][0]["id"], stage.uploaded(stage.pki.ecc)]}


@CASES.case(changed=False)
def _nothing_to_change(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, description="shop")
    return {**stage.at, "certificates": listener["certificates"], "description": "shop", "server_group": GROUP}


@CASES.case(changed=False)
def _leave_certificates_to_others(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)], "replace_certificates": False}


@CASES.case()
def _remove(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "state": "absent"}


@CASES.case()
def _remove_by_id(stage: Stage) -> Answer:
    return {"listener_id": stage.served(stage.pki.rsa)["id"], "state": "absent"}


@CASES.case(changed=False)
def _no_listener_to_remove(stage: Stage) -> Answer:
    return {**stage.at, "state": "absent"}


@CASES.case(changed=False)
def _no_listener_with_this_id_to_remove(_stage: Stage) -> Answer:
    return {"listener_id": "lsn-gone", "state": "absent"}
