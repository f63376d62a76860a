# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_ca_cert on the real SDK and the emulated cloud: calls, the two ways to another CA, bad days."""

from __future__ import annotations

import pytest
from ansible_collections.alicloud.tls.tests.emulator import Emulator
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, key_pieces, writes
from ansible_collections.alicloud.tls.tests.unit.support.authorities import NEW, OLD, authenticated, known_ca
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

UPDATES = ["UpdateListenerAttribute", "UpdateListenerAttribute"]
GAP = "clients without a certificate are let in"


def _enabled(cloud: Emulator) -> tuple[bool, tuple[str, ...]]:
    (there,) = cloud.world.listeners.values()
    return there.config.ca_enabled, there.config.ca_certificate_ids


def _replacement(stage: Stage, *, taken: bool = True) -> Answer:
    """
    Options that replace the CA.

    :param taken: whether the API does it in one write.
    """
    stage.cloud.change_settings(change_ca_while_enabled=taken)
    listener = authenticated(stage)
    stage.cloud.clear_calls()
    return {"listener_id": listener["id"], "ca_certificate": NEW}


# --- calls -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_with_nothing_to_do_it_makes_one_call(stage: Stage, check: bool) -> None:
    options = {**_replacement(stage), "ca_certificate": OLD}
    assert not stage.run("alb_ca_cert", check=check, **options)["changed"]
    assert stage.cloud.actions == ["GetListenerAttribute"]


def test_with_nothing_to_do_by_load_balancer_it_makes_two_calls(stage: Stage) -> None:
    _replacement(stage)
    assert not stage.run("alb_ca_cert", load_balancer=DEMO, port=443, ca_certificate=OLD)["changed"]
    assert stage.cloud.actions == ["ListListeners", "GetListenerAttribute"]


def test_replacing_takes_four_calls(stage: Stage) -> None:
    """On an emulator whose job takes two polls."""
    options = _replacement(stage)
    answer = stage.run("alb_ca_cert", **options)
    assert answer["changed"]
    assert stage.cloud.actions == [
        "GetListenerAttribute",
        "UpdateListenerAttribute",
        "GetListenerAttribute",
        "GetListenerAttribute",
    ]
    assert _enabled(stage.cloud) == (True, (NEW,))
    (update,) = (call for call in stage.cloud.calls if call.action == "UpdateListenerAttribute")
    assert set(update.parameters) == {"ListenerId", "CaEnabled", "CaCertificates.1.CertificateId", "ClientToken"}


def test_previous_puts_it_back(stage: Stage) -> None:
    answer = stage.run("alb_ca_cert", **_replacement(stage))
    previous = answer["previous"]
    assert stage.run("alb_ca_cert", listener=previous, ca_certificate=previous["ca_certificate"])["changed"]
    assert _enabled(stage.cloud) == (True, (OLD,))


def test_facts_are_told_if_they_were_given(stage: Stage) -> None:
    options = {**_replacement(stage), "ca_certificate": known_ca(stage, stage.pki.stranger, NEW)}
    answer = stage.run("alb_ca_cert", **options)
    assert answer["listener"]["ca_certificate"]["subject"] == "CN=Other CA"
    assert answer["diff"]["after"]["ca_certificate"]["subject"] == "Other CA"
    assert answer["diff"]["before"]["ca_certificate"] == {"id": OLD}


# --- where the API does not take it in one write ---------------------------------------------------------------------


def test_a_refusal_names_the_other_way_and_its_price(stage: Stage) -> None:
    answer = stage.run.fails("alb_ca_cert", **_replacement(stage, taken=False))
    for word in ("InvalidParameter", "allow_interruption", GAP, "not documented", "The listener was not changed"):
        assert word in answer["msg"]
    assert (answer["changed"], answer["steps"]) == (False, [])
    assert writes(stage.cloud.actions) == ["UpdateListenerAttribute"]
    assert _enabled(stage.cloud) == (True, (OLD,))


def test_with_an_interruption_it_is_done_in_two_writes(stage: Stage) -> None:
    answer = stage.run("alb_ca_cert", **_replacement(stage, taken=False), allow_interruption=True)
    assert [step.partition(":")[0] for step in answer["steps"]] == UPDATES
    assert "disable mutual authentication for the next write" in answer["steps"][0]
    assert answer["previous"]["ca_certificate"]["id"] == OLD
    assert _enabled(stage.cloud) == (True, (NEW,))
    again = stage.run("alb_ca_cert", **stage.at, ca_certificate=NEW, allow_interruption=True)
    assert not again["changed"]


