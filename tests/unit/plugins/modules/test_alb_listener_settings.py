# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alb_listener: protocols, starting and stopping, mutual authentication, QUIC, headers, access log, tags."""

from __future__ import annotations

import collections
import typing as t

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.listeners import Listeners
from ansible_collections.alicloud.tls.tests.unit.cases.alb_listener import authority, http, linked, own_policy
from ansible_collections.alicloud.tls.tests.unit.support.answers import Answer, comparable, writes
from ansible_collections.alicloud.tls.tests.unit.support.stage import DEMO, GROUP, Stage

BASIC = "alb-basic000000000000"
CREATE: dict[str, t.Any] = {"load_balancer": DEMO, "port": 443, "server_group": GROUP}
ON: dict[str, t.Any] = {"tracing": {"enabled": True, "sample": 100, "type": "Zipkin"}}


def switch_access_log_on(stage: Stage) -> None:
    stage.cloud.do(lambda cloud: setattr(cloud.world.load_balancers[DEMO], "log_project", "shop"))


def sent(stage: Stage, action: str) -> dict[str, str]:
    """Parameters of the one call of an action, without ClientToken and the indexes of lists."""
    (call,) = (one for one in stage.cloud.calls if one.action == action)
    return {name: value for name, value in call.parameters.items() if name != "ClientToken"}


# --- calls -----------------------------------------------------------------------------------------------------------


def test_with_nothing_to_do_tags_cost_no_call(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa, tags={"team": "shop"}, quic_upgrade=None)
    more: Answer = {"tags": {"team": "shop"}, "purge_tags": True, "state": "running", "ca_enabled": False}
    stage.cloud.clear_calls()
    assert not stage.run("alb_listener", listener_id=listener["id"], **more)["changed"]
    assert stage.cloud.actions == ["GetListenerAttribute"]
    stage.cloud.clear_calls()
    assert not stage.run("alb_listener", **CREATE, **more)["changed"]
    assert stage.cloud.actions == ["ListListeners", "GetListenerAttribute"]


MODERN: Answer = {"name": "modern", "tls_versions": ["TLSv1.2"], "ciphers": ["ECDHE-RSA-AES128-GCM-SHA256"]}


@pytest.mark.parametrize("there", [True, False], ids=["listener", "no-listener"])
def test_a_policy_that_is_only_planned(stage: Stage, there: bool) -> None:
    """Check mode of two tasks in a row tells what they do."""
    certificates = [stage.uploaded(stage.pki.rsa)]
    if there:
        stage.served(stage.pki.rsa)
    planned = stage.run("alb_security_policy", check=True, **MODERN)["security_policy"]
    assert planned["id"] is None
    options: Answer = {**CREATE, "certificates": certificates}
    plan = stage.run("alb_listener", check=True, **options, security_policy=planned, check_mode_dry_run=True)
    assert plan["dry_run"] == []
    made = stage.run("alb_security_policy", **MODERN)["security_policy"]
    done = stage.run("alb_listener", **options, security_policy=made)
    assert done["listener"]["security_policy_id"] == made["id"]
    assert plan["listener"]["security_policy_id"] is None
    known = {"id": None, "security_policy_id": None}
    assert {**plan["listener"], **known} == {**done["listener"], **known}
    assert (plan["changed"], plan["previous"], len(plan["steps"])) == (True, done["previous"], len(done["steps"]))
    before, after = (plan["diff"][side].get("security_policy_id") for side in ("before", "after"))
    assert (before, after) == ("tls_cipher_policy_1_0" if there else None, None)
    assert ("security_policy_id to that of what is only planned" in plan["steps"][0]) is there
    assert not stage.run("alb_listener", **options, security_policy=made)["changed"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"security_policy": {"id": None, "name": "modern"}}, "comes from check mode"),
        ({"security_policy": {"tls_versions": []}}, "not what alicloud.tls.alb_security_policy returned"),
        ({"security_policy": {"id": "sp-1"}, "security_policy_id": "sp-1"}, "mutually exclusive"),
        ({"security_policy": {"id": "sp-1"}, "protocol": "QUIC"}, "security_policy_id exists on HTTPS listeners only"),
    ],
)
def test_policies_that_are_none(stage: Stage, options: Answer, words: str) -> None:
    certificates = [stage.uploaded(stage.pki.rsa)]
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **CREATE, certificates=certificates, **options)
    assert words in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_planned_policy_needs_more_than_basic(stage: Stage) -> None:
    certificates = [stage.uploaded(stage.pki.rsa)]
    options: Answer = {**CREATE, "load_balancer": BASIC, "certificates": certificates}
    answer = stage.run.fails("alb_listener", check=True, **options, security_policy={"id": None, "name": "modern"})
    assert "Basic edition, which has no TLS policies of your own" in answer["msg"]


