# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_listener with force_recreate: another protocol, port or load balancer."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.unit.cases.alb_listener import authority, http, linked
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, writes
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage

HTTPS_ON_80: dict[str, t.Any] = {"load_balancer": "demo", "port": 80, "protocol": "HTTPS"}


def actions(answer: Answer) -> list[str]:
    return [step.partition(":")[0] for step in answer["steps"]]


@pytest.mark.parametrize(
    "options",
    [{"port": 444}, {"protocol": "QUIC"}, {"load_balancer": "basic"}],
    ids=["port", "protocol", "load-balancer"],
)
@pytest.mark.parametrize("state", ["present", "stopped", "absent"])
def test_without_it_nothing_is_replaced(stage: Stage, options: Answer, state: str) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", listener_id=listener["id"], state=state, **options)
    for word in (
        f"{listener['id']} is the HTTPS listener on port 443 of {DEMO}",
        "cannot be changed",
        "force_recreate",
    ):
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_load_balancer_that_is_not_there_does_not_make_a_listener_absent(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    answer = stage.run.fails("alb_listener", listener_id=listener["id"], load_balancer="nobody", state="absent")
    assert "'nobody'" in answer["msg"]
    assert listener["id"] in stage.cloud.world.listeners


def test_what_says_where_the_listener_is_changes_nothing(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    for at in ({"load_balancer": "demo", "port": 443}, {"load_balancer": DEMO}, {"port": 443, "protocol": "HTTPS"}):
        assert not stage.run("alb_listener", listener_id=listener["id"], force_recreate=True, **at)["changed"]


def test_another_port_keeps_all_settings(stage: Stage) -> None:
    """And is there before the old one goes."""
    stage.cloud.do(lambda cloud: setattr(cloud.world.load_balancers[DEMO], "log_project", "shop"))
    before = linked(
        stage,
        description="shop",
        security_policy_id="tls_cipher_policy_1_2",
        http2_enabled=False,
        gzip_enabled=False,
        idle_timeout=9,
        request_timeout=99,
        ca_enabled=True,
        ca_certificate=authority(stage),
        x_forwarded_for={"processing_mode": "remove", "client_cert_fingerprint": {"enabled": True, "alias": "f"}},
        access_log={"customized_headers": True},
        tags={"team": "shop"},
        state="stopped",
    )
    stage.cloud.change_settings(write_stopped_listener=True)
    (old,) = (one for one in stage.cloud.world.listeners.values() if one.listener_id == before["id"])
    answer = stage.run("alb_listener", listener_id=before["id"], port=444, force_recreate=True)
    assert actions(answer) == [
        "UpdateListenerAttribute",
        "CreateListener",
        "UpdateListenerLogConfig",
        "StopListener",
        "DeleteListener",
    ]
    new = stage.cloud.world.listeners[answer["listener"]["id"]]
    assert before["id"] not in stage.cloud.world.listeners
    assert new.config == dataclasses.replace(
        old.config, quic_upgrade_enabled=True, quic_listener_id=before["quic_upgrade"]["listener_id"]
    )
    assert (new.log, new.tags, new.stopped, new.port) == (old.log, old.tags, True, 444)
    certificates = [{"id": one["id"]} for one in before["certificates"]]
    told: Answer = {
        **answer["listener"],
        "certificates": [{"id": one["id"]} for one in answer["listener"]["certificates"]],
    }
    assert told == {**before, "id": new.listener_id, "port": 444, "certificates": certificates}


def test_a_pair_of_certificates_stays_one(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa, stage.pki.ecc)
    answer = stage.run("alb_listener", listener_id=listener["id"], port=444, force_recreate=True)
    assert len(answer["listener"]["certificates"]) == 2
    assert actions(answer) == ["CreateListener", "UpdateListenerAttribute", "DeleteListener"]


def test_https_instead_of_http_needs_certificates(stage: Stage) -> None:
    http(stage)
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **HTTPS_ON_80, force_recreate=True)
    assert "certificates is needed" in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_certificates_for_creation_only_are_used_for_it(stage: Stage) -> None:
    http(stage)
    options: Answer = {**HTTPS_ON_80, "certificates": [stage.uploaded(stage.pki.rsa)], "replace_certificates": False}
    answer = stage.run("alb_listener", **options, force_recreate=True)
    assert [one["sha256"] for one in answer["listener"]["certificates"]] == [stage.pki.rsa.sha256]
    renewed: Answer = {**options, "certificates": [stage.uploaded(stage.pki.renewed)], "port": 81}
    moved = stage.run("alb_listener", listener_id=answer["listener"]["id"], **renewed, force_recreate=True)
    assert [one["sha256"] for one in moved["listener"]["certificates"]] == [stage.pki.rsa.sha256]


def test_a_ca_for_creation_only_is_used_for_it(stage: Stage) -> None:
    """What was HTTP had none; what is HTTPS already keeps what it has, wherever it goes."""
    http(stage)
    certificates = [stage.uploaded(stage.pki.rsa)]
    mutual: Answer = {"certificates": certificates, "ca_enabled": True, "replace_certificates": False}
    first, second = authority(stage), authority(stage, "another")
    made = stage.run("alb_listener", **HTTPS_ON_80, **mutual, ca_certificate=first, force_recreate=True)["listener"]
    assert (made["ca_enabled"], made["ca_certificate_id"]) == (True, first)
    to: Answer = {"listener_id": made["id"], "port": 81, "force_recreate": True}
    moved = stage.run("alb_listener", **to, **mutual, ca_certificate=second)["listener"]
    assert (moved["port"], moved["ca_enabled"], moved["ca_certificate_id"]) == (81, True, first)
    off: Answer = {"listener_id": moved["id"], "ca_enabled": False, "replace_certificates": False}
    assert not stage.run("alb_listener", **off)["changed"]


@pytest.mark.parametrize(
    "fault", [{"code": "ResourceQuotaExceeded.ServerGroupAttachedNum"}, {"kind": "job_failed", "code": "506"}]
)
def test_what_cannot_be_replaced_in_its_place_is_put_back(stage: Stage, fault: dict[str, t.Any]) -> None:
    before = http(stage, tags={"team": "shop"}, x_forwarded_for={"host": True}, description="shop", idle_timeout=9)
    one = stage.uploaded(stage.pki.rsa)
    (old,) = stage.cloud.world.listeners.values()
    stage.cloud.fault("CreateListener", **fault)
    answer = stage.run.fails("alb_listener", **HTTPS_ON_80, certificates=[one], force_recreate=True)
    assert "It was put back as it was (CreateListener: HTTP on port 80" in answer["msg"], answer["msg"]
    (new,) = stage.cloud.world.listeners.values()
    assert new.listener_id != before["id"]
    assert (new.config, new.tags, new.protocol, new.port) == (old.config, old.tags, "HTTP", 80)
    # Whoever knows the old listener by its ID has to be told.
    assert answer["changed"]
    assert f"It has a new ID: {new.listener_id}." in answer["msg"]
    assert answer["previous"]["id"] == before["id"]


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "CreateListener", "kind": "reset_before"},
        {"action": "CreateListener", "code": "SystemBusy", "http_status": 400},
        {"action": "DeleteListener", "kind": "reset_after"},
    ],
)
def test_what_was_lost_is_told(stage: Stage, fault: dict[str, t.Any]) -> None:
    """The old listener is gone, and neither can the new one be created nor the old one put back."""
    http(stage, tags={"team": "shop"}, idle_timeout=9)
    one = stage.uploaded(stage.pki.rsa)
    stage.cloud.fault(**fault, count=9999)
    options: Answer = {**HTTPS_ON_80, "certificates": [one], "force_recreate": True}
    answer = stage.run.fails("alb_listener", **options, call_timeout=0.3, wait_timeout=1)
    assert answer["changed"]
    assert "is in previous" in answer["msg"]
    assert "goes on from there" not in answer["msg"]
    assert (answer["previous"]["idle_timeout"], answer["previous"]["tags"]) == (9, {"team": "shop"})
    stage.cloud.withdraw_faults()
    before = answer["previous"]
    again: Answer = {name: before[name] for name in ("idle_timeout", "tags")} | {"server_group": GROUP}
    assert stage.run("alb_listener", **options, **again)["listener"]["idle_timeout"] == 9


