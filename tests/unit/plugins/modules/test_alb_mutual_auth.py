# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_mutual_auth on the real SDK and the emulated cloud: calls, guards, bad days."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, writes
from ansible_collections.alicloud.tls.tests.unit.support.authorities import NEW, OLD, authenticated, facts, known_ca
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage

BASIC = "alb-basic000000000000"


def _enabled(cloud: Emulator, listener_id: str) -> tuple[bool, tuple[str, ...]]:
    config = cloud.world.listeners[listener_id].config
    return config.ca_enabled, config.ca_certificate_ids


def _wanted(stage: Stage) -> Answer:
    """Options that enable it."""
    known_ca(stage, stage.pki.root, OLD)
    listener = stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    return {"listener_id": listener["id"], "ca_certificate": OLD}


# --- calls -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("more", [{"ca_certificate": OLD}, {}, {"state": "enabled"}], ids=["same", "any", "state"])
def test_enabled_already_takes_one_call(stage: Stage, check: bool, more: Answer) -> None:
    listener = authenticated(stage)
    stage.cloud.clear_calls()
    assert not stage.run("alb_mutual_auth", check=check, listener_id=listener["id"], **more)["changed"]
    assert stage.cloud.actions == ["GetListenerAttribute"]


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_disabled_already_takes_one_call(stage: Stage, check: bool) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    assert not stage.run("alb_mutual_auth", check=check, listener_id=listener["id"], state="disabled")["changed"]
    assert stage.cloud.actions == ["GetListenerAttribute"]


@pytest.mark.parametrize("state", ["enabled", "disabled"])
def test_with_nothing_to_do_by_load_balancer_it_makes_two_calls(stage: Stage, state: str) -> None:
    if state == "enabled":
        authenticated(stage)
    else:
        stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    assert not stage.run("alb_mutual_auth", load_balancer=DEMO, port=443, state=state)["changed"]
    assert stage.cloud.actions == ["ListListeners", "GetListenerAttribute"]


def test_enabling_takes_five_calls_at_most(stage: Stage) -> None:
    """On an emulator whose job takes two polls."""
    options = _wanted(stage)
    answer = stage.run("alb_mutual_auth", **options)
    assert answer["changed"]
    assert stage.cloud.actions == [
        "GetListenerAttribute",
        "GetLoadBalancerAttribute",
        "UpdateListenerAttribute",
        "GetListenerAttribute",
        "GetListenerAttribute",
    ]
    assert sum(answer["api_calls"].values()) == 5
    assert _enabled(stage.cloud, options["listener_id"]) == (True, (OLD,))


def test_disabling_takes_four_calls_at_most_and_does_not_ask_for_the_edition(stage: Stage) -> None:
    listener = authenticated(stage)
    stage.cloud.clear_calls()
    assert stage.run("alb_mutual_auth", listener_id=listener["id"], state="disabled")["changed"]
    assert len(stage.cloud.actions) <= 4
    assert "GetLoadBalancerAttribute" not in stage.cloud.actions


def test_it_sends_mutual_authentication_and_no_more(stage: Stage) -> None:
    options = _wanted(stage)
    stage.run("alb_mutual_auth", **options)
    stage.run("alb_mutual_auth", listener_id=options["listener_id"], state="disabled")
    sent = [set(call.parameters) for call in stage.cloud.calls if call.action == "UpdateListenerAttribute"]
    assert sent == [
        {"ListenerId", "CaEnabled", "CaCertificates.1.CertificateId", "ClientToken"},
        {"ListenerId", "CaEnabled", "ClientToken"},
    ]


def test_enabling_and_disabling_keep_everything_else(stage: Stage) -> None:
    """State of the listener, field by field."""
    known_ca(stage, stage.pki.root, OLD)
    more = {"description": "shop", "idle_timeout": 30, "http2_enabled": False, "gzip_enabled": False}
    listener = stage.served(stage.pki.rsa, stage.pki.ecc, **more)

    def there() -> Answer:
        (found,) = stage.cloud.state()["listeners"]
        config = {name: value for name, value in found["config"].items() if not name.startswith("ca_")}
        assert len(config) > 8
        return {**found, "config": config}

    before = there()
    for state in ("enabled", "disabled"):
        assert stage.run("alb_mutual_auth", listener_id=listener["id"], state=state, ca_certificate=OLD)["changed"]
        assert there() == before


