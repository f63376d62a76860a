# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
import typing as t
from collections.abc import Callable
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener import (
    CreateListener,
    DeleteListener,
    Listener,
    SwitchListener,
    UpdateListener,
    UpdateLogConfig,
)
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listener_settings import (
    AccessLog,
    CertificateHeader,
    QuicUpgrade,
    x_forwarded_for_of,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import (
    ApiError,
    DeadlineError,
    InputError,
    JobFailedError,
    NotFoundError,
)
from ansible_collections.alicloud.tls.plugins.module_utils._core.tags import TagResource, UntagResource
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.alb import AlbApi, Sent
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.balancers import Balancers
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog, is_passing
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.listeners import (
    Listed,
    Listeners,
    _read_listener,
    _wire,
)
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._alb.made_up import (
    ECC,
    HTTP,
    LISTENER,
    PLANNED,
    QUIC,
    RSA,
)
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error

Gateway = Callable[..., tuple[Listeners, FakeConnection]]

TOLD: dict[str, t.Any] = {
    "RequestId": "REQ",
    "ListenerId": "lsn-1",
    "ListenerStatus": "Running",
    "LoadBalancerId": "alb-1",
    "ListenerProtocol": "HTTPS",
    "ListenerPort": 443,
    "ListenerDescription": "web",
    "Certificates": [{"CertificateId": "11-cn-hangzhou"}],
    "SecurityPolicyId": "tls_cipher_policy_1_0",
    "Http2Enabled": True,
    "GzipEnabled": True,
    "IdleTimeout": 15,
    "RequestTimeout": 60,
    "DefaultActions": [
        {"Type": "ForwardGroup", "ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": "sgp-1"}]}}
    ],
}
GONE = api_error("ResourceNotFound.Listener", status=404)
NEW: dict[str, t.Any] = {"idle_timeout": 30}


@pytest.fixture
def gateway(monkeypatch, time) -> Gateway:
    """The gateway and the connection behind it, made from what each action answers; 10 s of fake time."""

    def make(**answers: t.Any) -> tuple[Listeners, FakeConnection]:
        fake = FakeConnection(answers)
        monkeypatch.setattr(alb, "Connection", lambda **_given: fake)
        access = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="secret")
        api = AlbApi(access, time.pace(10), CallLog())
        return Listeners(api, Balancers(api)), fake

    return make


def told(**changes: t.Any) -> dict[str, t.Any]:
    return {**TOLD, **changes}


def test_a_listener_is_read():
    assert _read_listener(TOLD) == LISTENER
    assert (_read_listener(TOLD).id, _read_listener(TOLD).status) == ("lsn-1", "Running")


@pytest.mark.parametrize("name", sorted(set(TOLD) - {"ListenerId"}))
@pytest.mark.parametrize("how", ["missing", "null"])
def test_every_field_but_the_id_may_be_missing(name, how):
    answer = told(**{name: None}) if how == "null" else {key: value for key, value in TOLD.items() if key != name}
    assert _read_listener(answer).id == "lsn-1"


def test_almost_nothing_told():
    found = _read_listener({"ListenerId": "lsn-1"})
    assert found.certificates == frozenset()
    assert (found.server_group_id, found.description, found.idle_timeout) == (None, None, None)
    assert not found.settled
    assert "None" not in found.status


@pytest.mark.parametrize(
    ("changes", "name", "wanted"),
    [
        pytest.param({"ListenerProtocol": "https"}, "protocol", "HTTPS", id="lower-case"),
        pytest.param({"ListenerPort": "8443"}, "port", 8443, id="port-text"),
        pytest.param({"ListenerDescription": ""}, "description", None, id="no-description"),
        pytest.param({"SecurityPolicyId": ""}, "security_policy_id", None, id="no-policy"),
        pytest.param({"Http2Enabled": False}, "http2_enabled", False, id="off"),
        pytest.param({"Certificates": [{}, {"CertificateId": ""}]}, "certificates", frozenset(), id="no-identifier"),
        pytest.param(
            {"Certificates": [{"CertificateId": "12-cn-hangzhou"}, {"CertificateId": "11-cn-hangzhou"}]},
            "certificates",
            frozenset({RSA, ECC}),
            id="pair",
        ),
        pytest.param({"DefaultActions": [{"Type": "Redirect"}]}, "server_group_id", None, id="redirect"),
        pytest.param(
            {"DefaultActions": [{"ForwardGroupConfig": {"ServerGroupTuples": []}}]},
            "server_group_id",
            None,
            id="no-group",
        ),
    ],
)
def test_fields(changes, name, wanted):
    assert getattr(_read_listener(told(**changes)), name) == wanted