@pytest.mark.parametrize("by_id", [True, False], ids=["by-id", "by-place"])
def test_with_nothing_to_do_a_quic_link_by_port_costs_no_more_than_the_list(stage: Stage, by_id: bool) -> None:
    listener = linked(stage)
    stage.cloud.clear_calls()
    where: Answer = {"listener_id": listener["id"]} if by_id else {"load_balancer": DEMO, "port": 443}
    assert not stage.run("alb_listener", **where, quic_upgrade={"enabled": True, "port": 443})["changed"]
    assert sorted(stage.cloud.actions) == ["GetListenerAttribute", "ListListeners"]


def test_a_new_listener_with_certificate_ca_and_policy_by_id_costs_six_calls(stage: Stage) -> None:
    one, policy, ca = stage.uploaded(stage.pki.rsa), own_policy(stage), authority(stage)
    stage.cloud.clear_calls()
    answer = stage.run(
        "alb_listener",
        **CREATE,
        certificates=[one["id"]],
        security_policy_id=policy,
        ca_enabled=True,
        ca_certificate=ca,
        tags={"team": "shop"},
        x_forwarded_for={"host": True},
    )
    assert answer["changed"]
    assert collections.Counter(stage.cloud.actions) == {
        "ListListeners": 1,
        "GetLoadBalancerAttribute": 1,
        "GetUserCertificateDetail": 1,
        "CreateListener": 1,
        "GetListenerAttribute": 2,
    }


def test_one_call_creates_a_listener_with_all_that_it_takes(stage: Stage) -> None:
    quic = stage.served(stage.pki.ecc, protocol="QUIC")
    one, policy, ca = stage.uploaded(stage.pki.rsa), own_policy(stage), authority(stage)
    stage.cloud.clear_calls()
    stage.run(
        "alb_listener",
        **CREATE,
        certificates=[one["id"]],
        security_policy_id=policy,
        ca_enabled=True,
        ca_certificate=ca,
        quic_upgrade={"enabled": True, "listener_id": quic["id"]},
        x_forwarded_for={"host": True},
        tags={"team": "shop"},
        description="shop",
    )
    assert writes(stage.cloud.actions) == ["CreateListener"]
    there = sent(stage, "CreateListener")
    for name, value in {
        "Certificates.1.CertificateId": one["id"],
        "SecurityPolicyId": policy,
        "CaEnabled": "True",
        "CaCertificates.1.CertificateId": ca,
        "QuicConfig.QuicUpgradeEnabled": "True",
        "QuicConfig.QuicListenerId": quic["id"],
        "XForwardedForConfig.XForwardedForHostEnabled": "True",
        "Tag.1.Key": "team",
        "Tag.1.Value": "shop",
        "ListenerDescription": "shop",
    }.items():
        assert there[name] == value
    assert not {"IdleTimeout", "RequestTimeout", "GzipEnabled", "Http2Enabled"} & set(there)


def test_one_call_changes_all_that_it_takes_and_sends_no_more(stage: Stage) -> None:
    listener = linked(stage, idle_timeout=9)
    ca = authority(stage)
    stage.cloud.clear_calls()
    stage.run(
        "alb_listener",
        listener_id=listener["id"],
        idle_timeout=9,
        request_timeout=99,
        ca_enabled=True,
        ca_certificate=ca,
        quic_upgrade={"enabled": False},
        http2_enabled=True,
    )
    assert writes(stage.cloud.actions) == ["UpdateListenerAttribute"]
    assert sent(stage, "UpdateListenerAttribute") == {
        "ListenerId": listener["id"],
        "RequestTimeout": "99",
        "CaEnabled": "True",
        "CaCertificates.1.CertificateId": ca,
        "QuicConfig.QuicUpgradeEnabled": "False",
    }


