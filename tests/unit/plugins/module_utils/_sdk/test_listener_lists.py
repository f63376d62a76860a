# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from collections.abc import Callable
from dataclasses import replace

import pytest
from ansible_collections.alicloud.tls.plugins.module_utils._alb.certificate import Certificate
from ansible_collections.alicloud.tls.plugins.module_utils._alb.listed import ListedListener
from ansible_collections.alicloud.tls.plugins.module_utils._core.errors import ApiError
from ansible_collections.alicloud.tls.plugins.module_utils._sdk import alb
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.access import Access
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.alb import AlbApi
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.balancers import Balancers
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.client import CallLog
from ansible_collections.alicloud.tls.plugins.module_utils._sdk.listener_lists import ListenerLists
from ansible_collections.alicloud.tls.tests.unit.plugins.module_utils._sdk.local_api import FakeConnection, api_error

Gateway = Callable[..., tuple[ListenerLists, FakeConnection]]
GONE = api_error("ResourceNotFound.Listener", status=404)

# All that the API is documented to tell of a listener in a list.
FIELDS = (
    "LoadBalancerId",
    "ListenerProtocol",
    "ListenerPort",
    "ListenerStatus",
    "ListenerDescription",
    "SecurityPolicyId",
    "Http2Enabled",
    "GzipEnabled",
    "IdleTimeout",
    "RequestTimeout",
    "DefaultActions",
    "QuicConfig",
    "XForwardedForConfig",
    "LogConfig",
    "Tags",
)


@pytest.fixture
def gateway(monkeypatch, time) -> Gateway:
    """The gateway and the connection behind it, made from what each action answers; 10 s of fake time."""

    def make(**answers: t.Any) -> tuple[ListenerLists, FakeConnection]:
        fake = FakeConnection(answers)
        monkeypatch.setattr(alb, "Connection", lambda **_given: fake)
        access = Access("cn-hangzhou", access_key_id="LTAI", access_key_secret="secret")
        api = AlbApi(access, time.pace(10), CallLog())
        return ListenerLists(api, Balancers(api)), fake

    return make


def row(listener_id: str = "lsn-1", load_balancer_id: str = "alb-1", **more: t.Any) -> dict[str, t.Any]:
    where = {"ListenerId": listener_id, "LoadBalancerId": load_balancer_id}
    return {**where, "ListenerProtocol": "HTTPS", "ListenerPort": 443, **more}


def listed(gateway: Gateway, **more: t.Any) -> ListedListener:
    made, _fake = gateway(ListListeners=[{"Listeners": [row(**more)]}])
    (found,) = made.listeners()
    return found


@pytest.mark.parametrize("rows", [None, []])
def test_a_list_may_be_missing(gateway, rows):
    made, _fake = gateway(ListListeners=[{"Listeners": rows}])
    assert made.listeners() == []


@pytest.mark.parametrize("bare", [{}, dict.fromkeys(FIELDS), dict.fromkeys(FIELDS, "")], ids=["gone", "null", "empty"])
def test_every_field_may_be_missing(gateway, bare):
    """Which are there depends on protocol and age of the listener, and is documented nowhere."""
    rows = [{"ListenerId": "lsn-2", **bare}, {"ListenerId": "lsn-1", **bare}, {"ListenerId": None, **bare}]
    made, _fake = gateway(
        ListListeners=[{"Listeners": rows}],
        GetListenerAttribute=[{"Certificates": None, "CaCertificates": None, "CaEnabled": None, **bare}],
        ListListenerCertificates=[
            {"Certificates": [{"CertificateId": "7-cn-hangzhou"}, {"CertificateId": None}, {"Status": "Associated"}]}
        ],
    )
    found = made.listeners()
    assert [one.listener.id for one in found] == ["lsn-1", "lsn-2"]
    told = found[0].to_dict(facts=True)
    assert (told["load_balancer_id"], told["protocol"], told["port"], told["status"]) == ("", "", 0, "Unknown")
    assert told["description"] is told["idle_timeout"] is told["http2_enabled"] is told["server_group_id"] is None
    certain = made.with_certificates(found[0])
    assert certain is not None
    assert certain.additional == {Certificate("7-cn-hangzhou"): None}
    assert certain.to_dict(facts=False)["certificates"] == []


def test_the_gone_one_is_gone(gateway):
    one = listed(gateway)
    made, fake = gateway(GetListenerAttribute=[GONE])
    assert made.with_certificates(one) is None
    made, fake = gateway(GetListenerAttribute=[row()], ListListenerCertificates=[GONE])
    assert made.with_certificates(one) is None
    assert fake.actions == ["GetListenerAttribute", "ListListenerCertificates"]


def test_other_refusals_stay_as_they_are(gateway):
    one = listed(gateway)
    made, _fake = gateway(GetListenerAttribute=[api_error("Forbidden.LoadBalancer", status=403)])
    with pytest.raises(ApiError, match=r"Forbidden\.LoadBalancer"):
        made.with_certificates(one)


def test_certificates_are_asked_for_by_type(gateway):
    """Whether a list without a type has the CA in it is documented nowhere."""
    one = listed(gateway)
    made, fake = gateway(GetListenerAttribute=[row()], ListListenerCertificates=[{"Certificates": []}])
    made.with_certificates(one)
    assert fake.calls[1].parameters == {"ListenerId": "lsn-1", "CertificateType": "Server"}


