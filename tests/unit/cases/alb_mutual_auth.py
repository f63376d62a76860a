# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.authorities import NEW, OLD, authenticated, known_ca
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("alb_mutual_auth")


@CASES.case()
def _enable_by_object(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener": listener, "ca_certificate": known_ca(stage, stage.pki.root, OLD)}


@CASES.case()
def _enable_by_identifier(stage: Stage) -> Answer:
    known_ca(stage, stage.pki.root, OLD)
    listener = stage.served(stage.pki.rsa)
    return {"listener_id": listener["id"], "ca_certificate": OLD, "state": "enabled"}


@CASES.case()
def _enable_with_what_is_remembered(stage: Stage) -> Answer:
    listener = authenticated(stage)
    stage.run("alb_mutual_auth", listener_id=listener["id"], state="disabled")
    return stage.at


@CASES.case()
def _disable(stage: Stage) -> Answer:
    authenticated(stage)
    return {**stage.at, "state": "disabled"}


@CASES.case()
def _disable_whatever_the_ca(stage: Stage) -> Answer:
    authenticated(stage)
    return {**stage.at, "protocol": "HTTPS", "state": "disabled", "ca_certificate": NEW}


@CASES.case()
def _replace_the_ca(stage: Stage) -> Answer:
    stage.cloud.change_settings(change_ca_while_enabled=True)
    listener = authenticated(stage)
    return {"listener_id": listener["id"], "ca_certificate": known_ca(stage, stage.pki.stranger, NEW)}


@CASES.case(changed=False)
def _enabled_already(stage: Stage) -> Answer:
    listener = authenticated(stage)
    return {"listener": listener, "ca_certificate": OLD}


@CASES.case(changed=False)
def _enabled_already_with_whatever(stage: Stage) -> Answer:
    authenticated(stage)
    return {**stage.at, "state": "enabled"}


@CASES.case(changed=False)
def _enabled_already_by_object(stage: Stage) -> Answer:
    authenticated(stage)
    return {**stage.at, "ca_certificate": known_ca(stage, stage.pki.root, OLD)}


@CASES.case(changed=False)
def _disabled_already(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener": listener, "state": "disabled"}