def test_an_interruption_that_is_allowed_but_not_needed_is_not_made(stage: Stage) -> None:
    answer = stage.run("alb_ca_cert", **_replacement(stage), allow_interruption=True)
    assert len(answer["steps"]) == 1
    assert writes(stage.cloud.actions) == ["UpdateListenerAttribute"]


def test_an_interruption_is_waited_for_even_if_the_end_is_not(stage: Stage) -> None:
    """The listener takes no other change before the first is done."""
    options = _replacement(stage, taken=False)
    answer = stage.run("alb_ca_cert", **options, allow_interruption=True, wait=False)
    assert answer["listener"]["ca_certificate"]["id"] == NEW
    stage.cloud.settle()
    assert _enabled(stage.cloud) == (True, (NEW,))


@pytest.mark.parametrize("kind", ["error", "job_failed"])
def test_the_old_ca_is_put_back_if_the_new_one_is_refused(stage: Stage, kind: str) -> None:
    options = _replacement(stage, taken=False)
    # The first is refused by the emulator's own rule, the second disables, the third is to enable.
    stage.cloud.fault("UpdateListenerAttribute", kind=kind, code="Ca.Unusable", message="of an odd kind", nth=3)
    answer = stage.run.fails("alb_ca_cert", **options, allow_interruption=True)
    for word in ("Ca.Unusable", "It was put back as it was", "enable mutual authentication with the CA", OLD):
        assert word in answer["msg"]
    assert (answer["changed"], answer["steps"]) == (False, [])
    assert GAP not in answer["msg"]
    assert _enabled(stage.cloud) == (True, (OLD,))


def test_a_ca_that_nobody_knows_is_put_back_from(stage: Stage) -> None:
    """Where the API looks at the rule before it looks for the CA."""
    options = {**_replacement(stage, taken=False), "ca_certificate": "1efd0000-0000-6000-8000-000000000000"}
    answer = stage.run.fails("alb_ca_cert", **options, allow_interruption=True)
    for word in ("ResourceNotFound.Certificate", "cas_ca_certificate", "It was put back as it was"):
        assert word in answer["msg"]
    assert _enabled(stage.cloud) == (True, (OLD,))


@pytest.mark.parametrize("nth", [2, 3], ids=["disabling", "enabling"])
def test_a_gap_that_may_last_is_told(stage: Stage, nth: int) -> None:
    options = _replacement(stage, taken=False)
    stage.cloud.fault("UpdateListenerAttribute", kind="reset_after", nth=nth, count=999)
    answer = stage.run.fails("alb_ca_cert", **options, allow_interruption=True, call_timeout=0.2)
    for word in (GAP, "alicloud.tls.alb_mutual_auth", "Whether it was done is not known"):
        assert word in answer["msg"]
    assert answer["msg"].count(GAP) == 1
    assert answer["changed"]


def test_a_gap_is_told_if_it_cannot_be_put_back(stage: Stage) -> None:
    options = _replacement(stage, taken=False)
    stage.cloud.fault("UpdateListenerAttribute", code="Ca.Unusable", http_status=400, nth=3, count=2)
    answer = stage.run.fails("alb_ca_cert", **options, allow_interruption=True)
    for word in ("It could not be put back as it was", GAP):
        assert word in answer["msg"]
    # It would be refused, since there is no mutual authentication.
    assert "goes on from there" not in answer["msg"]
    assert answer["changed"]
    assert _enabled(stage.cloud)[0] is False


def test_a_gap_is_told_if_the_deadline_comes_in_it(stage: Stage) -> None:
    options = _replacement(stage, taken=False)
    stage.cloud.change_settings(polls=10000)
    answer = stage.run.fails("alb_ca_cert", **options, allow_interruption=True, wait_timeout=0.3)
    for word in (GAP, "Configuring"):
        assert word in answer["msg"]
    assert answer["changed"]


@pytest.mark.parametrize(
    ("code", "status"),
    [("Forbidden.RAM", 403), ("ResourceNotFound.Certificate", 404), ("ResourceQuotaExceeded.Certificate", 400)],
)
def test_other_refusals_are_not_answered_with_an_interruption(stage: Stage, code: str, status: int) -> None:
    options = _replacement(stage)
    stage.cloud.fault("UpdateListenerAttribute", code=code, http_status=status)
    answer = stage.run.fails("alb_ca_cert", **options, allow_interruption=True)
    assert code in answer["msg"]
    assert writes(stage.cloud.actions) == ["UpdateListenerAttribute"]
    assert _enabled(stage.cloud) == (True, (OLD,))