def test_a_default_certificate_is_never_an_additional_one(gateway):
    """Whether both of a pair have IsDefault in the list is documented nowhere."""
    one = listed(gateway)
    rows = [
        {"CertificateId": "1-cn-hangzhou", "IsDefault": True, "Status": "Associated"},
        {"CertificateId": "2-cn-hangzhou", "IsDefault": False, "Status": "Associated"},
        {"CertificateId": "3-cn-hangzhou", "IsDefault": False, "Status": "Diassociating"},
    ]
    told = row(Certificates=[{"CertificateId": "1-cn-hangzhou"}, {"CertificateId": "2-cn-hangzhou"}])
    made, _fake = gateway(GetListenerAttribute=[told], ListListenerCertificates=[{"Certificates": rows}])
    found = made.with_certificates(one)
    assert found is not None
    assert {each.id for each in found.listener.certificates} == {"1-cn-hangzhou", "2-cn-hangzhou"}
    assert found.additional == {Certificate("3-cn-hangzhou"): "Dissociating"}


def test_certificates_alone_are_one_call(gateway):
    """What the list of listeners tells is not read again."""
    one = listed(gateway, ListenerDescription="shop", ListenerStatus="Running")
    rows = [
        {"CertificateId": "1-cn-hangzhou", "IsDefault": True, "Status": "Associated"},
        {"CertificateId": "2-cn-hangzhou", "IsDefault": False, "Status": "Associated"},
        {"CertificateId": "1-cn-hangzhou", "Status": "Associating"},
        {"CertificateId": "3-cn-hangzhou", "Status": "Diassociating"},
        {"CertificateId": None, "IsDefault": True},
    ]
    made, fake = gateway(ListListenerCertificates=[{"Certificates": rows}])
    found = made.with_bound_certificates(one)
    assert found is not None
    assert found.listener == replace(one.listener, certificates=frozenset({Certificate("1-cn-hangzhou")}))
    statuses = {Certificate("2-cn-hangzhou"): "Associated", Certificate("3-cn-hangzhou"): "Dissociating"}
    assert found.additional == statuses
    (call,) = fake.calls
    assert (call.action, call.parameters) == (
        "ListListenerCertificates",
        {"ListenerId": "lsn-1", "CertificateType": "Server"},
    )


def test_of_the_gone_one_there_are_no_certificates(gateway):
    one = listed(gateway)
    made, _fake = gateway(ListListenerCertificates=[GONE])
    assert made.with_bound_certificates(one) is None
    made, _fake = gateway(ListListenerCertificates=[api_error("Forbidden.LoadBalancer", status=403)])
    with pytest.raises(ApiError, match=r"Forbidden\.LoadBalancer"):
        made.with_bound_certificates(one)


def test_http_has_none(gateway):
    one = listed(gateway, ListenerProtocol="HTTP")
    made, fake = gateway()
    found = made.with_certificates(one)
    assert found is not None
    assert found.additional == {}
    assert fake.calls == []


@pytest.mark.parametrize(
    ("protocols", "asked"),
    [
        (None, {}),
        (["QUIC"], {"ListenerProtocol": "QUIC"}),
        (["QUIC", "QUIC"], {"ListenerProtocol": "QUIC"}),
        (["QUIC", "HTTPS"], {}),
    ],
)
def test_one_protocol_is_left_to_the_api(gateway, protocols, asked):
    made, fake = gateway(ListListeners=[{"Listeners": [row(), row("lsn-2", ListenerProtocol="QUIC")]}])
    found = [one.listener.protocol for one in made.listeners(protocols=protocols)]
    assert found == (["HTTPS", "QUIC"] if protocols is None else sorted(set(protocols)))
    assert [call.parameters for call in fake.calls] == [asked]


def test_an_api_that_ignores_filters_does_not_widen_the_answer(gateway):
    rows = [row(), row("lsn-2", "alb-2", Tags=[{"Key": "team", "Value": "web"}])]
    made, _fake = gateway(ListListeners=[{"Listeners": rows}], ListLoadBalancers=[{"LoadBalancers": []}])
    wanted: list[tuple[dict[str, t.Any], str]] = [
        ({"ids": ["lsn-1"]}, "lsn-1"),
        ({"load_balancers": ["alb-2"]}, "lsn-2"),
        ({"tags": {"team": "web"}}, "lsn-2"),
    ]
    for filters, only in wanted:
        assert [one.listener.id for one in made.listeners(**filters)] == [only]


def test_what_looks_like_an_id_may_be_a_name(gateway):
    def listeners(parameters: dict[str, t.Any]) -> dict[str, t.Any]:
        return {"Listeners": [row("lsn-9", "alb-9")] if "alb-9" in parameters["LoadBalancerIds"] else []}

    named = {"LoadBalancers": [{"LoadBalancerId": "alb-9", "LoadBalancerName": "alb-front"}]}
    made, fake = gateway(ListListeners=listeners, ListLoadBalancers=[named])
    assert [one.listener.id for one in made.listeners(load_balancers=["alb-front", "alb-9"])] == ["lsn-9"]
    # Listed by its id already.
    assert fake.actions == ["ListListeners", "ListLoadBalancers"]
    assert [one.listener.id for one in made.listeners(load_balancers=["alb-front"])] == ["lsn-9"]