@pytest.mark.parametrize("listener", [LISTENER, HTTP, QUIC], ids=["https", "http", "quic"])
def test_what_is_written_is_read_again(listener):
    names = ("description", "certificates", "gzip_enabled", "idle_timeout", "request_timeout", "server_group_id")
    wire = _wire({name: getattr(listener, name) for name in names})
    answer = {
        "ListenerId": "lsn-1",
        "ListenerStatus": "Running",
        "LoadBalancerId": "alb-1",
        "ListenerProtocol": listener.protocol,
        "ListenerPort": listener.port,
        **wire,
        **_wire({"security_policy_id": listener.security_policy_id, "http2_enabled": listener.http2_enabled}),
    }
    assert _read_listener(answer) == listener


HEADERS = replace(
    x_forwarded_for_of("HTTPS"),
    enabled=False,
    processing_mode="remove",
    proto=True,
    host=True,
    slb_id=True,
    slb_port=True,
    client_src_port=True,
    client_source_ips=True,
    client_source_ips_trusted="10.1.1.0/24",
    client_cert_subject_dn=CertificateHeader(True, "a"),
    client_cert_issuer_dn=CertificateHeader(True, "b"),
    client_cert_fingerprint=CertificateHeader(True, "c"),
    client_cert_client_verify=CertificateHeader(True, "d"),
)
WIRE_HEADERS = {
    "XForwardedForEnabled": False,
    "XForwardedForProcessingMode": "remove",
    "XForwardedForProtoEnabled": True,
    "XForwardedForHostEnabled": True,
    "XForwardedForSLBIdEnabled": True,
    "XForwardedForSLBPortEnabled": True,
    "XForwardedForClientSrcPortEnabled": True,
    "XForwardedForClientSourceIpsEnabled": True,
    "XForwardedForClientSourceIpsTrusted": "10.1.1.0/24",
    "XForwardedForClientCertSubjectDNEnabled": True,
    "XForwardedForClientCertSubjectDNAlias": "a",
    "XForwardedForClientCertIssuerDNEnabled": True,
    "XForwardedForClientCertIssuerDNAlias": "b",
    "XForwardedForClientCertFingerprintEnabled": True,
    "XForwardedForClientCertFingerprintAlias": "c",
    "XForwardedForClientCertClientVerifyEnabled": True,
    "XForwardedForClientCertClientVerifyAlias": "d",
}


def test_every_header_is_written_and_read_by_its_name():
    assert _wire({"x_forwarded_for": HEADERS}) == {"XForwardedForConfig": WIRE_HEADERS}
    assert _read_listener(told(XForwardedForConfig=WIRE_HEADERS)).x_forwarded_for.to_dict() == HEADERS.to_dict()


@pytest.mark.parametrize("name", sorted(WIRE_HEADERS))
def test_a_header_that_is_not_told_is_as_documented(name):
    some = {one: value for one, value in WIRE_HEADERS.items() if one != name}
    for answer in (told(XForwardedForConfig=some), told(XForwardedForConfig={**some, name: None})):
        found = _wire({"x_forwarded_for": _read_listener(answer).x_forwarded_for})["XForwardedForConfig"]
        default = {"XForwardedForEnabled": True, "XForwardedForProcessingMode": "append"}.get(name, False)
        absent = name.endswith(("Alias", "Trusted"))
        assert found == {**some, **({} if absent else {name: default})}


