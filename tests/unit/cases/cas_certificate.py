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


@CASES.case()
def _upload_under_a_name_that_another_one_has(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.rsa, name="shop")
    return {**stage.pki.renewed.options(), "name": "shop"}


@CASES.case()
def _upload_in_place_of_another_one_with_the_name(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.rsa, name="shop")
    return {**stage.pki.renewed.options(), "name": "shop", "on_name_conflict": "replace"}


@CASES.case()
def _upload_with_tags_into_a_resource_group(stage: Stage) -> Answer:
    return {**stage.pki.rsa.options(), "tags": {"team": "web", "level": 3}, "resource_group_id": "rg-shop"}


@CASES.case()
def _upload_with_the_key_in_the_url(stage: Stage) -> Answer:
    return {**stage.pki.rsa.options(), "key_transport": "query"}


@CASES.case()
def _add_and_change_tags(stage: Stage) -> Answer:
    stage.upload_anyway(stage.pki.rsa, "shop", team="web", env="test")
    return {"certificate": stage.pki.rsa.pem, "tags": {"env": "live", "owner": "me"}}


@CASES.case()
def _purge_tags(stage: Stage) -> Answer:
    stage.upload_anyway(stage.pki.rsa, "shop", team="web", env="test")
    return {"certificate": stage.pki.rsa.pem, "tags": {"env": "live"}, "purge_tags": True}


@CASES.case()
def _remove_all_tags(stage: Stage) -> Answer:
    stage.upload_anyway(stage.pki.rsa, "shop", team="web")
    return {"certificate": stage.pki.rsa.pem, "tags": {}, "purge_tags": True}


@CASES.case(changed=False)
def _tags_are_there(stage: Stage) -> Answer:
    stage.upload_anyway(stage.pki.rsa, "shop", team="web", env="test")
    return {"certificate": stage.pki.rsa.pem, "tags": {"env": "test"}}


@CASES.case(changed=False)
def _tags_are_left_alone(stage: Stage) -> Answer:
    stage.upload_anyway(stage.pki.rsa, "shop", team="web")
    return {"certificate": stage.pki.rsa.pem, "purge_tags": True}


def _predecessors(stage: Stage) -> None:
    stage.upload_anyway(stage.pki.outdated, "outdated", managed_by="alicloud.tls")
    stage.upload_anyway(stage.pki.rsa, "current", managed_by="alicloud.tls")


@CASES.case()
def _upload_and_retire_what_is_superseded(stage: Stage) -> Answer:
    _predecessors(stage)
    return {**stage.pki.renewed.options(), "retire_superseded": True, "retire_after_days": 20}


@CASES.case()
def _replace_and_retire(stage: Stage) -> Answer:
    """What has the name is a predecessor, too, and deleted once."""
    _predecessors(stage)
    more = {"name": "outdated", "on_name_conflict": "replace"}
    return {**stage.pki.renewed.options(), **more, "retire_superseded": True, "retire_after_days": 0}


@CASES.case()
def _retire_what_is_superseded(stage: Stage) -> Answer:
    _predecessors(stage)
    return {"certificate": stage.pki.rsa.pem, "retire_superseded": True, "retire_after_days": 20}


@CASES.case(changed=False)
def _nothing_to_retire(stage: Stage) -> Answer:
    _predecessors(stage)
    return {"certificate": stage.pki.rsa.pem, "retire_superseded": True}


@CASES.case(changed=False)
def _what_others_have_uploaded_is_not_retired(stage: Stage) -> Answer:
    stage.upload_anyway(stage.pki.outdated, "outdated", managed_by="me")
    stage.upload_anyway(stage.pki.rsa, "current", managed_by="alicloud.tls")
    return {"certificate": stage.pki.rsa.pem, "retire_superseded": True, "retire_after_days": 0}


@CASES.case(changed=False)
def _what_is_in_use_is_not_retired(stage: Stage) -> Answer:
    _predecessors(stage)
    stage.served(stage.pki.outdated)
    return {"certificate": stage.pki.rsa.pem, "retire_superseded": True, "retire_after_days": 0}


@CASES.case()
def _remove_without_looking(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.cloud.change_settings(delete_bound_certificates=True)
    return {"certificate": stage.pki.rsa.pem, "state": "absent", "force": True}