# --- check mode ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "not allowed"])
def test_check_mode_plans_one_write_without_asking(stage: Stage, allowed: bool) -> None:
    answer = stage.run("alb_ca_cert", check=True, **_replacement(stage, taken=False), allow_interruption=allowed)
    assert len(answer["steps"]) == 1
    assert "dry_run" not in answer
    assert writes(stage.cloud.actions) == []


def test_check_mode_that_asks_shows_the_refusal(stage: Stage) -> None:
    options = _replacement(stage, taken=False)
    answer = stage.run.fails("alb_ca_cert", check=True, **options, check_mode_dry_run=True)
    for word in ("InvalidParameter", "allow_interruption", GAP):
        assert word in answer["msg"]
    assert not answer["changed"]
    assert _enabled(stage.cloud) == (True, (OLD,))


def test_check_mode_that_asks_shows_the_plan_that_the_api_takes(stage: Stage) -> None:
    options = {**_replacement(stage, taken=False), "allow_interruption": True}
    predicted = stage.run("alb_ca_cert", check=True, **options, check_mode_dry_run=True)
    assert predicted["dry_run"] == predicted["steps"][:1]
    assert _enabled(stage.cloud) == (True, (OLD,))
    done = stage.run("alb_ca_cert", **options)
    for key in ("steps", "listener", "previous", "diff"):
        assert predicted[key] == done[key]


# --- bad input and bad days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_it_refuses_where_mutual_authentication_is_disabled(stage: Stage, check: bool) -> None:
    listener = stage.served(stage.pki.rsa)
    known_ca(stage, stage.pki.stranger, NEW)
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_ca_cert", check=check, listener_id=listener["id"], ca_certificate=NEW)
    for word in (listener["id"], "is disabled", "alicloud.tls.alb_mutual_auth", "state enabled"):
        assert word in answer["msg"]
    assert stage.cloud.actions == ["GetListenerAttribute"]


@pytest.mark.parametrize(("protocol", "port"), [("HTTP", 80), ("QUIC", 443)])
def test_what_has_no_mutual_authentication_is_told(stage: Stage, protocol: str, port: int) -> None:
    one = {"certificates": [stage.uploaded(stage.pki.rsa)["id"]]} if protocol == "QUIC" else {}
    seed = {"load_balancer": DEMO, "protocol": protocol, "port": port, "server_groups": [GROUP], **one}
    (listener_id,) = stage.cloud.seed({"listeners": [seed]})["listeners"]
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_ca_cert", listener_id=listener_id, ca_certificate=NEW)
    for word in (listener_id, f"{protocol} listener", "HTTPS listeners only"):
        assert word in answer["msg"]
    assert stage.cloud.actions == ["GetListenerAttribute"]


@pytest.mark.parametrize("value", ["", {}, "-----BEGIN CERTIFICATE-----\nMIIB"])
def test_bad_input_is_told_before_any_call(stage: Stage, value: object) -> None:
    options = {**_replacement(stage), "ca_certificate": value}
    answer = stage.run.fails("alb_ca_cert", **options)
    assert "ca_certificate" in answer["msg"]
    assert stage.cloud.actions == []


def test_a_lost_answer_is_survived(stage: Stage) -> None:
    options = _replacement(stage)
    stage.cloud.fault("UpdateListenerAttribute", kind="reset_after")
    assert stage.run("alb_ca_cert", **options)["changed"]
    assert _enabled(stage.cloud) == (True, (NEW,))


def test_a_failed_job_is_told(stage: Stage) -> None:
    options = _replacement(stage)
    stage.cloud.fault("UpdateListenerAttribute", kind="job_failed", code="Ca.Unusable", message="of an odd kind")
    answer = stage.run.fails("alb_ca_cert", **options)
    assert "Ca.Unusable" in answer["msg"]
    assert (answer["changed"], answer["steps"]) == (False, [])


@pytest.mark.parametrize("action", ["GetListenerAttribute", "UpdateListenerAttribute"])
def test_a_missing_permission_is_named(stage: Stage, action: str) -> None:
    options = _replacement(stage)
    stage.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=9)
    answer = stage.run.fails("alb_ca_cert", **options, allow_interruption=True)
    assert f"alb:{action}" in answer["msg"]
    assert not answer["changed"]


# --- as PEM ----------------------------------------------------------------------------------------------------------