def test_headers_of_a_protocol_that_does_not_have_them_are_not_written():
    assert _wire({"x_forwarded_for": x_forwarded_for_of("QUIC")}) == {
        "XForwardedForConfig": {
            "XForwardedForProtoEnabled": False,
            "XForwardedForHostEnabled": False,
            "XForwardedForSLBIdEnabled": False,
            "XForwardedForSLBPortEnabled": False,
        }
    }


def test_empty_text_takes_away_who_is_trusted():
    wire = _wire({"x_forwarded_for": replace(HEADERS, client_source_ips_trusted="")})
    assert wire["XForwardedForConfig"]["XForwardedForClientSourceIpsTrusted"] == ""


@pytest.mark.parametrize("protocol", ["HTTP", "QUIC"])
def test_what_a_protocol_does_not_have_is_not_told(protocol):
    """The documentation's own example has an HTTP listener with a security policy."""
    answer = told(
        ListenerProtocol=protocol,
        CaEnabled=False,
        QuicConfig={"QuicUpgradeEnabled": False},
        XForwardedForConfig=WIRE_HEADERS,
    )
    found = _read_listener(answer)
    assert (found.security_policy_id, found.http2_enabled, found.ca_enabled, found.quic_upgrade) == (None,) * 4
    assert found.x_forwarded_for.client_cert_subject_dn is None


@pytest.mark.parametrize(
    ("told_of_it", "wanted"),
    [
        ({}, QuicUpgrade()),
        ({"QuicConfig": None}, QuicUpgrade()),
        ({"QuicConfig": {"QuicUpgradeEnabled": False, "QuicListenerId": "lsn-2"}}, QuicUpgrade()),
        ({"QuicConfig": {"QuicUpgradeEnabled": True, "QuicListenerId": "lsn-2"}}, QuicUpgrade(True, "lsn-2")),
    ],
)
def test_quic(told_of_it, wanted):
    assert _read_listener(told(**told_of_it)).quic_upgrade == wanted


def test_access_log_and_tags_and_access_control():
    found = _read_listener(
        told(
            LogConfig={
                "AccessLogRecordCustomizedHeadersEnabled": True,
                "AccessLogTracingConfig": {"TracingEnabled": True, "TracingSample": 5, "TracingType": "Zipkin"},
            },
            Tags=[{"Key": "b", "Value": ""}, {"Key": "a", "Value": "1"}],
            AclConfig={"AclType": "White", "AclRelations": [{"AclId": "acl-1", "Status": "Associated"}]},
        )
    )
    assert found.access_log == AccessLog(True, True, 5, "Zipkin")
    assert found.tags == {"a": "1", "b": ""}
    assert found.access_control_lists == ("acl-1",)


def test_a_stopped_listener_is_told_as_such():
    assert _read_listener(told(ListenerStatus="Stopped")).stopped
    assert not _read_listener(told(ListenerStatus="Configuring")).stopped


def rows(*protocols: str, port: int = 443) -> dict[str, t.Any]:
    return {
        "Listeners": [
            {"ListenerId": "lsn-other", "ListenerProtocol": "HTTPS", "ListenerPort": port + 1},
            *({"ListenerId": f"lsn-{one.lower()}", "ListenerProtocol": one, "ListenerPort": port} for one in protocols),
        ]
    }


