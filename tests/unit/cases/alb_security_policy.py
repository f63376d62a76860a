# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("alb_security_policy")

VERSIONS = ["TLSv1.2", "TLSv1.3"]
CIPHERS = ["ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA", "TLS_AES_128_GCM_SHA256"]


def policy(stage: Stage, name: str = "modern", **more: t.Any) -> Answer:
    """A policy that is there."""
    options = {"name": name, "tls_versions": VERSIONS, "ciphers": CIPHERS, **more}
    answer: Answer = stage.run("alb_security_policy", **options)["security_policy"]
    return answer


def used_policy(stage: Stage, **more: t.Any) -> tuple[Answer, Answer]:
    """A policy and the listener that has it."""
    found = policy(stage, **more)
    return found, stage.served(stage.pki.ecc, security_policy_id=found["id"])


@CASES.case()
def _create(stage: Stage) -> Answer:
    return {"name": "modern", "tls_versions": VERSIONS, "ciphers": CIPHERS}


@CASES.case()
def _create_with_tags(stage: Stage) -> Answer:
    return {
        "name": "Old clients 1.0",
        "tls_versions": ["TLSv1.0", "TLSv1.2", "TLSv1.1"],
        "ciphers": ["AES128-SHA"],
        "tags": {"team": "web", "since": 2026, "empty": ""},
        "purge_tags": True,
    }


@CASES.case(changed=False)
def _the_same_in_another_order(stage: Stage) -> Answer:
    policy(stage, tags={"team": "web"})
    return {"name": "modern", "tls_versions": VERSIONS[::-1], "ciphers": [*CIPHERS[::-1], CIPHERS[0]]}


@CASES.case(changed=False)
def _nothing_wished_for(stage: Stage) -> Answer:
    return {"policy_id": policy(stage)["id"]}


@CASES.case()
def _change_ciphers_only(stage: Stage) -> Answer:
    policy(stage)
    return {"name": "modern", "ciphers": ["ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_AES_256_GCM_SHA384"]}


@CASES.case()
def _change_a_policy_in_use(stage: Stage) -> Answer:
    used_policy(stage)
    return {"name": "modern", "tls_versions": ["TLSv1.3"], "ciphers": ["TLS_AES_128_GCM_SHA256"]}


@CASES.case()
def _rename(stage: Stage) -> Answer:
    return {"policy_id": policy(stage)["id"], "name": "modern-2"}


@CASES.case()
def _change_everything(stage: Stage) -> Answer:
    one = policy(stage, tags={"team": "web", "old": "yes", "stays": "so"})
    return {
        "policy_id": one["id"],
        "name": "tls13",
        "tls_versions": ["TLSv1.3"],
        "ciphers": ["TLS_AES_128_GCM_SHA256"],
        "tags": {"team": "platform", "new": "1", "stays": "so"},
        "purge_tags": True,
    }


@CASES.case()
def _add_a_tag(stage: Stage) -> Answer:
    policy(stage, tags={"team": "web"})
    return {"name": "modern", "tags": {"new": "1"}}


@CASES.case()
def _remove_all_tags(stage: Stage) -> Answer:
    policy(stage, tags={"team": "web", "new": "1"})
    return {"name": "modern", "tags": {}, "purge_tags": True}


@CASES.case()
def _delete_by_name(stage: Stage) -> Answer:
    policy(stage, tags={"team": "web"})
    return {"name": "modern", "state": "absent"}


@CASES.case()
def _delete_by_id(stage: Stage) -> Answer:
    return {"policy_id": policy(stage)["id"], "state": "absent"}


@CASES.case(changed=False)
def _nothing_to_delete_by_name(stage: Stage) -> Answer:
    policy(stage, "modern-2")
    return {"name": "modern", "state": "absent"}


@CASES.case(changed=False)
def _nothing_to_delete_by_id(stage: Stage) -> Answer:
    return {"policy_id": "sp-0000000000000000", "state": "absent"}
