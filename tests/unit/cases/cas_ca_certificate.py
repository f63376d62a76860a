# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("cas_ca_certificate")


@CASES.case()
def _upload_a_root_into_a_new_repository(stage: Stage) -> Answer:
    return {"certificate": stage.pki.root.pem}


@CASES.case()
def _upload_into_a_repository_that_is_there(stage: Stage) -> Answer:
    stage.run("cas_ca_certificate", certificate=stage.pki.root.pem)
    return {"certificate": stage.pki.stranger.pem}


@CASES.case()
def _upload_an_intermediate_with_names(stage: Stage) -> Answer:
    return {"certificate": stage.pki.intermediate.pem, "repository": "partners", "name": "middle"}


@CASES.case()
def _upload_a_chain_as_a_bundle(stage: Stage) -> Answer:
    return {"certificate": stage.pki.intermediate.pem + stage.pki.root.pem, "bundle": True}


@CASES.case()
def _upload_into_another_repository(stage: Stage) -> Answer:
    stage.run("cas_ca_certificate", certificate=stage.pki.root.pem)
    return {"certificate": stage.pki.root.pem, "repository": "partners"}


@CASES.case(changed=False)
def _there_already(stage: Stage) -> Answer:
    stage.run("cas_ca_certificate", certificate=stage.pki.root.pem, repository="partners", name="of old")
    return {"certificate": stage.pki.root.pem}


@CASES.case()
def _remove_by_pem(stage: Stage) -> Answer:
    stage.run("cas_ca_certificate", certificate=stage.pki.root.pem)
    return {"certificate": stage.pki.root.pem, "state": "absent"}


@CASES.case()
def _remove_by_identifier(stage: Stage) -> Answer:
    made = stage.run("cas_ca_certificate", certificate=stage.pki.root.pem)
    return {"identifier": made["ca_certificate"]["identifier"], "state": "absent"}


@CASES.case()
def _remove_two_copies(stage: Stage) -> Answer:
    for name in ("one", "two"):
        stage.run("cas_ca_certificate", certificate=stage.pki.root.pem, repository=name)
    return {"certificate": stage.pki.root.pem, "state": "absent", "force": True}


@CASES.case(changed=False)
def _nothing_to_remove(stage: Stage) -> Answer:
    stage.run("cas_ca_certificate", certificate=stage.pki.stranger.pem)
    return {"certificate": stage.pki.root.pem, "state": "absent"}