@pytest.mark.parametrize(
    ("protocols", "protocol", "wanted"),
    [
        pytest.param(["HTTPS"], "HTTPS", "lsn-https", id="https"),
        pytest.param(["HTTPS"], None, "lsn-https", id="https-not-said"),
        pytest.param(["QUIC"], None, "lsn-quic", id="quic-not-said"),
        pytest.param(["QUIC"], "HTTPS", None, id="quic-is-not-https"),
        pytest.param(["HTTPS"], "QUIC", None, id="https-is-not-quic"),
        pytest.param(["HTTPS", "QUIC"], "HTTPS", "lsn-https", id="both-https"),
        pytest.param(["QUIC", "HTTPS"], "QUIC", "lsn-quic", id="both-quic"),
        # It is in the way of the HTTPS listener; what to say of that is the planner's.
        pytest.param(["HTTP"], "HTTPS", "lsn-http", id="http-in-the-way"),
    ],
)
def test_find_by_port(gateway, protocols, protocol, wanted):
    made, fake = gateway(
        ListListeners=[rows(*protocols)], GetLoadBalancerAttribute=[{"LoadBalancerId": "alb-1"}], ListLoadBalancers=[{}]
    )
    assert made.find_listener_id("alb-1", 443, protocol) == ("alb-1", wanted)
    if wanted:
        assert fake.actions == ["ListListeners"]


def test_find_needs_the_protocol_where_two_share_a_port(gateway):
    made, _fake = gateway(ListListeners=[rows("HTTPS", "QUIC")])
    with pytest.raises(InputError) as caught:
        made.find_listener_id("alb-1", 443, None)
    for part in ("Port 443 of alb-1", "lsn-https, lsn-quic", "protocol"):
        assert part in caught.value.message


def test_find_by_the_name_of_the_load_balancer(gateway):
    balancers = {"LoadBalancers": [{"LoadBalancerId": "alb-1", "LoadBalancerName": "web"}]}
    made, fake = gateway(ListListeners=[rows("HTTPS")], ListLoadBalancers=[balancers])
    assert made.find_listener_id("web", 443, None) == ("alb-1", "lsn-https")
    assert fake.actions == ["ListLoadBalancers", "ListListeners"]
    assert fake.calls[0].parameters == {"LoadBalancerNames": ["web"]}
    assert fake.calls[1].parameters == {"LoadBalancerIds": ["alb-1"]}


def test_an_unknown_load_balancer_says_where_it_was_looked_for(gateway):
    made, _fake = gateway(
        ListListeners=[{}],
        GetLoadBalancerAttribute=[api_error("ResourceNotFound.LoadBalancer", status=404)],
        ListLoadBalancers=[{"LoadBalancers": [{"LoadBalancerId": "alb-2", "LoadBalancerName": "alb-10"}]}],
    )
    with pytest.raises(NotFoundError) as caught:
        made.find_listener_id("alb-1", 443, None)
    for part in ("'alb-1'", "region cn-hangzhou", "api.test"):
        assert part in caught.value.message


def test_a_listener_is_waited_for(gateway, time):
    busy = told(ListenerStatus="Configuring")
    made, fake = gateway(GetListenerAttribute=[busy, busy, TOLD])
    assert made.listener("lsn-1") == LISTENER
    assert len(fake.calls) == 3
    assert len(time.pauses) == 2


def test_a_settled_listener_is_one_call(gateway, time):
    made, fake = gateway(GetListenerAttribute=[told(ListenerStatus="Stopped")])
    assert made.listener("lsn-1").status == "Stopped"
    assert (len(fake.calls), time.pauses) == (1, [])


def test_a_listener_that_does_not_settle(gateway):
    made, _fake = gateway(GetListenerAttribute=[told(ListenerStatus="Configuring")])
    with pytest.raises(DeadlineError) as caught:
        made.listener("lsn-1")
    for part in ("lsn-1 is still Configuring after 10 s", "Nothing was changed"):
        assert part in caught.value.message


def test_an_unknown_listener(gateway):
    made, _fake = gateway(GetListenerAttribute=[GONE])
    with pytest.raises(NotFoundError, match=r"no listener lsn-1 in region cn-hangzhou \(asked api.test\)"):
        made.listener("lsn-1")