# --- what it does ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", [True, False], ids=["shown", "not shown"])
def test_there_is_no_ca_while_it_is_disabled(stage: Stage, shown: bool) -> None:
    """Whether the API still shows one then is not documented."""
    stage.cloud.change_settings(show_ca_when_disabled=shown)
    listener = authenticated(stage)
    answer = stage.run("alb_mutual_auth", listener_id=listener["id"], state="disabled")
    assert (answer["listener"]["ca_enabled"], answer["listener"]["ca_certificate"]) == (False, None)
    assert answer["previous"]["ca_certificate"] == {"id": OLD}
    assert answer["diff"]["after"] == {"ca_enabled": False, "ca_certificate": None}


def test_a_ca_that_is_still_shown_is_used_again(stage: Stage) -> None:
    listener = authenticated(stage)
    stage.run("alb_mutual_auth", listener_id=listener["id"], state="disabled")
    assert stage.run("alb_mutual_auth", listener_id=listener["id"])["changed"]
    assert _enabled(stage.cloud, listener["id"]) == (True, (OLD,))


def test_without_one_it_is_needed(stage: Stage) -> None:
    stage.cloud.change_settings(show_ca_when_disabled=False)
    listener = authenticated(stage)
    stage.run("alb_mutual_auth", listener_id=listener["id"], state="disabled")
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_mutual_auth", listener_id=listener["id"])
    for word in ("ca_certificate is needed", listener["id"], "port 443"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_previous_puts_it_back(stage: Stage) -> None:
    listener = authenticated(stage)
    done = stage.run("alb_mutual_auth", listener_id=listener["id"], state="disabled")
    previous = done["previous"]
    stage.run("alb_mutual_auth", listener=previous, ca_certificate=previous["ca_certificate"])
    assert _enabled(stage.cloud, listener["id"]) == (True, (OLD,))


def test_another_ca_is_replaced_if_the_api_takes_it(stage: Stage) -> None:
    stage.cloud.change_settings(change_ca_while_enabled=True)
    listener = authenticated(stage)
    stage.cloud.clear_calls()
    answer = stage.run("alb_mutual_auth", listener_id=listener["id"], ca_certificate=NEW)
    assert answer["changed"]
    assert writes(stage.cloud.actions) == ["UpdateListenerAttribute"]
    assert _enabled(stage.cloud, listener["id"]) == (True, (NEW,))


def test_another_ca_that_the_api_does_not_take_is_told(stage: Stage) -> None:
    listener = authenticated(stage)
    answer = stage.run.fails("alb_mutual_auth", listener_id=listener["id"], ca_certificate=NEW)
    for word in ("InvalidParameter", "alicloud.tls.alb_ca_cert", "allow_interruption"):
        assert word in answer["msg"]
    assert not answer["changed"]
    assert _enabled(stage.cloud, listener["id"]) == (True, (OLD,))


def test_a_planned_listener_and_a_planned_ca(stage: Stage) -> None:
    """What a role does in check mode: each task is handed what the one before has planned."""
    one = stage.uploaded(stage.pki.rsa)
    planned = stage.run("alb_listener", check=True, **stage.at, server_group=GROUP, certificates=[one])["listener"]
    ca = {"identifier": None, **facts(stage.pki.root)}
    stage.cloud.clear_calls()
    answer = stage.run("alb_mutual_auth", check=True, listener=planned, ca_certificate=ca, check_mode_dry_run=True)
    assert answer["changed"]
    assert (answer["listener"]["id"], answer["listener"]["ca_certificate"]["id"]) == (None, None)
    assert answer["dry_run"] == []
    assert "CN=Example Root" in answer["steps"][0]
    assert stage.cloud.actions == ["GetLoadBalancerAttribute"]
    refused = stage.run.fails("alb_mutual_auth", listener=planned, ca_certificate=ca)
    assert "check mode" in refused["msg"]


def test_a_listener_planned_with_mutual_authentication_changes_nothing(stage: Stage) -> None:
    one = stage.uploaded(stage.pki.rsa)
    planned = stage.run("alb_listener", check=True, **stage.at, server_group=GROUP, certificates=[one])["listener"]
    planned = {**planned, "ca_enabled": True, "ca_certificate_id": OLD}
    assert not stage.run("alb_mutual_auth", check=True, listener=planned, ca_certificate=OLD)["changed"]


# --- guards ----------------------------------------------------------------------------------------------------------


def _place(stage: Stage, protocol: str, port: int, load_balancer: str = DEMO) -> str:
    one = stage.uploaded(stage.pki.rsa)["id"]
    seed = {"load_balancer": load_balancer, "protocol": protocol, "port": port, "server_groups": [GROUP]}
    (found,) = stage.cloud.seed({"listeners": [{**seed, **({"certificates": [one]} if protocol != "HTTP" else {})}]})[
        "listeners"
    ]
    return str(found)


_GUARDS: dict[str, tuple[str, int, str, list[str]]] = {
    "HTTP": ("HTTP", 80, DEMO, ["HTTP listener on port 80", "HTTPS listeners only", "not for HTTP"]),
    "QUIC": ("QUIC", 443, DEMO, ["QUIC listener on port 443", "HTTPS listeners only", "not for QUIC"]),
    "Basic": ("HTTPS", 443, BASIC, [f"{BASIC} (basic)", "Basic edition", "Standard"]),
}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("what", list(_GUARDS))
def test_what_has_no_mutual_authentication_is_told_before_any_write(stage: Stage, what: str, check: bool) -> None:
    protocol, port, load_balancer, words = _GUARDS[what]
    listener_id = _place(stage, protocol, port, load_balancer)
    known_ca(stage, stage.pki.root, OLD)
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_mutual_auth", check=check, listener_id=listener_id, ca_certificate=OLD)
    for word in (*words, listener_id):
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer["changed"]
    assert not stage.run("alb_mutual_auth", check=check, listener_id=listener_id, state="disabled")["changed"]


def test_of_two_listeners_on_a_port_it_is_the_https_one(stage: Stage) -> None:
    options = _wanted(stage)
    _place(stage, "QUIC", 443)
    stage.run.fails("alb_mutual_auth", **stage.at, ca_certificate=OLD)
    assert stage.run("alb_mutual_auth", **stage.at, protocol="HTTPS", ca_certificate=OLD)["changed"]
    assert _enabled(stage.cloud, options["listener_id"])[0]


_BAD: dict[str, tuple[Answer, list[str]]] = {
    "PEM": ({"ca_certificate": "-----BEGIN CERTIFICATE-----\nMIIB"}, ["does not name a CA", "cas_ca_certificate"]),
    "object of nothing": ({"ca_certificate": {"name": "x"}}, ["does not name a CA"]),
    "several": ({"ca_certificate": [OLD, NEW]}, ["does not name a CA"]),
    "state": ({"state": "present"}, ["state", "enabled, disabled"]),
    "no listener": ({"listener_id": None}, ["one of the following is required"]),
    "unknown listener": ({"listener_id": "lsn-nobody"}, ["lsn-nobody", "cn-hangzhou"]),
    "planned CA": ({"ca_certificate": {"identifier": None, "sha256": "ab" * 32}}, ["check mode"]),
}


@pytest.mark.parametrize("what", list(_BAD))
def test_bad_input_is_told_and_nothing_is_written(stage: Stage, what: str) -> None:
    bad, words = _BAD[what]
    options = {**_wanted(stage), **bad}
    answer = stage.run.fails("alb_mutual_auth", **options)
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer.get("changed")


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_an_unknown_ca_is_told_with_what_to_do(stage: Stage, check: bool) -> None:
    """Its identifier says nothing, so that only ALB can tell."""
    options = {**_wanted(stage), "ca_certificate": "1efd0000-0000-6000-8000-000000000000"}
    answer = stage.run.fails("alb_mutual_auth", check=check, **options, check_mode_dry_run=True)
    for word in ("ResourceNotFound.Certificate", options["ca_certificate"], "cas_ca_certificate", "private CA"):
        assert word in answer["msg"]
    assert not answer["changed"]
    assert _enabled(stage.cloud, options["listener_id"]) == (False, ())


def test_check_mode_can_ask_the_api(stage: Stage) -> None:
    options = _wanted(stage)
    answer = stage.run("alb_mutual_auth", check=True, **options, check_mode_dry_run=True)
    assert answer["dry_run"] == answer["steps"] != []
    assert [call.parameters.get("DryRun") for call in stage.cloud.calls if call.action.startswith("Update")] == ["True"]
    assert _enabled(stage.cloud, options["listener_id"]) == (False, ())


# --- bad days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_lost_answer_is_survived(stage: Stage, kind: str) -> None:
    options = _wanted(stage)
    stage.cloud.fault("UpdateListenerAttribute", kind=kind)
    assert stage.run("alb_mutual_auth", **options)["changed"]
    first, second = (call for call in stage.cloud.calls if call.action == "UpdateListenerAttribute")
    assert first.parameters["ClientToken"] == second.parameters["ClientToken"]
    assert _enabled(stage.cloud, options["listener_id"]) == (True, (OLD,))


def test_throttling_is_survived(stage: Stage) -> None:
    options = _wanted(stage)
    stage.cloud.fault("*", code="Throttling.User", http_status=400, retry_after_ms=60, count=2)
    assert stage.run("alb_mutual_auth", **options)["changed"]


def test_a_failed_job_is_told(stage: Stage) -> None:
    options = _wanted(stage)
    stage.cloud.fault("UpdateListenerAttribute", kind="job_failed", code="Ca.Unusable", message="of an odd kind")
    answer = stage.run.fails("alb_mutual_auth", **options)
    for word in ("UpdateListenerAttribute", "Ca.Unusable", "of an odd kind", options["listener_id"]):
        assert word in answer["msg"]
    assert (answer["changed"], answer["steps"]) == (False, [])


def test_busy_when_it_writes_is_survived(stage: Stage) -> None:
    options = _wanted(stage)
    stage.cloud.fault("UpdateListenerAttribute", code="IncorrectStatus.Listener", http_status=400, count=2)
    assert stage.run("alb_mutual_auth", **options)["changed"]
    assert stage.cloud.actions.count("UpdateListenerAttribute") == 3


def test_a_listener_busy_past_the_deadline_is_told(stage: Stage) -> None:
    options = _wanted(stage)
    stage.cloud.change_settings(polls=10000)
    stage.run("alb_listener", **stage.at, request_timeout=77, wait=False)
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_mutual_auth", **options, wait_timeout=0.2)
    for word in (options["listener_id"], "Configuring", "0.2 s", "Nothing was changed"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_not_waiting_ends_with_the_write(stage: Stage) -> None:
    options = _wanted(stage)
    stage.cloud.change_settings(polls=10000)
    answer = stage.run("alb_mutual_auth", **options, wait=False)
    assert answer["listener"]["ca_enabled"]
    assert stage.cloud.actions[-1] == "UpdateListenerAttribute"


@pytest.mark.parametrize(
    ("gone", "word"),
    [("load_balancers", f"no ALB load balancer with the id or name '{DEMO}'"), ("listeners", "lsn-")],
)
def test_what_is_deleted_in_the_middle_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, gone: str, word: str
) -> None:
    """After the first read."""
    from ansible_collections.alicloud.tls.plugins.module_utils._sdk.listeners import Listeners

    options = _wanted(stage)
    read = Listeners.listener

    def read_and_lose(self: Listeners, listener_id: str) -> t.Any:
        found = read(self, listener_id)
        stage.cloud.do(lambda cloud: getattr(cloud.world, gone).clear())
        return found

    monkeypatch.setattr(Listeners, "listener", read_and_lose)
    answer = stage.run.fails("alb_mutual_auth", **options)
    assert word in answer["msg"]
    assert not answer["changed"]


def test_a_load_balancer_that_is_not_there_is_told(stage: Stage) -> None:
    answer = stage.run.fails("alb_mutual_auth", load_balancer="nobody", port=443, state="disabled")
    assert "'nobody'" in answer["msg"]
    assert stage.cloud.actions == ["ListLoadBalancers"]


@pytest.mark.parametrize("action", ["GetListenerAttribute", "GetLoadBalancerAttribute", "UpdateListenerAttribute"])
def test_a_missing_permission_is_named(stage: Stage, action: str) -> None:
    options = _wanted(stage)
    stage.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=9)
    answer = stage.run.fails("alb_mutual_auth", **options)
    assert f"alb:{action}" in answer["msg"]
    assert answer["error"]["action"] == action
    assert not answer["changed"]