def _pem(stage: Stage, *, taken: bool = True, bundles: bool = True) -> Answer:
    stage.cloud.change_settings(change_ca_while_enabled=taken, ca_bundles=bundles)
    listener = authenticated(stage)
    stage.cloud.clear_calls()
    return {"listener_id": listener["id"], "certificates": [stage.pki.intermediate.pem]}


def test_a_pem_is_uploaded_and_used(stage: Stage) -> None:
    options = _pem(stage)
    answer = stage.run("alb_ca_cert", **options)
    assert [step.partition(":")[0] for step in answer["steps"]] == [
        "CreateWarehouse",
        "UploadPCACert",
        "UpdateListenerAttribute",
    ]
    ca = answer["listener"]["ca_certificate"]
    assert ca["subject"] == "CN=Example CA"
    assert _enabled(stage.cloud) == (True, (ca["id"],))
    stage.cloud.clear_calls()
    again = stage.run("alb_ca_cert", **options)
    assert not again["changed"]
    assert again["listener"]["ca_certificate"] == ca
    # The one that the listener has is looked at first.
    assert stage.cloud.actions == ["GetListenerAttribute", "DescribeWarehouseCert"]


def test_a_pem_that_cas_has_is_not_uploaded_again(stage: Stage) -> None:
    options = _pem(stage)
    there = stage.run("cas_ca_certificate", certificate=stage.pki.intermediate.pem)["ca_certificate"]
    answer = stage.run("alb_ca_cert", **options)
    assert len(answer["steps"]) == 1
    assert answer["listener"]["ca_certificate"]["id"] == there["identifier"]


def test_an_upload_is_not_waited_for_by_the_listener_only(stage: Stage) -> None:
    """wait: false is about the last write."""
    answer = stage.run("alb_ca_cert", **_pem(stage), wait=False)
    assert answer["listener"]["ca_certificate"]["id"]
    stage.cloud.settle()
    assert _enabled(stage.cloud) == (True, (answer["listener"]["ca_certificate"]["id"],))


def test_after_an_upload_it_can_still_be_interrupted(stage: Stage) -> None:
    options = _pem(stage, taken=False)
    refused = stage.run.fails("alb_ca_cert", **options)
    assert "allow_interruption" in refused["msg"]
    assert [step.partition(":")[0] for step in refused["steps"]] == ["CreateWarehouse", "UploadPCACert"]
    assert _enabled(stage.cloud) == (True, (OLD,))
    (uploaded,) = (one for one in stage.cloud.world.ca_certificates.values() if one.source == "upload" and one.name)
    answer = stage.run("alb_ca_cert", **options, allow_interruption=True)
    assert _enabled(stage.cloud) == (True, (uploaded.identifier,))
    assert [step.partition(":")[0] for step in answer["steps"]] == UPDATES


def test_an_upload_and_an_interruption_in_one_task(stage: Stage) -> None:
    answer = stage.run("alb_ca_cert", **_pem(stage, taken=False), allow_interruption=True)
    assert [step.partition(":")[0] for step in answer["steps"]] == ["CreateWarehouse", "UploadPCACert", *UPDATES]
    assert _enabled(stage.cloud) == (True, (answer["listener"]["ca_certificate"]["id"],))


def test_an_upload_stays_if_the_old_ca_is_put_back(stage: Stage) -> None:
    options = _pem(stage, taken=False)
    stage.cloud.fault("UpdateListenerAttribute", code="Ca.Unusable", http_status=400, nth=3)
    answer = stage.run.fails("alb_ca_cert", **options, allow_interruption=True)
    assert [step.partition(":")[0] for step in answer["steps"]] == ["CreateWarehouse", "UploadPCACert"]
    assert "It was put back as it was" in answer["msg"]
    assert _enabled(stage.cloud) == (True, (OLD,))


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_several_need_bundle(stage: Stage, check: bool) -> None:
    options = {**_pem(stage), "certificates": [stage.pki.root.pem, stage.pki.stranger.pem]}
    answer = stage.run.fails("alb_ca_cert", check=check, **options)
    for word in ("ALB takes one CA certificate per listener", "there are 2", "CN=Other CA", "bundle: true"):
        assert word in answer["msg"]
    assert stage.cloud.actions == []