def test_headers_are_sent_as_a_whole(stage: Stage) -> None:
    """Unsent ones would go back to their defaults here; elsewhere they may stay."""
    stage.served(
        stage.pki.rsa, x_forwarded_for={"slb_id": True, "client_cert_issuer_dn": {"enabled": True, "alias": "i"}}
    )
    stage.cloud.clear_calls()
    headers = stage.run("alb_listener", **stage.at, x_forwarded_for={"proto": True})["listener"]["x_forwarded_for"]
    assert (headers["slb_id"], headers["proto"]) == (True, True)
    assert headers["client_cert_issuer_dn"] == {"enabled": True, "alias": "i"}
    there = sent(stage, "UpdateListenerAttribute")
    assert there["XForwardedForConfig.XForwardedForSLBIdEnabled"] == "True"
    assert there["XForwardedForConfig.XForwardedForClientCertIssuerDNAlias"] == "i"
    assert there["XForwardedForConfig.XForwardedForHostEnabled"] == "False"
    assert "XForwardedForConfig.XForwardedForClientSourceIpsTrusted" not in there


@pytest.mark.parametrize("keeps", [True, False])
def test_headers_do_not_depend_on_what_the_cloud_does_with_unsent_ones(stage: Stage, keeps: bool) -> None:
    stage.cloud.change_settings(keep_unsent_x_forwarded_for=keeps)
    stage.served(stage.pki.rsa, x_forwarded_for={"client_source_ips": True, "client_source_ips_trusted": "10.0.0.0/8"})
    for wanted in ({"host": True}, {"client_source_ips_trusted": ""}, {"client_source_ips": False}):
        assert stage.run("alb_listener", **stage.at, x_forwarded_for=wanted)["changed"]
        assert not stage.run("alb_listener", **stage.at, x_forwarded_for=wanted)["changed"]
    headers = stage.run("alb_listener", **stage.at)["listener"]["x_forwarded_for"]
    assert (headers["host"], headers["client_source_ips"], headers["client_source_ips_trusted"]) == (True, False, None)


def test_the_load_balancer_is_asked_only_if_its_edition_matters(stage: Stage) -> None:
    listener = stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    stage.run("alb_listener", listener_id=listener["id"], security_policy_id="tls_cipher_policy_1_2", idle_timeout=9)
    assert "GetLoadBalancerAttribute" not in stage.cloud.actions
    stage.run("alb_listener", listener_id=listener["id"], security_policy_id=own_policy(stage))
    assert stage.cloud.actions.count("GetLoadBalancerAttribute") == 1


# --- protocols -------------------------------------------------------------------------------------------------------


def test_the_answers_of_all_protocols_have_the_same_keys(stage: Stage) -> None:
    def keys(value: t.Any) -> t.Any:
        return {name: keys(one) for name, one in value.items()} if isinstance(value, dict) else None

    https = linked(stage)
    other: list[Answer] = [http(stage), stage.run("alb_listener", **{**stage.at, "protocol": "QUIC"})["listener"]]
    for one in other:
        assert set(one) == set(https)
        assert keys(one["access_log"]) == keys(https["access_log"])
        assert set(one["x_forwarded_for"]) == set(https["x_forwarded_for"])
        none = ("security_policy_id", "http2_enabled", "ca_enabled", "ca_certificate_id", "quic_upgrade")
        assert [one[name] for name in none] == [None] * 5
    assert [one["x_forwarded_for"]["enabled"] for one in other] == [True, None]


def test_without_protocol_the_listener_of_tcp_is_meant(stage: Stage) -> None:
    stage.served(stage.pki.ecc, protocol="QUIC")
    one = stage.uploaded(stage.pki.rsa)
    assert stage.run("alb_listener", **CREATE, certificates=[one])["listener"]["protocol"] == "HTTPS"
    assert len(stage.cloud.world.listeners) == 2
    http(stage)
    changed = stage.run("alb_listener", load_balancer=DEMO, port=80, idle_timeout=9)
    assert (changed["changed"], changed["listener"]["protocol"]) == (True, "HTTP")


