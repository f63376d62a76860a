# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_listener on the real SDK and the emulated cloud: calls, waiting, jobs, bad input."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, comparable, differences, writes
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage

CREATE: dict[str, t.Any] = {"load_balancer": DEMO, "port": 443, "server_group": GROUP}


# --- calls -----------------------------------------------------------------------------------------------------------


def test_with_nothing_to_do_it_makes_two_calls(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    answer = stage.run("alb_listener", **CREATE, certificates=[listener["certificates"][0]["id"]])
    assert not answer["changed"]
    assert stage.cloud.actions == ["ListListeners", "GetListenerAttribute"]


def test_with_nothing_to_do_by_id_it_makes_one_call(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    assert not stage.run("alb_listener", listener_id=listener["id"], idle_timeout=15)["changed"]
    assert stage.cloud.actions == ["GetListenerAttribute"]


def test_an_update_sends_what_changes_and_no_more(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa, description="shop")
    stage.cloud.clear_calls()
    stage.run("alb_listener", **stage.at, description="shop", idle_timeout=30)
    (update,) = (call for call in stage.cloud.calls if call.action == "UpdateListenerAttribute")
    assert set(update.parameters) == {"ListenerId", "IdleTimeout", "ClientToken"}
    assert update.parameters["ListenerId"] == listener["id"]


def test_additional_settings_stay(stage: Stage) -> None:
    stage.served(stage.pki.rsa, security_policy_id="tls_cipher_policy_1_2", request_timeout=90)
    listener = stage.run("alb_listener", **stage.at, description="shop")["listener"]
    assert listener["security_policy_id"] == "tls_cipher_policy_1_2"
    assert listener["request_timeout"] == 90


def test_rsa_and_ecc_are_served_side_by_side(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa, stage.pki.ecc)
    assert sorted(each["algorithm"] for each in listener["certificates"]) == ["ECC", "RSA"]
    (there,) = stage.cloud.world.listeners.values()
    assert len(there.config.certificate_ids) == 2


def test_a_listener_is_created_with_two_certificates(stage: Stage) -> None:
    """The emulator takes one on creation, the second later: sources do not agree on what the cloud does."""
    pair = [stage.uploaded(bundle) for bundle in (stage.pki.rsa, stage.pki.ecc)]
    predicted = stage.run("alb_listener", check=True, **CREATE, certificates=pair)
    done = stage.run("alb_listener", **CREATE, certificates=pair)
    assert differences(comparable(predicted), comparable(done)) == []
    assert len(done["listener"]["certificates"]) == 2
    assert not stage.run("alb_listener", **CREATE, certificates=pair)["changed"]


def test_previous_puts_it_back(stage: Stage) -> None:
    before = stage.served(stage.pki.rsa, description="shop")
    changed = stage.run("alb_listener", **stage.at, description="shop-2", certificates=[stage.uploaded(stage.pki.ecc)])
    previous = changed["previous"]
    options = {name: previous[name] for name in ("description", "certificates", "idle_timeout")}
    answer = stage.run("alb_listener", **stage.at, **options)
    assert answer["changed"]
    assert answer["listener"]["description"] == before["description"]
    assert [each["sha256"] for each in answer["listener"]["certificates"]] == [stage.pki.rsa.sha256]


def test_without_waiting_it_ends_when_the_write_is_accepted(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    answer = stage.run("alb_listener", **stage.at, description="shop", wait=False)
    assert answer["changed"]
    assert answer["listener"]["status"] == "Configuring"
    assert stage.cloud.actions[-1] == "UpdateListenerAttribute"


# --- waiting ---------------------------------------------------------------------------------------------------------


def _keep_busy(stage: Stage, polls: int) -> None:
    """Somebody else's change, which takes so many calls."""
    stage.cloud.change_settings(polls=polls)
    stage.run("alb_listener", **stage.at, request_timeout=77, wait=False)
    stage.cloud.change_settings(polls=2)
    stage.cloud.clear_calls()


def test_a_change_under_way_is_waited_for(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    _keep_busy(stage, polls=5)
    answer = stage.run("alb_listener", **stage.at, description="shop")
    assert answer["changed"]
    assert answer["previous"]["request_timeout"] == answer["listener"]["request_timeout"] == 77
    assert writes(stage.cloud.actions) == ["UpdateListenerAttribute"]


def test_a_change_that_does_not_end_is_told(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    _keep_busy(stage, polls=10000)
    answer = stage.run.fails("alb_listener", **stage.at, description="shop", wait_timeout=0.3)
    for word in (listener["id"], "Configuring", "0.3 s", "Nothing was changed"):
        assert word in answer["msg"]
    assert not answer["changed"]
    assert writes(stage.cloud.actions) == []


@pytest.mark.parametrize("change", ["create", "update", "delete"])
def test_the_deadline_names_the_last_state(stage: Stage, change: str) -> None:
    options: Answer = {**stage.at, "description": "shop"}
    state = {"create": "Provisioning", "update": "Configuring", "delete": "Deleting"}[change]
    if change == "create":
        options.update(CREATE, load_balancer="demo", certificates=[stage.uploaded(stage.pki.rsa)])
    else:
        stage.served(stage.pki.rsa)
    if change == "delete":
        options = {**stage.at, "state": "absent"}
    stage.cloud.change_settings(polls=10000)
    answer = stage.run.fails("alb_listener", **options, wait_timeout=0.3)
    assert state in answer["msg"]
    assert "0.3 s" in answer["msg"]
    assert "wait_timeout" in answer["msg"]
    assert answer["changed"]
    assert len(answer["steps"]) == 1


@pytest.mark.parametrize("change", ["create", "update", "delete"])
def test_a_failed_job_is_told(stage: Stage, change: str) -> None:
    """The write itself was answered with HTTP 200."""
    options: Answer = {**stage.at, "description": "shop"}
    action = {"create": "CreateListener", "update": "UpdateListenerAttribute", "delete": "DeleteListener"}[change]
    if change == "create":
        options.update(CREATE, load_balancer="demo", certificates=[stage.uploaded(stage.pki.rsa)])
    else:
        stage.served(stage.pki.rsa)
    if change == "delete":
        options = {**stage.at, "state": "absent"}
    stage.cloud.fault(action, kind="job_failed", code="QuotaExceeded.Certs", message="there are too many")
    answer = stage.run.fails("alb_listener", **options, wait_timeout=2)
    for word in (action, "QuotaExceeded.Certs", "there are too many"):
        assert word in answer["msg"], answer["msg"]


# --- throttling, busy, lost answers ----------------------------------------------------------------------------------


def test_throttling_is_survived(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    stage.cloud.fault("UpdateListenerAttribute", code="Throttling.User", http_status=400, retry_after_ms=200)
    answer = stage.run("alb_listener", **stage.at, description="shop")
    assert answer["changed"]
    assert answer["waited"] >= 0.2


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("IncorrectStatus.Listener", 400),
        ("IncorrectStatus.LoadBalancer", 400),
        ("ResourceInConfiguring.Listener", 400),
        ("Throttling", 429),
        ("SystemBusy", 400),
        ("ServiceUnavailable", 503),
        ("InternalError", 500),
    ],
)
def test_what_passes_is_survived(stage: Stage, code: str, status: int) -> None:
    stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    stage.cloud.fault("UpdateListenerAttribute", code=code, http_status=status, count=3)
    assert stage.run("alb_listener", **stage.at, description="shop")["changed"]
    updates = [call for call in stage.cloud.calls if call.action == "UpdateListenerAttribute"]
    assert len(updates) == 4
    assert len({call.parameters["ClientToken"] for call in updates}) == 1


def test_a_lost_answer_does_not_lead_to_a_second_listener(stage: Stage) -> None:
    one = stage.uploaded(stage.pki.rsa)
    stage.cloud.fault("CreateListener", kind="reset_after")
    answer = stage.run("alb_listener", **CREATE, certificates=[one])
    (there,) = stage.cloud.world.listeners.values()
    assert answer["changed"]
    assert answer["listener"]["id"] == there.listener_id
    first, second = (call for call in stage.cloud.calls if call.action == "CreateListener")
    assert first.http_status == 0
    assert first.parameters["ClientToken"] == second.parameters["ClientToken"]


@pytest.mark.parametrize("options", [{"description": "shop"}, {"state": "absent"}], ids=["update", "delete"])
@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_lost_connections_are_survived(stage: Stage, options: Answer, kind: str) -> None:
    stage.served(stage.pki.rsa)
    for action in ("UpdateListenerAttribute", "DeleteListener"):
        stage.cloud.fault(action, kind=kind)
    assert stage.run("alb_listener", **stage.at, **options)["changed"]
    left = [each.config.description for each in stage.cloud.world.listeners.values()]
    assert left == ([] if "state" in options else ["shop"])


# --- certificates ----------------------------------------------------------------------------------------------------


def test_a_certificate_that_check_mode_has_planned_is_found_when_it_runs(stage: Stage) -> None:
    planned = stage.run("cas_certificate", check=True, **stage.pki.rsa.options())["certificate"]
    assert planned["id"] is None
    stage.uploaded(stage.pki.rsa)
    answer = stage.run("alb_listener", **CREATE, certificates=[planned])
    (found,) = answer["listener"]["certificates"]
    assert found["sha256"] == stage.pki.rsa.sha256
    assert found["id"] is not None


def test_a_certificate_that_was_planned_only_is_told(stage: Stage) -> None:
    planned = stage.run("cas_certificate", check=True, **stage.pki.rsa.options())["certificate"]
    answer = stage.run.fails("alb_listener", **CREATE, certificates=[planned])
    for word in ("CAS cn-hangzhou", "CN=www.example.com", "alicloud.tls.cas_certificate"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []


# --- bad input -------------------------------------------------------------------------------------------------------

_BAD: dict[str, tuple[Answer, list[str]]] = {
    "port 0": ({**CREATE, "port": 0}, ["port", "1 to 65535", "not 0"]),
    "port 65536": ({**CREATE, "port": 65536}, ["port", "1 to 65535", "65536"]),
    "port that is none": ({**CREATE, "port": "https"}, ["port", "int"]),
    "idle timeout": ({**CREATE, "idle_timeout": 0}, ["idle_timeout", "seconds", "not 0"]),
    "wait timeout": ({**CREATE, "wait_timeout": 0}, ["wait_timeout", "0 seconds"]),
    "unknown load balancer by name": (
        {**CREATE, "load_balancer": "nobody"},
        ["load balancer", "'nobody'", "cn-hangzhou", "127.0.0.1:"],
    ),
    "unknown load balancer by id": (
        {**CREATE, "load_balancer": "alb-nobody"},
        ["load balancer", "'alb-nobody'", "cn-hangzhou", "127.0.0.1:"],
    ),
    "region where it is not": (
        {**CREATE, "load_balancer": "alb-elsewhere", "region": "cn-shanghai"},
        ["load balancer", "'alb-elsewhere'", "region cn-shanghai", "127.0.0.1:"],
    ),
    "malformed region": ({**CREATE, "region": "Hangzhou"}, ["'Hangzhou'", "region", "cn-hangzhou"]),
    "region with a host in it": ({**CREATE, "region": "cn-hangzhou.example.com/"}, ["region", "example.com"]),
    "no region": ({**CREATE, "region": ""}, ["region", "ALIBABA_CLOUD_REGION_ID"]),
    "unknown certificate": (
        {**CREATE, "certificates": ["99999999-cn-hangzhou"]},
        ["certificate 99999999", "CAS cn-hangzhou", "127.0.0.1:", "cas_site"],
    ),
    "unknown certificate number": ({**CREATE, "certificates": [99999999]}, ["certificate 99999999", "CAS cn-hangzhou"]),
    "unknown fingerprint": ({**CREATE, "certificates": ["ab" * 32]}, ["CAS cn-hangzhou", "abab"]),
    "certificate of an unknown site": (
        {**CREATE, "certificates": ["12345678-cn-beijing"]},
        ["cn-beijing", "cn-hangzhou or ap-southeast-1"],
    ),
    "certificate that is none": (
        {**CREATE, "certificates": ["www.example.com"]},
        ["'www.example.com'", "no certificate named"],
    ),
    "no certificate": ({**CREATE, "certificates": []}, ["certificate", "empty"]),
    "certificates left out": (CREATE, ["certificates", "needed", "443"]),
    "unknown server group by name": ({**CREATE, "server_group": "nobody"}, ["server group", "'nobody'", "cn-hangzhou"]),
    "unknown listener": ({"listener_id": "lsn-nobody"}, ["lsn-nobody", "cn-hangzhou", "127.0.0.1:"]),
    "unknown listener that is to be elsewhere": ({**CREATE, "listener_id": "lsn-1"}, ["lsn-1", "cn-hangzhou"]),
    "no listener": ({}, ["listener_id, load_balancer"]),
    "no port": ({"load_balancer": "demo"}, ["port", "load_balancer"]),
    "unknown option": ({**CREATE, "server_name": "x"}, ["server_name", "Unsupported"]),
    "endpoint with a path": ({**CREATE, "alb_endpoint": "http://127.0.0.1/api"}, ["endpoint", "127.0.0.1/api"]),
}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("what", list(_BAD))
def test_bad_input_is_told_and_nothing_is_written(stage: Stage, what: str, check: bool) -> None:
    options, words = _BAD[what]
    if options and "certificates" not in options and what != "certificates left out":
        options = {**options, "certificates": [stage.uploaded(stage.pki.rsa)]}
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", check=check, **options)
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer.get("changed")
    assert "Traceback" not in stage.run.said


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_certificates_out_of_date_are_not_taken(stage: Stage, check: bool) -> None:
    for bundle, word in ((stage.pki.expired, "expired on"), (stage.pki.not_yet, "not valid before")):
        one = stage.uploaded(bundle)
        for reference in (one, one["id"]):
            stage.cloud.clear_calls()
            answer = stage.run.fails("alb_listener", check=check, **CREATE, certificates=[reference])
            assert word in answer["msg"]
            assert "allow_expired" in answer["msg"]
            assert writes(stage.cloud.actions) == []


def test_allow_expired_takes_them(stage: Stage) -> None:
    one = stage.uploaded(stage.pki.expired)
    assert stage.run("alb_listener", **CREATE, certificates=[one["id"]], allow_expired=True)["changed"]


def test_two_certificates_of_one_kind_are_not_taken(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    pair = [stage.pki.rsa.sha256, stage.uploaded(stage.pki.renewed)]
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **stage.at, certificates=pair)
    assert "one RSA and one ECC" in answer["msg"]
    assert writes(stage.cloud.actions) == []


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_an_unknown_server_group_by_id_is_told(stage: Stage, check: bool) -> None:
    """The API judges the id when it is written; a call to ask for it first is made in check mode only."""
    one = stage.uploaded(stage.pki.rsa)
    answer = stage.run.fails(
        "alb_listener", check=check, **{**CREATE, "server_group": "sgp-nobody"}, certificates=[one]
    )
    for word in ("server group", "'sgp-nobody'", "cn-hangzhou"):
        assert word in answer["msg"], answer["msg"]
    assert not answer["changed"]
    assert not stage.cloud.world.listeners


def test_an_ambiguous_name_is_told(stage: Stage) -> None:
    stage.cloud.seed({"load_balancers": [{"load_balancer_id": "alb-twin", "name": "demo"}]})
    answer = stage.run.fails("alb_listener", **stage.at, description="shop")
    for word in ("'demo'", DEMO, "alb-twin"):
        assert word in answer["msg"]


def test_a_refused_creation_tells_what_was_wanted(stage: Stage) -> None:
    stage.cloud.fault("CreateListener", code="ResourceQuotaExceeded.LoadBalancerListenersNum", message="too many")
    answer = stage.run.fails("alb_listener", **CREATE, certificates=[stage.uploaded(stage.pki.rsa)])
    for word in ("CreateListener", "ResourceQuotaExceeded.LoadBalancerListenersNum", "too many", "443", DEMO):
        assert word in answer["msg"]
    assert answer["error"]["request_id"] == stage.cloud.calls[-1].request_id
    assert not answer["changed"]


# --- additional certificates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("state", ["present", "running"])
def test_an_additional_certificate_is_refused_before_anything_is_done(stage: Stage, check: bool, state: str) -> None:
    """One that is started first would have been started for nothing."""
    stage.served(stage.pki.rsa)
    new = stage.uploaded(stage.pki.renewed)
    stage.run("alb_additional_cert", **stage.at, certificates=[new["id"]])
    if state == "running":
        stage.run("alb_listener", **stage.at, state="stopped")
    stage.cloud.clear_calls()
    more: dict[str, t.Any] = {"idle_timeout": 30, "state": state}
    answer = stage.run.fails("alb_listener", check=check, **stage.at, certificates=[new["id"]], **more)
    for word in (stage.pki.renewed.sha256[:12], "additional", "alicloud.tls.alb_listener_cert"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_no_certificate_at_all_is_refused_as_that(stage: Stage, check: bool) -> None:
    stage.served(stage.pki.rsa)
    answer = stage.run.fails("alb_listener", check=check, **stage.at, certificates=[])
    assert "certificates must not be empty" in answer["msg"]