def test_a_bundle_is_one_certificate_of_the_repository(stage: Stage) -> None:
    both = [stage.pki.root.pem, stage.pki.stranger.pem]
    options = {**_pem(stage), "certificates": both, "bundle": True}
    answer = stage.run("alb_ca_cert", **options)
    ca = answer["listener"]["ca_certificate"]
    assert [ca["subject"], *(one["subject"] for one in ca["others"])] == ["CN=Example Root", "CN=Other CA"]
    assert stage.cloud.world.ca_certificates[ca["id"]].pem == "".join(both)
    assert "CN=Example Root" in answer["steps"][-1]
    assert "CN=Other CA" in answer["steps"][-1]
    assert not stage.run("alb_ca_cert", **{**options, "certificates": both[::-1]})["changed"]


def test_a_bundle_that_cas_does_not_take_is_told(stage: Stage) -> None:
    both = [stage.pki.root.pem, stage.pki.stranger.pem]
    options = {**_pem(stage, bundles=False), "certificates": both, "bundle": True}
    answer = stage.run.fails("alb_ca_cert", **options)
    for word in ("CertificateChainNotMatch", "not documented", "signed by the old one", "The listener was not changed"):
        assert word in answer["msg"]
    assert _enabled(stage.cloud) == (True, (OLD,))


@pytest.mark.parametrize(("name", "value"), [("bundle", True), ("repository", "partners")])
def test_what_is_for_certificates_is_not_for_a_reference(stage: Stage, name: str, value: object) -> None:
    options = {**_replacement(stage), name: value}
    answer = stage.run.fails("alb_ca_cert", **options)
    assert f"{name} is for certificates" in answer["msg"]
    assert stage.cloud.actions == []


def test_what_is_no_ca_is_refused_before_any_call(stage: Stage) -> None:
    options = _pem(stage)
    for bad, word in (([stage.pki.single.pem], "not a CA certificate"), ([], "certificates"), (["x"], "certificates")):
        stage.cloud.clear_calls()
        answer = stage.run.fails("alb_ca_cert", **{**options, "certificates": bad})
        assert word in answer["msg"]
        assert stage.cloud.actions == []


def test_a_private_key_is_refused_and_not_told(stage: Stage) -> None:
    ca = stage.pki.intermediate
    answer = stage.run.fails("alb_ca_cert", **{**_pem(stage), "certificates": [ca.pem + ca.key_pem()]})
    assert "private key" in answer["msg"]
    assert stage.cloud.actions == []
    assert key_pieces(ca.key_pem(), stage.run.said, public=ca.pem) == []


def test_a_disabled_listener_is_told_before_cas_is_asked(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    options = {"listener_id": listener["id"], "certificates": [stage.pki.root.pem]}
    assert "is disabled" in stage.run.fails("alb_ca_cert", **options)["msg"]
    assert stage.cloud.actions == ["GetListenerAttribute"]


@pytest.mark.parametrize("action", ["DescribeWarehouseCert", "ListCertWarehouse", "ListCert", "UploadPCACert"])
def test_a_missing_permission_of_cas_is_named(stage: Stage, action: str) -> None:
    options = _pem(stage)
    stage.cloud.fault(action, code="Forbidden.RAM", http_status=403, count=9)
    answer = stage.run.fails("alb_ca_cert", **options)
    assert f"yundun-cert:{action}" in answer["msg"]
    assert _enabled(stage.cloud) == (True, (OLD,))


def test_a_bundle_has_a_name_of_its_own(stage: Stage) -> None:
    """Its first certificate may be in the repository already."""
    pems = [stage.pki.root.pem, stage.pki.stranger.pem]
    options = _pem(stage)
    for pem in pems:
        stage.run("cas_ca_certificate", certificate=pem)
    assert stage.run("alb_ca_cert", **{**options, "certificates": pems, "bundle": True})["changed"]
    names = [one.name for one in stage.cloud.world.ca_certificates.values() if one.name]
    assert len(names) == len(set(names)) == 3


def test_what_is_odd_about_a_ca_is_told(stage: Stage) -> None:
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    odd = stage.pki.issue("Servers only", ca=True, extensions=[usage])
    answer = stage.run("alb_ca_cert", **{**_pem(stage), "certificates": [odd.pem]})
    assert "client authentication" in answer["warnings"][0]


def test_a_port_without_a_listener_is_told(stage: Stage) -> None:
    _replacement(stage)
    answer = stage.run.fails("alb_ca_cert", load_balancer=DEMO, port=444, ca_certificate=NEW)
    for word in ("port 444", DEMO, "cn-hangzhou"):
        assert word in answer["msg"]
    by_name = stage.run.fails("alb_ca_cert", load_balancer="nobody", port=443, ca_certificate=NEW)
    assert "'nobody'" in by_name["msg"]