def test_previous_puts_everything_back(stage: Stage) -> None:
    switch_access_log_on(stage)
    before = linked(
        stage,
        ca_enabled=True,
        ca_certificate=authority(stage),
        x_forwarded_for={"client_cert_subject_dn": {"enabled": True, "alias": "a"}},
        access_log=ON,
        tags={"team": "shop"},
        description="shop",
    )
    previous = stage.run(
        "alb_listener",
        **stage.at,
        ca_enabled=False,
        quic_upgrade={"enabled": False},
        x_forwarded_for={"enabled": False, "client_cert_subject_dn": {"enabled": False, "alias": "b"}},
        access_log={"tracing": {"enabled": False}},
        tags={"team": "web", "more": "x"},
        description="web",
        state="stopped",
    )["previous"]
    before["certificates"] = [{"id": one["id"]} for one in before["certificates"]]
    assert previous == before
    rename = {"server_group_id": "server_group", "ca_certificate_id": "ca_certificate", "status": "state"}
    options = {
        rename.get(name, name): value for name, value in previous.items() if name not in ("id", "load_balancer_id")
    }
    options = {**options, "state": options["state"].lower(), "load_balancer": DEMO, "purge_tags": True}
    answer = stage.run("alb_listener", **options)
    assert comparable(answer["listener"]) == before


# --- running and stopped ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["present", "stopped"])
def test_a_stopped_listener_that_cannot_be_changed_is_told_at_once(stage: Stage, state: str) -> None:
    listener = stage.served(stage.pki.rsa, state="stopped")
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **stage.at, state=state, description="shop")
    for word in (listener["id"], "[Stopped]", "is stopped", "state running", "UpdateListenerAttribute"):
        assert word in answer["msg"], answer["msg"]
    assert not answer["changed"]
    assert writes(stage.cloud.actions) == ["UpdateListenerAttribute"]
    assert answer["waited"] < 1


@pytest.mark.parametrize("state", ["present", "stopped"])
def test_a_stopped_listener_is_changed_if_the_cloud_does_so(stage: Stage, state: str) -> None:
    stage.cloud.change_settings(write_stopped_listener=True)
    stage.served(stage.pki.rsa, state="stopped")
    answer = stage.run("alb_listener", **stage.at, state=state, description="shop")
    assert [step.partition(":")[0] for step in answer["steps"]] == ["UpdateListenerAttribute"]
    assert answer["listener"]["status"] == "Stopped"


@pytest.mark.parametrize(
    ("state", "action", "seen"), [("running", "StartListener", "Running"), ("stopped", "StopListener", "Stopped")]
)
def test_what_somebody_else_has_started_or_stopped_meanwhile_is_done(
    stage: Stage, state: str, action: str, seen: str
) -> None:
    listener = stage.served(stage.pki.rsa, state="stopped" if state == "running" else "running")

    def switch(cloud: t.Any) -> None:
        there = cloud.world.listeners[listener["id"]]
        there.stopped, there.status = state == "stopped", seen

    before = Listeners.send

    def meanwhile(self: Listeners, *arguments: t.Any) -> t.Any:
        stage.cloud.do(switch)
        return before(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Listeners, "send", meanwhile)
        answer = stage.run("alb_listener", **stage.at, state=state)
    refused = [call for call in stage.cloud.calls if call.action == action]
    assert [call.code for call in refused][-1:] == ["IncorrectStatus.Listener"]
    assert answer["listener"]["status"] == seen
    assert answer["waited"] < 1


def test_a_new_listener_can_be_stopped(stage: Stage) -> None:
    one = stage.uploaded(stage.pki.rsa)
    answer = stage.run("alb_listener", **CREATE, certificates=[one], state="stopped")
    assert [step.partition(":")[0] for step in answer["steps"]] == ["CreateListener", "StopListener"]
    assert answer["listener"]["status"] == "Stopped"


# --- bad input -------------------------------------------------------------------------------------------------------

