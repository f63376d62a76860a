# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.authorities import NEW, OLD, authenticated, known_ca
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("alb_ca_cert")


@CASES.case()
def _replace_by_object(stage: Stage) -> Answer:
    stage.cloud.change_settings(change_ca_while_enabled=True)
    listener = authenticated(stage)
    return {"listener": listener, "ca_certificate": known_ca(stage, stage.pki.stranger, NEW)}


@CASES.case()
def _replace_by_identifier(stage: Stage) -> Answer:
    stage.cloud.change_settings(change_ca_while_enabled=True)
    authenticated(stage)
    return {**stage.at, "ca_certificate": NEW, "allow_interruption": True}


@CASES.case()
def _upload_and_replace(stage: Stage) -> Answer:
    stage.cloud.change_settings(change_ca_while_enabled=True)
    authenticated(stage)
    return {**stage.at, "certificates": [stage.pki.intermediate.pem], "repository": "clients"}


@CASES.case()
def _to_a_bundle(stage: Stage) -> Answer:
    stage.cloud.change_settings(change_ca_while_enabled=True, ca_bundles=True)
    authenticated(stage)
    return {**stage.at, "certificates": [stage.pki.root.pem, stage.pki.stranger.pem], "bundle": True}


@CASES.case(changed=False)
def _nothing_to_replace_by_pem(stage: Stage) -> Answer:
    authenticated(stage)
    return {**stage.at, "certificates": [stage.pki.root.pem]}


@CASES.case(changed=False)
def _nothing_to_replace(stage: Stage) -> Answer:
    listener = authenticated(stage)
    return {"listener_id": listener["id"], "ca_certificate": OLD}


@CASES.case(changed=False)
def _nothing_to_replace_by_object(stage: Stage) -> Answer:
    authenticated(stage)
    return {**stage.at, "ca_certificate": known_ca(stage, stage.pki.root, OLD)}