def test_a_link_to_quic_that_was_lost_is_told(stage: Stage) -> None:
    before = linked(stage)
    quic = before["quic_upgrade"]["listener_id"]
    stage.cloud.fault("CreateListener", kind="reset_before", count=9999)
    options: Answer = {"listener_id": before["id"], "port": 444, "force_recreate": True}
    answer = stage.run.fails("alb_listener", **options, call_timeout=0.3)
    assert f"{before['id']} was linked to {quic}. If it is not any more" in answer["msg"]
    assert answer["previous"]["quic_upgrade"] == {"enabled": True, "listener_id": quic}
    stage.cloud.withdraw_faults()
    again = stage.run("alb_listener", **options, quic_upgrade={"enabled": True, "listener_id": quic})
    assert again["listener"]["quic_upgrade"]["listener_id"] == quic


@pytest.mark.parametrize(
    "refused", ["UpdateListenerAttribute", "UpdateListenerLogConfig", "StopListener", "DeleteListener"]
)
def test_the_rest_is_done_by_the_next_run(stage: Stage, refused: str) -> None:
    stage.cloud.do(lambda cloud: setattr(cloud.world.load_balancers[DEMO], "log_project", "shop"))
    stage.served(stage.pki.rsa, stage.pki.ecc, access_log={"customized_headers": True})
    before = stage.run("alb_listener", **stage.at, state="stopped")["listener"]
    options: Answer = {"listener_id": before["id"], "port": 444, "force_recreate": True}
    stage.cloud.fault(refused, code="Forbidden.RAM", http_status=403)
    assert stage.run.fails("alb_listener", **options)["changed"]
    planned = stage.run("alb_listener", check=True, **options)
    answer = stage.run("alb_listener", **options)
    assert planned["steps"] == answer["steps"]
    assert actions(answer)[0] == refused
    assert actions(answer)[-1] == "DeleteListener"
    (there,) = stage.cloud.world.listeners.values()
    assert there.listener_id == answer["listener"]["id"] != before["id"]
    assert answer["previous"]["id"] == before["id"]
    ignored = {"id", "port", "certificates"}
    kept = {name: value for name, value in before.items() if name not in ignored}
    assert {name: value for name, value in answer["listener"].items() if name not in ignored} == kept
    assert len(there.config.certificate_ids) == 2