_SETTINGS: dict[str, tuple[Answer, list[str]]] = {
    "description too short": ({"description": "a"}, ["description", "2 to 256", "'a'"]),
    "description with blanks": ({"description": "my shop"}, ["description", "my shop"]),
    "description too long": ({"description": "a" * 257}, ["description", "2 to 256"]),
    "idle timeout too long": ({"idle_timeout": 3601}, ["idle_timeout", "1 to 3600", "3601"]),
    "request timeout": ({"request_timeout": 0}, ["request_timeout", "1 to 3600"]),
    "alias": (
        {"x_forwarded_for": {"client_cert_subject_dn": {"alias": "Subject"}}},
        ["client_cert_subject_dn.alias", "1 to 40", "'Subject'"],
    ),
    "empty alias": ({"x_forwarded_for": {"client_cert_fingerprint": {"alias": ""}}}, ["client_cert_fingerprint.alias"]),
    "trusted": (
        {"x_forwarded_for": {"client_source_ips_trusted": "10.1.1.0/24,10.1.1.1/24"}},
        ["client_source_ips_trusted", "'10.1.1.1/24'", "CIDR"],
    ),
    "processing mode": ({"x_forwarded_for": {"processing_mode": "replace"}}, ["append or remove", "'replace'"]),
    "tracing sample": ({"access_log": {"tracing": {"sample": 10001}}}, ["access_log.tracing.sample", "1 to 10000"]),
    "tracing type": ({"access_log": {"tracing": {"type": "zipkin"}}}, ["Zipkin or OpenTelemetry", "'zipkin'"]),
    "tracing without a sample": ({"access_log": {"tracing": {"enabled": True}}}, ["access_log.tracing", "sample"]),
    "no access log": ({"access_log": ON}, ["no access log", "load balancer"]),
    "ca without being switched on": ({"ca_certificate": "ca-example"}, ["ca_enabled to true"]),
    "switched on without ca": ({"ca_enabled": True}, ["ca_certificate is needed"]),
    "ca that is a PEM": (
        {"ca_enabled": True, "ca_certificate": "-----BEGIN CERTIFICATE-----"},
        ["ca_certificate", "identifier"],
    ),
    "quic without saying which": ({"quic_upgrade": {"enabled": True}}, ["listener_id, listener or port"]),
    "quic on an unknown port": ({"quic_upgrade": {"enabled": True, "port": 444}}, ["QUIC listener on port 444", DEMO]),
    "unknown quic listener": (
        {"quic_upgrade": {"enabled": True, "listener_id": "lsn-no"}},
        ["lsn-no", "same load balancer"],
    ),
    "two quic listeners": (
        {"quic_upgrade": {"enabled": True, "listener_id": "lsn-no", "port": 1}},
        ["mutually exclusive", "quic_upgrade"],
    ),
    "planned quic listener": (
        {"quic_upgrade": {"enabled": True, "listener": {"id": None}}},
        ["quic_upgrade.listener has no id"],
    ),
    "planned ca": (
        {"ca_enabled": True, "ca_certificate": {"identifier": None, "sha256": "ab" * 32}},
        ["ca_certificate has no identifier"],
    ),
    "tag of the cloud": ({"tags": {"acs:rm": "x"}}, ["acs:", "cloud's own"]),
    "tag with an address": ({"tags": {"a": "http://example.com"}}, ["http://"]),
    "tag that is too long": ({"tags": {"a" * 129: "x"}}, ["128"]),
    "tag that is a list": ({"tags": {"a": ["x"]}}, ["tag a", "must be text"]),
    "too many tags": ({"tags": {str(number): "x" for number in range(21)}}, ["21 tags", "20"]),
}


@pytest.mark.parametrize("new", [True, False], ids=["create", "update"])
@pytest.mark.parametrize("what", list(_SETTINGS))
def test_bad_settings_are_told_and_nothing_is_written(stage: Stage, what: str, new: bool) -> None:
    options, words = _SETTINGS[what]
    if new:
        options = {**CREATE, "certificates": [stage.uploaded(stage.pki.rsa)], **options}
    else:
        stage.served(stage.pki.rsa)
        options = {**stage.at, **options}
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **options)
    for word in words:
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert not answer.get("changed")