@pytest.mark.parametrize(
    ("step", "action", "parameters"),
    [
        pytest.param(
            CreateListener(
                "alb-1",
                "HTTPS",
                443,
                {"certificates": frozenset({RSA, ECC}), "server_group_id": "sgp-1", "idle_timeout": 3},
            ),
            "CreateListener",
            {
                "LoadBalancerId": "alb-1",
                "ListenerProtocol": "HTTPS",
                "ListenerPort": 443,
                "Certificates": [{"CertificateId": "12-cn-hangzhou"}, {"CertificateId": "11-cn-hangzhou"}],
                "DefaultActions": [
                    {"Type": "ForwardGroup", "ForwardGroupConfig": {"ServerGroupTuples": [{"ServerGroupId": "sgp-1"}]}}
                ],
                "IdleTimeout": 3,
            },
            id="create",
        ),
        pytest.param(
            UpdateListener("lsn-1", {"http2_enabled": False, "description": "shop"}),
            "UpdateListenerAttribute",
            {"ListenerId": "lsn-1", "Http2Enabled": False, "ListenerDescription": "shop"},
            id="update",
        ),
        pytest.param(
            UpdateListener("lsn-1", {"ca_enabled": True, "ca_certificate_id": "ca-1"}),
            "UpdateListenerAttribute",
            {"ListenerId": "lsn-1", "CaEnabled": True, "CaCertificates": [{"CertificateId": "ca-1"}]},
            id="mutual-authentication",
        ),
        pytest.param(
            UpdateListener("lsn-1", {"quic_upgrade": QuicUpgrade(True, "lsn-2")}),
            "UpdateListenerAttribute",
            {"ListenerId": "lsn-1", "QuicConfig": {"QuicUpgradeEnabled": True, "QuicListenerId": "lsn-2"}},
            id="link",
        ),
        pytest.param(
            UpdateListener("lsn-1", {"quic_upgrade": QuicUpgrade()}),
            "UpdateListenerAttribute",
            {"ListenerId": "lsn-1", "QuicConfig": {"QuicUpgradeEnabled": False}},
            id="unlink",
        ),
        pytest.param(
            UpdateLogConfig("lsn-1", AccessLog(False, True, 5, "Zipkin")),
            "UpdateListenerLogConfig",
            {
                "ListenerId": "lsn-1",
                "AccessLogRecordCustomizedHeadersEnabled": False,
                "AccessLogTracingConfig": {"TracingEnabled": True, "TracingSample": 5, "TracingType": "Zipkin"},
            },
            id="log",
        ),
        pytest.param(
            UpdateLogConfig("lsn-1", AccessLog(True, False, 5, "Zipkin")),
            "UpdateListenerLogConfig",
            {
                "ListenerId": "lsn-1",
                "AccessLogRecordCustomizedHeadersEnabled": True,
                "AccessLogTracingConfig": {"TracingEnabled": False},
            },
            id="log-without-tracing",
        ),
        pytest.param(SwitchListener("lsn-1", False), "StartListener", {"ListenerId": "lsn-1"}, id="start"),
        pytest.param(SwitchListener("lsn-1", True), "StopListener", {"ListenerId": "lsn-1"}, id="stop"),
        pytest.param(
            TagResource("listener", "lsn-1", {"a": "1"}),
            "TagResources",
            {"ResourceType": "listener", "ResourceId": ["lsn-1"], "Tag": [{"Key": "a", "Value": "1"}]},
            id="tag",
        ),
        pytest.param(
            UntagResource("listener", "lsn-1", ("a", "b")),
            "UnTagResources",
            {"ResourceType": "listener", "ResourceId": ["lsn-1"], "TagKey": ["a", "b"]},
            id="untag",
        ),
        pytest.param(DeleteListener("lsn-1"), "DeleteListener", {"ListenerId": "lsn-1"}, id="delete"),
    ],
)
def test_writes(gateway, step, action, parameters):
    made, fake = gateway(**{action: [{"ListenerId": "lsn-1", "JobId": "job-1"}]})
    assert made.send(step) == Sent("lsn-1", "job-1")
    assert fake.calls[0][:2] == (action, parameters)


def test_a_write_to_a_listener_made_by_the_one_before(gateway):
    made, fake = gateway(UpdateListenerAttribute=[{"JobId": "job-2"}])
    assert made.send(UpdateListener(None, {"idle_timeout": 3}), Sent("lsn-9", "job-1")) == Sent("lsn-9", "job-2")
    assert fake.calls[0].parameters == {"ListenerId": "lsn-9", "IdleTimeout": 3}


