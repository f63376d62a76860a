# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("cas_certificate")


@CASES.case()
def _upload_rsa_with_chain(stage: Stage) -> Answer:
    return stage.pki.rsa.options()


@CASES.case()
def _upload_ecc_with_a_name_and_the_chain_apart(stage: Stage) -> Answer:
    ecc = stage.pki.ecc
    return {"certificate": ecc.pem, "chain": ecc.chain, "private_key": ecc.key, "name": "shop"}


@CASES.case()
def _upload_expired(stage: Stage) -> Answer:
    return {**stage.pki.expired.options(), "allow_expired": True}


@CASES.case(changed=False)
def _there_already(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.rsa, name="of old")
    return stage.pki.rsa.options()


@CASES.case(changed=False)
def _there_already_and_no_key_given(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.rsa)
    return {"certificate": stage.pki.rsa.pem}


@CASES.case()
def _remove_by_pem(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.rsa)
    return {"certificate": stage.pki.rsa.pem, "state": "absent"}


@CASES.case()
def _remove_expired_by_fingerprint(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.expired)
    return {"sha256": stage.pki.expired.fingerprint, "state": "absent"}


@CASES.case()
def _remove_two_copies(stage: Stage) -> Answer:
    for name in ("one", "two"):
        stage.upload_anyway(stage.pki.rsa, name)
    return {"sha256": stage.pki.rsa.sha256, "state": "absent"}


@CASES.case(changed=False)
def _nothing_to_remove(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.ecc)
    return {"sha256": stage.pki.rsa.sha256, "state": "absent"}