@pytest.mark.parametrize("protocol", ["HTTP", "QUIC"])
@pytest.mark.parametrize(
    "options",
    [
        {"http2_enabled": False},
        {"security_policy_id": "tls_cipher_policy_1_2"},
        {"ca_enabled": True, "ca_certificate": "ca-example"},
        {"ca_enabled": False},
        {"quic_upgrade": {"enabled": False}},
        {"x_forwarded_for": {"client_cert_subject_dn": {"enabled": True}}},
        {"x_forwarded_for": {"client_cert_subject_dn": {"enabled": False}}},
    ],
    ids="-".join,
)
def test_what_only_https_has_is_refused_for_others(stage: Stage, protocol: str, options: Answer) -> None:
    if protocol == "HTTP":
        http(stage)
        at: Answer = {**stage.at, "port": 80}
    else:
        stage.served(stage.pki.rsa, protocol="QUIC")
        at = {**stage.at, "protocol": "QUIC"}
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **at, **options)
    for word in ("HTTPS listeners only", f"not on {protocol}"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []


@pytest.mark.parametrize("name", ["enabled", "client_src_port", "client_source_ips"])
def test_headers_that_quic_does_not_have_are_refused(stage: Stage, name: str) -> None:
    stage.served(stage.pki.rsa, protocol="QUIC")
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **stage.at, protocol="QUIC", x_forwarded_for={name: True})
    assert f"x_forwarded_for.{name} exists on HTTP and HTTPS listeners only, not on QUIC" in answer["msg"]
    assert writes(stage.cloud.actions) == []


@pytest.mark.parametrize("new", [True, False], ids=["create", "update"])
@pytest.mark.parametrize("name", ["ca_enabled", "security_policy_id"])
def test_what_the_basic_edition_does_not_have_is_refused(stage: Stage, name: str, new: bool) -> None:
    options: Answer = (
        {"ca_enabled": True, "ca_certificate": authority(stage)}
        if name == "ca_enabled"
        else {"security_policy_id": own_policy(stage)}
    )
    at: Answer = {"load_balancer": BASIC, "port": 443}
    if new:
        options |= {"server_group": GROUP, "certificates": [stage.uploaded(stage.pki.rsa)]}
    else:
        stage.served(stage.pki.rsa, **at)
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", **at, **options)
    for word in (BASIC, "(basic)", "Basic edition", name):
        assert word in answer["msg"], answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_quic_listener_that_another_one_is_linked_to_is_refused(stage: Stage) -> None:
    first = linked(stage)
    quic = first["quic_upgrade"]["listener_id"]
    second = stage.served(stage.pki.rsa, port=8443)
    stage.cloud.clear_calls()
    answer = stage.run.fails(
        "alb_listener", listener_id=second["id"], quic_upgrade={"enabled": True, "listener_id": quic}
    )
    assert f"{quic} is linked to {first['id']} already" in answer["msg"]
    answer = stage.run.fails("alb_listener", **stage.at, protocol="QUIC", state="absent")
    assert f"{first['id']} is linked to it" in answer["msg"]
    assert writes(stage.cloud.actions) == []


def test_a_quic_listener_that_is_linked_in_the_middle_is_told(stage: Stage) -> None:
    quic = stage.served(stage.pki.ecc, protocol="QUIC")
    stage.cloud.fault("DeleteListener", code="ResourceInUse.Listener")
    answer = stage.run.fails("alb_listener", listener_id=quic["id"], state="absent")
    assert "ResourceInUse.Listener" in answer["msg"]
    assert "unlink it first" in answer["msg"]


def test_another_listener_than_a_quic_one_is_no_upgrade(stage: Stage) -> None:
    listener, other = stage.served(stage.pki.rsa), http(stage)
    answer = stage.run.fails(
        "alb_listener", listener_id=listener["id"], quic_upgrade={"enabled": True, "listener_id": other["id"]}
    )
    assert f"{other['id']} is no QUIC listener, but an HTTP one" in answer["msg"]


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_host_names_do_not_lose_their_certificate_unasked(stage: Stage, check: bool) -> None:
    stage.served(stage.pki.rsa)
    other: Answer = {**stage.at, "certificates": [stage.uploaded(stage.pki.single)], "idle_timeout": 9}
    stage.cloud.clear_calls()
    answer = stage.run.fails("alb_listener", check=check, **other)
    for word in ("www.example.com", "allow_uncovered_names"):
        assert word in answer["msg"]
    assert writes(stage.cloud.actions) == []
    assert stage.run("alb_listener", check=check, **other, allow_uncovered_names=True)["changed"]