@pytest.mark.parametrize("step", [UpdateLogConfig(None, AccessLog()), SwitchListener(None, True)])
def test_further_writes_to_a_listener_made_by_the_one_before(gateway, step):
    action = step.sentence().partition(":")[0]
    made, fake = gateway(**{action: [{"JobId": "job-2"}]})
    assert made.send(step, Sent("lsn-9", "job-1")) == Sent("lsn-9", "job-2")
    assert fake.calls[0].parameters["ListenerId"] == "lsn-9"


def refusal(action: str, code: str, detail: str = "No.") -> ApiError:
    return ApiError(action=action, code=code, detail=detail, status=400, request_id="REQ-1", endpoint="api.test")


STOPPED = "The status of lsn-1 [Stopped] is incorrect."
RUNNING = "The status of lsn-1 [Running] is incorrect."


@pytest.mark.parametrize(
    ("step", "refused"),
    [
        (SwitchListener("lsn-1", True), refusal("StopListener", "IncorrectStatus.Listener", STOPPED)),
        (SwitchListener("lsn-1", False), refusal("StartListener", "IncorrectStatus.Listener", RUNNING)),
        (DeleteListener("lsn-1"), refusal("DeleteListener", "ResourceNotFound.Listener")),
    ],
)
def test_what_is_as_wanted_already_is_no_error(gateway, step, refused):
    made, _fake = gateway(**{refused.action: [refused]})
    assert made.send(step) == Sent("lsn-1", None)


@pytest.mark.parametrize(
    ("step", "refused", "advice"),
    [
        (
            UpdateListener("lsn-1", NEW),
            refusal("UpdateListenerAttribute", "IncorrectStatus.Listener", STOPPED),
            "state running",
        ),
        (
            UpdateLogConfig("lsn-1", AccessLog()),
            refusal("UpdateListenerLogConfig", "OperationDenied.AccessLogDisabled"),
            "switch that on first",
        ),
        (
            UpdateListener("lsn-1", NEW),
            refusal("UpdateListenerAttribute", "OperationDenied.CrossLoadBalancerQUICListener"),
            "its own load balancer",
        ),
        (DeleteListener("lsn-1"), refusal("DeleteListener", "ResourceInUse.Listener"), "unlink it first"),
        (SwitchListener("lsn-1", True), refusal("StopListener", "Forbidden.LoadBalancer"), "REQ-1)."),
    ],
)
def test_refusals_come_with_advice(gateway, step, refused, advice):
    made, _fake = gateway(**{refused.action: [refused]})
    with pytest.raises(ApiError) as caught:
        made.send(step)
    assert advice in caught.value.message
    with pytest.raises(ApiError):
        made.rehearse(step)


@pytest.mark.parametrize(
    ("action", "detail", "passes"),
    [
        ("UpdateListenerAttribute", "The status of lsn-1 [Configuring] is incorrect.", True),
        ("UpdateListenerAttribute", RUNNING, True),
        ("UpdateListenerAttribute", STOPPED, False),
        ("AssociateAdditionalCertificatesWithListener", STOPPED, False),
        ("StopListener", STOPPED, False),
        ("StartListener", RUNNING, False),
        ("StartListener", "The status of lsn-1 [Configuring] is incorrect.", True),
    ],
)
def test_a_state_of_rest_does_not_pass(action, detail, passes):
    assert is_passing(refusal(action, "IncorrectStatus.Listener", detail)) is passes