@pytest.mark.parametrize("more", [{"idle_timeout": 7}, {"protocol": "HTTP"}], ids=["settings", "protocol"])
def test_another_listener_at_the_new_place_is_not_taken_for_the_new_one(stage: Stage, more: Answer) -> None:
    listener = stage.served(stage.pki.rsa)
    certificates = None if "protocol" in more else listener["certificates"]
    there: Answer = {"load_balancer": "demo", "port": 444, "server_group": GROUP, "certificates": certificates}
    stage.run("alb_listener", **there, **more)
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", listener_id=listener["id"], port=444, force_recreate=True)
    assert "is already where the new listener would be" in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_mutual_authentication_is_not_lost_to_a_listener_that_looks_like_the_new_one(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa, ca_enabled=True, ca_certificate=authority(stage))
    stage.run("alb_listener", load_balancer="demo", port=444, server_group=GROUP, certificates=listener["certificates"])
    answer = stage.run.fails("alb_listener", listener_id=listener["id"], port=444, force_recreate=True)
    assert "is already where the new listener would be" in answer["msg"]
    assert listener["id"] in stage.cloud.world.listeners


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize(
    "options", [{"state": "absent"}, {"port": 444, "force_recreate": True}], ids=["absent", "replaced"]
)
def test_a_quic_listener_that_another_one_is_linked_to_stays(stage: Stage, options: Answer, check: bool) -> None:
    https = linked(stage)
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", check=check, listener_id=https["quic_upgrade"]["listener_id"], **options)
    assert f"{https['id']} is linked to it" in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_quic_listener_that_nobody_is_linked_to_is_deleted_by_its_id(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    quic = stage.served(stage.pki.ecc, protocol="QUIC")
    assert stage.run("alb_listener", listener_id=quic["id"], state="absent")["changed"]


def test_a_new_place_that_is_refused_leaves_the_old_one_as_it_was(stage: Stage) -> None:
    before = linked(stage)
    stage.cloud.fault("CreateListener", code="ResourceQuotaExceeded.LoadBalancerListenersNum", http_status=400)
    answer = stage.run.fails("alb_listener", listener_id=before["id"], port=444, force_recreate=True)
    assert "It was put back as it was (UpdateListenerAttribute: set quic_upgrade" in answer["msg"]
    (there,) = (one for one in stage.cloud.world.listeners.values() if one.protocol == "HTTPS")
    assert there.listener_id == before["id"]
    assert there.config.quic_listener_id == before["quic_upgrade"]["listener_id"]


def test_a_listener_with_additional_certificates_is_not_replaced(stage: Stage) -> None:
    listener, more = stage.served(stage.pki.rsa), stage.uploaded(stage.pki.ecc)
    stage.cloud.do(lambda cloud: cloud.world.listeners[listener["id"]].additional.update({more["id"]: "Associated"}))
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", listener_id=listener["id"], port=444, force_recreate=True)
    for word in (listener["id"], "1 additional certificate", "alicloud.tls.alb_additional_cert"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_what_is_at_the_new_place_already_is_told(stage: Stage) -> None:
    listener, there = stage.served(stage.pki.rsa), http(stage)
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", listener_id=listener["id"], port=80, force_recreate=True)
    assert f"{there['id']} is already where the new listener would be" in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_link_to_quic_does_not_go_to_another_load_balancer(stage: Stage) -> None:
    listener = linked(stage)
    to: Answer = {"listener_id": listener["id"], "load_balancer": "basic", "force_recreate": True}
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **to)
    for word in (listener["quic_upgrade"]["listener_id"], "quic_upgrade"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []
    old = {"enabled": True, "listener_id": listener["quic_upgrade"]["listener_id"]}
    assert "same load balancer" in stage.run.fails("alb_listener", **to, quic_upgrade=old)["msg"]
    assert writes(stage.cloud.actions) == []
    assert stage.run("alb_listener", **to, quic_upgrade={"enabled": False})["changed"]


def test_settings_that_the_new_load_balancer_does_not_have_are_told(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa, ca_enabled=True, ca_certificate=authority(stage))
    to: Answer = {"listener_id": listener["id"], "load_balancer": "basic", "force_recreate": True}
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **to)
    assert "Basic edition" in answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert stage.run("alb_listener", **to, ca_enabled=False)["changed"]


def test_without_waiting_the_new_listener_is_told_all_the_same(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    answer = stage.run("alb_listener", listener_id=listener["id"], port=444, force_recreate=True, wait=False)
    stage.cloud.settle()
    (there,) = stage.cloud.world.listeners.values()
    assert answer["listener"]["id"] == there.listener_id


def test_the_server_group_can_be_another_one(stage: Stage) -> None:
    stage.cloud.seed({"server_groups": [{"server_group_id": "sgp-other", "name": "other", "vpc_id": "vpc-demo"}]})
    listener = stage.served(stage.pki.rsa)
    assert listener["server_group_id"] == GROUP
    answer = stage.run("alb_listener", listener_id=listener["id"], port=444, server_group="other", force_recreate=True)
    assert answer["listener"]["server_group_id"] == "sgp-other"