def test_a_certificate_that_becomes_an_additional_one_in_the_middle_is_told(stage: Stage) -> None:
    stage.served(stage.pki.rsa)
    more = stage.uploaded(stage.pki.ecc)
    stage.cloud.fault("UpdateListenerAttribute", code="ResourceAlreadyAssociated.Certificate")
    answer = stage.run.fails("alb_listener", **stage.at, certificates=[more])
    for word in ("ResourceAlreadyAssociated.Certificate", "additional certificate", "alicloud.tls.alb_listener_cert"):
        assert word in answer["msg"]


# --- planned, in check mode ------------------------------------------------------------------------------------------


def test_check_mode_takes_a_quic_listener_and_a_ca_that_are_planned(stage: Stage) -> None:
    one = stage.uploaded(stage.pki.rsa)
    quic = stage.run("alb_listener", check=True, **CREATE, protocol="QUIC", certificates=[one])["listener"]
    assert quic["id"] is None
    answer = stage.run(
        "alb_listener",
        check=True,
        **CREATE,
        certificates=[one],
        ca_enabled=True,
        ca_certificate={"identifier": None, "sha256": "ab" * 32, "algorithm": "ECC"},
        quic_upgrade={"enabled": True, "listener": quic},
        check_mode_dry_run=True,
    )
    assert answer["listener"]["quic_upgrade"] == {"enabled": True, "listener_id": None}
    assert (answer["listener"]["ca_enabled"], answer["listener"]["ca_certificate_id"]) == (True, None)
    assert answer["dry_run"] == []


# --- dry run ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "action"),
    [
        ({"description": "shop", "tags": {"a": "b"}}, "UpdateListenerAttribute"),
        ({"state": "stopped"}, "StopListener"),
        ({"access_log": ON}, "UpdateListenerLogConfig"),
        ({"state": "absent"}, "DeleteListener"),
        ({"tags": {"a": "b"}}, None),
    ],
    ids=["update", "stop", "log", "delete", "tags"],
)
def test_check_mode_can_have_the_cloud_check(stage: Stage, options: Answer, action: str | None) -> None:
    switch_access_log_on(stage)
    stage.served(stage.pki.rsa)
    before = stage.cloud.state()
    stage.cloud.clear_calls()
    answer = stage.run("alb_listener", check=True, check_mode_dry_run=True, **stage.at, **options)
    assert answer["dry_run"] == (answer["steps"][:1] if action else [])
    assert writes(stage.cloud.actions) == ([action] if action else [])
    assert stage.cloud.state() == before
    if action:
        assert sent(stage, action)["DryRun"] == "True"


def test_what_the_cloud_would_refuse_fails_in_check_mode(stage: Stage) -> None:
    one = stage.uploaded(stage.pki.rsa)
    stage.cloud.change_settings(quota_listeners=0)
    answer = stage.run.fails("alb_listener", check=True, check_mode_dry_run=True, **CREATE, certificates=[one])
    assert "ResourceQuotaExceeded.LoadBalancerListenersNum" in answer["msg"]


# --- bad days --------------------------------------------------------------------------------------------------------

_WRITES: dict[str, tuple[Answer, str]] = {
    "update": ({"description": "shop"}, "UpdateListenerAttribute"),
    "log": ({"access_log": ON}, "UpdateListenerLogConfig"),
    "stop": ({"state": "stopped"}, "StopListener"),
    "tag": ({"tags": {"a": "b"}}, "TagResources"),
    "untag": ({"tags": {}, "purge_tags": True}, "UnTagResources"),
}


