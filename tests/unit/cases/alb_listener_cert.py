# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("alb_listener_cert")


@CASES.case()
def _replace_by_id(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener_id": listener["id"], "certificates": [stage.uploaded(stage.pki.renewed)["id"]]}


@CASES.case()
def _replace_by_number(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)["certificate_id"]]}


@CASES.case()
def _replace_by_fingerprint(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.uploaded(stage.pki.renewed)
    return {**stage.at, "protocol": "HTTPS", "certificates": [stage.pki.renewed.fingerprint]}


@CASES.case()
def _replace_by_objects(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener": listener, "certificates": [stage.uploaded(stage.pki.renewed)]}


@CASES.case()
def _from_one_to_rsa_and_ecc(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener": listener, "certificates": [stage.uploaded(stage.pki.ecc), stage.pki.rsa.sha256]}


@CASES.case()
def _from_rsa_and_ecc_to_one(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, stage.pki.ecc)
    return {"listener": listener, "certificates": [stage.pki.ecc.sha256]}


@CASES.case()
def _to_an_expired_one(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener": listener, "certificates": [stage.uploaded(stage.pki.expired)], "allow_expired": True}


@CASES.case(changed=False)
def _nothing_to_replace(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener_id": listener["id"], "certificates": [listener["certificates"][0]["id"]]}


@CASES.case(changed=False)
def _nothing_to_replace_of_two(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, stage.pki.ecc)
    return {"listener": listener, "certificates": [stage.pki.ecc.sha256, stage.pki.rsa.sha256]}


@CASES.case()
def _replace_by_domain_one_half_of_a_pair(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, stage.pki.ecc)
    stage.uploaded(stage.pki.renewed)
    return {"listener": listener, "certificates": ["domain:www.example.com/RSA"], "algorithm_scope": "same"}


@CASES.case()
def _replace_by_name(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.uploaded(stage.pki.renewed, name="the renewed one")
    return {**stage.at, "certificates": ["the renewed one"]}


@CASES.case()
def _replace_by_sha1(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)["sha1"]]}


@CASES.case()
def _leave_names_without_a_certificate(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.numbered(1))], "allow_uncovered_names": True}


@CASES.case(changed=False)
def _nothing_to_replace_by_domain(stage: Stage) -> Answer:
    stage.served(stage.pki.renewed)
    return {**stage.at, "certificates": ["domain:www.example.com"]}