@pytest.mark.parametrize(
    ("step", "possible"),
    [
        (UpdateListener("lsn-1", NEW), True),
        (SwitchListener("lsn-1", True), True),
        (UpdateLogConfig("lsn-1", AccessLog()), True),
        (DeleteListener("lsn-1"), True),
        (TagResource("listener", "lsn-1", {"a": "1"}), False),
        (UntagResource("listener", "lsn-1", ("a",)), False),
        (UpdateListener("lsn-1", {"certificates": frozenset({PLANNED})}), False),
        (UpdateListener("lsn-1", {"ca_enabled": True, "ca_certificate_id": None}), False),
        (UpdateListener("lsn-1", {"quic_upgrade": QuicUpgrade(True)}), False),
        (UpdateListener("lsn-1", {"quic_upgrade": QuicUpgrade()}), True),
    ],
)
def test_rehearsal(gateway, step, possible):
    action = step.sentence().partition(":")[0]
    made, fake = gateway(**{action: [refusal(action, "DryRunOperation")]})
    assert made.rehearse(step) is possible
    assert [call.parameters["DryRun"] for call in fake.calls] == ([True] if possible else [])


def test_a_place_tells_what_else_is_there(gateway):
    listed = rows("HTTPS", "QUIC")
    listed["Listeners"][1]["QuicConfig"] = {"QuicUpgradeEnabled": True, "QuicListenerId": "lsn-quic"}
    made, _fake = gateway(ListListeners=[listed])
    place = made.place("alb-1", 443, "HTTPS")
    assert (place.load_balancer_id, place.balancer, place.listener_id) == ("alb-1", None, "lsn-https")
    assert place.listed == (
        Listed("lsn-other", "HTTPS", 444),
        Listed("lsn-https", "HTTPS", 443, "lsn-quic"),
        Listed("lsn-quic", "QUIC", 443),
    )


def test_settle_looks_at_the_tags_that_were_written_only(gateway):
    tags = [{"Key": "ours", "Value": "1"}, {"Key": "theirs", "Value": "2"}]
    stale = [*tags, {"Key": "gone", "Value": "3"}]
    made, fake = gateway(GetListenerAttribute=[TOLD, told(Tags=stale), told(Tags=tags)])
    found = made.settle(Sent("lsn-1", None), {"tags": {"ours": "1", "gone": None}})
    assert found is not None
    assert found.tags == {"ours": "1", "theirs": "2"}
    assert len(fake.calls) == 3


def test_only_own_steps_are_written(gateway):
    made, fake = gateway()
    with pytest.raises(TypeError, match="no write for str"):
        made.send("DeleteListener")
    assert fake.calls == []


def job(status: str, **more: t.Any) -> dict[str, t.Any]:
    return {"Jobs": [{"Id": "job-1", "ApiName": "UpdateListenerAttribute", "Status": status, **more}]}


FAILED = job("Failed", ErrorCode="506", ErrorMessage="AllocateEipAddress Failed")
SENT = Sent("lsn-1", "job-1")


def test_settle_pauses_first_and_takes_one_read(gateway, time):
    made, fake = gateway(GetListenerAttribute=[told(IdleTimeout=30)])
    assert made.settle(SENT, NEW) == replace(LISTENER, idle_timeout=30)
    assert fake.actions == ["GetListenerAttribute"]
    assert len(time.pauses) == 1


def test_settle_while_it_is_under_way(gateway):
    """What is not settled is not asked about twice."""
    busy = told(ListenerStatus="Configuring")
    made, fake = gateway(GetListenerAttribute=[busy, busy, told(IdleTimeout=30)])
    assert made.settle(SENT, NEW) is not None
    assert fake.actions == ["GetListenerAttribute"] * 3


def test_settle_after_a_stale_read(gateway):
    made, fake = gateway(GetListenerAttribute=[TOLD, TOLD, told(IdleTimeout=30)], ListAsynJobs=[job("Succeeded")])
    found = made.settle(SENT, NEW)
    assert found is not None
    assert found.idle_timeout == 30
    assert fake.calls[1][:2] == ("ListAsynJobs", {"JobIds": ["job-1"]})


def test_settle_compares_certificates_by_identifier(gateway):
    made, _fake = gateway(GetListenerAttribute=[TOLD])
    assert made.settle(SENT, {"certificates": frozenset({Certificate("11-cn-hangzhou", ECC.facts)})}) is not None