@pytest.mark.parametrize("what", list(_WRITES))
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset_before"},
        {"kind": "reset_after"},
        {"code": "Throttling.User", "http_status": 400, "count": 3},
        {"code": "IncorrectStatus.LoadBalancer", "http_status": 400, "count": 2},
        {"code": "InternalError", "http_status": 500},
    ],
    ids=["lost-before", "lost-after", "throttled", "busy", "broken"],
)
def test_bad_days_are_survived(stage: Stage, what: str, fault: dict[str, t.Any]) -> None:
    switch_access_log_on(stage)
    stage.served(stage.pki.rsa, tags={"old": "x"})
    options, action = _WRITES[what]
    stage.cloud.fault(action, **fault)
    stage.cloud.clear_calls()
    answer = stage.run("alb_listener", **stage.at, **options)
    assert answer["changed"]
    assert set(writes(stage.cloud.actions)) == {action}
    assert len({call.parameters.get("ClientToken") for call in stage.cloud.calls if call.action == action}) == 1
    assert not stage.run("alb_listener", **stage.at, **options)["changed"]


@pytest.mark.parametrize("what", list(_WRITES))
def test_a_missing_permission_is_named(stage: Stage, what: str) -> None:
    switch_access_log_on(stage)
    stage.served(stage.pki.rsa, tags={"old": "x"})
    options, action = _WRITES[what]
    stage.cloud.fault(action, code="Forbidden.RAM", http_status=403)
    answer = stage.run.fails("alb_listener", **stage.at, **options)
    assert f"alb:{action}" in answer["msg"]
    assert answer["error"]["action"] == action
    assert not answer["changed"]


@pytest.mark.parametrize("what", ["update", "log", "stop"])
def test_a_job_that_fails_is_told(stage: Stage, what: str) -> None:
    switch_access_log_on(stage)
    stage.served(stage.pki.rsa)
    options, action = _WRITES[what]
    stage.cloud.fault(action, kind="job_failed", code="506", message="no luck")
    answer = stage.run.fails("alb_listener", **stage.at, **options, wait_timeout=5)
    for word in (action, "506", "no luck"):
        assert word in answer["msg"]
    assert not answer["changed"]


def test_what_was_done_before_a_refusal_is_told(stage: Stage) -> None:
    switch_access_log_on(stage)
    stage.served(stage.pki.rsa)
    stage.cloud.fault("UpdateListenerLogConfig", code="OperationDenied.AccessLogDisabled", http_status=400)
    answer = stage.run.fails("alb_listener", **stage.at, description="shop", access_log=ON)
    assert answer["changed"]
    assert [step.partition(":")[0] for step in answer["steps"]] == ["UpdateListenerAttribute"]
    for word in ("Already done: UpdateListenerAttribute", "no access log", "leave access_log out"):
        assert word in answer["msg"]


def test_a_ca_that_cannot_be_replaced_is_told_with_a_way_out(stage: Stage) -> None:
    stage.served(stage.pki.rsa, ca_enabled=True, ca_certificate=authority(stage))
    answer = stage.run.fails("alb_listener", **stage.at, ca_certificate=authority(stage, "ca-other"))
    assert "alicloud.tls.alb_ca_cert" in answer["msg"]
    assert not answer["changed"]


def test_another_run_that_tags_at_the_same_time_is_no_trouble(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = stage.served(stage.pki.rsa)
    before = Listeners.send

    def meanwhile(self: Listeners, *arguments: t.Any) -> t.Any:
        sent_now = before(self, *arguments)
        stage.cloud.do(lambda cloud: cloud.world.listeners[listener["id"]].tags.update(theirs="1"))
        return sent_now

    monkeypatch.setattr(Listeners, "send", meanwhile)
    answer = stage.run("alb_listener", **stage.at, tags={"ours": "1"}, wait_timeout=5)
    assert answer["listener"]["tags"] == {"ours": "1", "theirs": "1"}


@pytest.mark.parametrize("options", [{"state": "stopped"}, {"tags": {"a": "b"}}], ids=["stop", "tags"])
def test_without_waiting_it_ends_when_the_last_write_is_accepted(stage: Stage, options: Answer) -> None:
    stage.served(stage.pki.rsa)
    stage.cloud.clear_calls()
    answer = stage.run("alb_listener", **stage.at, **options, wait=False)
    assert answer["changed"]
    assert stage.cloud.actions[-1] == ("StopListener" if "state" in options else "TagResources")
    assert answer["listener"]["status"] == ("Configuring" if "state" in options else "Running")
    assert answer["diff"]["after"]["state"] == ("stopped" if "state" in options else "running")
