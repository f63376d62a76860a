# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""
Check mode against the run, for every module and every kind of change: they tell the same, key for key.

Each case goes the twelve steps: check, run, check again, run again. Only ids that the cloud chooses may differ, and
what a run costs (calls and waiting).
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, comparable, differences, writes
from ansible_collections.alicloud.tls.tests.unit.support.pki import Pki
from ansible_collections.alicloud.tls.tests.unit.support.runner import Runner
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage

Case = Callable[[Stage], Answer]
_CASES: list[t.Any] = []


def case(module: str, changed: bool = True) -> Callable[[Case], Case]:
    """Register a case: a function that sets the stage and returns the options of the task."""

    def register(function: Case) -> Case:
        name = f"{module}: {function.__name__.strip('_').replace('_', ' ')}"
        _CASES.append(pytest.param(module, changed, function, id=name))
        return function

    return register


# --- cas_certificate -------------------------------------------------------------------------------------------------


@case("cas_certificate")
def _upload_rsa_with_chain(stage: Stage) -> Answer:
    return stage.pki.rsa.options()


@case("cas_certificate")
def _upload_ecc_with_a_name_and_the_chain_apart(stage: Stage) -> Answer:
    ecc = stage.pki.ecc
    return {"certificate": ecc.pem, "chain": ecc.chain, "private_key": ecc.key, "name": "shop"}


@case("cas_certificate")
def _upload_expired(stage: Stage) -> Answer:
    return {**stage.pki.expired.options(), "allow_expired": True}


@case("cas_certificate", changed=False)
def _there_already(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.rsa, name="of old")
    return stage.pki.rsa.options()


@case("cas_certificate", changed=False)
def _there_already_and_no_key_given(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.rsa)
    return {"certificate": stage.pki.rsa.pem}


@case("cas_certificate")
def _remove_by_pem(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.rsa)
    return {"certificate": stage.pki.rsa.pem, "state": "absent"}


@case("cas_certificate")
def _remove_expired_by_fingerprint(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.expired)
    return {"sha256": stage.pki.expired.fingerprint, "state": "absent"}


@case("cas_certificate")
def _remove_two_copies(stage: Stage) -> Answer:
    for name in ("one", "two"):
        stage.upload_anyway(stage.pki.rsa, name)
    return {"sha256": stage.pki.rsa.sha256, "state": "absent"}


@case("cas_certificate", changed=False)
def _nothing_to_remove(stage: Stage) -> Answer:
    stage.uploaded(stage.pki.ecc)
    return {"sha256": stage.pki.rsa.sha256, "state": "absent"}


# --- alb_listener ----------------------------------------------------------------------------------------------------


@case("alb_listener")
def _create_by_ids(stage: Stage) -> Answer:
    one = stage.uploaded(stage.pki.rsa)
    return {"load_balancer": DEMO, "port": 443, "server_group": GROUP, "certificates": [one["id"]]}


@case("alb_listener")
def _create_by_names_with_an_object(stage: Stage) -> Answer:
    one = stage.uploaded(stage.pki.rsa)
    return {**stage.at, "server_group": "demo-web", "certificates": [one]}


@case("alb_listener")
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


@case("alb_listener")
def _change_one_setting(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "description": "shop"}


@case("alb_listener")
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


@case("alb_listener")
def _change_the_server_group(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.cloud.seed({"server_groups": [{"server_group_id": "sgp-other", "name": "other", "vpc_id": "vpc-demo"}]})
    return {**stage.at, "server_group": "other"}


@case("alb_listener")
def _change_certificate_and_setting(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)], "description": "renewed"}


@case("alb_listener")
def _add_the_other_algorithm(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [listener["certificates"][0]["id"], stage.uploaded(stage.pki.ecc)]}


@case("alb_listener", changed=False)
def _nothing_to_change(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, description="shop")
    return {**stage.at, "certificates": listener["certificates"], "description": "shop", "server_group": GROUP}


@case("alb_listener", changed=False)
def _leave_certificates_to_others(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)], "replace_certificates": False}


@case("alb_listener")
def _remove(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "state": "absent"}


@case("alb_listener")
def _remove_by_id(stage: Stage) -> Answer:
    return {"listener_id": stage.served(stage.pki.rsa)["id"], "state": "absent"}


@case("alb_listener", changed=False)
def _no_listener_to_remove(stage: Stage) -> Answer:
    return {**stage.at, "state": "absent"}