@pytest.mark.parametrize(
    ("seen", "settings"),
    [
        pytest.param(TOLD, NEW, id="update"),
        pytest.param(TOLD, None, id="delete"),
        pytest.param(GONE, NEW, id="create"),
    ],
)
def test_a_failed_job_is_told_at_once(gateway, time, seen, settings):
    made, _fake = gateway(GetListenerAttribute=[seen], ListAsynJobs=[job("Processing"), FAILED])
    with pytest.raises(JobFailedError) as caught:
        made.settle(SENT, settings)
    for part in ("lsn-1", "506", "AllocateEipAddress Failed", "job-1"):
        assert part in caught.value.message
    assert sum(time.pauses) < 2


def test_settle_until_it_is_gone(gateway):
    made, fake = gateway(GetListenerAttribute=[told(ListenerStatus="Configuring"), GONE])
    assert made.settle(SENT, None) is None
    assert fake.actions == ["GetListenerAttribute"] * 2


@pytest.mark.parametrize(
    ("seen", "settings", "jobs", "parts"),
    [
        pytest.param(
            told(ListenerStatus="Configuring"), NEW, {}, ("it is Configuring (job job-1: unknown)",), id="under-way"
        ),
        pytest.param(TOLD, NEW, job("Succeeded"), ("it is Running (job job-1: Succeeded)",), id="never-as-planned"),
        pytest.param(TOLD, NEW, {"Jobs": []}, ("(job job-1: unknown)",), id="unknown-job"),
        pytest.param(GONE, NEW, job("Processing"), ("it is not to be found",), id="not-found"),
        pytest.param(told(ListenerStatus="Configuring"), None, {}, ("it is Configuring",), id="not-gone"),
    ],
)
def test_settle_ends_at_the_deadline(gateway, time, seen, settings, jobs, parts):
    made, _fake = gateway(GetListenerAttribute=[seen], ListAsynJobs=[jobs])
    with pytest.raises(DeadlineError) as caught:
        made.settle(SENT, settings)
    for part in ("lsn-1 is not as planned after 10 s", "accepted", "wait_timeout", *parts):
        assert part in caught.value.message
    assert sum(time.pauses) == pytest.approx(10)


def test_settle_ends_when_the_listener_is_gone(gateway, time):
    made, fake = gateway(GetListenerAttribute=[GONE], ListAsynJobs=[job("Processing"), job("Succeeded")])
    with pytest.raises(NotFoundError, match="lsn-1 is not there any more"):
        made.settle(SENT, NEW)
    assert fake.actions.count("GetListenerAttribute") == 6
    assert sum(time.pauses) < 10


def test_settle_does_not_take_a_late_listener_for_one_that_is_gone(gateway):
    made, _fake = gateway(
        GetListenerAttribute=[GONE, GONE, GONE, GONE, told(IdleTimeout=30)], ListAsynJobs=[job("Succeeded")]
    )
    assert made.settle(SENT, NEW) is not None


def test_settle_without_a_job(gateway):
    made, fake = gateway(GetListenerAttribute=[TOLD, told(IdleTimeout=30)])
    assert made.settle(Sent("lsn-1", None), NEW) is not None
    assert set(fake.actions) == {"GetListenerAttribute"}


def test_replacing_a_certificate_with_a_job_of_two_polls(gateway):
    """The number that is promised: at most 6 calls, the first read and the write included."""
    polls = itertools.count()

    def attribute(_parameters: dict[str, t.Any]) -> dict[str, t.Any]:
        number = next(polls)
        return TOLD if number == 0 else told(ListenerStatus="Configuring" if number < 3 else "Running", IdleTimeout=30)

    made, fake = gateway(GetListenerAttribute=attribute, UpdateListenerAttribute=[{"JobId": "job-1"}])
    current: Listener = made.listener("lsn-1")
    made.settle(made.send(UpdateListener(current.id, NEW)), NEW)
    assert len(fake.calls) <= 6
