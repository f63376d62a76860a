# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_listener_cert on the real SDK and the emulated cloud: calls, references, waiting, bad input."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, writes
from ansible_collections.alicloud.tls.tests.unit.support.pki import Bundle, Pki
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, Stage


def _served(cloud: Emulator) -> tuple[str, ...]:
    (there,) = cloud.world.listeners.values()
    return there.config.certificate_ids


# --- calls -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_with_nothing_to_do_by_ids_it_makes_one_call(stage: Stage, check: bool) -> None:
    listener = stage.served(stage.pki.rsa)
    options = {"listener_id": listener["id"], "certificates": [listener["certificates"][0]["id"]]}
    stage.cloud.clear_calls()
    assert not stage.run("alb_listener_cert", check=check, **options)["changed"]
    assert stage.cloud.actions == ["GetListenerAttribute"]


def test_with_nothing_to_do_by_objects_it_makes_one_call(stage: Stage) -> None:
    """And tells the facts that it was given, whichever object had them."""
    listener, one = stage.served(stage.pki.rsa), stage.uploaded(stage.pki.rsa)
    stage.cloud.clear_calls()
    for where in ({"listener": listener}, {"listener_id": listener["id"]}):
        answer = stage.run("alb_listener_cert", **where, certificates=[one])
        assert not answer["changed"]
        assert [each["sha256"] for each in answer["listener"]["certificates"]] == [stage.pki.rsa.sha256]
    assert stage.cloud.actions == ["GetListenerAttribute"] * 2


def test_with_nothing_to_do_by_load_balancer_it_makes_two_calls(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    answer = stage.run(
        "alb_listener_cert", load_balancer=DEMO, port=443, certificates=[listener["certificates"][0]["id"]]
    )
    assert not answer["changed"]
    assert stage.cloud.actions == ["ListListeners", "GetListenerAttribute"]


def test_replacing_takes_six_calls_at_most(stage: Stage) -> None:
    """On an emulator whose job takes two polls."""
    listener, new = stage.served(stage.pki.rsa), stage.uploaded(stage.pki.renewed)
    stage.cloud.clear_calls()
    answer = stage.run("alb_listener_cert", listener_id=listener["id"], certificates=[new["id"]])
    assert answer["changed"]
    assert len(stage.cloud.actions) <= 6, stage.cloud.actions
    assert sum(answer["api_calls"].values()) == len(stage.cloud.actions)


def test_it_sends_certificates_and_no_more(stage: Stage) -> None:
    stage.served(stage.pki.rsa, description="shop", idle_timeout=30)
    stage.run("alb_listener_cert", **stage.at, certificates=[stage.uploaded(stage.pki.renewed)])
    update = next(call for call in stage.cloud.calls if call.action == "UpdateListenerAttribute")
    assert set(update.parameters) == {"ListenerId", "Certificates.1.CertificateId", "ClientToken"}
    (there,) = stage.cloud.world.listeners.values()
    assert (there.config.description, there.config.idle_timeout) == ("shop", 30)


# --- references ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "refer",
    [
        pytest.param(lambda one: one["id"], id="id"),
        pytest.param(lambda one: one["certificate_id"], id="number"),
        pytest.param(lambda one: str(one["certificate_id"]), id="number as text"),
        pytest.param(lambda one: one["sha256"], id="fingerprint"),
        pytest.param(lambda one: "SHA256:" + one["sha256"].upper(), id="fingerprint with a prefix"),
        pytest.param(lambda one: one, id="object"),
        pytest.param(lambda one: {"id": one["id"], "sha256": one["sha256"]}, id="short object"),
        pytest.param(lambda one: {**one, "id": None, "certificate_id": None}, id="object without id"),
    ],
)
def test_certificates_are_named_in_many_ways(stage: Stage, refer: t.Callable[[Answer], t.Any]) -> None:
    stage.served(stage.pki.rsa)
    one = stage.uploaded(stage.pki.renewed)
    answer = stage.run("alb_listener_cert", **stage.at, certificates=[refer(one)])
    assert answer["changed"]
    assert _served(stage.cloud) == (one["id"],)
    (found,) = answer["listener"]["certificates"]
    assert (found["id"], found["sha256"]) == (one["id"], one["sha256"])
    assert answer["diff"]["after"]["certificates"][0]["sha256"] == one["sha256"]
    assert answer["diff"]["before"]["certificates"][0]["sha256"] == stage.pki.rsa.sha256
    assert not stage.run("alb_listener_cert", **stage.at, certificates=[refer(one)])["changed"]