@case("alb_listener", changed=False)
def _no_listener_with_this_id_to_remove(_stage: Stage) -> Answer:
    return {"listener_id": "lsn-gone", "state": "absent"}


# --- alb_listener_cert -----------------------------------------------------------------------------------------------


@case("alb_listener_cert")
def _replace_by_id(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener_id": listener["id"], "certificates": [stage.uploaded(stage.pki.renewed)["id"]]}


@case("alb_listener_cert")
def _replace_by_number(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)["certificate_id"]]}


@case("alb_listener_cert")
def _replace_by_fingerprint(stage: Stage) -> Answer:
    stage.served(stage.pki.rsa)
    stage.uploaded(stage.pki.renewed)
    return {**stage.at, "protocol": "HTTPS", "certificates": [stage.pki.renewed.fingerprint]}


@case("alb_listener_cert")
def _replace_by_objects(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener": listener, "certificates": [stage.uploaded(stage.pki.renewed)]}


@case("alb_listener_cert")
def _from_one_to_rsa_and_ecc(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener": listener, "certificates": [stage.uploaded(stage.pki.ecc), stage.pki.rsa.sha256]}


@case("alb_listener_cert")
def _from_rsa_and_ecc_to_one(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, stage.pki.ecc)
    return {"listener": listener, "certificates": [stage.pki.ecc.sha256]}


@case("alb_listener_cert")
def _to_an_expired_one(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener": listener, "certificates": [stage.uploaded(stage.pki.expired)], "allow_expired": True}


@case("alb_listener_cert", changed=False)
def _nothing_to_replace(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener_id": listener["id"], "certificates": [listener["certificates"][0]["id"]]}


@case("alb_listener_cert", changed=False)
def _nothing_to_replace_of_two(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa, stage.pki.ecc)
    return {"listener": listener, "certificates": [stage.pki.ecc.sha256, stage.pki.rsa.sha256]}


# --- the tests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("module", "changed", "set_stage"), _CASES)
def test_check_mode_tells_exactly_what_the_run_does(module: str, changed: bool, set_stage: Case, stage: Stage) -> None:
    run, cloud = stage.run, stage.cloud
    options = set_stage(stage)
    cloud.settle()
    before = cloud.state()
    cloud.clear_calls()

    predicted = run(module, check=True, **options)

    assert writes(cloud.actions) == []
    assert cloud.state() == before
    assert predicted["changed"] is changed
    assert bool(predicted["steps"]) is changed

    cloud.clear_calls()
    done = run(module, **options)

    assert differences(comparable(predicted), comparable(done)) == []
    assert predicted["diff"] == done["diff"]
    assert writes(cloud.actions) == [step.partition(":")[0] for step in done["steps"]]
    assert (done["diff"]["before"] != done["diff"]["after"]) is changed

    cloud.clear_calls()
    for again in (run(module, check=True, **options), run(module, **options)):
        assert not again["changed"]
        assert again["steps"] == []
        assert again["diff"]["before"] == again["diff"]["after"]
    assert writes(cloud.actions) == []


def test_check_mode_plans_a_listener_from_nothing(run: Runner, cloud: Emulator, pki: Pki) -> None:
    """What the role does: each task is handed what the one before has planned."""

    def tasks(check: bool) -> list[Answer]:
        uploads = [run("cas_certificate", check=check, **bundle.options()) for bundle in (pki.rsa, pki.ecc)]
        rsa, ecc = (answer["certificate"] for answer in uploads)
        listener = run(
            "alb_listener",
            check=check,
            load_balancer="demo",
            port=8443,
            server_group="demo-web",
            certificates=[rsa],
            description="shop",
        )
        served = run("alb_listener_cert", check=check, listener=listener["listener"], certificates=[rsa, ecc])
        return [*uploads, listener, served]

    before = cloud.state()
    predicted = tasks(check=True)
    assert cloud.state() == before
    assert writes(cloud.actions) == []

    done = tasks(check=False)
    found = [differences(comparable(one), comparable(two)) for one, two in zip(predicted, done, strict=True)]
    assert found == [[], [], [], []]
    assert all(answer["changed"] for answer in done)
    assert [one["certificate"]["id"] for one in predicted[:2]] == [None, None]

    assert not any(answer["changed"] for answer in tasks(check=True)[:2])
