# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer
from ansible_collections.alicloud.tls.tests.unit.support.cases import Cases
from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle
from ansible_collections.alicloud.tls.tests.unit.support.stage import Stage

CASES = Cases("alb_additional_cert")


def added(stage: Stage, *bundles: Bundle) -> list[str]:
    """Ids of certificates that the listener has as additional ones; put there if need be."""
    ids = [str(stage.uploaded(bundle)["id"]) for bundle in bundles]
    stage.run("alb_additional_cert", **stage.at, certificates=ids, allow_expired=True)
    return ids


def numbered(stage: Stage, *numbers: int) -> list[str]:
    return [str(stage.uploaded(stage.pki.numbered(number))["id"]) for number in numbers]


@CASES.case()
def _add_by_ids(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener_id": listener["id"], "certificates": numbered(stage, 1, 2, 3)}


@CASES.case()
def _add_by_object_and_number(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    one, two = (stage.uploaded(bundle) for bundle in (stage.pki.ecc, stage.pki.single))
    return {"listener": listener, "certificates": [one, two["certificate_id"]]}


@CASES.case()
def _add_to_others(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    added(stage, stage.pki.ecc)
    return {**stage.at, "certificates": numbered(stage, 1)}


@CASES.case()
def _add_in_two_calls(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": numbered(stage, *range(17))}


@CASES.case()
def _add_an_expired_one(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.expired)["id"]], "allow_expired": True}


@CASES.case()
def _replace_what_is_superseded(stage: Stage) -> Answer:
    stage.served(stage.pki.numbered(1))
    added(stage, stage.pki.rsa, stage.pki.ecc, stage.pki.single)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)], "replace_superseded": True}


@CASES.case()
def _only_remove_what_is_superseded(stage: Stage) -> Answer:
    stage.served(stage.pki.numbered(1))
    _old, new = added(stage, stage.pki.rsa, stage.pki.renewed)
    return {**stage.at, "certificates": [new], "replace_superseded": True}


@CASES.case()
def _remove_by_fingerprint(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    added(stage, stage.pki.ecc, stage.pki.single)
    return {**stage.at, "certificates": [stage.pki.ecc.fingerprint], "state": "absent"}


@CASES.case()
def _remove_by_id_a_name_too(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    ids = added(stage, stage.pki.single)
    more = {"state": "absent", "allow_uncovered_names": True}
    return {"listener_id": listener["id"], "certificates": ids, **more}


@CASES.case()
def _make_it_exact(stage: Stage) -> Answer:
    stage.served(stage.pki.numbered(1))
    added(stage, stage.pki.rsa, stage.pki.ecc)
    wanted = [stage.uploaded(bundle) for bundle in (stage.pki.renewed, stage.pki.single)]
    return {**stage.at, "certificates": wanted, "state": "exact"}


@CASES.case()
def _remove_all(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    added(stage, stage.pki.ecc, stage.pki.renewed)
    return {**stage.at, "certificates": [], "state": "exact"}


@CASES.case()
def _on_quic(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    quic = {"load_balancer": "demo", "protocol": "QUIC", "port": 443, "server_groups": ["demo-web"]}
    stage.cloud.seed({"listeners": [{**quic, "certificates": [listener["certificates"][0]["id"]]}]})
    return {**stage.at, "protocol": "QUIC", "certificates": numbered(stage, 1)}


@CASES.case(changed=False)
def _nothing_to_add(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener_id": listener["id"], "certificates": added(stage, stage.pki.ecc, stage.pki.single)}


@CASES.case(changed=False)
def _nothing_to_replace(stage: Stage) -> Answer:
    stage.served(stage.pki.numbered(1))
    added(stage, stage.pki.ecc, stage.pki.single)
    new = added(stage, stage.pki.rsa)
    return {**stage.at, "certificates": new, "replace_superseded": True}


@CASES.case(changed=False)
def _nothing_to_remove(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    added(stage, stage.pki.single)
    unbound = [stage.uploaded(stage.pki.ecc)["id"], "99999999-cn-hangzhou", 99999998, "cd" * 32, "name:nobody"]
    return {**stage.at, "certificates": unbound, "state": "absent"}


@CASES.case(changed=False)
def _exact_already(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    added(stage, stage.pki.ecc, stage.pki.single)
    return {**stage.at, "certificates": [stage.pki.single.sha256, stage.pki.ecc.sha256], "state": "exact"}