def test_an_object_without_id_that_is_not_there_is_told(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    planned = stage.run("cas_certificate", check=True, **stage.pki.renewed.options())["certificate"]
    stage.cloud.clear_calls()
    assert stage.run("alb_listener_cert", check=True, listener=listener, certificates=[planned])["changed"]
    answer = stage.run.fails("alb_listener_cert", listener=listener, certificates=[planned])
    for word in ("CAS cn-hangzhou", "CN=www.example.com", "alicloud.tls.cas_certificate"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_planned_object_of_what_is_served_already_changes_nothing(stage: Stage) -> None:
    """In check mode too: an upload that would find the certificate is no change of the listener."""
    listener = stage.served(stage.pki.rsa)
    one = {**stage.uploaded(stage.pki.rsa), "id": None, "certificate_id": None}
    for check in (True, False):
        assert not stage.run("alb_listener_cert", check=check, listener=listener, certificates=[one])["changed"]


def test_of_two_copies_the_served_one_stays(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    before = _served(stage.cloud)
    stage.upload_anyway(stage.pki.rsa, "copy")
    answer = stage.run("alb_listener_cert", **stage.at, certificates=[stage.pki.rsa.sha256])
    assert not answer["changed"]
    assert _served(stage.cloud) == before


def test_rsa_and_ecc_together(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    pair = [stage.uploaded(bundle) for bundle in (stage.pki.renewed, stage.pki.ecc)]
    answer = stage.run("alb_listener_cert", **stage.at, certificates=pair)
    assert [each["algorithm"] for each in answer["listener"]["certificates"]] == ["ECC", "RSA"]
    assert set(_served(stage.cloud)) == {each["id"] for each in pair}
    assert not stage.run("alb_listener_cert", **stage.at, certificates=pair[::-1])["changed"]


def test_previous_puts_it_back(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    answer = stage.run("alb_listener_cert", listener=listener, certificates=[stage.uploaded(stage.pki.renewed)])
    again = stage.run("alb_listener_cert", listener=listener, certificates=answer["previous"]["certificates"])
    assert again["changed"]
    assert _served(stage.cloud) == (listener["certificates"][0]["id"],)


# --- waiting ---------------------------------------------------------------------------------------------------------


def _replacement(stage: Stage) -> Answer:
    listener = stage.served(stage.pki.rsa)
    return {"listener_id": listener["id"], "certificates": [stage.uploaded(stage.pki.renewed)["id"]]}


def test_a_listener_that_is_busy_before_the_task_is_waited_for(stage: Stage) -> None:
    options = _replacement(stage)
    stage.cloud.change_settings(polls=6)
    stage.run("alb_listener", **stage.at, request_timeout=77, wait=False)
    stage.cloud.change_settings(polls=2)
    stage.cloud.clear_calls()
    assert stage.run("alb_listener_cert", **options)["changed"]
    (there,) = stage.cloud.world.listeners.values()
    assert there.config.request_timeout == 77
    assert writes(stage.cloud.actions) == ["UpdateListenerAttribute"]


def test_busy_when_it_writes_is_survived(stage: Stage) -> None:
    """Somebody changes the listener between the task's read and its write."""
    options = _replacement(stage)
    stage.cloud.clear_calls()
    stage.cloud.fault("UpdateListenerAttribute", code="IncorrectStatus.Listener", http_status=400, count=2)
    answer = stage.run("alb_listener_cert", **options)
    assert answer["changed"]
    assert stage.cloud.actions.count("UpdateListenerAttribute") == 3


def test_throttling_is_survived(stage: Stage) -> None:
    options = _replacement(stage)
    stage.cloud.fault("*", code="Throttling.User", http_status=400, retry_after_ms=120, count=2)
    answer = stage.run("alb_listener_cert", **options)
    assert answer["changed"]
    assert answer["waited"] >= 0.24


def test_the_deadline_names_the_last_state(stage: Stage) -> None:
    options = _replacement(stage)
    stage.cloud.change_settings(polls=10000)
    answer = stage.run.fails("alb_listener_cert", **options, wait_timeout=0.3)
    for word in (options["listener_id"], "Configuring", "0.3 s", "wait_timeout"):
        assert word in answer["msg"]
    assert answer["changed"]


def test_a_failed_job_is_told(stage: Stage) -> None:
    options = _replacement(stage)
    stage.cloud.fault("UpdateListenerAttribute", kind="job_failed", code="Cert.Unusable", message="of an odd kind")
    answer = stage.run.fails("alb_listener_cert", **options, wait_timeout=5)
    for word in ("UpdateListenerAttribute", "Cert.Unusable", "of an odd kind", options["listener_id"]):
        assert word in answer["msg"]
    assert answer["waited"] < 2


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_lost_answer_is_survived(stage: Stage, kind: str) -> None:
    options = _replacement(stage)
    stage.cloud.clear_calls()
    stage.cloud.fault("UpdateListenerAttribute", kind=kind)
    assert stage.run("alb_listener_cert", **options)["changed"]
    assert list(_served(stage.cloud)) == options["certificates"]
    first, second = (call for call in stage.cloud.calls if call.action == "UpdateListenerAttribute")
    assert first.parameters["ClientToken"] == second.parameters["ClientToken"]


# --- bad input -------------------------------------------------------------------------------------------------------

_BAD: dict[str, tuple[Answer, list[str]]] = {
    "port 0": ({"load_balancer": DEMO, "port": 0}, ["port", "1 to 65535", "not 0"]),
    "port 65536": ({"load_balancer": DEMO, "port": 65536}, ["port", "1 to 65535", "65536"]),
    "unknown load balancer": (
        {"load_balancer": "nobody", "port": 443},
        ["load balancer", "'nobody'", "cn-hangzhou", "127.0.0.1:"],
    ),
    "region where it is not": (
        {"load_balancer": "alb-elsewhere", "port": 443, "region": "eu-central-1"},
        ["load balancer", "'alb-elsewhere'", "region eu-central-1", "127.0.0.1:"],
    ),
    "no listener on this port": ({"load_balancer": DEMO, "port": 444}, ["listener", "port 444", DEMO, "cn-hangzhou"]),
    "no such protocol on this port": (
        {"load_balancer": DEMO, "port": 443, "protocol": "QUIC"},
        ["QUIC listener", "port 443", DEMO],
    ),
    "unknown listener": ({"listener_id": "lsn-nobody"}, ["lsn-nobody", "cn-hangzhou", "127.0.0.1:"]),
    "listener that is none": ({"listener": {"port": 443}}, ["listener"]),
    "unknown certificate": ({"certificates": ["99999999-cn-hangzhou"]}, ["certificate 99999999", "CAS cn-hangzhou"]),
    "certificate of nowhere": ({"certificates": ["12345678-cn-beijing"]}, ["cn-beijing", "ap-southeast-1"]),
    "unknown fingerprint": ({"certificates": ["cd" * 32]}, ["CAS cn-hangzhou", "cdcd"]),
    "SHA-1 fingerprint": ({"certificates": ["cd" * 20]}, ["cdcd", "CAS cn-hangzhou"]),
    "object of nothing": ({"certificates": [{"id": None}]}, ["sha256"]),
    "no certificate": ({"certificates": []}, ["certificate", "empty"]),
    "the same twice": ({"certificates": ["ef" * 32, "ef" * 32]}, ["CAS cn-hangzhou", "efef"]),
    "certificates left out": ({"certificates": None}, ["missing required arguments", "certificates"]),
    "two listeners": ({"listener_id": "lsn-1", "load_balancer": DEMO, "port": 443}, ["mutually exclusive"]),
}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("what", list(_BAD))
def test_bad_input_is_told_and_nothing_is_written(stage: Stage, what: str, check: bool) -> None:
    bad, words = _BAD[what]
    listener = stage.served(stage.pki.rsa)
    options: Answer = {"certificates": [stage.uploaded(stage.pki.renewed)], **bad}
    if not {"listener_id", "listener", "load_balancer"} & set(bad):
        options["listener_id"] = listener["id"]
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener_cert", check=check, **options)
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer.get("changed")


def test_one_certificate_named_twice_is_told(stage: Stage) -> None:
    listener, one = stage.served(stage.pki.rsa), stage.uploaded(stage.pki.renewed)
    answer = stage.run.fails("alb_listener_cert", listener=listener, certificates=[one["id"], one["sha256"]])
    assert "twice" in answer["msg"]
    assert "CN=www.example.com" in answer["msg"]


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_certificates_out_of_date_are_not_taken(stage: Stage, check: bool) -> None:
    listener = stage.served(stage.pki.rsa)
    for bundle, word in ((stage.pki.expired, "expired on"), (stage.pki.not_yet, "not valid before")):
        one = stage.uploaded(bundle)
        for reference in (one, one["id"], one["sha256"]):
            stage.cloud.clear_calls()
            answer = stage.run.fails("alb_listener_cert", check=check, listener=listener, certificates=[reference])
            assert word in answer["msg"]
            assert "allow_expired" in answer["msg"]
            assert writes(stage.cloud.actions) == []


def test_what_is_served_may_expire(stage: Stage) -> None:
    """A task with nothing to do does not begin to fail one day."""
    listener = stage.served(stage.pki.expired)
    one = listener["certificates"][0]
    assert not stage.run("alb_listener_cert", listener=listener, certificates=[one])["changed"]


def test_a_listener_without_certificates_is_told(stage: Stage) -> None:
    def place(cloud: t.Any) -> None:
        from ansible_collections.alicloud.tls.tests.emulator.world import Listener, ListenerConfig

        cloud.world.listeners["lsn-http"] = Listener("lsn-http", DEMO, "HTTP", 80, ListenerConfig(), status="Running")

    stage.cloud.do(place)
    one = stage.uploaded(stage.pki.rsa)
    for options in ({"listener_id": "lsn-http"}, {"load_balancer": "demo", "port": 80}):
        answer = stage.run.fails("alb_listener_cert", **options, certificates=[one])
        assert "HTTP listener on port 80" in answer["msg"]
        assert "HTTPS and QUIC" in answer["msg"]


# --- coverage --------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(pki: Pki) -> Bundle:
    return pki.numbered(1)


def additional(stage: Stage) -> dict[str, str]:
    (there,) = stage.cloud.world.listeners.values()
    return dict(there.additional)


def add(stage: Stage, *bundles: Bundle) -> None:
    """Make certificates additional ones of the only listener, behind the back of the API."""
    ids = [stage.uploaded(bundle)["id"] for bundle in bundles]

    def place(cloud: t.Any) -> None:
        (there,) = cloud.world.listeners.values()
        there.additional.update(dict.fromkeys(ids, "Associated"))

    stage.cloud.do(place)


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("module", ["alb_listener_cert", "alb_listener"])
def test_a_certificate_whose_names_cas_does_not_tell_is_not_replaced(stage: Stage, module: str, check: bool) -> None:
    """No names are not the same as no name to lose."""
    listener = stage.served(stage.pki.numbered(1))
    new = stage.uploaded(stage.pki.renewed)
    (old,) = (int(one["id"].partition("-")[0]) for one in listener["certificates"])

    def forget(cloud: t.Any) -> None:
        stored = cloud.world.certificates[old]
        stored.facts = dataclasses.replace(stored.facts, names=())

    stage.cloud.do(forget)
    stage.cloud.clear_calls()
    answer = stage.run.fails(module, check=check, **stage.at, certificates=[new])
    assert "cannot be told" in answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert stage.run(module, check=check, **stage.at, certificates=[new], allow_uncovered_names=True)["changed"]


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_a_name_that_would_lose_its_certificate_stops_the_task(stage: Stage, other: Bundle, check: bool) -> None:
    stage.served(stage.pki.rsa)
    new = stage.uploaded(other)
    before = stage.cloud.state()["listeners"]
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener_cert", check=check, **stage.at, certificates=[new])
    for word in ("2 host names", "example.com, www.example.com", "Nothing was changed", "allow_uncovered_names"):
        assert word in answer["msg"]
    assert (answer["changed"], writes(stage.cloud.actions)) == (False, [])
    assert stage.cloud.state()["listeners"] == before

    forced = stage.run("alb_listener_cert", check=check, **stage.at, certificates=[new], allow_uncovered_names=True)
    assert forced["changed"]


def test_an_additional_certificate_covers_what_the_default_one_did(stage: Stage, other: Bundle) -> None:
    stage.served(stage.pki.rsa)
    add(stage, stage.pki.ecc)
    assert stage.run("alb_listener_cert", **stage.at, certificates=[stage.uploaded(other)])["changed"]
    assert list(additional(stage)) == [stage.uploaded(stage.pki.ecc)["id"]]


def test_a_certificate_that_cas_no_longer_has_cannot_be_judged(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    new = stage.uploaded(stage.pki.renewed)
    number = listener["certificates"][0]["id"].partition("-")[0]
    stage.cloud.do(lambda cloud: cloud.world.certificates.pop(int(number)))
    answer = stage.run.fails("alb_listener_cert", **stage.at, certificates=[new])
    assert f"certificate {number}-cn-hangzhou is for" in answer["msg"]
    assert stage.run("alb_listener_cert", **stage.at, certificates=[new], allow_uncovered_names=True)["changed"]


# --- one half of a pair ----------------------------------------------------------------------------------------------


def test_one_half_of_a_pair_is_replaced(stage: Stage) -> None:
    stage.served(stage.pki.rsa, stage.pki.ecc)
    new = stage.uploaded(stage.pki.renewed)
    options = {**stage.at, "certificates": [new["id"]], "algorithm_scope": "same"}
    answer = stage.run("alb_listener_cert", **options)
    assert set(_served(stage.cloud)) == {new["id"], stage.uploaded(stage.pki.ecc)["id"]}
    assert [one["algorithm"] for one in answer["listener"]["certificates"]] == ["ECC", "RSA"]
    stage.cloud.clear_calls()
    assert not stage.run("alb_listener_cert", **options)["changed"]
    assert "GetUserCertificateDetail" not in stage.cloud.actions


# --- promotion -------------------------------------------------------------------------------------------------------


def promote(stage: Stage, **more: t.Any) -> Answer:
    return {**stage.at, "certificates": [stage.uploaded(stage.pki.renewed)["id"]], **more}


def test_an_additional_certificate_becomes_default(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    add(stage, stage.pki.renewed)
    options = promote(stage)
    predicted = stage.run("alb_listener_cert", check=True, **options)
    stage.cloud.clear_calls()
    done = stage.run("alb_listener_cert", **options)
    assert predicted["steps"] == done["steps"]
    assert predicted["diff"] == done["diff"]
    assert [step.partition(":")[0] for step in done["steps"]] == [
        "DissociateAdditionalCertificatesFromListener",
        "UpdateListenerAttribute",
    ]
    assert _served(stage.cloud) == (options["certificates"][0],)
    assert additional(stage) == {}


@pytest.mark.parametrize("kind", ["error", "job_failed"])
def test_a_promotion_that_fails_puts_the_additional_certificate_back(stage: Stage, kind: str) -> None:
    listener = stage.served(stage.pki.rsa)
    add(stage, stage.pki.renewed)
    # The first one is the refusal from which the task learns that there is something to promote.
    stage.cloud.fault("UpdateListenerAttribute", kind=kind, code="Forbidden.LoadBalancer", http_status=403, nth=2)
    answer = stage.run.fails("alb_listener_cert", **promote(stage))
    assert "Forbidden.LoadBalancer" in answer["msg"]
    assert "It was put back as it was (AssociateAdditionalCertificatesWithListener" in answer["msg"]
    assert (answer["changed"], answer["steps"]) == (False, [])
    stage.cloud.settle()
    assert _served(stage.cloud) == (listener["certificates"][0]["id"],)
    assert additional(stage) == {stage.uploaded(stage.pki.renewed)["id"]: "Associated"}


def test_a_promotion_that_is_refused_until_the_deadline_is_put_back_after_it(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    add(stage, stage.pki.renewed)
    stage.cloud.fault("UpdateListenerAttribute", code="SystemBusy", http_status=400, nth=2, count=999)
    stage.cloud.fault("AssociateAdditionalCertificatesWithListener", code="SystemBusy", http_status=400, count=3)
    answer = stage.run.fails("alb_listener_cert", **{**promote(stage), "wait_timeout": 1})
    assert "It was put back as it was" in answer["msg"]
    assert answer["changed"] is False
    stage.cloud.settle()
    assert additional(stage) == {stage.uploaded(stage.pki.renewed)["id"]: "Associated"}


def test_a_promotion_whose_answer_is_lost_before_it_is_refused_is_in_doubt(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    new = stage.uploaded(stage.pki.renewed)
    stage.cloud.fault("UpdateListenerAttribute", kind="reset_after")
    stage.cloud.fault("UpdateListenerAttribute", code="SystemBusy", http_status=400, nth=2, count=999)
    at = {"listener_id": listener["id"], "certificates": [new["id"]]}
    answer = stage.run.fails("alb_listener_cert", **at, wait_timeout=1)
    assert answer["changed"]
    assert "whether it was done is not known" in answer["msg"]
    assert answer["previous"]["certificates"][0]["id"] == listener["certificates"][0]["id"]


def test_a_promotion_that_cannot_be_put_back_says_so_and_can_be_run_again(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    add(stage, stage.pki.renewed)
    stage.cloud.fault("UpdateListenerAttribute", code="Forbidden.LoadBalancer", http_status=403, nth=2)
    stage.cloud.fault("AssociateAdditionalCertificatesWithListener", code="Forbidden.LoadBalancer", http_status=403)
    answer = stage.run.fails("alb_listener_cert", **promote(stage))
    assert "It could not be put back as it was" in answer["msg"]
    assert answer["changed"]
    assert len(answer["steps"]) == 1
    assert stage.run("alb_listener_cert", **promote(stage))["changed"]
    assert _served(stage.cloud) == (stage.uploaded(stage.pki.renewed)["id"],)


# --- asking the cloud in check mode ----------------------------------------------------------------------------------


def test_check_mode_has_the_cloud_check_the_write(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    new = stage.uploaded(stage.pki.renewed)
    before = stage.cloud.state()
    options = {**stage.at, "certificates": [new["id"]], "check_mode_dry_run": True}
    answer = stage.run("alb_listener_cert", check=True, **options)
    assert answer["dry_run"] == answer["steps"]
    assert [call.code for call in stage.cloud.calls if call.action == "UpdateListenerAttribute"] == ["DryRunOperation"]
    assert stage.cloud.state()["listeners"] == before["listeners"]
    assert "dry_run" not in stage.run("alb_listener_cert", **options)
    assert stage.run("alb_listener_cert", check=True, **options)["dry_run"] == []


def test_check_mode_tells_what_the_cloud_would_refuse(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    new = stage.uploaded(stage.pki.renewed)
    stage.cloud.fault("UpdateListenerAttribute", code="Forbidden.RAM", http_status=403)
    answer = stage.run.fails(
        "alb_listener_cert", check=True, **stage.at, certificates=[new["id"]], check_mode_dry_run=True
    )
    assert "alb:UpdateListenerAttribute" in answer["msg"]
    assert not answer["changed"]


def test_a_certificate_that_is_only_planned_cannot_be_checked_by_the_cloud(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    planned = stage.run("cas_certificate", check=True, **stage.pki.renewed.options())["certificate"]
    answer = stage.run("alb_listener_cert", check=True, **stage.at, certificates=[planned], check_mode_dry_run=True)
    assert (answer["changed"], answer["dry_run"]) == (True, [])
